#include "bench-data.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "bench-frames.h"
#include "lens-store-data.h"
#include "lens-window.h"

enum { BOXES = 36, FEATURES = 2048, SCROLLS = 300, ANSWERS = 5000, EVALUATED_MS = 20000 };

static const char *const words[] = {"what", "color", "is",   "the", "cat",   "dog",
                                    "how",  "many",  "left", "of",  "table", "umbrella"};
static const char *const answers[] = {"yes", "no", "red", "blue", "green", "1", "2", "3"};
static const char *const types[] = {"yes/no", "number", "other"};

/* ---- the files ---- */

static char *encode(GRand *rand, gsize n, gboolean numbers)
{
  gsize size = n * (numbers ? sizeof(gint64) : sizeof(float));
  g_autofree guchar *bytes = g_malloc0(size);
  for (gsize i = 0; i < n; i++) {
    gint64 number = g_rand_int_range(rand, 0, 400);
    float value = (float)g_rand_double_range(rand, 0, 300);
    if (numbers)
      memcpy(bytes + i * sizeof number, &number, sizeof number);
    else
      memcpy(bytes + i * sizeof value, &value, sizeof value);
  }
  return g_base64_encode(bytes, size);
}

/* What follows the image's id on a line of the authors' obj36 files. */
static char *make_line(GRand *rand)
{
  g_autofree char *objects = encode(rand, BOXES, TRUE), *sure = encode(rand, BOXES, FALSE);
  g_autofree char *boxes = encode(rand, 4 * BOXES, FALSE);
  g_autofree char *features = encode(rand, (gsize)BOXES * FEATURES, FALSE);
  return g_strdup_printf("480\t640\t%s\t%s\t%s\t%s\t%d\t%s\t%s\n", objects, sure, objects, sure,
                         BOXES, boxes, features);
}

static gboolean write_features(const char *path, int images)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  g_autofree char *line = make_line(rand);
  FILE *file = g_file_test(path, G_FILE_TEST_EXISTS) ? NULL : g_fopen(path, "w");
  gboolean ok = file != NULL;
  if (g_file_test(path, G_FILE_TEST_EXISTS) && !file)
    return TRUE;
  for (int i = 0; ok && i < images; i++)
    ok = fprintf(file, "COCO_train2014_%012d\t%s", i, line) > 0;
  return file && fclose(file) == 0 && ok;
}

static gboolean write_questions(const char *path, int questions, int images)
{
  g_autoptr(GRand) rand = g_rand_new_with_seed(2);
  FILE *file = g_file_test(path, G_FILE_TEST_EXISTS) ? NULL : g_fopen(path, "w");
  if (!file)
    return g_file_test(path, G_FILE_TEST_EXISTS);
  for (int i = 0; i < questions; i++) {
    fprintf(
        file,
        "%s{\"question_id\": %d, \"img_id\": \"COCO_train2014_%012d\", \"answer_type\": \"%s\", "
        "\"question_type\": \"%s %s\", \"label\": {\"%s\": 1}, \"sent\": \"",
        i ? ",\n" : "[", i, (int)((gint64)i * images / questions), types[i % 3], words[i % 7],
        words[i % 5], answers[g_rand_int_range(rand, 0, 8)]);
    for (int w = g_rand_int_range(rand, 4, 12); w > 0; w--)
      fprintf(file, "%s ", words[g_rand_int_range(rand, 0, 12)]);
    fputs("?\"}", file);
  }
  fputs("]\n", file);
  return fclose(file) == 0;
}

/* ---- waiting and telling ---- */

typedef gboolean (*Condition)(LensDataPage *page);

/* Turns the loop until `done`; the milliseconds it took. */
static double wait_until(LensDataPage *page, Condition done, BenchTurns *turns)
{
  double begin = bench_now(), worst = 0, busiest = 0;
  while (!done(page) && bench_now() < begin + 3600e3)
    bench_turn(&worst, &busiest);
  if (turns)
    bench_turns_add(turns, worst, busiest);
  return bench_now() - begin;
}

static gboolean has_rows(LensDataPage *page)
{
  LensDataRows *rows = lens_data_page_get_rows(page);
  g_autoptr(LensDataRow) row = g_list_model_get_item(G_LIST_MODEL(rows), 0);
  return row && lens_data_row_is_filled(row);
}

static gboolean is_read(LensDataPage *page)
{
  LensDataSet *set = lens_data_page_get_set(page);
  return set && !g_str_equal(lens_data_set_get_state(set), "reading") &&
         !lens_data_desk_get_job(lens_data_page_get_desk(page));
}

static gboolean has_searched(LensDataPage *page)
{
  return !lens_data_rows_is_searching(lens_data_page_get_rows(page));
}

static gboolean has_text(LensDataPage *page)
{
  const char *text = lens_data_filters_get(lens_data_page_get_filters(page))->text;
  return text && *text;
}

/* ---- opening ---- */

