#include "lx-process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Field 22 of /proc/PID/stat: ticks since the machine started. Empty when there is no such process, or
 * when it has ended and nobody has asked how. */
static void start_time(long pid, char *out, size_t size)
{
  char path[64], text[2048];
  *out = '\0';
  snprintf(path, sizeof path, "/proc/%ld/stat", pid);
  FILE *file = fopen(path, "r");
  if (!file)
    return;
  size_t n = fread(text, 1, sizeof text - 1, file);
  fclose(file);
  text[n] = '\0';
  char *at = strrchr(text, ')'); /* the name may hold anything */
  if (!at || at[1] != ' ' || at[2] == 'Z')
    return;
  at += 2;
  for (int field = 3; field < 22 && at; field++) {
    at = strchr(at, ' ');
    at = at ? at + 1 : NULL;
  }
  if (at)
    snprintf(out, size, "%.*s", (int)strcspn(at, " \n"), at);
}

void lx_process_self(char *out, size_t size)
{
  char start[32];
  start_time((long)getpid(), start, sizeof start);
  snprintf(out, size, "%ld:%s", (long)getpid(), start);
}

long lx_process_number(const char *owner)
{
  char start[32], *end = NULL;
  long pid = owner ? strtol(owner, &end, 10) : 0;
  if (pid <= 0 || *end != ':')
    return 0;
  start_time(pid, start, sizeof start);
  return *start && strcmp(start, end + 1) == 0 ? pid : 0;
}

bool lx_process_alive(const char *owner)
{
  return lx_process_number(owner) != 0;
}

bool lx_process_is_self(const char *owner)
{
  char self[LX_PROCESS_SIZE];
  lx_process_self(self, sizeof self);
  return owner && strcmp(owner, self) == 0;
}
