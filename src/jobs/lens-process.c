#include "lens-process.h"

#include "lx-process.h"
#include "lx-threads.h"

char *lens_process_self(void)
{
  char owner[LX_PROCESS_SIZE];
  lx_process_self(owner, sizeof owner);
  return g_strdup(owner);
}

gboolean lens_process_is_other_and_alive(const char *owner)
{
  return lx_process_alive(owner) && !lx_process_is_self(owner);
}

void lens_process_start(char **argv)
{
  lx_threads_start(argv);
}
