#include "science-cells.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lx-file.h"

static LxStatus keep(ScienceCells *self, const ScienceCell *cell, LxError *error)
{
  ScienceCell *grown = realloc(self->cell, (size_t)(self->n + 1) * sizeof *grown);
  if (!grown)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the results.");
  self->cell = grown;
  grown[self->n++] = *cell;
  return LX_OK;
}

static int row_of(const char *key)
{
  for (int i = 0; key && i < SCIENCE_ROWS + 3; i++)
    if (!strcmp(science_row(i)->key, key))
      return i;
  return -1;
}

static int task_of(const char *name)
{
  LxTask task;
  return name && lx_task_parse(name, &task) ? (int)task - LX_TASK_VQA : -2;
}

static bool parse(const char *line, const char *setting, ScienceCell *out)
{
  json_t *o = json_loads(line, 0, NULL);
  const char *of = json_string_value(json_object_get(o, "setting"));
  *out = (ScienceCell){
      .row = row_of(json_string_value(json_object_get(o, "row"))),
      .task = task_of(json_string_value(json_object_get(o, "task"))),
      .seed = (uint64_t)json_integer_value(json_object_get(o, "seed")),
      .accuracy = json_number_value(json_object_get(o, "value")),
      .examples = json_integer_value(json_object_get(o, "examples")),
      .tested = json_integer_value(json_object_get(o, "tested")),
      .parameters = json_integer_value(json_object_get(o, "parameters")),
      .minutes = json_number_value(json_object_get(o, "minutes")),
      .cpu_minutes = json_number_value(json_object_get(o, "cpu_minutes")),
  };
  bool good = of && !strcmp(of, setting) && out->row >= 0 && out->task >= -1;
  json_decref(o);
  return good;
}

LxStatus science_cells_open(ScienceCells *self, const char *folder, const char *setting,
                            bool resume, LxError *error)
{
  char line[1024];
  *self = (ScienceCells){.setting = setting};
  snprintf(self->path, sizeof self->path, "%s/cells.jsonl", folder);
  if (!lx_file_exists(self->path))
    return LX_OK;
  if (!resume)
    return lx_fail(error, LX_ERR_ARGUMENT,
                   "%s holds results already: go on with --resume, or choose another folder.",
                   folder);
  FILE *file = fopen(self->path, "r");
  if (!file)
    return lx_fail(error, LX_ERR_IO, "Cannot read “%s”: %s.", self->path, strerror(errno));
  LxStatus status = LX_OK;
  while (!status && fgets(line, sizeof line, file)) {
    ScienceCell cell;
    if (strchr(line, '\n') && parse(line, setting, &cell) &&
        !science_cells_find(self, cell.row, cell.task, cell.seed))
      status = keep(self, &cell, error);
  }
  fclose(file);
  return status;
}

void science_cells_close(ScienceCells *self)
{
  free(self->cell);
  self->cell = NULL;
}

const ScienceCell *science_cells_find(const ScienceCells *self, int row, int task, uint64_t seed)
{
  for (int i = 0; i < self->n; i++)
    if (self->cell[i].row == row && self->cell[i].task == task && self->cell[i].seed == seed)
      return &self->cell[i];
  return NULL;
}

LxStatus science_cells_append(ScienceCells *self, const ScienceCell *c, LxError *error)
{
  json_t *o =
      json_pack("{ss ss ss sI sf sI sI sI sf sf}", "setting", self->setting, "row",
                science_row(c->row)->key, "task", lx_task_name((LxTask)(c->task + LX_TASK_VQA)),
                "seed", (json_int_t)c->seed, "value", c->accuracy, "examples",
                (json_int_t)c->examples, "tested", (json_int_t)c->tested, "parameters",
                (json_int_t)c->parameters, "minutes", c->minutes, "cpu_minutes", c->cpu_minutes);
  char *text = o ? json_dumps(o, JSON_COMPACT) : NULL;
  FILE *file = text ? fopen(self->path, "a+") : NULL;
  bool torn = false;
  if (file && fseek(file, -1, SEEK_END) == 0) /* a line that a kill cut short */
    torn = fgetc(file) != '\n';
  bool good = file && fprintf(file, "%s%s\n", torn ? "\n" : "", text) > 0;
  if (file)
    good = fclose(file) == 0 && good;
  free(text);
  json_decref(o);
  if (!good)
    return lx_fail(error, LX_ERR_IO, "Cannot write “%s”: %s.", self->path, strerror(errno));
  return keep(self, c, error);
}
