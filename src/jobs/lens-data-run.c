#include "lens-data-run.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "lens-engine-error.h"
#include "lens-models.h"
#include "lx-batch.h"
#include "lx-model.h"

#define PAGE 512
#define BATCH 16
#define MOST_WORDS 20
#define MOST_OBJECTS 36

typedef struct {
  const LensDataRun *run;
  gint64 set_id, evaluation_id;
  LxModel *model;
  LxFeatures *features;
  LxBatcher batcher;
  LxExampleSource source;
  LxRegions *left; /* a pair's first image */
  GPtrArray *rows; /* of LensStoreDataRow: this page's, with images */
  gboolean pairs;
} Evaluation;

/* ---- examples ---- */

static LxStatus copy_left(Evaluation *self, const LxRegions *from, LxError *error)
{
  lx_regions_free(self->left);
  self->left = NULL;
  LxStatus status = lx_regions_new(from->count, from->feature_size, &self->left, error);
  if (status)
    return status;
  size_t n = (size_t)from->count;
  self->left->width = from->width;
  self->left->height = from->height;
  memcpy(self->left->boxes, from->boxes, n * 4 * sizeof(float));
  memcpy(self->left->features, from->features, n * (size_t)from->feature_size * sizeof(float));
  return LX_OK;
}

static LxStatus get_example(void *user_data, int64_t index, bool images, LxTrainExample *out,
                            LxError *error)
{
  Evaluation *self = user_data;
  const LensStoreDataRow *row = self->rows->pdata[index];
  *out = (LxTrainExample){.sentence = row->question, .image_id = row->image, .label = -1};
  LxStatus status = lx_features_get(self->features, row->image, &out->image[0], error);
  if (status || !self->pairs)
    return status;
  /* the features' own copy may go when the second is read */
  status = copy_left(self, out->image[0], error);
  out->image[0] = self->left;
  return status ? status : lx_features_get(self->features, row->image2, &out->image[1], error);
}

/* ---- answers ---- */

static const char *answer_text(Evaluation *self, int64_t label)
{
  const char *text = self->pairs ? (label ? "true" : "false")
                                 : lx_answers_text(lx_model_answers(self->model), label);
  return text ? text : "";
}

/* The score of the answer, and the best that a table of answers could reach. */
static void score_row(Evaluation *self, LensStoreDataRow *row)
{
  json_t *label = row->label ? json_loads(row->label, 0, NULL) : NULL;
  const char *answer;
  json_t *value;
  row->score = row->oracle = label ? 0 : -1;
  json_object_foreach (label, answer, value) {
    gboolean known = self->pairs || lx_answers_label(lx_model_answers(self->model), answer) >= 0;
    if (g_strcmp0(answer, row->answer) == 0)
      row->score = json_number_value(value);
    if (known)
      row->oracle = MAX(row->oracle, json_number_value(value));
  }
  json_decref(label);
}

static void take_answer(Evaluation *self, LensStoreDataRow *row, const float *logits, int64_t n)
{
  int64_t best = 0;
  double sum = 0;
  for (int64_t i = 1; i < n; i++)
    if (logits[i] > logits[best])
      best = i;
  for (int64_t i = 0; i < n; i++)
    sum += exp((double)logits[i] - (double)logits[best]);
  g_free(row->answer);
  row->answer = g_strdup(answer_text(self, best));
  row->confidence = 1 / sum;
  score_row(self, row);
}

static LxStatus one_batch(Evaluation *self, guint begin, guint n, LxError *error)
{
  int64_t index[BATCH];
  LxLxmert *m = self->batcher.model;
  for (guint i = 0; i < n; i++)
    index[i] = begin + i;
  LxStatus status = lx_batch_fill(&self->batcher, index, n, begin, error);
  if (!status)
    status = lx_graph_run(m->graph, NULL, NULL, error);
  for (guint i = 0; i < n && !status; i++) {
    int64_t wide = m->answer_logits->out.dim[1];
    take_answer(self, self->rows->pdata[begin + i], lx_f32(&m->answer_logits->out) + i * wide,
                wide);
  }
  return status;
}

/* ---- pages ---- */

