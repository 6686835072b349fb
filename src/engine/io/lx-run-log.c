#include "lx-run-log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lx-file.h"
#include "lx-process.h"

#define RECORD_LIMIT ((size_t)4 << 20)

static const char record_name[] = "run.json", lines_name[] = "training.jsonl";

struct LxRunLog {
  char *folder;
  json_t *record;
  FILE *lines; /* NULL when they cannot be written */
};

static json_int_t now_us(void)
{
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return (json_int_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool is_open(const char *state)
{
  return strcmp(state, "running") == 0 || strcmp(state, "paused") == 0;
}

/* ---- run.json ---- */

LxStatus lx_run_read(const char *folder, json_t **out, LxError *error)
{
  json_t *record = NULL;
  char *path = lx_file_join(folder, record_name);
  LxStatus status = path ? lx_json_read(path, RECORD_LIMIT, &record, error)
                         : lx_fail(error, LX_ERR_MEMORY, "Not enough memory to read a run.");
  free(path);
  if (status)
    return status;
  const char *state = json_string_value(json_object_get(record, "state"));
  if (!state) {
    json_decref(record);
    return lx_fail(error, LX_ERR_FORMAT, "“%s/%s” is no record of a training.", folder,
                   record_name);
  }
  const char *owner = json_string_value(json_object_get(record, "owner"));
  if (is_open(state) && !lx_process_alive(owner))
    json_object_set_new(record, "state", json_string("interrupted"));
  *out = record;
  return LX_OK;
}

LxStatus lx_run_rename(const char *folder, const char *name, LxError *error)
{
  json_t *record = NULL;
  char *path = lx_file_join(folder, record_name);
  if (!path)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to rename a run.");
  LxStatus status = LX_OK;
  if (lx_run_read(folder, &record, NULL) == LX_OK) {
    json_t *settings = json_object_get(record, "settings");
    json_object_set_new(record, "name", json_string(name));
    if (json_is_object(settings))
      json_object_set_new(settings, "name", json_string(name));
    status = lx_json_write(record, path, error);
  }
  json_decref(record);
  free(path);
  return status;
}

LxStatus lx_run_check_free(const char *folder, LxError *error)
{
  json_t *record = NULL;
  LxStatus status = LX_OK;
  if (lx_run_read(folder, &record, NULL) != LX_OK)
    return LX_OK;
  const char *owner = json_string_value(json_object_get(record, "owner"));
  const char *state = json_string_value(json_object_get(record, "state"));
  if (is_open(state) && !lx_process_is_self(owner))
    status = lx_fail(error, LX_ERR_ARGUMENT,
                     "“%s” is being trained by process %ld. Wait for it or stop it first.", folder,
                     lx_process_number(owner));
  json_decref(record);
  return status;
}

static LxStatus write_record(LxRunLog *self, const char *state, const char *text, LxError *error)
{
  char *path = lx_file_join(self->folder, record_name);
  if (!path)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to note a training.");
  json_object_set_new(self->record, "state", json_string(state));
  json_object_set_new(self->record, "text", json_string(text ? text : ""));
  json_object_set_new(self->record, "changed_at", json_integer(now_us()));
  LxStatus status = lx_json_write(self->record, path, error);
  free(path);
  return status;
}

void lx_run_log_state(LxRunLog *self, const char *state, const char *text)
{
  if (self)
    write_record(self, state, text, NULL); /* a full disk is the checkpoint's to tell */
}

/* ---- training.jsonl ---- */

typedef struct {
  LxWriter *writer;
  int64_t step;
  LxStatus status;
} Kept;

static int64_t step_of(const json_t *line)
{
  const json_t *step = json_object_get(line, "step");
  return json_is_integer(step) ? json_integer_value(step) : 0;
}

static void keep_line(const json_t *line, void *user_data)
{
  Kept *kept = user_data;
  if (kept->status || step_of(line) > kept->step)
    return;
  char *text = json_dumps(line, JSON_COMPACT);
  if (text)
    kept->status = lx_writer_write(kept->writer, text, strlen(text), NULL);
  if (text && !kept->status)
    kept->status = lx_writer_write(kept->writer, "\n", 1, NULL);
  free(text);
}

/* A new file with the lines up to `step`: who follows the old one sees that it is another. */
static LxStatus cut_lines(const char *folder, const char *path, int64_t step, LxError *error)
{
  Kept kept = {.step = step};
  int64_t at = 0;
  uint64_t id = 0;
  bool again;
  LxStatus status = lx_writer_open(path, &kept.writer, error);
  if (status)
    return status;
  if (step > 0)
    lx_run_lines(folder, &at, &id, &again, keep_line, &kept, NULL);
  status = kept.status ? lx_fail(error, kept.status, "“%s” cannot be written.", path)
                       : lx_writer_commit(kept.writer, error);
  lx_writer_free(kept.writer);
  return status;
}

void lx_run_log_line(LxRunLog *self, json_t *object)
{
  char *text = self && self->lines && object ? json_dumps(object, JSON_COMPACT) : NULL;
  if (text) { /* in one piece: who follows sees whole lines */
    fprintf(self->lines, "%s\n", text);
    fflush(self->lines);
  }
  free(text);
  json_decref(object);
}

void lx_run_log_sync(LxRunLog *self)
{
  if (self && self->lines)
    fdatasync(fileno(self->lines));
}

typedef struct {
  int64_t step;
  bool found;
} Sought;

static void seek_validation(const json_t *line, void *user_data)
{
  Sought *sought = user_data;
  sought->found |= json_object_get(line, "validation") && step_of(line) == sought->step;
}

bool lx_run_has_validation(const char *folder, int64_t step)
{
  Sought sought = {step, false};
  int64_t at = 0;
  uint64_t id = 0;
  bool again;
  lx_run_lines(folder, &at, &id, &again, seek_validation, &sought, NULL);
  return sought.found;
}

static void read_lines(FILE *file, int64_t *at, LxRunLine each, void *user_data)
{
  char *text = NULL;
  size_t room = 0;
  for (ssize_t n; (n = getline(&text, &room, file)) > 0 && text[n - 1] == '\n';) {
    json_t *line = json_loads(text, 0, NULL);
    if (json_is_object(line))
      each(line, user_data);
    json_decref(line);
    *at += n;
  }
  free(text);
}

LxStatus lx_run_lines(const char *folder, int64_t *at, uint64_t *id, bool *again, LxRunLine each,
                      void *user_data, LxError *error)
{
  struct stat st;
  char *path = lx_file_join(folder, lines_name);
  FILE *file = path ? fopen(path, "r") : NULL;
  free(path);
  *again = false;
  if (!file || fstat(fileno(file), &st) != 0) {
    if (file)
      fclose(file);
    return lx_fail(error, LX_ERR_MISSING, "“%s” holds no %s.", folder, lines_name);
  }
  if (*id != (uint64_t)st.st_ino || st.st_size < *at) {
    *again = *id != 0;
    *id = (uint64_t)st.st_ino;
    *at = 0;
  }
  if (fseeko(file, *at, SEEK_SET) == 0)
    read_lines(file, at, each, user_data);
  fclose(file);
  return LX_OK;
}

/* ---- a run ---- */

LxStatus lx_run_log_open(const char *folder, const char *runs, json_t *record, int64_t step,
                         LxRunLog **out, LxError *error)
{
  char owner[LX_PROCESS_SIZE], *path = lx_file_join(folder, lines_name);
  LxRunLog *self = calloc(1, sizeof *self);
  json_t *before = NULL;
  LxStatus status = LX_OK;
  if (self) {
    self->record = record;
    self->folder = strdup(folder);
  }
  if (!self || !self->folder || !path || !record)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to note a training.");
  if (!status)
    status = lx_run_check_free(folder, error);
  if (!status) {
    const json_t *created = lx_run_read(folder, &before, NULL) == LX_OK && step > 0
                                ? json_object_get(before, "created_at")
                                : NULL;
    json_object_set_new(record, "created_at",
                        json_integer(created ? json_integer_value(created) : now_us()));
    lx_process_self(owner, sizeof owner);
    json_object_set_new(record, "owner", json_string(owner));
    status = cut_lines(folder, path, step, error);
  }
  if (!status)
    status = write_record(self, "running", NULL, error);
  if (!status) {
    self->lines = fopen(path, "a");
    if (runs)
      lx_runs_link(runs, folder);
    *out = self;
  }
  json_decref(before);
  free(path);
  if (status && self)
    lx_run_log_close(self);
  else if (status)
    json_decref(record);
  return status;
}

void lx_run_log_close(LxRunLog *self)
{
  if (!self)
    return;
  if (self->lines)
    fclose(self->lines);
  json_decref(self->record);
  free(self->folder);
  free(self);
}
