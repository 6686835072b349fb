/* crosslens-bench ui: frame times while the pointer moves over the graph of a full-size map, and the
 * longest time that the main loop does not answer while questions are asked and a model is trained.
 * Needs a display. */
#include <stdio.h>
#include <stdlib.h>

#include "bench-data.h"
#include "bench-frames.h"
#include "bench-shelf.h"
#include "bench-training.h"
#include "bench-walk.h"
#include "lens-graph-view.h"
#include "lens-window.h"

enum { HOVERS = 240, WORDS = 20, OBJECTS = 36, HEADS = 12, ASKS = 12, QUARTERS = 24 };

/* ---- a run of LXR955's size ---- */

static LensScene *make_scene(void)
{
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, 640, 480);
  g_autoptr(GListStore) regions = g_list_store_new(LENS_TYPE_REGION);
  gdk_pixbuf_fill(pixbuf, 0x7090b0ff);
  for (int i = 0; i < OBJECTS; i++) {
    float x = (float)(i % 6) * 100 + 10, y = (float)(i / 6) * 75 + 10;
    g_autoptr(LensRegion) region =
        lens_region_new(i, "cat", "red", 0.9f, (float[]){x, y, x + 90, y + 60});
    g_list_store_append(regions, region);
  }
  return lens_scene_new(0, "/bench.png", "bench", NULL, pixbuf, G_LIST_MODEL(regions));
}

static void add_map(GPtrArray *maps, GRand *rand, const char *name, int rows, int cols)
{
  gsize n = (gsize)HEADS * (gsize)rows * (gsize)cols;
  g_autofree float *values = g_new(float, n);
  for (gsize at = 0; at < n; at += (gsize)cols) {
    float sum = 0;
    for (int c = 0; c < cols; c++)
      sum += values[at + (gsize)c] = (float)g_rand_double(rand);
    for (int c = 0; c < cols; c++)
      values[at + (gsize)c] /= sum;
  }
  g_ptr_array_add(maps, lens_map_new(name, HEADS, rows, cols, values));
}

static GPtrArray *make_maps(void)
{
  GPtrArray *maps = g_ptr_array_new_with_free_func(g_object_unref);
  g_autoptr(GRand) rand = g_rand_new_with_seed(5);
  char name[32];
  for (int i = 0; i < 9; i++) {
    g_snprintf(name, sizeof name, "lang.%d", i);
    add_map(maps, rand, name, WORDS, WORDS);
  }
  for (int i = 0; i < 5; i++) {
    g_snprintf(name, sizeof name, "vis.%d", i);
    add_map(maps, rand, name, OBJECTS, OBJECTS);
  }
  for (int i = 0; i < 5; i++) {
    static const char *const kinds[] = {"lang_to_vis", "vis_to_lang", "lang_self", "vis_self"};
    for (int k = 0; k < 4; k++) {
      gboolean query_words = k % 2 == 0, key_words = k == 1 || k == 2;
      g_snprintf(name, sizeof name, "x.%d.%s", i, kinds[k]);
      add_map(maps, rand, name, query_words ? WORDS : OBJECTS, key_words ? WORDS : OBJECTS);
    }
  }
  return maps;
}

static LensRun *make_run(void)
{
  g_autoptr(LensScene) scene = make_scene();
  LensModelInfo info = {.id = "bench",
                        .name = "LXR955, random",
                        .path = "",
                        .task = "vqa",
                        .language_layers = 9,
                        .vision_layers = 5,
                        .cross_layers = 5,
                        .heads = HEADS,
                        .hidden = 768,
                        .n_answers = 3129};
  g_autoptr(LensModel) model = lens_model_new(&info);
  g_autoptr(GListStore) answers = g_list_store_new(LENS_TYPE_ANSWER);
  g_autoptr(LensAnswer) yes = lens_answer_new(0, "yes", 0.8);
  g_autoptr(GPtrArray) maps = make_maps();
  const char *tokens[WORDS + 1] = {"[CLS]"};
  for (int i = 1; i < WORDS - 1; i++)
    tokens[i] = i % 3 ? "what" : "colour";
  tokens[WORDS - 1] = "[SEP]";
  g_list_store_append(answers, yes);
  return lens_run_new(0, "what colour is it?", scene, model, tokens, G_LIST_MODEL(answers), maps,
                      100);
}

/* ---- frames ---- */

