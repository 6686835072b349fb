/* The folder that links to all of a person's runs. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lx-file.h"
#include "lx-run-log.h"

char *lx_runs_folder(void)
{
  const char *state = getenv("CROSSLENS_STATE_DIR"), *data = getenv("XDG_DATA_HOME");
  const char *home = getenv("HOME");
  char path[PATH_MAX];
  int n = -1;
  if (state && *state)
    n = snprintf(path, sizeof path, "%s/runs", state);
  else if (data && *data)
    n = snprintf(path, sizeof path, "%s/crosslens/runs", data);
  else if (home && *home)
    n = snprintf(path, sizeof path, "%s/.local/share/crosslens/runs", home);
  return n > 0 && n < (int)sizeof path ? strdup(path) : NULL;
}

/* "runs/NAME-HASH": FNV-1a of the whole path, as folders of different places may have one name. */
static char *link_path(const char *runs, const char *folder)
{
  uint64_t hash = 14695981039346656037u;
  char name[NAME_MAX];
  const char *slash = strrchr(folder, '/');
  for (const char *at = folder; *at; at++)
    hash = (hash ^ (unsigned char)*at) * 1099511628211u;
  snprintf(name, sizeof name, "%.80s-%016llx", slash ? slash + 1 : folder,
           (unsigned long long)hash);
  return lx_file_join(runs, name);
}

static bool make_folders(const char *path)
{
  char part[PATH_MAX];
  if (snprintf(part, sizeof part, "%s", path) >= (int)sizeof part)
    return false;
  for (char *at = part + 1; *at; at++)
    if (*at == '/') {
      *at = '\0';
      mkdir(part, 0755);
      *at = '/';
    }
  return mkdir(part, 0755) == 0 || lx_file_is_folder(part);
}

bool lx_runs_link(const char *runs, const char *folder)
{
  char *whole = realpath(folder, NULL), *link = whole ? link_path(runs, whole) : NULL;
  bool done = link && make_folders(runs) && (symlink(whole, link) == 0 || errno == EEXIST);
  free(link);
  free(whole);
  return done;
}

void lx_runs_unlink(const char *runs, const char *folder)
{
  char *whole = realpath(folder, NULL), *link = link_path(runs, whole ? whole : folder);
  if (link)
    unlink(link);
  free(link);
  free(whole);
}

void lx_runs_each(const char *runs, LxRunEach each, void *user_data)
{
  char target[PATH_MAX];
  DIR *dir = opendir(runs);
  for (struct dirent *entry; dir && (entry = readdir(dir));) {
    char *link = lx_file_join(runs, entry->d_name);
    ssize_t n = link ? readlink(link, target, sizeof target - 1) : -1;
    free(link);
    if (n <= 0)
      continue;
    target[n] = '\0';
    char *record = lx_file_join(target, "run.json");
    if (record && lx_file_exists(record))
      each(target, user_data);
    free(record);
  }
  if (dir)
    closedir(dir);
}