/* Rows begin .. begin+n-1 that have their images. */
static gboolean read_page(Evaluation *self, gint64 begin, guint n, GError **error)
{
  guint32 numbers[PAGE];
  for (guint i = 0; i < n; i++)
    numbers[i] = (guint32)(begin + i);
  g_autoptr(GPtrArray) page =
      lens_store_data_read(self->run->store, self->set_id, 0, numbers, n, error);
  g_ptr_array_set_size(self->rows, 0);
  for (guint i = 0; page && i < page->len; i++) {
    const LensStoreDataRow *row = page->pdata[i];
    if (row && *row->question && lx_features_find(self->features, row->image) >= 0 &&
        (!self->pairs || lx_features_find(self->features, row->image2) >= 0))
      g_ptr_array_add(self->rows, g_steal_pointer(&page->pdata[i]));
  }
  return page != NULL;
}

static gboolean one_page(Evaluation *self, gint64 begin, guint n, gint64 total, GError **error)
{
  LxError engine = {0};
  LensDataJob *job = self->run->job;
  guint answered = 0;
  if (!read_page(self, begin, n, error))
    return FALSE;
  for (guint at = 0; at < self->rows->len; at += BATCH, answered = MIN(at, self->rows->len)) {
    gint64 row = ((const LensStoreDataRow *)self->rows->pdata[at])->n;
    g_autofree char *what = g_strdup_printf(_("Question %.0f of %u"), row + 1.0, (guint)total);
    lens_gateway_yield(self->run->gateway, 500);
    if (lens_data_job_progress((double)row / (double)total, what, job))
      break;
    if (one_batch(self, at, MIN(BATCH, self->rows->len - at), &engine) != LX_OK)
      break; /* what was answered before is kept */
  }
  gboolean stopped = answered < self->rows->len;
  gint64 done = begin + n;
  if (stopped) {
    done = ((const LensStoreDataRow *)self->rows->pdata[answered])->n;
    g_ptr_array_set_size(self->rows, (int)answered);
  }
  if (!lens_store_data_add_answers(self->run->store, self->evaluation_id, self->rows, done, error))
    return FALSE;
  if (engine.code != LX_OK)
    return lens_error_from_engine(error, &engine);
  return !stopped ||
         !g_cancellable_set_error_if_cancelled(lens_data_job_get_cancellable(job), error);
}

/* ---- all ---- */

static gboolean check(Evaluation *self, const char *kind, GError **error)
{
  const char *name = lens_model_get_name(self->run->model);
  unsigned wanted = self->pairs ? LX_HEAD_NLVR2 : LX_HEAD_ANSWER;
  if (!(lx_model_heads(self->model) & wanted)) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_UNSUPPORTED,
                self->pairs ? _("The model “%s” cannot judge statements about two images. Choose a "
                                "model trained for NLVR2.")
                            : _("The model “%s” has no answer head. Choose a model for question "
                                "answering."),
                name);
    return FALSE;
  }
  if (self->pairs || lx_model_answers(self->model))
    return TRUE;
  g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
              _("The model “%s” has no answers.json, so its answers have no names to score."),
              name);
  return FALSE;
}

static gboolean build(Evaluation *self, GError **error)
{
  LxError engine = {0};
  const LxConfig *config = lx_model_config(self->model);
  int64_t words = MIN(config->max_position_embeddings, MOST_WORDS);
  LxLxmertOptions options = {.max_examples = self->pairs ? 2 * BATCH : BATCH,
                             .max_words = words,
                             .max_objects = MOST_OBJECTS,
                             .heads = self->pairs ? LX_HEAD_NLVR2 : LX_HEAD_ANSWER,
                             .leave_out_unused = true,
                             .results_only = true};
  self->source = (LxExampleSource){PAGE, get_example, self};
  self->batcher = (LxBatcher){.tokenizer = lx_model_tokenizer(self->model),
                              .source = &self->source,
                              .task = self->pairs ? LX_TASK_NLVR2 : LX_TASK_VQA,
                              .max_words = words,
                              .max_objects = MOST_OBJECTS};
  lx_blind_parse(config->blind, &self->batcher.blind);
  return lx_lxmert_build(config, lx_model_params(self->model), &options, LX_INFER,
                         &self->batcher.model, &engine) == LX_OK ||
         lens_error_from_engine(error, &engine);
}

