#include "lens-train-record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lens-error.h"
#include "lx-json.h"

char *lens_train_settings_to_json(const LensTrainSettings *s)
{
  char *text = NULL;
  json_t *json =
      json_pack("{s:s?, s:s, s:s?, s:s?, s:i, s:i, s:i, s:i, s:i, s:f, s:f, s:f, s:b, s:I, "
                "s:b, s:b, s:b, s:b, s:b, s:s*}",
                "name", s->name, "task", lens_task_get_id(s->task), "base_model", s->base_model_id,
                "data", s->data, "images", s->images, "examples", s->examples, "epochs", s->epochs,
                "batch", s->batch, "accumulate", s->accumulate, "learning_rate", s->learning_rate,
                "warmup", s->warmup, "dropout", s->dropout, "multi_class", s->multi_class, "seed",
                (json_int_t)s->seed, "freeze_embeddings", s->freeze_embeddings, "freeze_language",
                s->freeze_language, "freeze_vision", s->freeze_vision, "freeze_cross",
                s->freeze_cross, "freeze_heads", s->freeze_heads, "rate_changes", s->rate_changes);
  lx_json_text(json, &text, NULL);
  json_decref(json);
  char *owned = g_strdup(text ? text : "{}");
  free(text);
  return owned;
}

static void take_string(const json_t *json, const char *key, char **at)
{
  const char *text = json_string_value(json_object_get(json, key));
  if (!text)
    return;
  g_free(*at);
  *at = g_strdup(text);
}

static void take_int(const json_t *json, const char *key, int *at)
{
  const json_t *value = json_object_get(json, key);
  if (json_is_integer(value))
    *at = (int)CLAMP(json_integer_value(value), G_MININT, G_MAXINT);
}

static void take_number(const json_t *json, const char *key, double *at)
{
  const json_t *value = json_object_get(json, key);
  if (json_is_number(value))
    *at = json_number_value(value);
}

static void take_bool(const json_t *json, const char *key, gboolean *at)
{
  const json_t *value = json_object_get(json, key);
  if (json_is_boolean(value))
    *at = json_is_true(value);
}

static LensTask task_from_id(const char *id)
{
  for (int task = LENS_TASK_VQA; task <= LENS_TASK_PRETRAIN; task++)
    if (g_strcmp0(lens_task_get_id((LensTask)task), id) == 0)
      return (LensTask)task;
  return LENS_TASK_VQA;
}

LensTrainSettings *lens_train_settings_from_json(const char *text)
{
  json_t *json = NULL;
  if (lx_json_parse(text, strlen(text), "the job's settings", &json, NULL) != LX_OK)
    return NULL;
  if (!json_is_object(json)) {
    json_decref(json);
    return NULL;
  }
  LensTrainSettings *s =
      lens_train_settings_new(task_from_id(json_string_value(json_object_get(json, "task"))));
  take_string(json, "name", &s->name);
  take_string(json, "base_model", &s->base_model_id);
  take_string(json, "data", &s->data);
  take_int(json, "images", &s->images);
  take_int(json, "examples", &s->examples);
  take_int(json, "epochs", &s->epochs);
  take_int(json, "batch", &s->batch);
  take_bool(json, "freeze_language", &s->freeze_language);
  s->freeze_embeddings = s->freeze_language; /* before 0.1.1 one setting */
  take_bool(json, "freeze_embeddings", &s->freeze_embeddings);
  take_bool(json, "freeze_vision", &s->freeze_vision);
  take_bool(json, "freeze_cross", &s->freeze_cross);
  take_bool(json, "freeze_heads", &s->freeze_heads);
  take_int(json, "accumulate", &s->accumulate);
  take_bool(json, "multi_class", &s->multi_class);
  take_string(json, "rate_changes", &s->rate_changes);
  take_number(json, "learning_rate", &s->learning_rate);
  take_number(json, "warmup", &s->warmup);
  take_number(json, "dropout", &s->dropout);
  const json_t *seed = json_object_get(json, "seed");
  if (json_is_integer(seed))
    s->seed = (guint64)json_integer_value(seed);
  json_decref(json);
  return s;
}

gboolean lens_train_settings_check(const LensTrainSettings *s, GError **error)
{
  const char *problem = NULL;
  if (!s->name || !*s->name || strlen(s->name) > 100)
    problem = "Give the new model a name of 1 to 100 characters.";
  else if (strpbrk(s->name, "/\\\n") || *s->name == '.')
    problem = "A model's name cannot hold slashes or line breaks, nor begin with a dot.";
  else if (s->examples < 0 || s->images < 0)
    problem = "The numbers of images and examples cannot be negative; 0 takes all.";
  else if (s->epochs < 1 || s->epochs > 10000)
    problem = "Train for 1 to 10,000 epochs.";
  else if (s->batch < 1 || s->batch > 4096)
    problem = "A batch holds 1 to 4,096 examples.";
  else if (!(s->learning_rate > 0 && s->learning_rate <= 1))
    problem = "The learning rate must be above 0 and at most 1; 5e-5 is the paper's.";
  else if (s->accumulate < 1 || s->accumulate > 4096)
    problem = "Gather 1 to 4,096 batches for an update.";
  else if (!(s->warmup >= 0 && s->warmup < 1))
    problem = "The warm-up is a share of all steps: from 0 to below 1; 0.1 is the paper's.";
  else if (!(s->dropout < 1))
    problem = "The dropout is below 1; a negative one takes the model's own.";
  if (!problem)
    return TRUE;
  g_set_error_literal(error, LENS_ERROR, LENS_ERROR_ARGUMENT, problem);
  return FALSE;
}