static void measure_opening(LensDataPage *page, const char *path)
{
  BenchTurns turns;
  bench_turns_init(&turns);
  lens_data_page_open(page, path);
  bench_print_one("first rows seen", wait_until(page, has_rows, &turns), "");
  bench_print_one("everything read and indexed", wait_until(page, is_read, &turns), "");
  bench_turns_print(&turns, "longest turn while reading");
  printf("%-40s %9.1f MB  wanted: 300 MB, the window included\n", "peak memory",
         bench_memory("VmHWM:") / 1048576);
}

/* What a model would have answered: right three times in four. */
static gboolean write_answers(const char *state, const char *model, gint64 n, GError **error)
{
  g_autofree char *path = g_build_filename(state, "data.db", NULL);
  g_autoptr(LensStore) store = lens_store_open(path, error);
  g_autoptr(GPtrArray) sets = store ? lens_store_data_list_sets(store, error) : NULL;
  gint64 done = 0, id;
  if (!sets || !sets->len)
    return FALSE;
  LensStoreEvaluation e = {.set_id = ((LensStoreDataSet *)sets->pdata[0])->id,
                           .model_id = (char *)model,
                           .model_name = (char *)model,
                           .weights = (char *)"bench"};
  id = lens_store_data_begin_evaluation(store, &e, &done, error);
  for (gint64 at = 0; id && at < n; at += ANSWERS) {
    g_autoptr(GPtrArray) rows =
        g_ptr_array_new_with_free_func((GDestroyNotify)lens_store_data_row_free);
    for (gint64 i = at; i < MIN(at + ANSWERS, n); i++) {
      LensStoreDataRow *row = g_new0(LensStoreDataRow, 1);
      *row = (LensStoreDataRow){.n = i,
                                .answer = g_strdup(answers[i * 7 % 8]),
                                .confidence = (double)(i * 37 % 100) / 100,
                                .score = i % 4 != 0,
                                .oracle = 1};
      g_ptr_array_add(rows, row);
    }
    if (!lens_store_data_add_answers(store, id, rows, at + ANSWERS, error))
      return FALSE;
  }
  gboolean ok = id && lens_store_data_end_evaluation(store, id, "done", "", error);
  lens_store_close(store);
  return ok;
}

/* ---- scrolling and filtering ---- */

static void measure_scrolling(LensDataPage *page, GtkWidget *window, GtkAdjustment *adjustment)
{
  BenchFrames frames;
  double upper = gtk_adjustment_get_upper(adjustment);
  bench_frames_begin(&frames, window);
  for (int i = 0; i < SCROLLS; i++) { /* three screens at a time, then a leap */
    double at = gtk_adjustment_get_value(adjustment) + 60;
    gtk_adjustment_set_value(adjustment, i % 50 ? at : upper * (i / 50) / (SCROLLS / 50.0));
    bench_spend(17);
  }
  bench_frames_end(&frames, "frame while scrolling");
}

static double settled_at;

static gboolean has_settled(LensDataPage *page)
{
  if (!has_searched(page))
    settled_at = bench_now();
  return bench_now() > settled_at + 200;
}

/* Until the rows are drawn too; then the same for all rows again. */
static void measure_filter(LensDataPage *page, const char *what, BenchTurns *turns)
{
  double time = wait_until(page, has_searched, turns);
  g_autofree char *note = g_strdup_printf(
      "%u rows", g_list_model_get_n_items(G_LIST_MODEL(lens_data_page_get_rows(page))));
  bench_print_one(what, time, note);
  settled_at = bench_now();
  wait_until(page, has_settled, turns);
  lens_data_filters_clear(lens_data_page_get_filters(page));
  settled_at = bench_now();
  wait_until(page, has_settled, turns);
}

static void measure_filters(LensDataPage *page)
{
  LensDataFilters *filters = lens_data_page_get_filters(page);
  BenchTurns turns;
  bench_turns_init(&turns);
  lens_data_filters_set_verdict(filters, LENS_VERDICT_WRONG);
  measure_filter(page, "filter: wrong", &turns);
  lens_data_filters_set_pair(filters, "red", "blue");
  measure_filter(page, "filter: right “red”, answered “blue”", &turns);
  lens_data_filters_set_confidence(filters, 1);
  measure_filter(page, "filter: confidence over 90%", &turns);
  lens_data_filters_set_text(filters, "umbrella dog how");
  wait_until(page, has_text, NULL); /* the entry waits for more letters */
  measure_filter(page, "search: “umbrella dog how”", &turns);
  lens_data_filters_set_text(filters, "xylophone");
  wait_until(page, has_text, NULL);
  measure_filter(page, "search: “xylophone”", &turns);
  bench_turns_print(&turns, "longest turn while filtering");
}

/* ---- evaluating ---- */

