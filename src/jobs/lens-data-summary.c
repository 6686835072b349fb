/* Scores of a data set as the authors report them, counted by the store. */
#include "lens-data-desk-private.h"

#define MOST_TYPES 64
#define MOST_ANSWERS 200
#define MOST_PAIRS 2000

typedef struct {
  gint64 set_id, evaluation_id;
  gboolean pairs;
} Request;

void lens_data_summary_free(LensDataSummary *self)
{
  if (!self)
    return;
  g_clear_pointer(&self->answer_types, g_ptr_array_unref);
  g_clear_pointer(&self->question_types, g_ptr_array_unref);
  g_clear_pointer(&self->truths, g_ptr_array_unref);
  g_clear_pointer(&self->answers, g_ptr_array_unref);
  g_clear_pointer(&self->confusion, g_ptr_array_unref);
  g_free(self);
}

static GPtrArray *tally(LensStore *store, const Request *r, LensTallyKind kind, guint most,
                        GError **error)
{
  return lens_store_data_tally(store, kind, r->set_id, r->evaluation_id, most, error);
}

/* The values of a column: with scores, or, where nothing is scored, of the questions alone. */
static GPtrArray *values(LensStore *store, const Request *r, LensTallyKind kind, guint most,
                         GError **error)
{
  GPtrArray *list = tally(store, r, kind, most, error);
  if (!list || list->len || !r->evaluation_id)
    return list;
  g_ptr_array_unref(list);
  return lens_store_data_tally(store, kind, r->set_id, 0, most, error);
}

/* Mean of the one tally; -1 without rows. */
static double mean_of(GPtrArray *one, gint64 *n)
{
  const LensTally *t = one && one->len ? one->pdata[0] : NULL;
  *n = t ? t->n : 0;
  return t && t->n && t->score >= 0 ? t->score / (double)t->n : -1;
}

/* ---- step by step: a filter that is picked meanwhile waits for one of them at most ---- */

typedef struct {
  Request request;
  LensDataSummary *summary;
  guint step;
} Counting;

static gboolean count_answer_types(LensStore *store, const Request *r, LensDataSummary *s,
                                   GError **error)
{
  s->answer_types = values(store, r, LENS_TALLY_ANSWER_TYPE, MOST_TYPES, error);
  return s->answer_types != NULL;
}

static gboolean count_question_types(LensStore *store, const Request *r, LensDataSummary *s,
                                     GError **error)
{
  s->question_types = values(store, r, LENS_TALLY_QUESTION_TYPE, MOST_TYPES, error);
  return s->question_types != NULL;
}

static gboolean count_truths(LensStore *store, const Request *r, LensDataSummary *s, GError **error)
{
  s->truths = values(store, r, LENS_TALLY_TRUTH, MOST_ANSWERS, error);
  return s->truths != NULL;
}

static gboolean count_answers(LensStore *store, const Request *r, LensDataSummary *s,
                              GError **error)
{
  s->answers = tally(store, r, LENS_TALLY_ANSWER, MOST_ANSWERS, error);
  return s->answers != NULL;
}

static gboolean count_all(LensStore *store, const Request *r, LensDataSummary *s, GError **error)
{
  g_autoptr(GPtrArray) all = tally(store, r, LENS_TALLY_ALL, 1, error);
  s->accuracy = mean_of(all, &s->n);
  return all != NULL;
}

static gboolean count_oracle(LensStore *store, const Request *r, LensDataSummary *s, GError **error)
{
  gint64 n;
  if (!r->evaluation_id)
    return TRUE;
  g_autoptr(GPtrArray) oracle = tally(store, r, LENS_TALLY_ORACLE, 1, error);
  s->oracle = mean_of(oracle, &n);
  return oracle != NULL;
}

static gboolean count_confusion(LensStore *store, const Request *r, LensDataSummary *s,
                                GError **error)
{
  if (r->evaluation_id)
    s->confusion = tally(store, r, LENS_TALLY_CONFUSION, MOST_PAIRS, error);
  return s->confusion != NULL || !r->evaluation_id;
}

static gboolean count_sentences(LensStore *store, const Request *r, LensDataSummary *s,
                                GError **error)
{
  if (!r->evaluation_id || !r->pairs)
    return TRUE;
  g_autoptr(GPtrArray) sentences = tally(store, r, LENS_TALLY_SENTENCES, 1, error);
  s->consistency = mean_of(sentences, &s->sentences);
  return sentences != NULL;
}

static gboolean (*const steps[])(LensStore *store, const Request *r, LensDataSummary *s,
                                 GError **error) = {
    count_all,     count_answer_types, count_question_types, count_truths,
    count_answers, count_oracle,       count_confusion,      count_sentences,
};

static void counting_free(gpointer p)
{
  Counting *counting = p;
  lens_data_summary_free(counting->summary);
  g_free(counting);
}

static gpointer step_in_store(LensStore *store, gpointer data, GError **error)
{
  Counting *counting = data;
  return steps[counting->step](store, &counting->request, counting->summary, error) ? counting
                                                                                    : NULL;
}

static void next_step(GTask *task);

static void on_step(GObject *source, GAsyncResult *result, gpointer data)
{
  GTask *task = data;
  Counting *counting = g_task_get_task_data(task);
  GError *error = NULL;
  if (!lens_store_run_finish(LENS_STORE(source), result, &error)) {
    g_task_return_error(task, error);
    g_object_unref(task);
  } else if (++counting->step < G_N_ELEMENTS(steps)) {
    next_step(task);
  } else {
    g_task_return_pointer(task, g_steal_pointer(&counting->summary),
                          (GDestroyNotify)lens_data_summary_free);
    g_object_unref(task);
  }
}

static void next_step(GTask *task)
{
  LensDataDesk *self = g_task_get_source_object(task);
  lens_store_run_async(self->store, step_in_store, g_task_get_task_data(task), NULL, NULL,
                       g_task_get_cancellable(task), on_step, task);
}

void lens_data_desk_summarize_async(LensDataDesk *self, LensDataSet *set, gint64 evaluation_id,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task = g_task_new(self, cancellable, callback, user_data);
  Counting *counting = g_new0(Counting, 1);
  counting->request = (Request){lens_data_set_get_id(set), evaluation_id,
                                g_strcmp0(lens_data_set_get_source(set)->kind, "nlvr2") == 0};
  counting->summary = g_new0(LensDataSummary, 1);
  counting->summary->oracle = counting->summary->consistency = -1;
  g_task_set_source_tag(task, lens_data_desk_summarize_async);
  g_task_set_task_data(task, counting, counting_free);
  next_step(task);
}

LensDataSummary *lens_data_desk_summarize_finish(LensDataDesk *self, GAsyncResult *result,
                                                 GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}
