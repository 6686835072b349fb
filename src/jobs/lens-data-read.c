#include "lens-data-read.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lens-data-find.h"
#include "lens-engine-error.h"
#include "lx-csv.h"
#include "lx-grouping.h"
#include "lx-json.h"
#include "lx-tsv.h"

/* Rows of the first piece, so that they are seen at once, and of the others. */
#define FIRST_PIECE 200
#define PIECE 5000
#define FIRST_LINES 64

typedef struct {
  const LensDataReading *reading;
  GPtrArray *rows; /* not yet in the store */
  gint64 n;
  GError *problem;
} Reader;

static LxStatus flush(Reader *self, LxError *error)
{
  LxStatus status = LX_OK;
  if (self->rows->len && !lens_store_data_add_rows(self->reading->store, self->reading->set_id,
                                                   self->rows, &self->problem))
    status = lx_fail(error, LX_ERR_IO, "%s", self->problem->message);
  g_ptr_array_set_size(self->rows, 0);
  return status;
}

static char *text_of(const char *text)
{
  return g_strdup(text ? text : "");
}

static LxStatus add(Reader *self, LensStoreDataRow *row, LxError *error)
{
  row->n = self->n++;
  g_ptr_array_add(self->rows, row);
  return self->rows->len >= (self->n <= FIRST_PIECE ? FIRST_PIECE : PIECE) ? flush(self, error)
                                                                           : LX_OK;
}

static LensStoreDataRow *row_new(const char *id, const char *question, const char *image)
{
  LensStoreDataRow *row = g_new0(LensStoreDataRow, 1);
  row->id = text_of(id);
  row->question = text_of(question);
  row->image = text_of(image);
  row->image2 = g_strdup("");
  row->sentence = g_strdup("");
  row->answer_type = g_strdup("");
  row->question_type = g_strdup("");
  return row;
}

static void set_text(char **at, const char *text)
{
  g_free(*at);
  *at = text_of(text);
}

/* ---- the authors' lists ---- */

static char *id_of(const json_t *value)
{
  if (json_is_integer(value))
    return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
  return g_strdup(json_string_value(value));
}

/* The answer with the highest score; the label as JSON. */
static LxStatus read_label(const json_t *label, LensStoreDataRow *row, LxError *error)
{
  const char *answer;
  json_t *score;
  double best = -1;
  if (!json_is_object(label))
    return lx_fail(error, LX_ERR_FORMAT, "a label is not an object {answer: score}.");
  json_object_foreach ((json_t *)label, answer, score) {
    double value = json_number_value(score);
    if (!json_is_number(score) || !(value >= 0 && value <= 1.0001))
      return lx_fail(error, LX_ERR_FORMAT, "the score of “%.200s” is not between 0 and 1.", answer);
    if (value > best) {
      best = value;
      set_text(&row->truth, answer);
    }
  }
  char *text = json_dumps(label, JSON_COMPACT);
  row->label = g_strdup(text);
  free(text);
  return LX_OK;
}

static LxStatus read_question(Reader *self, const json_t *item, LxError *error)
{
  g_autofree char *id = id_of(json_object_get(item, "question_id"));
  g_autofree char *image = id_of(json_object_get(item, "img_id"));
  const char *sent = json_string_value(json_object_get(item, "sent"));
  if (!id || !image || !sent)
    return lx_fail(error, LX_ERR_FORMAT, "“%s” is missing or is no text.",
                   !id      ? "question_id"
                   : !image ? "img_id"
                            : "sent");
  LensStoreDataRow *row = row_new(id, sent, image);
  const json_t *label = json_object_get(item, "label");
  LxStatus status = label ? read_label(label, row, error) : LX_OK;
  if (status) {
    lens_store_data_row_free(row);
    return status;
  }
  set_text(&row->question_type, json_string_value(json_object_get(item, "question_type")));
  set_text(&row->answer_type, json_string_value(json_object_get(item, "answer_type")));
  if (!*row->answer_type && g_strcmp0(self->reading->source->kind, "gqa") == 0 && row->truth)
    set_text(&row->answer_type,
             lx_gqa_is_binary(row->question_type, row->question, row->truth) ? "binary" : "open");
  return add(self, row, error);
}

static LxStatus read_pair(Reader *self, const json_t *item, LxError *error)
{
  const char *sent = json_string_value(json_object_get(item, "sent"));
  const char *left = json_string_value(json_object_get(item, "img0"));
  const char *right = json_string_value(json_object_get(item, "img1"));
  const char *identifier = json_string_value(json_object_get(item, "identifier"));
  const json_t *label = json_object_get(item, "label");
  if (!identifier)
    identifier = json_string_value(json_object_get(item, "uid"));
  if (!sent || !left || !right || !identifier)
    return lx_fail(error, LX_ERR_FORMAT, "“%s” is missing or is no text.",
                   !sent    ? "sent"
                   : !left  ? "img0"
                   : !right ? "img1"
                            : "identifier");
  if (label &&
      (!json_is_integer(label) || json_integer_value(label) < 0 || json_integer_value(label) > 1))
    return lx_fail(error, LX_ERR_FORMAT, "the label is not 0 or 1.");
  LensStoreDataRow *row = row_new(identifier, sent, left);
  set_text(&row->image2, right);
  g_free(row->sentence);
  row->sentence = lx_nlvr2_sentence(identifier); /* malloc and g_malloc are the same */
  if (label) {
    row->truth = g_strdup(json_integer_value(label) ? "true" : "false");
    row->label = g_strdup_printf("{\"%s\":1}", row->truth);
  }
  return add(self, row, error);
}

