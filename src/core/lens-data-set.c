#include "lens-data-set.h"

LensDataSource *
lens_data_source_new(const char *name, const char *kind, const char *questions,
                     const char *features, const char *images)
{
  LensDataSource *self = g_new0(LensDataSource, 1);

  self->name = g_strdup(name);
  self->kind = g_strdup(kind);
  self->questions = g_strdup(questions ? questions : "");
  self->features = g_strdup(features ? features : "");
  self->images = g_strdup(images ? images : "");
  return self;
}

LensDataSource *
lens_data_source_copy(const LensDataSource *self)
{
  return lens_data_source_new(self->name, self->kind, self->questions, self->features,
                              self->images);
}

void
lens_data_source_free(LensDataSource *self)
{
  if (!self)
    return;
  g_free(self->name);
  g_free(self->kind);
  g_free(self->questions);
  g_free(self->features);
  g_free(self->images);
  g_free(self);
}

/* ---- evaluation ---- */

struct _LensDataEvaluation {
  GObject parent_instance;
  gint64 id, done;
  char *model_id, *model_name, *state, *note;
  double score;
};

G_DEFINE_FINAL_TYPE(LensDataEvaluation, lens_data_evaluation, G_TYPE_OBJECT)

LensDataEvaluation *
lens_data_evaluation_new(gint64 id, const char *model_id, const char *model_name, const char *state,
                         gint64 done, double score, const char *note)
{
  LensDataEvaluation *self = g_object_new(LENS_TYPE_DATA_EVALUATION, NULL);

  self->id = id;
  self->model_id = g_strdup(model_id);
  self->model_name = g_strdup(model_name);
  self->state = g_strdup(state);
  self->done = done;
  self->score = score;
  self->note = g_strdup(note);
  return self;
}

gint64
lens_data_evaluation_get_id(LensDataEvaluation *self)
{
  return self->id;
}

const char *
lens_data_evaluation_get_model_id(LensDataEvaluation *self)
{
  return self->model_id;
}

const char *
lens_data_evaluation_get_model_name(LensDataEvaluation *self)
{
  return self->model_name;
}

const char *
lens_data_evaluation_get_state(LensDataEvaluation *self)
{
  return self->state;
}

gint64
lens_data_evaluation_get_done(LensDataEvaluation *self)
{
  return self->done;
}

double
lens_data_evaluation_get_score(LensDataEvaluation *self)
{
  return self->score;
}

const char *
lens_data_evaluation_get_note(LensDataEvaluation *self)
{
  return self->note;
}

static void
lens_data_evaluation_finalize(GObject *object)
{
  LensDataEvaluation *self = LENS_DATA_EVALUATION(object);

  g_free(self->model_id);
  g_free(self->model_name);
  g_free(self->state);
  g_free(self->note);
  G_OBJECT_CLASS(lens_data_evaluation_parent_class)->finalize(object);
}

static void
lens_data_evaluation_class_init(LensDataEvaluationClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_data_evaluation_finalize;
}

static void
lens_data_evaluation_init(LensDataEvaluation *self)
{
}

/* ---- set ---- */

struct _LensDataSet {
  GObject parent_instance;
  LensDataSource *source;
  gint64 id, n;
  char *state, *problem;
  GListStore *evaluations;
};

G_DEFINE_FINAL_TYPE(LensDataSet, lens_data_set, G_TYPE_OBJECT)

static guint changed_signal;

LensDataSet *
lens_data_set_new(const LensDataSource *source)
{
  LensDataSet *self = g_object_new(LENS_TYPE_DATA_SET, NULL);

  self->source = lens_data_source_copy(source);
  return self;
}

const LensDataSource *
lens_data_set_get_source(LensDataSet *self)
{
  return self->source;
}

gint64
lens_data_set_get_id(LensDataSet *self)
{
  return self->id;
}

const char *
lens_data_set_get_state(LensDataSet *self)
{
  return self->state;
}

const char *
lens_data_set_get_problem(LensDataSet *self)
{
  return self->problem;
}

gint64
lens_data_set_get_n(LensDataSet *self)
{
  return self->n;
}

GListModel *
lens_data_set_get_evaluations(LensDataSet *self)
{
  return G_LIST_MODEL(self->evaluations);
}

LensDataEvaluation *
lens_data_set_find_evaluation(LensDataSet *self, const char *model_id)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->evaluations));

  for (guint i = 0; i < n; i++) {
    g_autoptr(LensDataEvaluation) one = g_list_model_get_item(G_LIST_MODEL(self->evaluations), i);

    if (g_strcmp0(one->model_id, model_id) == 0)
      return one; /* the list keeps it */
  }
  return NULL;
}

void
lens_data_set_update(LensDataSet *self, gint64 id, const char *state, const char *problem, gint64 n)
{
  g_autofree char *old_state = self->state, *old_problem = self->problem;

  self->id = id;
  self->n = n;
  self->state = g_strdup(state);
  self->problem = g_strdup(problem);
  g_signal_emit(self, changed_signal, 0);
}

void
lens_data_set_take_evaluations(LensDataSet *self, GPtrArray *evaluations)
{
  g_list_store_splice(self->evaluations, 0,
                      g_list_model_get_n_items(G_LIST_MODEL(self->evaluations)), evaluations->pdata,
                      evaluations->len);
  g_signal_emit(self, changed_signal, 0);
}

static void
lens_data_set_finalize(GObject *object)
{
  LensDataSet *self = LENS_DATA_SET(object);

  lens_data_source_free(self->source);
  g_clear_object(&self->evaluations);
  g_free(self->state);
  g_free(self->problem);
  G_OBJECT_CLASS(lens_data_set_parent_class)->finalize(object);
}

static void
lens_data_set_class_init(LensDataSetClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_data_set_finalize;
  changed_signal = g_signal_new("changed", LENS_TYPE_DATA_SET, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
lens_data_set_init(LensDataSet *self)
{
  self->state = g_strdup("reading");
  self->evaluations = g_list_store_new(LENS_TYPE_DATA_EVALUATION);
}
