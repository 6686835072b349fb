/* Findings over a data set: asked for, read again, written to files. */
#include "lens-data-desk-private.h"

#include <glib/gi18n.h>

#include "lens-data-measure.h"
#include "lens-store-findings.h"

LensDataJob *lens_data_desk_measure(LensDataDesk *self, LensDataSet *set, LensModel *model,
                                    LensModel *bert, gint64 examples, const LensDataFilter *filter,
                                    GError **error)
{
  const LensDataSource *source = lens_data_set_get_source(set);
  const LensDataOrder order = {LENS_DATA_MEASURE, set, model, bert, examples, filter};
  if (!*source->questions)
    g_set_error(
        error, LENS_ERROR, LENS_ERROR_UNSUPPORTED,
        _("These are features without questions. Open the folder with the questions (.json) "
          "to measure a model's attention over them."));
  else if (g_str_equal(source->kind, "nlvr2"))
    g_set_error(error, LENS_ERROR, LENS_ERROR_UNSUPPORTED,
                _("The findings are about questions on one image; these are statements about two. "
                  "Choose VQA or GQA questions."));
  else if (filter && lens_data_filter_needs_answers(filter) &&
           !lens_data_set_find_evaluation(set, lens_model_get_id(model)))
    g_set_error(
        error, LENS_ERROR, LENS_ERROR_ARGUMENT,
        _("The filter asks what “%s” answered, and it has not answered these questions yet. "
          "Evaluate it first, or measure over the whole data set."),
        lens_model_get_name(model));
  else if (!lens_data_set_get_n(set))
    g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT, _("There are no questions to ask yet."));
  else {
    g_autofree char *title =
        g_strdup_printf(_("Attention of %s on %s"), lens_model_get_name(model), source->name);
    return lens_data_desk_start(self, &order, title);
  }
  return NULL;
}

/* ---- reading ---- */

typedef struct {
  gint64 set_id;
  char *model_id, *rows;
} Wanted;

static void wanted_free(gpointer p)
{
  Wanted *wanted = p;
  g_free(wanted->model_id);
  g_free(wanted->rows);
  g_free(wanted);
}

static gpointer read_in_store(LensStore *store, gpointer data, GError **error)
{
  const Wanted *wanted = data;
  g_autofree char *report = NULL;
  if (!lens_store_findings_get(store, wanted->set_id, wanted->model_id, wanted->rows, &report,
                               error))
    return NULL;
  return report ? lens_data_read_report(report, error) : NULL;
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;
  LensFindings *findings = lens_store_run_finish(LENS_STORE(source), result, &error);
  if (error)
    g_task_return_error(task, error);
  else
    g_task_return_pointer(task, findings, g_object_unref);
}

void lens_data_desk_read_findings_async(LensDataDesk *self, LensDataSet *set, const char *model_id,
                                        const LensDataFilter *filter, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new(self, cancellable, callback, user_data);
  Wanted *wanted = g_new0(Wanted, 1);
  *wanted = (Wanted){lens_data_set_get_id(set), g_strdup(model_id),
                     filter ? lens_data_filter_to_key(filter) : g_strdup("")};
  g_task_set_source_tag(task, lens_data_desk_read_findings_async);
  lens_store_run_async(self->store, read_in_store, wanted, wanted_free, g_object_unref, cancellable,
                       on_read, task);
}

LensFindings *lens_data_desk_read_findings_finish(LensDataDesk *self, GAsyncResult *result,
                                                  GError **error)
{
  return g_task_propagate_pointer(G_TASK(result), error);
}

/* ---- writing ---- */

typedef struct {
  LensFindings *findings;
  char *path;
} Writing;

static void writing_free(gpointer p)
{
  Writing *writing = p;
  g_object_unref(writing->findings);
  g_free(writing->path);
  g_free(writing);
}

static void write_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Writing *writing = data;
  GError *error = NULL;
  if (lens_data_write_report(lens_findings_get_report(writing->findings), writing->path, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

void lens_data_desk_write_findings_async(LensDataDesk *self, LensFindings *findings,
                                         const char *path, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  Writing *writing = g_new0(Writing, 1);
  *writing = (Writing){g_object_ref(findings), g_strdup(path)};
  g_task_set_source_tag(task, lens_data_desk_write_findings_async);
  g_task_set_task_data(task, writing, writing_free);
  g_task_run_in_thread(task, write_in_thread);
}

gboolean lens_data_desk_write_findings_finish(LensDataDesk *self, GAsyncResult *result,
                                              GError **error)
{
  return g_task_propagate_boolean(G_TASK(result), error);
}
