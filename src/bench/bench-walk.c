#include "bench-walk.h"

#include <stdio.h>

#include "bench-frames.h"
#include "lens-heads-view.h"
#include "lens-numbers-view.h"
#include "lens-window.h"

enum { PATIENCE = 20000, REST = 400, HOVERS = 90 };

typedef struct {
  LensWorkbench *workbench;
  LensWindow *window;
  LensExplorer *explorer;
  LensAttentionPane *pane;
  LensModel *full, *shipped; /* borrowed */
  gboolean taking_in;
} Walk;

static const char *const views[] = {"graph", "matrix", "heads", "neuron", "states", "numbers"};

/* ---- one thing done ---- */

typedef void (*Deed)(Walk *self, const void *what);

/* Until the page has come to rest after it. */
static void measure(Walk *self, const char *name, Deed deed, const void *what)
{
  double start = bench_now(), cpu = bench_cpu(), worst, busiest, end, settled;
  g_autofree char *note = NULL;
  deed(self, what);
  worst = bench_now() - start;
  busiest = bench_cpu() - cpu;
  while ((lens_explorer_get_busy(self->explorer) || self->taking_in) &&
         bench_now() < start + PATIENCE)
    bench_turn(&worst, &busiest);
  settled = bench_now() - start;
  end = bench_now() + REST;
  while (bench_now() < end)
    bench_turn(&worst, &busiest);
  note = g_strdup_printf("of it, work %.1f ms; all done after %.0f ms", busiest, settled);
  bench_print_one(name, worst, note);
}

static void on_model(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LensModel) model =
      lens_workbench_import_model_finish(LENS_WORKBENCH(source), result, &error);
  Walk *self = data;
  self->taking_in = FALSE;
  self->full = model; /* the workbench's list holds it */
  if (!model)
    fprintf(stderr, "crosslens-bench: %s\n", error->message);
}

static void take_in(Walk *self, const void *folder)
{
  self->taking_in = TRUE;
  lens_workbench_import_model_async(self->workbench, folder, NULL, on_model, self);
}

static void use_model(Walk *self, const void *model)
{
  lens_explorer_set_model(self->explorer, LENS_MODEL((gpointer)model));
}

static void ask(Walk *self, const void *question)
{
  lens_explorer_ask(self->explorer, question);
}

static void show_view(Walk *self, const void *view)
{
  lens_attention_pane_set_view(self->pane, view);
}

static void sort_numbers(Walk *self, const void *unused)
{
  GtkWidget *view = bench_find_widget(GTK_WIDGET(self->pane), LENS_TYPE_NUMBERS_VIEW);
  lens_numbers_view_sort(LENS_NUMBERS_VIEW(view), LENS_STAT_PEAK, GTK_SORT_DESCENDING);
}

static void show_page(Walk *self, const void *page)
{
  lens_window_show_page(self->window, page);
}

static void show_all_heads(Walk *self, const void *unused)
{
  GtkWidget *drop = GTK_WIDGET(gtk_widget_get_template_child(
      GTK_WIDGET(self->pane), LENS_TYPE_ATTENTION_PANE, "scope_drop"));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(drop), 1);
}

static void pick_map(Walk *self, const void *map)
{
  lens_selection_set_cell(lens_explorer_get_selection(self->explorer), map, 3);
}

static void read_as(Walk *self, const void *reading)
{
  lens_selection_set_reading(lens_explorer_get_selection(self->explorer),
                             *(const LensReading *)reading);
}

static void act(Walk *self, const void *action)
{
  gtk_widget_activate_action(GTK_WIDGET(self->pane), action, NULL);
}

static void compare(Walk *self, const void *mode)
{
  lens_attention_pane_set_compare(self->pane, *(const LensCompareMode *)mode);
}

static void pin_run(Walk *self, const void *unused)
{
  lens_explorer_pin_run(self->explorer, lens_explorer_get_run(self->explorer));
}

static void resize(Walk *self, const void *size)
{
  const int *s = size;
  gtk_window_set_default_size(GTK_WINDOW(self->window), s[0], s[1]);
}

static void restore(Walk *self, const void *unused)
{
  g_autoptr(LensSavedView) saved = lens_explorer_save(self->explorer, "graph");
  lens_explorer_restore(self->explorer, saved);
}

/* ---- parts of the walk ---- */

static void walk_models(Walk *self)
{
  measure(self, "another model, full size", use_model, self->full);
  measure(self, "the shipped one again", use_model, self->shipped);
  measure(self, "the full-size one again", use_model, self->full);
  measure(self, "a question", ask, "how many dogs are there?");
}

static void walk_views(Walk *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS(views); i++) {
    g_autofree char *first = g_strdup_printf("%s, shown first", views[i]);
    measure(self, first, show_view, views[i]);
    measure(self, "  another map in it", pick_map, i % 2 ? "x.4.vis_to_lang" : "x.3.lang_to_vis");
  }
  measure(self, "  another question in it", ask, "is there a dog?");
  measure(self, "  sorted", sort_numbers, NULL);
  measure(self, "heads, of the whole model", show_view, "heads");
  measure(self, "  all of them", show_all_heads, NULL);
}

static void walk_pages(Walk *self)
{
  static const char *const pages[] = {"train", "data", "explore"};
  for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
    g_autofree char *name = g_strdup_printf("page %s", pages[i]);
    measure(self, name, show_page, pages[i]);
  }
}