static void measure_hover(GtkWidget *view, GtkWidget *window)
{
  BenchFrames frames;
  double width = gtk_widget_get_width(view), height = gtk_widget_get_height(view);
  bench_frames_begin(&frames, window);
  for (int i = 0; i < HOVERS; i++) {
    double t = (double)i / HOVERS;
    bench_hover(view, width * t, height * (0.5 + 0.45 * ((i % 20) - 10) / 10.0));
    bench_spend(17);
  }
  bench_frames_end(&frames, "frame while hovering");
}

/* ---- the main loop ---- */

/* Questions and switched heads; the turn in which the answer is drawn is one of them. */
static void measure_asking(LensWindow *window, const char *what)
{
  LensExplorer *explorer = lens_window_get_explorer(window);
  BenchTurns turns;
  bench_turns_init(&turns);
  for (int i = 0; i < ASKS; i++) {
    double worst = 0, busiest = 0, limit = bench_now() + 20000, end;
    if (i % 2)
      lens_explorer_ask(explorer, i % 4 == 1 ? "how many cats are there?" : "is there a red cube?");
    else
      lens_explorer_toggle_gate(explorer, "x.0.lang_to_vis", i % 4, LENS_GATE_ZERO);
    while (lens_explorer_get_busy(explorer) && bench_now() < limit)
      bench_turn(&worst, &busiest);
    end = bench_now() + 100;
    while (bench_now() < end)
      bench_turn(&worst, &busiest);
    bench_turns_add(&turns, worst, busiest);
  }
  bench_turns_print(&turns, what);
}

/* The longest turn of each quarter of a second while the run's curves grow. */
static void measure_watching(void)
{
  BenchTurns turns;
  bench_turns_init(&turns);
  for (int i = 0; i < QUARTERS; i++) {
    double worst = 0, busiest = 0, end = bench_now() + 250;
    while (bench_now() < end)
      bench_turn(&worst, &busiest);
    bench_turns_add(&turns, worst, busiest);
  }
  bench_turns_print(&turns, "longest turn while training");
}

/* A fine-tuning of the shipped model, watched, and questions asked meanwhile. */
static void measure_training(LensWindow *window, LensWorkbench *workbench)
{
  g_autoptr(LensTrainSettings) settings = lens_train_settings_new_demo(LENS_TASK_VQA);
  LensModel *base = lens_workbench_get_default_model(workbench);
  g_autoptr(GError) error = NULL;
  LensTrainJob *job;
  if (!base)
    return;
  g_free(settings->name);
  g_free(settings->base_model_id);
  settings->name = g_strdup("bench");
  settings->base_model_id = g_strdup(lens_model_get_id(base));
  settings->epochs = 1000;
  job = lens_workbench_start_training(workbench, settings, &error);
  if (!job) {
    fprintf(stderr, "crosslens-bench: %s\n", error->message);
    return;
  }
  lens_window_show_page(window, "train");
  lens_train_page_select_job(lens_window_get_train_page(window), LENS_JOB(job));
  for (int i = 0; i < 1200 && lens_train_job_get_step(job) < 5; i++)
    bench_spend(50);
  measure_watching();
  lens_window_show_page(window, "explore");
  bench_spend(1000);
  measure_asking(window, "longest turn, asking beside a training");
  printf("%-40s %u steps were made meanwhile\n", "", lens_train_job_get_step(job));
  lens_train_job_stop(job);
}

static void run(AdwApplication *application)
{
  g_autoptr(LensRun) big = make_run();
  g_autofree char *state = bench_make_folder();
  g_autoptr(GError) error = NULL;
  LensWindow *window = lens_window_new(application, NULL);
  lens_explorer_show_run(lens_window_get_explorer(window), big);
  lens_selection_set_cell(lens_explorer_get_selection(lens_window_get_explorer(window)),
                          "x.4.lang_to_vis", 0);
  gtk_window_set_default_size(GTK_WINDOW(window), 1280, 800);
  gtk_window_present(GTK_WINDOW(window));
  bench_spend(1500);
  measure_hover(bench_find_widget(GTK_WIDGET(window), LENS_TYPE_GRAPH_VIEW), GTK_WIDGET(window));
  gtk_window_destroy(GTK_WINDOW(window));

  g_autoptr(LensWorkbench) workbench = lens_workbench_new(NULL, state, &error);
  if (!workbench) {
    fprintf(stderr, "crosslens-bench: %s\n", error->message);
    return;
  }
  window = lens_window_new(application, workbench);
  gtk_window_present(GTK_WINDOW(window));
  lens_window_open_start(window);
  for (int i = 0; i < 600 && lens_explorer_get_busy(lens_window_get_explorer(window)); i++)
    bench_spend(50);
  measure_asking(window, "longest turn while asking");
  measure_training(window, workbench);
  gtk_window_destroy(GTK_WINDOW(window));
  lens_workbench_close(workbench);
  bench_remove_folder(state);
}

