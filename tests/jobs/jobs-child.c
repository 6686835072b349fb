#include "jobs-child.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

gboolean child_kill(const char *program, World *self, int done, gulong more)
{
  GError *error = NULL;
  GPid child;
  int out, status;
  char byte;
  const char *argv[] = {program, "--child", self->data_dir, self->state_dir, NULL};
  g_spawn_async_with_pipes(NULL, (char **)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child,
                           NULL, &out, NULL, &error);
  g_assert_no_error(error);
  for (int told = 0; told < done && read(out, &byte, 1) == 1; told++)
    ;
  g_usleep(more);
  kill(child, SIGKILL);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  close(out);
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}