static void walk_readings(Walk *self)
{
  static const char *const names[] = {"one head",  "mean",     "max",       "rollout",
                                      "relevancy", "gradient", "gr. x att."};
  static const LensReading readings[] = {LENS_READING_HEAD,
                                         LENS_READING_MEAN,
                                         LENS_READING_MAX,
                                         LENS_READING_ROLLOUT,
                                         LENS_READING_RELEVANCY,
                                         LENS_READING_GRADIENT,
                                         LENS_READING_GRADIENT_ATTENTION};
  measure(self, "graph", show_view, "graph");
  for (gsize i = 0; i < G_N_ELEMENTS(readings); i++) {
    g_autofree char *name = g_strdup_printf("reading: %s", names[i]);
    measure(self, name, read_as, &readings[i]);
  }
  read_as(self, &readings[0]);
}

static void walk_compare(Walk *self)
{
  static const LensCompareMode modes[] = {LENS_COMPARE_BOTH, LENS_COMPARE_MORE, LENS_COMPARE_B};
  measure(self, "A pinned", pin_run, NULL);
  measure(self, "another question", ask, "is there a red cube?");
  measure(self, "side by side", compare, &modes[0]);
  measure(self, "  the matrix so", show_view, "matrix");
  measure(self, "difference", compare, &modes[1]);
  measure(self, "B alone", compare, &modes[2]);
  lens_explorer_pin_run(self->explorer, NULL);
  measure(self, "graph", show_view, "graph");
}

static void walk_sizes(Walk *self)
{
  static const int sizes[][2] = {{1024, 700}, {1280, 900}, {900, 620}, {1280, 800}};
  for (gsize i = 0; i < G_N_ELEMENTS(sizes); i++) {
    g_autofree char *name = g_strdup_printf("window of %d x %d", sizes[i][0], sizes[i][1]);
    measure(self, name, resize, sizes[i]);
  }
}

/* Three seconds each of what goes on by itself. */
static void walk_time(Walk *self)
{
  static const char *const actions[] = {"attention.play", "gates.try-heads"};
  static const char *const names[] = {"play through the layers, 3 s", "try all heads, 3 s"};
  for (int i = 0; i < 2; i++) {
    double worst = 0, busiest = 0, end = bench_now() + 3000;
    act(self, actions[i]);
    while (bench_now() < end)
      bench_turn(&worst, &busiest);
    act(self, i ? "gates.stop-trying" : actions[i]);
    bench_print_one(names[i], worst, "wanted: 50 ms");
    bench_spend(REST);
  }
}

/* ---- the pointer ---- */

static void hover_view(Walk *self, const char *name)
{
  GtkWidget *stack = GTK_WIDGET(
      gtk_widget_get_template_child(GTK_WIDGET(self->pane), LENS_TYPE_ATTENTION_PANE, "stack"));
  GtkWidget *view =
      bench_find_widget(gtk_stack_get_visible_child(GTK_STACK(stack)), LENS_TYPE_CANVAS);
  BenchFrames frames;
  if (!view)
    return;
  double width = gtk_widget_get_width(view), height = gtk_widget_get_height(view);
  bench_frames_begin(&frames, GTK_WIDGET(self->window));
  for (int i = 0; i < HOVERS; i++) {
    bench_hover(view, width * i / HOVERS, height * (0.5 + 0.45 * ((i % 20) - 10) / 10.0));
    bench_spend(17);
  }
  bench_frames_end(&frames, name);
}

static void walk_pointer(Walk *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS(views); i++) {
    g_autofree char *name = g_strdup_printf("frame, pointer over %s", views[i]);
    lens_attention_pane_set_view(self->pane, views[i]);
    bench_spend(2 * REST);
    hover_view(self, name);
  }
}

int bench_walk(AdwApplication *application, const char *folder)
{
  g_autofree char *state = bench_make_folder();
  g_autoptr(GError) error = NULL;
  Walk self = {.workbench = lens_workbench_new(NULL, state, &error)};
  if (!self.workbench) {
    fprintf(stderr, "crosslens-bench: %s\n", error->message);
    return 1;
  }
  self.window = lens_window_new(application, self.workbench);
  self.explorer = lens_window_get_explorer(self.window);
  self.pane = lens_explore_page_get_attention_pane(lens_window_get_explore_page(self.window));
  gtk_window_set_default_size(GTK_WINDOW(self.window), 1280, 800);
  gtk_window_present(GTK_WINDOW(self.window));
  lens_window_open_start(self.window);
  for (int i = 0; i < 600 && lens_explorer_get_busy(self.explorer); i++)
    bench_spend(50);
  self.shipped = lens_explorer_get_model(self.explorer);
  measure(&self, "a full-size model opened", take_in, folder);
  if (self.full) {
    walk_models(&self);
    walk_views(&self);
    walk_pointer(&self);
    walk_pages(&self);
    walk_readings(&self);
    walk_time(&self);
    walk_sizes(&self);
    measure(&self, "a saved view opened", restore, NULL);
    walk_compare(&self);
  }
  gtk_window_destroy(GTK_WINDOW(self.window));
  lens_workbench_close(self.workbench);
  g_object_unref(self.workbench);
  bench_remove_folder(state);
  return self.full ? 0 : 1;
}
