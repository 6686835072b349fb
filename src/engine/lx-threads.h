/* How many threads the engine's loops and matrix products use. */
#pragma once

/* The number in use: what was set, at first the number of processors this process may use. */
int lx_threads(void);
/* Sets it for loops and products (lx-gemm-blas.c splits them itself); clamped to 1 .. processors. */
void lx_threads_set(int n);
/* Call first in main, with its argv. OpenMP's waiting threads spin for milliseconds by default; on a
 * machine that does other work too (a desktop, two trainings) they then take the processor from
 * each other, and two threads run slower than one. How long they spin can only be said in the
 * environment before the program starts, so this sets GOMP_SPINCOUNT and starts the program again,
 * once; it does nothing when the variable or OMP_WAIT_POLICY is set. */
void lx_threads_start(char **argv);
