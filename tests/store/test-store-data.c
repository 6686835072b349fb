/* Data sets in the store: rows, answers, filters, scores, and what is left after a restart. */
#include "lens-store-data.h"
#include "lens-store-findings.h"
#include "store-fixture.h"

static LensStoreDataRow *make_row(gint64 n, const char *question, const char *type,
                                  const char *truth, const char *sentence)
{
  LensStoreDataRow *row = g_new0(LensStoreDataRow, 1);
  row->n = n;
  row->id = g_strdup_printf("%" G_GINT64_FORMAT, n);
  row->question = g_strdup(question);
  row->image = g_strdup("scene");
  row->image2 = g_strdup("");
  row->sentence = g_strdup(sentence);
  row->answer_type = g_strdup(type);
  row->question_type = g_strdup("what");
  row->truth = g_strdup(truth);
  row->label = truth ? g_strdup_printf("{\"%s\":1}", truth) : NULL;
  return row;
}

static GPtrArray *new_rows(void)
{
  return g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_data_row_free);
}

static gint64 begin_set(LensStore *store)
{
  GError *error = NULL;
  LensStoreDataSet set = {.name = (char *)"minival",
                          .kind = (char *)"vqa",
                          .questions = (char *)"/a/minival.json",
                          .features = (char *)"/a/a.tsv",
                          .images = (char *)"",
                          .state = (char *)"reading"};
  gint64 id = lens_store_data_begin_set(store, &set, &error);
  g_assert_no_error(error);
  g_assert_cmpint(id, >, 0);
  return id;
}

static gint64 begin_evaluation(LensStore *store, gint64 set, const char *weights, gint64 *done)
{
  GError *error = NULL;
  LensStoreEvaluation e = {.set_id = set,
                           .model_id = (char *)"m",
                           .model_name = (char *)"M",
                           .weights = (char *)weights};
  gint64 id = lens_store_data_begin_evaluation(store, &e, done, &error);
  g_assert_no_error(error);
  return id;
}

static void answer(LensStore *store, gint64 evaluation, gint64 n, const char *text, double sure,
                   double score)
{
  GError *error = NULL;
  g_autoptr(GPtrArray) rows = new_rows();
  LensStoreDataRow *row = make_row(n, "", "", NULL, "");
  row->answer = g_strdup(text);
  row->confidence = sure;
  row->score = score;
  row->oracle = 1;
  g_ptr_array_add(rows, row);
  g_assert_true(lens_store_data_add_answers(store, evaluation, rows, n + 1, &error));
  g_assert_no_error(error);
}

/* Four questions, three of them answered: right, wrong, half right. */
static gint64 fill(LensStore *store, gint64 *evaluation)
{
  GError *error = NULL;
  gint64 set = begin_set(store), done = -1;
  g_autoptr(GPtrArray) rows = new_rows();
  g_ptr_array_add(rows, make_row(0, "is it 100% red?", "yes/no", "yes", "s1"));
  g_ptr_array_add(rows, make_row(1, "how many cats?", "number", "2", "s1"));
  g_ptr_array_add(rows, make_row(2, "what colour is the cat?", "other", "red", "s2"));
  g_ptr_array_add(rows, make_row(3, "where?", "other", NULL, "s3"));
  g_assert_true(lens_store_data_add_rows(store, set, rows, &error));
  g_assert_no_error(error);
  *evaluation = begin_evaluation(store, set, "w1", &done);
  g_assert_cmpint(done, ==, 0);
  answer(store, *evaluation, 0, "yes", 0.95, 1);
  answer(store, *evaluation, 1, "3", 0.4, 0);
  answer(store, *evaluation, 2, "red", 0.6, 0.5);
  return set;
}

static guint count(LensStore *store, gint64 set, gint64 evaluation, const LensDataFilter *filter,
                   guint32 *first)
{
  GError *error = NULL;
  g_autoptr(GArray) found = lens_store_data_find(store, set, evaluation, filter, &error);
  g_assert_no_error(error);
  if (first && found->len)
    *first = g_array_index(found, guint32, 0);
  return found->len;
}

