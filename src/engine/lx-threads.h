/* How many threads the engine's loops and matrix products use. */
#pragma once

/* The number in use: OMP_NUM_THREADS, else the number of processors this process may use. */
int lx_threads(void);
/* Call first in main, with its argv. OpenMP's waiting threads spin for milliseconds by default; on a
 * machine that does other work too (a desktop, two trainings) they then take the processor from
 * each other, and two threads run slower than one. How long they spin can only be said in the
 * environment before the program starts, so this sets GOMP_SPINCOUNT and starts the program again,
 * once; it does nothing when the variable or OMP_WAIT_POLICY is set. */
void lx_threads_start(char **argv);
