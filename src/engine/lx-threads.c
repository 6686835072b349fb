#include "lx-threads.h"

#include <omp.h>
#include <sched.h>

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