static LxStatus read_item(const json_t *item, void *user_data, LxError *error)
{
  Reader *self = user_data;
  if (!json_is_object(item))
    return lx_fail(error, LX_ERR_FORMAT, "it is not a JSON object.");
  return g_strcmp0(self->reading->source->kind, "nlvr2") == 0 ? read_pair(self, item, error)
                                                              : read_question(self, item, error);
}

/* ---- CSV ---- */

static LxStatus read_csv(const LxCsvQuestion *question, void *user_data, LxError *error)
{
  Reader *self = user_data;
  g_autofree char *id = g_strdup_printf("%ld", question->number);
  LensStoreDataRow *row = row_new(id, question->question, question->image);
  if (*question->answer) {
    json_t *label = json_pack("{s:i}", question->answer, 1);
    LxStatus status = read_label(label, row, error);
    json_decref(label);
    if (status) {
      lens_store_data_row_free(row);
      return status;
    }
    set_text(&row->answer_type, question->answer_type);
  }
  return add(self, row, error);
}

/* ---- features alone ---- */

static LxStatus add_images(Reader *self, LxTsv *tsv, gint64 from, LxError *error)
{
  LxStatus status = LX_OK;
  for (gint64 i = from; i < lx_tsv_count(tsv) && !status; i++)
    status = add(self, row_new(lx_tsv_image_id(tsv, i), "", lx_tsv_image_id(tsv, i)), error);
  return status ? status : flush(self, error);
}

/* The first lines at once, the others when the file was indexed. */
static LxStatus read_features(Reader *self, const char *path, LxError *error)
{
  LxTsv *tsv = NULL;
  gint64 first = 0;
  LxStatus status = lx_tsv_open(path, &tsv, error);
  if (!status)
    status = lx_tsv_index(tsv, FIRST_LINES, NULL, NULL, error);
  if (!status) {
    status = add_images(self, tsv, 0, error);
    first = lx_tsv_count(tsv);
  }
  lx_tsv_free(tsv);
  tsv = NULL;
  if (!status)
    status = lx_tsv_open(path, &tsv, error);
  if (!status)
    status = lx_tsv_index(tsv, -1, self->reading->progress, self->reading->progress_data, error);
  if (!status)
    status = add_images(self, tsv, first, error);
  lx_tsv_free(tsv);
  return status;
}

/* ---- all ---- */

static LxStatus read_source(Reader *self, LxError *error)
{
  const LensDataSource *source = self->reading->source;
  if (g_str_has_suffix(source->questions, ".csv"))
    return lx_csv_questions(source->questions, read_csv, self, self->reading->progress,
                            self->reading->progress_data, error);
  if (*source->questions)
    return lx_json_each(source->questions, read_item, self, self->reading->progress,
                        self->reading->progress_data, error);
  g_auto(GStrv) paths = g_strsplit(source->features, "\n", -1);
  LxStatus status = LX_OK;
  for (guint i = 0; paths[i] && !status; i++)
    status = read_features(self, paths[i], error);
  return status;
}

/* The leaderboards take one answer a question. */
static void warn_of_repeated(Reader *self, GString *warning)
{
  g_autofree char *first = NULL;
  gint64 n =
      lens_store_data_count_repeated(self->reading->store, self->reading->set_id, &first, NULL);
  if (n <= 0)
    return;
  g_string_append_printf(warning,
                         ngettext("%d id occurs more than once in the file: “%s”; each of its rows "
                                  "is answered and counted.",
                                  "%d ids occur more than once in the file, such as “%s”; each of "
                                  "their rows is answered and counted.",
                                  (gulong)n),
                         (int)n, first);
  g_string_append_c(warning, '\n');
}

/* As after a download that broke off. */
static void warn_of_cut(LxTsv *tsv, GString *warning)
{
  if (!lx_tsv_is_cut(tsv))
    return;
  g_string_append_printf(
      warning,
      _("%s ends in the middle of a line: it is cut short. Questions about images "
        "that it lacks are left out; copy the file again and open it anew for all "
        "of them."),
      lx_tsv_path(tsv));
  g_string_append_c(warning, '\n');
}

/* Indexes the features that go with the questions, once, so that rows and models find them at once.
 */
static LxStatus index_features(Reader *self, GString *warning, LxError *error)
{
  const LensDataReading *reading = self->reading;
  g_auto(GStrv) paths = g_strsplit(reading->source->features, "\n", -1);
  LxStatus status = LX_OK;
  for (guint i = 0; *reading->source->questions && paths[i] && !status; i++) {
    LxTsv *tsv = NULL;
    status = lx_tsv_open(paths[i], &tsv, error);
    if (!status)
      status = lx_tsv_index(tsv, -1, reading->progress, reading->progress_data, error);
    if (!status)
      warn_of_cut(tsv, warning);
    lx_tsv_free(tsv);
  }
  return status;
}

gboolean lens_data_read(const LensDataReading *reading, gint64 *n, char **warning, GError **error)
{
  LxError engine = {0};
  g_autoptr(GString) odd = g_string_new(NULL);
  Reader self = {reading, g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_data_row_free),
                 0, NULL};
  LxStatus status = read_source(&self, &engine);
  if (status == LX_OK)
    status = flush(&self, &engine);
  if (status == LX_OK && !self.n)
    status = lx_fail(&engine, LX_ERR_MISSING, "%s holds no questions.",
                     *reading->source->questions ? reading->source->questions
                                                 : reading->source->features);
  *n = self.n;
  if (status == LX_OK)
    status = index_features(&self, odd, &engine);
  if (status == LX_OK)
    warn_of_repeated(&self, odd);
  g_ptr_array_unref(self.rows);
  g_clear_error(&self.problem);
  *warning = status == LX_OK && odd->len ? g_strdup(g_strchomp(odd->str)) : NULL;
  return status == LX_OK || lens_error_from_engine(error, &engine);
}
