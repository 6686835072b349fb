#include "lens-data-measure.h"

#include <glib/gi18n.h>
#include <string.h>

#include <jansson.h>

#include "lens-data-find.h"
#include "lens-engine-error.h"
#include "lens-store-findings.h"
#include "lx-model.h"
#include "science-report.h"

#define PAGE 256

/* The questions that are measured, as examples; a page of them is in memory. */
typedef struct {
  const LensDataMeasuring *measuring;
  LxModel *model;
  LxFeatures *features;
  GArray *numbers; /* of guint32: rows of the data set */
  gint64
      total; /* rows that they are evenly spread over; as many as there are, when some were left out */
  gint64 page;     /* the one that `rows` holds, -1: none */
  GPtrArray *rows; /* of LensStoreDataRow */
  GArray *targets; /* of LxTarget: the last example's */
  GError *problem;
} Questions;

static gint64 set_id_of(const Questions *self)
{
  return lens_data_set_get_id(lens_data_job_get_set(self->measuring->run.job));
}

static GPtrArray *read_rows(const Questions *self, const guint32 *numbers, guint n, GError **error)
{
  return lens_store_data_read(self->measuring->run.store, set_id_of(self), 0, numbers, n, error);
}

/* ---- which ---- */

static gboolean fail_for_no_question(const LensDataMeasuring *m, gint64 total, GError **error)
{
  if (total)
    g_set_error(
        error, LENS_ERROR, LENS_ERROR_MISSING,
        _("None of the questions can be asked: their images have no object features. Open the "
          "data set together with its feature files (.tsv) or its pictures."));
  else
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
                _("No question passes the filter. Widen it, or measure over the whole data set."));
  return FALSE;
}

/* Evenly spread over the rows that the filter lets through, those that have their image. */
static gboolean choose(Questions *self, GError **error)
{
  const LensDataMeasuring *m = self->measuring;
  gboolean all = lens_data_filter_is_empty(m->filter);
  g_autoptr(GArray) found =
      all ? NULL
          : lens_store_data_find(m->run.store, set_id_of(self), m->evaluation_id, m->filter, error);
  if (!all && !found)
    return FALSE;
  gint64 total = all ? lens_data_set_get_n(lens_data_job_get_set(m->run.job)) : found->len;
  gint64 n = m->examples > 0 ? MIN(m->examples, total) : total;
  for (gint64 begin = 0; begin < n; begin += PAGE) {
    guint32 numbers[PAGE];
    guint count = (guint)MIN(PAGE, n - begin);
    for (guint i = 0; i < count; i++) {
      guint32 at = (guint32)((begin + i) * total / n);
      numbers[i] = all ? at : g_array_index(found, guint32, at);
    }
    g_autoptr(GPtrArray) rows = read_rows(self, numbers, count, error);
    if (!rows ||
        g_cancellable_set_error_if_cancelled(lens_data_job_get_cancellable(m->run.job), error))
      return FALSE;
    for (guint i = 0; i < rows->len; i++) {
      const LensStoreDataRow *row = rows->pdata[i];
      if (row && *row->question && lx_features_find(self->features, row->image) >= 0)
        g_array_append_val(self->numbers, numbers[i]);
    }
  }
  self->total = self->numbers->len == n ? total : self->numbers->len;
  return self->numbers->len || fail_for_no_question(m, total, error);
}

/* ---- as examples ---- */

static void take_targets(Questions *self, const char *label)
{
  const LxAnswers *answers = lx_model_answers(self->model);
  json_t *json = label && answers ? json_loads(label, 0, NULL) : NULL;
  const char *answer;
  json_t *score;
  g_array_set_size(self->targets, 0);
  json_object_foreach (json, answer, score) {
    const LxTarget target = {lx_answers_label(answers, answer), (float)json_number_value(score)};
    if (target.label >= 0)
      g_array_append_val(self->targets, target);
  }
  json_decref(json);
}