static void on_imported(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

static LensModel *import_model(LensWorkbench *workbench, const char *path, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  lens_workbench_import_model_async(workbench, path, NULL, on_imported, &result);
  while (!result)
    g_main_context_iteration(NULL, TRUE);
  return lens_workbench_import_model_finish(workbench, result, error);
}

/* A model answers the set's questions for some seconds, from the first one or where it was stopped. */
static gboolean measure_evaluating(LensDataPage *page, LensWorkbench *workbench, const char *path,
                                   GError **error)
{
  LensDataSet *set = lens_data_page_get_set(page);
  g_autoptr(LensModel) model = import_model(workbench, path, error);
  double worst = 0, busiest = 0, begin = bench_now();
  BenchTurns turns;
  if (!model || !lens_data_desk_evaluate(lens_data_page_get_desk(page), set, model, error))
    return FALSE;
  lens_data_page_set_model(page, model);
  bench_turns_init(&turns);
  while (!is_read(page) && bench_now() < begin + EVALUATED_MS)
    bench_turn(&worst, &busiest);
  bench_turns_add(&turns, worst, busiest);
  LensDataEvaluation *evaluation = lens_data_set_find_evaluation(set, lens_model_get_id(model));
  printf("%-40s %9.1f /s\n", "questions answered",
         evaluation
             ? 1e3 * (double)lens_data_evaluation_get_done(evaluation) / (bench_now() - begin)
             : 0.0);
  bench_turns_print(&turns, "longest turn while answering");
  printf("%-40s %9.1f MB  wanted: 300 MB, the window included\n", "peak memory",
         bench_memory("VmHWM:") / 1048576);
  return TRUE;
}

static GtkAdjustment *find_table(GtkWidget *root)
{
  if (GTK_IS_COLUMN_VIEW(root) && gtk_column_view_get_model(GTK_COLUMN_VIEW(root)))
    return gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(root));
  for (GtkWidget *child = gtk_widget_get_first_child(root); child;
       child = gtk_widget_get_next_sibling(child)) {
    GtkAdjustment *found = find_table(child);
    if (found)
      return found;
  }
  return NULL;
}

static LensWindow *open_window(AdwApplication *application, LensWorkbench *workbench)
{
  LensWindow *window = lens_window_new(application, workbench);
  gtk_window_set_default_size(GTK_WINDOW(window), 1280, 800);
  gtk_window_present(GTK_WINDOW(window));
  lens_window_show_page(window, "data");
  bench_spend(1000);
  return window;
}

/* From an earlier call: then only scrolling and filters are measured. */
static gboolean is_prepared(const char *state)
{
  g_autofree char *path = g_build_filename(state, "answered", NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

static gboolean set_prepared(const char *state, GError **error)
{
  g_autofree char *path = g_build_filename(state, "answered", NULL);
  return g_file_set_contents(path, "", 0, error);
}

static gboolean prepare(AdwApplication *application, const char *path, const char *state, gint64 n,
                        GError **error)
{
  g_autofree char *model = NULL;
  LensWorkbench *workbench = lens_workbench_new(NULL, state, error);
  if (!workbench)
    return FALSE;
  LensModel *usual = lens_workbench_get_default_model(workbench);
  model = g_strdup(usual ? lens_model_get_id(usual) : "none");
  LensWindow *window = open_window(application, workbench);
  measure_opening(lens_window_get_data_page(window), path);
  gtk_window_destroy(GTK_WINDOW(window));
  lens_workbench_close(workbench);
  g_object_unref(workbench);
  return write_answers(state, model, n, error) && set_prepared(state, error);
}

static gboolean run(AdwApplication *application, const char *path, const char *state, gint64 n,
                    const char *model, GError **error)
{
  if (!is_prepared(state) && !prepare(application, path, state, n, error))
    return FALSE;
  LensWorkbench *workbench = lens_workbench_new(NULL, state, error);
  if (!workbench)
    return FALSE;
  double begin = bench_now();
  LensWindow *window = open_window(application, workbench);
  LensDataPage *page = lens_window_get_data_page(window);
  wait_until(page, has_rows, NULL);
  bench_print_one("opened again", bench_now() - begin - 1000, "");
  bench_spend(5000); /* the scores are counted */
  measure_scrolling(page, GTK_WIDGET(window), find_table(GTK_WIDGET(page)));
  measure_filters(page);
  gboolean ok = !model || measure_evaluating(page, workbench, model, error);
  gtk_window_destroy(GTK_WINDOW(window));
  lens_workbench_close(workbench);
  g_object_unref(workbench);
  return ok;
}

int bench_data(AdwApplication *application, const char *folder, int questions, int images,
               const char *model)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *path = g_build_filename(folder, "train.json", NULL);
  g_autofree char *features = g_build_filename(folder, "train_obj36.tsv", NULL);
  g_autofree char *state = g_build_filename(folder, "state", NULL);
  if (questions < 1 || images < 1 || g_mkdir_with_parents(state, 0755) != 0 ||
      !write_features(features, images) || !write_questions(path, questions, images)) {
    fprintf(stderr, "crosslens-bench: the data set cannot be written to %s: %s.\n", folder,
            g_strerror(errno));
    return 1;
  }
  if (run(application, path, state, questions, model, &error))
    return 0;
  fprintf(stderr, "crosslens-bench: %s\n", error->message);
  return 1;
}
