#include "lx-threads.h"

#include <omp.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>

static int processors(void)
{
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0)
    return CPU_COUNT(&set);
  return omp_get_num_procs();
}

int lx_threads(void)
{
  return omp_get_max_threads();
}

void lx_threads_set(int n)
{
  int most = processors();
  n = n < 1 ? 1 : n > most ? most : n;
  omp_set_num_threads(n);
}

void lx_threads_start(char **argv)
{
  if (getenv("GOMP_SPINCOUNT") || getenv("OMP_WAIT_POLICY"))
    return;
  /* about 50 microseconds: longer than the pause between two loops of a layer */
  if (setenv("GOMP_SPINCOUNT", "2000", 1) == 0)
    execv("/proc/self/exe", argv); /* where that fails, the program goes on as it is */
}