static void test_filters(Fixture *self, gconstpointer unused)
{
  LensStore *store = open_clean(self->path);
  gint64 evaluation, set = fill(store, &evaluation);
  guint32 first = 99;
  LensDataFilter filter = {0};
  g_assert_cmpuint(count(store, set, evaluation, &filter, NULL), ==, 4);
  filter.verdict = LENS_VERDICT_WRONG;
  g_assert_cmpuint(count(store, set, evaluation, &filter, &first), ==, 1);
  g_assert_cmpuint(first, ==, 1);
  filter.verdict = LENS_VERDICT_RIGHT;
  g_assert_cmpuint(count(store, set, evaluation, &filter, NULL), ==, 2);
  filter.verdict = LENS_VERDICT_PARTLY;
  g_assert_cmpuint(count(store, set, evaluation, &filter, &first), ==, 1);
  g_assert_cmpuint(first, ==, 2);
  filter.verdict = LENS_VERDICT_RIGHT;
  filter.least = 0.9, filter.most = 1;
  g_assert_cmpuint(count(store, set, evaluation, &filter, &first), ==, 1);
  g_assert_cmpuint(first, ==, 0);
  filter = (LensDataFilter){.text = (char *)"CAT"};
  g_assert_cmpuint(count(store, set, 0, &filter, NULL), ==, 2);
  filter.text = (char *)"%"; /* means itself */
  g_assert_cmpuint(count(store, set, 0, &filter, NULL), ==, 1);
  filter = (LensDataFilter){.truth = (char *)"2", .answer = (char *)"3"};
  g_assert_cmpuint(count(store, set, evaluation, &filter, NULL), ==, 1);
  filter = (LensDataFilter){.answer_type = (char *)"other"};
  g_assert_cmpuint(count(store, set, 0, &filter, NULL), ==, 2);
  close_store(store);
}

static const LensTally *only(GPtrArray *list, guint at)
{
  g_assert_cmpuint(list->len, >, at);
  return list->pdata[at];
}

static void test_scores(Fixture *self, gconstpointer unused)
{
  GError *error = NULL;
  LensStore *store = open_clean(self->path);
  gint64 evaluation, set = fill(store, &evaluation);
  g_autoptr(GPtrArray) all =
      lens_store_data_tally(store, LENS_TALLY_ALL, set, evaluation, 1, &error);
  g_assert_no_error(error);
  g_assert_cmpint(only(all, 0)->n, ==, 3);
  g_assert_cmpfloat(only(all, 0)->score, ==, 1.5);
  g_autoptr(GPtrArray) kinds =
      lens_store_data_tally(store, LENS_TALLY_ANSWER_TYPE, set, evaluation, 9, &error);
  g_assert_cmpuint(kinds->len, ==, 3);
  g_autoptr(GPtrArray) pairs =
      lens_store_data_tally(store, LENS_TALLY_CONFUSION, set, evaluation, 9, &error);
  g_assert_cmpuint(pairs->len, ==, 3);
  g_assert_cmpstr(only(pairs, 0)->name, ==, "2");
  g_assert_cmpstr(only(pairs, 0)->other, ==, "3");
  /* s1 has a wrong pair, s2 a half right one: no sentence is wholly right but by its score */
  g_autoptr(GPtrArray) sentences =
      lens_store_data_tally(store, LENS_TALLY_SENTENCES, set, evaluation, 1, &error);
  g_assert_no_error(error);
  g_assert_cmpint(only(sentences, 0)->n, ==, 2);
  g_assert_cmpfloat(only(sentences, 0)->score, ==, 0.5);
  close_store(store);
}