/* ---- a gate at full size ---- */

static void on_model(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GError) error = NULL;
  LensModel *model = lens_workbench_import_model_finish(LENS_WORKBENCH(source), result, &error);
  if (!model)
    fprintf(stderr, "crosslens-bench: %s\n", error->message);
  *(LensModel **)data = model;
}

static void on_run(gboolean *came)
{
  *came = TRUE;
}

static void on_painted(GdkFrameClock *clock, gboolean *painted)
{
  *painted = TRUE;
}

/* From the key press to the frame that shows the answer: waits for the run, then for the next frame. */
static double time_gate(LensExplorer *explorer, GdkFrameClock *clock, int head)
{
  gboolean came = FALSE, painted = FALSE;
  double start = bench_now(), limit = start + 20000;
  gulong run = g_signal_connect_swapped(explorer, "run-changed", G_CALLBACK(on_run), &came);
  gulong paint = g_signal_connect(clock, "after-paint", G_CALLBACK(on_painted), &painted);
  lens_explorer_toggle_gate(explorer, "x.4.lang_to_vis", head, LENS_GATE_ZERO);
  while (!came && bench_now() < limit)
    g_main_context_iteration(NULL, TRUE);
  painted = FALSE;
  while (!painted && bench_now() < limit)
    g_main_context_iteration(NULL, TRUE);
  g_signal_handler_disconnect(explorer, run);
  g_signal_handler_disconnect(clock, paint);
  return bench_now() - start;
}

static int run_gate(AdwApplication *application, const char *folder)
{
  g_autofree char *state = bench_make_folder();
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
  g_autoptr(LensModel) model = NULL;
  LensWorkbench *workbench = lens_workbench_new(NULL, state, &error);
  LensWindow *window;
  LensExplorer *explorer;
  if (!workbench) {
    fprintf(stderr, "crosslens-bench: %s\n", error->message);
    return 1;
  }
  window = lens_window_new(application, workbench);
  explorer = lens_window_get_explorer(window);
  gtk_window_present(GTK_WINDOW(window));
  lens_window_open_start(window);
  lens_workbench_import_model_async(workbench, folder, NULL, on_model, &model);
  for (int i = 0; i < 1200 && (!model || lens_explorer_get_busy(explorer)); i++)
    bench_spend(50);
  if (!model)
    return 1;
  lens_explorer_set_model(explorer, model);
  for (int i = 0; i < 1200 && lens_explorer_get_busy(explorer); i++)
    bench_spend(50);
  for (int i = 0; i < 2 * HEADS; i++) {
    double took = time_gate(explorer, gtk_widget_get_frame_clock(GTK_WIDGET(window)), i % HEADS);
    if (i >= 2) /* the first ones make the answer without edits, and the room */
      g_array_append_val(times, took);
    bench_spend(50);
  }
  bench_print("a head off in the last cross layer", times, "wanted: under 100 ms");
  gtk_window_destroy(GTK_WINDOW(window));
  lens_workbench_close(workbench);
  g_object_unref(workbench);
  bench_remove_folder(state);
  return 0;
}

int main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  if (argc >= 4 && g_str_equal(argv[1], "training")) /* no display */
    return bench_training(argv[2], *argv[3] ? argv[3] : NULL, argv + 4);
  if (!gtk_init_check()) {
    fputs("crosslens-bench ui needs a display: run it under xvfb-run.\n", stderr);
    return 1;
  }
  g_autoptr(AdwApplication) application =
      g_object_new(ADW_TYPE_APPLICATION, "application-id", "org.crosslens.Bench", "flags",
                   G_APPLICATION_NON_UNIQUE, NULL);
  if (!g_application_register(G_APPLICATION(application), NULL, &error)) {
    fprintf(stderr, "crosslens-bench: %s\n", error->message);
    return 1;
  }
  if (argc >= 3 && g_str_equal(argv[1], "data"))
    return bench_data(application, argv[2], argc > 3 ? atoi(argv[3]) : 1000000,
                      argc > 4 ? atoi(argv[4]) : 15000, argc > 5 ? argv[5] : NULL);
  if (argc >= 3 && g_str_equal(argv[1], "library"))
    return bench_shelf(application, argv[2], argc > 3 ? atoi(argv[3]) : 100000,
                       argc > 4 ? atoi(argv[4]) : 1000000);
  if (argc == 3 && g_str_equal(argv[1], "walk"))
    return bench_walk(application, argv[2]);
  if (argc == 2)
    return run_gate(application, argv[1]);
  run(application);
  return 0;
}
