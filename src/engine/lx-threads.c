#include "lx-threads.h"

#include <omp.h>
#include <stdlib.h>
#include <unistd.h>

int lx_threads(void)
{
  return omp_get_max_threads();
}

void lx_threads_release(void)
{
  omp_pause_resource(omp_pause_soft, omp_get_initial_device());
}

void lx_threads_start(char **argv)
{
  if (getenv("GOMP_SPINCOUNT") || getenv("OMP_WAIT_POLICY"))
    return;
  /* about 50 microseconds: longer than the pause between two loops of a layer */
  if (setenv("GOMP_SPINCOUNT", "2000", 1) != 0)
    return;
  /* half of that, in place of a twentieth, where several threads have helpers (libgomp's manual) */
  setenv("OMP_WAIT_POLICY", "active", 1);
  char path[4096]; /* by its own name, so that process lists show that */
  ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
  if (n > 0) {
    path[n] = '\0';
    execv(path, argv);
  }
  execv("/proc/self/exe", argv); /* where that fails, the program goes on as it is */
}
