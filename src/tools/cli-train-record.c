/* What `train` notes about itself in its folder: the command that goes on with it, and the settings as the
 * window has them. */
#include "cli-train.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lx-run-log.h"

/* The words of the command without "--resume"; NULL when one is not UTF-8. */
static json_t *command_json(const CliTrainSettings *s)
{
  json_t *words = json_array();
  for (int i = 0; i < s->argc; i++)
    if (strcmp(s->argv[i], "--resume") != 0 &&
        json_array_append_new(words, json_string(s->argv[i])) != 0) {
      json_decref(words);
      return NULL;
    }
  return words;
}

static json_t *path_json(const char *path)
{
  char *whole = realpath(path, NULL);
  json_t *out = json_string(whole ? whole : path);
  free(whole);
  return out;
}

/* What the window has no setting for can only go on here. */
static bool is_only_here(const CliTrainSettings *s)
{
  return s->blind || s->no_decay_groups || s->weights || s->scratch || s->spread_boxes > 0 ||
         s->max_steps > 0 || s->collective || strcmp(s->split, "train") != 0 ||
         strcmp(s->valid, "minival") != 0;
}

static json_t *settings_json(const CliTrainSettings *s, const LxTrainOptions *o, const char *name)
{
  unsigned frozen = o->frozen;
  return json_pack(
      "{ss ss so so sI sI sI sI sf sf sf sb sI sb sb sb sb sb}", "name", name, "task",
      lx_task_name(s->task), "base_model", path_json(s->model), "data", path_json(s->data),
      "images", (json_int_t)(s->limit > 0 ? s->limit : 0), "epochs", (json_int_t)o->epochs, "batch",
      (json_int_t)o->batch, "accumulate", (json_int_t)o->accumulate, "learning_rate",
      o->optimizer.lr, "warmup", o->optimizer.warmup, "dropout", o->dropout, "multi_class",
      o->multi_class, "seed", (json_int_t)o->seed, "freeze_embeddings",
      (frozen & LX_PART_EMBEDDINGS) != 0, "freeze_language", (frozen & LX_PART_LANGUAGE) != 0,
      "freeze_vision", (frozen & LX_PART_VISION) != 0, "freeze_cross",
      (frozen & LX_PART_CROSS) != 0, "freeze_heads", (frozen & LX_PART_HEADS) != 0);
}

json_t *cli_train_record(const CliTrainSettings *s, const LxTrainOptions *options)
{
  char *whole = realpath(s->out, NULL), *here = getcwd(NULL, 0);
  const char *slash = whole ? strrchr(whole, '/') : NULL, *name = slash ? slash + 1 : s->out;
  json_t *record =
      json_pack("{ss ss ss ss so so sb}", "program", "crosslens-cli", "name", name, "task",
                lx_task_name(s->task), "from", here ? here : "/", "command", command_json(s),
                "settings", settings_json(s, options, name), "only_command", is_only_here(s));
  free(whole);
  free(here);
  return record;
}