/* Examples have the numbers that crosslens-cli counts them by, from which their shuffles follow. */
static LxStatus get_example(void *user_data, int64_t example, bool images, LxTrainExample *out,
                            LxError *error)
{
  Questions *self = user_data;
  gint64 index = (example * self->numbers->len + self->total - 1) / self->total;
  if (index / PAGE != self->page) {
    guint begin = (guint)(index / PAGE) * PAGE;
    g_clear_pointer(&self->rows, g_ptr_array_unref);
    self->rows = read_rows(self, &g_array_index(self->numbers, guint32, begin),
                           MIN(PAGE, self->numbers->len - begin), &self->problem);
    self->page = self->rows ? index / PAGE : -1;
    if (!self->rows)
      return lx_fail(error, LX_ERR_IO, "%s", self->problem->message);
  }
  const LensStoreDataRow *row = self->rows->pdata[index % PAGE];
  take_targets(self, row->label);
  *out = (LxTrainExample){.sentence = row->question,
                          .image_id = row->image,
                          .targets = (const LxTarget *)(gpointer)self->targets->data,
                          .n_targets = self->targets->len,
                          .label = -1};
  return lx_features_get(self->features, row->image, &out->image[0], error);
}

/* ---- measuring ---- */

static int on_progress(double done, const char *what, void *user_data)
{
  const Questions *self = user_data;
  const LensDataRun *run = &self->measuring->run;
  g_autofree char *text =
      g_str_equal(what, "examples")
          ? g_strdup_printf(_("Question %.0f of %u"), done * self->numbers->len, self->numbers->len)
          : g_strdup(_("Drawing questions again for the intervals"));
  lens_gateway_yield(run->gateway, 500);
  return lens_data_job_progress(done, text, run->job);
}

static LxStatus find(Questions *self, const ScienceGraphs *graphs, ScienceFindings **out,
                     LxError *error)
{
  const LensDataMeasuring *m = self->measuring;
  const LxExampleSource source = {self->total, get_example, self};
  const ScienceFindingsSetup setup = {.model = self->model,
                                      .bert = m->bert ? lens_model_get_path(m->bert) : NULL,
                                      .source = &source,
                                      .examples = self->numbers->len,
                                      .graphs = graphs,
                                      .seed = 1};
  return science_findings(&setup, on_progress, self, out, error);
}

static char *report_of(const LensDataMeasuring *m, const ScienceFindings *findings)
{
  const LensDataSource *source = lens_data_set_get_source(lens_data_job_get_set(m->run.job));
  g_autofree char *rows = lens_data_filter_describe(m->filter);
  const ScienceOrigin origin = {.model = lens_model_get_name(m->run.model),
                                .bert = m->bert ? lens_model_get_name(m->bert) : NULL,
                                .data = *source->questions ? source->questions : source->features,
                                .split = source->name,
                                .rows = *rows ? rows : NULL};
  json_t *json = science_report_json(findings, &origin);
  char *text = json ? json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(8)) : NULL;
  char *out = g_strdup(text);
  free(text);
  json_decref(json);
  return out;
}

static gboolean measure(Questions *self, GError **error)
{
  LxError engine = {0};
  const LensDataMeasuring *m = self->measuring;
  const LensDataSource *source = lens_data_set_get_source(lens_data_job_get_set(m->run.job));
  g_autofree char *path = lens_data_find_graphs(source);
  ScienceGraphs *graphs = NULL;
  ScienceFindings *findings = NULL;
  LxStatus status = path ? science_graphs_read(path, &graphs, &engine) : LX_OK;
  if (status == LX_OK)
    status = find(self, graphs, &findings, &engine);
  science_graphs_free(graphs);
  if (status != LX_OK)
    return lens_error_from_engine(error, &engine);
  g_autofree char *report = report_of(m, findings);
  science_findings_free(findings);
  g_autofree char *key = lens_data_filter_to_key(m->filter);
  return lens_store_findings_put(m->run.store, set_id_of(self), lens_model_get_id(m->run.model),
                                 key, report, error);
}

gboolean lens_data_measure(const LensDataMeasuring *measuring, GError **error)
{
  LxError engine = {0};
  const LensDataRun *run = &measuring->run;
  Questions self = {.measuring = measuring,
                    .numbers = g_array_new(FALSE, FALSE, sizeof(guint32)),
                    .targets = g_array_new(FALSE, FALSE, sizeof(LxTarget)),
                    .page = -1};
  gboolean ok = lx_model_open(lens_model_get_path(run->model), &self.model, &engine) == LX_OK ||
                lens_error_from_engine(error, &engine);
  ok = ok && (self.features = lens_data_open_features(run, error)) != NULL &&
       choose(&self, error) && measure(&self, error);
  lx_features_free(self.features);
  lx_model_unref(self.model);
  g_array_unref(self.numbers);
  g_array_unref(self.targets);
  g_clear_pointer(&self.rows, g_ptr_array_unref);
  g_clear_error(&self.problem);
  return ok;
}
