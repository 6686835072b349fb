#include "lens-train-log.h"

#include "lens-engine-error.h"
#include "lens-train-record.h"

static void add_word(json_t *words, const char *name, const char *value)
{
  json_array_append_new(words, json_string(name));
  json_array_append_new(words, json_string(value));
}

static void add_count(json_t *words, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, value);
  add_word(words, name, text);
}

static void add_number(json_t *words, const char *name, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  add_word(words, name, g_ascii_dtostr(text, sizeof text, value));
}

static void add_frozen(json_t *words, const LensTrainSettings *s)
{
  const gboolean frozen[] = {s->freeze_embeddings, s->freeze_language, s->freeze_vision,
                             s->freeze_cross, s->freeze_heads};
  static const char *const names[] = {"embeddings", "language", "vision", "cross", "heads"};
  g_autoptr(GString) list = g_string_new(NULL);
  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    if (frozen[i])
      g_string_append_printf(list, "%s%s", list->len ? "," : "", names[i]);
  if (list->len)
    add_word(words, "--freeze", list->str);
}

/* "crosslens-cli train …" for the same training; empty where the command line has no such data. */
static json_t *make_command(const LensTrainRun *run, const LensTrainSettings *s)
{
  json_t *words = json_array();
  gboolean demo = !s->data || g_str_equal(s->data, "demo");
  const char *subset = s->images == 512 ? "--tiny" : s->images == 5000 ? "--fast" : NULL;
  if (demo || s->examples || (s->images && !subset))
    return words;
  json_array_append_new(words, json_string("train"));
  add_word(words, "--task", lens_task_get_id(s->task));
  add_word(words, "--data", s->data);
  add_word(words, "--model", lens_model_get_path(run->base));
  add_word(words, "--out", lens_train_job_get_output_dir(run->job));
  add_count(words, "--epochs", s->epochs);
  add_count(words, "--batch", s->batch);
  add_count(words, "--accumulate", s->accumulate);
  add_count(words, "--seed", (gint64)s->seed);
  add_number(words, "--lr", s->learning_rate);
  add_number(words, "--warmup", s->warmup);
  if (s->dropout >= 0)
    add_number(words, "--dropout", s->dropout);
  if (s->multi_class)
    add_word(words, "--loss", "multi-class");
  add_frozen(words, s);
  if (subset)
    json_array_append_new(words, json_string(subset));
  return words;
}

static json_t *make_record(const LensTrainRun *run, const LensTrainSettings *settings,
                           const char *base_hash)
{
  g_autofree char *text = lens_train_settings_to_json(settings);
  return json_pack("{s:s, s:s, s:s, s:s, s:s?, s:o, s:o*}", "program", "crosslens", "name",
                   settings->name, "task", lens_task_get_id(settings->task), "from", "/",
                   "base_hash", base_hash, "command", make_command(run, settings), "settings",
                   json_loads(text, 0, NULL));
}

LxRunLog *lens_train_log_open(const LensTrainRun *run, const LensTrainSettings *settings,
                              const char *base_hash, gint64 step, GError **error)
{
  LxError engine = {0};
  LxRunLog *log = NULL;
  g_autofree char *runs = g_build_filename(run->state_dir, "runs", NULL);
  if (lx_run_log_open(lens_train_job_get_output_dir(run->job), runs,
                      make_record(run, settings, base_hash), step, &log, &engine) != LX_OK)
    lens_error_from_engine(error, &engine);
  return log;
}

void lens_train_log_step(LxRunLog *self, const LxTrainReport *r, double seconds_left)
{
  lx_run_log_line(self, json_pack("{s:I, s:I, s:f, s:f, s:f, s:f}", "step", (json_int_t)r->step,
                                  "total_steps", (json_int_t)r->total_steps, "loss", r->loss, "lr",
                                  r->lr, "examples_per_second", r->examples_per_second,
                                  "seconds_left", seconds_left));
}

void lens_train_log_validation(LxRunLog *self, gint64 step, const LxEvaluation *result)
{
  lx_run_log_line(self, json_pack("{s:I, s:s, s:I, s:f, s:f}", "step", (json_int_t)step,
                                  "validation", "minival", "examples", (json_int_t)result->examples,
                                  "accuracy", result->accuracy, "loss", result->loss));
}
