/* The process as such. Which one runs a job, in a way that survives restarts: a process number alone is
 * used again. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "pid:start time" of this process; owned. */
char *lens_process_self(void);
/* FALSE for NULL, for this process, and for one that is gone. */
gboolean lens_process_is_other_and_alive(const char *owner);

/* First in main: how long the engine's idle threads wait for work awake (see lx-threads.h). Starts the
 * program again, once. */
void lens_process_start(char **argv);

G_END_DECLS