/* What was answered is there after a restart; other weights begin anew. */
static void test_resume(Fixture *self, gconstpointer unused)
{
  GError *error = NULL;
  gint64 evaluation, done = -1;
  LensStore *store = open_clean(self->path);
  gint64 set = fill(store, &evaluation);
  g_assert_true(
      lens_store_data_end_evaluation(store, evaluation, "stopped", "one was left out", &error));
  close_store(store);
  store = open_clean(self->path);
  g_autoptr(GPtrArray) list = lens_store_data_list_evaluations(store, set, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(list->len, ==, 1);
  const LensStoreEvaluation *kept = list->pdata[0];
  g_assert_cmpfloat(kept->score, ==, 0.5);
  g_assert_cmpint(begin_evaluation(store, set, "w1", &done), ==, evaluation);
  g_assert_cmpint(done, ==, 3);
  begin_evaluation(store, set, "w2", &done);
  g_assert_cmpint(done, ==, 0);
  guint32 numbers[] = {1};
  g_autoptr(GPtrArray) rows = lens_store_data_read(store, set, evaluation, numbers, 1, &error);
  g_assert_cmpstr(((LensStoreDataRow *)rows->pdata[0])->question, ==, "how many cats?");
  close_store(store);
}

static void test_remove(Fixture *self, gconstpointer unused)
{
  GError *error = NULL;
  gint64 evaluation;
  LensStore *store = open_clean(self->path);
  gint64 set = fill(store, &evaluation);
  g_assert_true(lens_store_data_set_removed(store, set, TRUE, &error));
  g_autoptr(GPtrArray) gone = lens_store_data_list_sets(store, &error);
  g_assert_cmpuint(gone->len, ==, 0);
  g_assert_true(lens_store_data_set_removed(store, set, FALSE, &error));
  g_autoptr(GPtrArray) back = lens_store_data_list_sets(store, &error);
  g_assert_cmpuint(back->len, ==, 1);
  g_assert_cmpint(((LensStoreDataSet *)back->pdata[0])->n, ==, 4);
  g_assert_true(lens_store_data_set_removed(store, set, TRUE, &error));
  g_assert_true(lens_store_data_purge(store, &error));
  LensDataFilter filter = {0};
  g_assert_cmpuint(count(store, set, 0, &filter, NULL), ==, 0);
  close_store(store);
}

static void put_report(LensStore *store, gint64 set, const char *rows, const char *report)
{
  GError *error = NULL;
  g_assert_true(lens_store_findings_put(store, set, "m", rows, report, &error));
  g_assert_no_error(error);
}

static char *get_report(LensStore *store, gint64 set, const char *model, const char *rows)
{
  GError *error = NULL;
  char *report = NULL;
  g_assert_true(lens_store_findings_get(store, set, model, rows, &report, &error));
  g_assert_no_error(error);
  return report;
}

/* One report a model and choice of rows, kept over a restart, gone when the set is read anew. */
static void test_findings(Fixture *self, gconstpointer unused)
{
  gint64 evaluation;
  LensStore *store = open_clean(self->path);
  gint64 set = fill(store, &evaluation);
  g_assert_null(get_report(store, set, "m", ""));
  put_report(store, set, "", "{\"first\": 1}");
  put_report(store, set, "wrong", "{\"third\": 3}");
  put_report(store, set, "", "{\"second\": 2}");
  close_store(store);
  store = open_clean(self->path);
  g_autofree char *report = get_report(store, set, "m", "");
  g_assert_cmpstr(report, ==, "{\"second\": 2}");
  g_autofree char *part = get_report(store, set, "m", "wrong");
  g_assert_cmpstr(part, ==, "{\"third\": 3}");
  g_assert_null(get_report(store, set, "m", "right"));
  g_assert_null(get_report(store, set, "another", ""));
  g_assert_cmpint(begin_set(store), ==, set);
  g_assert_null(get_report(store, set, "m", ""));
  g_assert_null(get_report(store, set, "m", "wrong"));
  close_store(store);
}

/* A program that was killed leaves an evaluation that can go on, with the score so far. */
static void test_cut_off(Fixture *self, gconstpointer unused)
{
  GError *error = NULL;
  gint64 evaluation, done = -1;
  LensStore *store = open_clean(self->path);
  gint64 set = fill(store, &evaluation);
  close_store(store);
  store = open_clean(self->path);
  g_assert_true(lens_store_data_purge(store, &error));
  g_autoptr(GPtrArray) list = lens_store_data_list_evaluations(store, set, &error);
  g_assert_no_error(error);
  const LensStoreEvaluation *kept = list->pdata[0];
  g_assert_cmpstr(kept->state, ==, "stopped");
  g_assert_cmpfloat(kept->score, ==, 0.5);
  g_assert_cmpint(begin_evaluation(store, set, "w1", &done), ==, evaluation);
  g_assert_cmpint(done, ==, 3);
  close_store(store);
}

static void test_left_out(Fixture *self, gconstpointer unused)
{
  GError *error = NULL;
  gint64 evaluation;
  LensStore *store = open_clean(self->path);
  gint64 set = fill(store, &evaluation);
  g_autoptr(GPtrArray) none = NULL, images = NULL, rows = new_rows();
  g_autofree char *first = NULL;
  g_assert_cmpint(lens_store_data_count_left_out(store, evaluation, 3, &none, &error), ==, 0);
  /* gone through to the fourth row, which has no answer */
  g_assert_true(lens_store_data_add_answers(store, evaluation, rows, 4, &error));
  g_assert_cmpint(lens_store_data_count_left_out(store, evaluation, 3, &images, &error), ==, 1);
  g_assert_no_error(error);
  g_assert_cmpuint(images->len, ==, 1);
  g_assert_cmpint(lens_store_data_count_repeated(store, set, &first, &error), ==, 0);
  g_assert_null(first);
  LensStoreDataRow *again = make_row(4, "where?", "other", NULL, "s3");
  g_free(again->id);
  again->id = g_strdup("3");
  g_ptr_array_add(rows, again);
  g_assert_true(lens_store_data_add_rows(store, set, rows, &error));
  g_assert_cmpint(lens_store_data_count_repeated(store, set, &first, &error), ==, 1);
  g_assert_cmpstr(first, ==, "3");
  close_store(store);
}

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(name, func)                                                                            \
  g_test_add("/store/data/" name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
  ADD("filters", test_filters);
  ADD("scores", test_scores);
  ADD("resume", test_resume);
  ADD("remove", test_remove);
  ADD("findings", test_findings);
  ADD("cut-off", test_cut_off);
  ADD("left-out", test_left_out);
  return g_test_run();
}
