#include "lens-process.h"

#include <string.h>
#include <unistd.h>

/* Field 22 of /proc/PID/stat: ticks since the machine started. NULL when there is no such process.
 */
static char *start_time(long pid)
{
  g_autofree char *path = g_strdup_printf("/proc/%ld/stat", pid);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return NULL;
  const char *after = strrchr(text, ')'); /* the name may hold anything */
  g_auto(GStrv) fields = g_strsplit(after ? after : "", " ", -1);
  return g_strv_length(fields) > 20 ? g_strdup(fields[20]) : NULL;
}

char *lens_process_self(void)
{
  g_autofree char *start = start_time((long)getpid());
  return g_strdup_printf("%ld:%s", (long)getpid(), start ? start : "");
}

gboolean lens_process_is_other_and_alive(const char *owner)
{
  const char *colon = owner ? strchr(owner, ':') : NULL;
  gint64 pid = owner ? g_ascii_strtoll(owner, NULL, 10) : 0;
  if (!colon || pid <= 0 || pid == getpid())
    return FALSE;
  g_autofree char *start = start_time((long)pid);
  return start && strcmp(start, colon + 1) == 0;
}
