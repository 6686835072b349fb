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
  const LensStoreTally *t = one && one->len ? one->pdata[0] : NULL;
  *n = t ? t->n : 0;
  return t && t->n && t->score >= 0 ? t->score / (double)t->n : -1;
}

static gboolean add_scores(LensDataSummary *s, LensStore *store, const Request *r, GError **error)
{
  gint64 n;
  g_autoptr(GPtrArray) all = tally(store, r, LENS_TALLY_ALL, 1, error);
  if (!all)
    return FALSE;
  s->accuracy = mean_of(all, &s->n);
  if (!r->evaluation_id)
    return TRUE;
  g_autoptr(GPtrArray) oracle = tally(store, r, LENS_TALLY_ORACLE, 1, error);
  if (!oracle)
    return FALSE;
  s->oracle = mean_of(oracle, &n);
  s->confusion = tally(store, r, LENS_TALLY_CONFUSION, MOST_PAIRS, error);
  if (!s->confusion || !r->pairs)
    return s->confusion != NULL;
  g_autoptr(GPtrArray) sentences = tally(store, r, LENS_TALLY_SENTENCES, 1, error);
  s->consistency = mean_of(sentences, &s->sentences);
  return sentences != NULL;
}

static gpointer summarize_in_store(LensStore *store, gpointer data, GError **error)
{
  const Request *r = data;
  g_autoptr(LensDataSummary) s = g_new0(LensDataSummary, 1);
  s->oracle = s->consistency = -1;
  s->answer_types = values(store, r, LENS_TALLY_ANSWER_TYPE, MOST_TYPES, error);
  if (s->answer_types)
    s->question_types = values(store, r, LENS_TALLY_QUESTION_TYPE, MOST_TYPES, error);
  if (s->question_types)
    s->truths = values(store, r, LENS_TALLY_TRUTH, MOST_ANSWERS, error);
  if (s->truths)
    s->answers = tally(store, r, LENS_TALLY_ANSWER, MOST_ANSWERS, error);
  return s->answers && add_scores(s, store, r, error) ? g_steal_pointer(&s) : NULL;
}

static void on_summarized(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;
  LensDataSummary *summary = lens_store_run_finish(LENS_STORE(source), result, &error);
  if (summary)
    g_task_return_pointer(task, summary, (GDestroyNotify)lens_data_summary_free);
  else
    g_task_return_error(task, error);
}

void lens_data_desk_summarize_async(LensDataDesk *self, LensDataSet *set, gint64 evaluation_id,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  GTask *task = g_task_new(self, cancellable, callback, user_data);
  const Request request = {lens_data_set_get_id(set), evaluation_id,
                           g_strcmp0(lens_data_set_get_source(set)->kind, "nlvr2") == 0};
  g_task_set_source_tag(task, lens_data_desk_summarize_async);
  lens_store_run_async(self->store, summarize_in_store, g_memdup2(&request, sizeof request), g_free,
                       (GDestroyNotify)lens_data_summary_free, cancellable, on_summarized, task);
}

LensDataSummary *lens_data_desk_summarize_finish(LensDataDesk *self, GAsyncResult *result,
                                                 GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}
