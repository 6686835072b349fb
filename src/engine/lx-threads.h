/* How many threads the engine's loops and matrix products use. */
#pragma once

/* The number in use: OMP_NUM_THREADS, else the number of processors this process may use. */
int lx_threads(void);
/* Ends the helpers that OpenMP keeps for the calling thread; its next loop starts new ones. While there
 * are more helpers than processors, also idle ones, all of them soon sleep when they wait for work, and
 * short loops take up to twice as long: a thread that will not compute again soon gives its own up. */
void lx_threads_release(void);
/* Call first in main, with its argv. OpenMP's waiting threads spin for milliseconds by default; on a
 * machine that does other work too (a desktop, two trainings) they then take the processor from
 * each other, and two threads run slower than one. How long they spin can only be said in the
 * environment before the program starts, so this sets GOMP_SPINCOUNT and OMP_WAIT_POLICY and starts the
 * program again, once; it does nothing when either is set. */
void lx_threads_start(char **argv);
