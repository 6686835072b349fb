/* How many threads the engine's loops and matrix products use. */
#pragma once

/* The number in use: what was set, at first the number of processors this process may use. */
int lx_threads(void);
/* Sets it for loops and products (lx-gemm-blas.c splits them itself); clamped to 1 .. processors. */
void lx_threads_set(int n);