static gboolean open_model(Evaluation *self, GError **error)
{
  LxError engine = {0};
  LensDataSet *set = lens_data_job_get_set(self->run->job);
  const char *kind = lens_data_set_get_source(set)->kind;
  self->pairs = g_strcmp0(kind, "nlvr2") == 0;
  if (lx_model_open(lens_model_get_path(self->run->model), &self->model, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  return check(self, kind, error) && build(self, error);
}

static gboolean begin(Evaluation *self, gint64 *done, GError **error)
{
  g_autofree char *weights = lens_models_fingerprint(lens_model_get_path(self->run->model), error);
  LensStoreEvaluation row = {.set_id = self->set_id,
                             .model_id = (char *)lens_model_get_id(self->run->model),
                             .model_name = (char *)lens_model_get_name(self->run->model),
                             .weights = weights};
  if (weights)
    self->evaluation_id = lens_store_data_begin_evaluation(self->run->store, &row, done, error);
  return self->evaluation_id != 0;
}

#define NAMED 3u /* pictures in a note */

/* “a”, “b”, “c” and others; owned. */
static char *list_pictures(GPtrArray *images)
{
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < MIN(images->len, NAMED); i++)
    g_string_append_printf(text, "%s“%s”", i ? ", " : "", (char *)images->pdata[i]);
  if (images->len <= NAMED)
    return g_string_free(text, FALSE);
  g_autofree char *first = g_string_free(text, FALSE);
  return g_strdup_printf(_("%s and others"), first);
}

/* What was left out and why, "" for nothing; nothing answered at all is an error. Owned. */
static char *note_of(Evaluation *self, GError **error)
{
  g_autoptr(GPtrArray) images = NULL;
  GPtrArray *unreadable = self->run->unreadable;
  gint64 n = lens_store_data_count_left_out(self->run->store, self->evaluation_id, NAMED + 1,
                                            &images, error);
  if (n <= 0)
    return g_strdup("");
  g_autofree char *pictures = list_pictures(images);
  gboolean all = n == lens_data_set_get_n(lens_data_job_get_set(self->run->job));
  GString *note = g_string_new(NULL);
  if (all)
    g_string_printf(
        note,
        _("No question could be asked: there are neither object features nor a readable "
          "picture of %s."),
        pictures);
  else
    g_string_printf(note,
                    ngettext("%d question was left out: there are neither object features nor a "
                             "readable picture of %s.",
                             "%d questions were left out: there are neither object features nor a "
                             "readable picture of %s.",
                             (gulong)n),
                    (int)n, pictures);
  for (guint i = 0; i < MIN(unreadable->len, 3); i++)
    g_string_append_printf(note, "\n%s", (char *)unreadable->pdata[i]);
  if (unreadable->len > 3)
    g_string_append_printf(note, _("\n… and %d more."), (int)unreadable->len - 3);
  if (all)
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING, "%s", note->str);
  return g_string_free(note, FALSE);
}

static const char *state_of(const GError *problem)
{
  if (!problem)
    return "done";
  return g_error_matches(problem, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? "stopped" : "failed";
}

static void end(Evaluation *self, GError **problem)
{
  GError *unkept = NULL;
  gboolean failed = *problem && !g_error_matches(*problem, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_autofree char *note =
      failed ? g_strdup((*problem)->message) : note_of(self, *problem ? NULL : problem);
  lens_store_data_end_evaluation(self->run->store, self->evaluation_id, state_of(*problem), note,
                                 &unkept);
  if (unkept && !*problem)
    *problem = g_steal_pointer(&unkept);
  g_clear_error(&unkept);
}

gboolean lens_data_run(const LensDataRun *given, GError **error)
{
  GError *problem = NULL;
  g_autoptr(GPtrArray) unreadable = g_ptr_array_new_with_free_func(g_free);
  LensDataRun with_list = *given;
  const LensDataRun *run = &with_list;
  with_list.unreadable = unreadable;
  LensDataSet *set = lens_data_job_get_set(run->job);
  Evaluation self = {.run = run, .set_id = lens_data_set_get_id(set)};
  gint64 total = lens_data_set_get_n(set), done = 0;
  self.rows = g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_data_row_free);
  gboolean ok = open_model(&self, &problem) &&
                (self.features = lens_data_open_features(run, &problem)) != NULL &&
                begin(&self, &done, &problem);
  for (gint64 at = done; ok && at < total; at += PAGE)
    ok = one_page(&self, at, (guint)MIN(PAGE, total - at), total, &problem);
  if (self.evaluation_id)
    end(&self, &problem);
  g_ptr_array_unref(self.rows);
  lx_lxmert_free(self.batcher.model);
  lx_regions_free(self.left);
  lx_features_free(self.features);
  lx_model_unref(self.model);
  if (!problem)
    return TRUE;
  g_propagate_error(error, problem);
  return FALSE;
}
