#include "lens-run.h"

#include <math.h>

struct _LensRun {
  GObject parent_instance;

  gint64 id;
  char *question;
  LensScene *scene;
  LensModel *model;
  char **tokens;
  GListModel *answers;
  GPtrArray *maps;
  double milliseconds;
  LensEdits *edits;
  GListModel *baseline;
  LensRelevancy *relevancy;
  LensRun *right; /* of a pair; NULL otherwise */
};

G_DEFINE_FINAL_TYPE(LensRun, lens_run, G_TYPE_OBJECT)

LensRun *
lens_run_new(gint64 id, const char *question, LensScene *scene, LensModel *model,
             const char *const *tokens, GListModel *answers, GPtrArray *maps,
             double milliseconds)
{
  LensRun *self;

  g_return_val_if_fail(LENS_IS_SCENE(scene) && LENS_IS_MODEL(model), NULL);
  g_return_val_if_fail(tokens && G_IS_LIST_MODEL(answers) && maps, NULL);

  self = g_object_new(LENS_TYPE_RUN, NULL);
  self->id = id;
  self->question = g_strdup(question);
  self->scene = g_object_ref(scene);
  self->model = g_object_ref(model);
  self->tokens = g_strdupv((char **)tokens);
  self->answers = g_object_ref(answers);
  self->maps = g_ptr_array_ref(maps);
  self->milliseconds = milliseconds;
  return self;
}

gint64
lens_run_get_id(LensRun *self)
{
  return self->id;
}

const char *
lens_run_get_question(LensRun *self)
{
  return self->question;
}

LensScene *
lens_run_get_scene(LensRun *self)
{
  return self->scene;
}

LensModel *
lens_run_get_model(LensRun *self)
{
  return self->model;
}

const char *const *
lens_run_get_tokens(LensRun *self)
{
  return (const char *const *)self->tokens;
}

guint
lens_run_get_n_tokens(LensRun *self)
{
  return g_strv_length(self->tokens);
}

GListModel *
lens_run_get_answers(LensRun *self)
{
  return self->answers;
}

guint
lens_run_get_n_maps(LensRun *self)
{
  return self->maps->len;
}

LensMap *
lens_run_get_map(LensRun *self, guint index)
{
  g_return_val_if_fail(index < self->maps->len, NULL);
  return g_ptr_array_index(self->maps, index);
}

double
lens_run_get_milliseconds(LensRun *self)
{
  return self->milliseconds;
}

LensMap *
lens_run_find_map(LensRun *self, const char *name)
{
  for (guint i = 0; i < self->maps->len; i++) {
    LensMap *map = g_ptr_array_index(self->maps, i);

    if (g_strcmp0(lens_map_get_name(map), name) == 0)
      return map;
  }
  return NULL;
}

const LensEdits *
lens_run_get_edits(LensRun *self)
{
  return self->edits;
}

void
lens_run_set_edits(LensRun *self, const LensEdits *edits)
{
  LensEdits *copy = lens_edits_copy(edits);

  lens_edits_free(self->edits);
  self->edits = copy;
}

GListModel *
lens_run_get_baseline(LensRun *self)
{
  return self->baseline;
}

void
lens_run_set_baseline(LensRun *self, GListModel *answers)
{
  g_set_object(&self->baseline, answers);
}

const LensRelevancy *
lens_run_get_relevancy(LensRun *self)
{
  return self->relevancy;
}

void
lens_run_take_relevancy(LensRun *self, LensRelevancy *relevancy)
{
  lens_relevancy_free(self->relevancy);
  self->relevancy = relevancy;
}

double
lens_run_get_probability(LensRun *self, int answer_index)
{
  guint n = g_list_model_get_n_items(self->answers);

  for (guint i = 0; i < n; i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(self->answers, i);

    if (lens_answer_get_index(answer) == answer_index)
      return lens_answer_get_probability(answer);
  }
  return NAN;
}

LensRun *
lens_run_get_half(LensRun *self, int image)
{
  return image == 1 && self->right ? self->right : self;
}

gboolean
lens_run_is_pair(LensRun *self)
{
  return self->right != NULL;
}

void
lens_run_set_right(LensRun *self, LensRun *right)
{
  g_return_if_fail(right != self);
  g_set_object(&self->right, right);
}

static void
lens_run_finalize(GObject *object)
{
  LensRun *self = LENS_RUN(object);

  g_free(self->question);
  g_strfreev(self->tokens);
  g_clear_object(&self->scene);
  g_clear_object(&self->model);
  g_clear_object(&self->answers);
  g_clear_object(&self->baseline);
  g_clear_pointer(&self->relevancy, lens_relevancy_free);
  g_clear_object(&self->right);
  g_clear_pointer(&self->maps, g_ptr_array_unref);
  g_clear_pointer(&self->edits, lens_edits_free);
  G_OBJECT_CLASS(lens_run_parent_class)->finalize(object);
}

static void
lens_run_class_init(LensRunClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_run_finalize;
}

static void
lens_run_init(LensRun *self)
{
}
