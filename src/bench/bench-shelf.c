#include "bench-shelf.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "bench-frames.h"
#include "lens-store-search.h"
#include "lens-thumbnail.h"
#include "lens-window.h"

enum { WHEEL = 120, LEAPS = 30, STEP = 60, CHANGES = 10, PATIENCE = 20000 };

typedef struct {
  LensWorkbench *workbench;
  LensWindow *window;
  GtkWidget *list;
  guint images; /* at least so many are there */
  guint all;    /* that many, once they are known */
} Shelf;

/* ---- the library ---- */

/* Those of the scenes that ship. */
static GPtrArray *make_thumbnails(const char *data_dir)
{
  g_autofree char *folder = g_build_filename(data_dir, "scenes", "images", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  GPtrArray *thumbnails = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  const char *name;
  while (dir && (name = g_dir_read_name(dir))) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autoptr(GdkPixbuf) picture = gdk_pixbuf_new_from_file(path, NULL);
    g_autoptr(GdkPixbuf) small = picture ? lens_thumbnail_make(picture) : NULL;
    GBytes *png = small ? lens_thumbnail_to_png(small) : NULL;
    if (png)
      g_ptr_array_add(thumbnails, png);
  }
  return thumbnails;
}

/* With a workbench of its own to know where the data lies. */
static gboolean generate(const char *folder, int images, int questions, GError **error)
{
  g_autofree char *path = g_build_filename(folder, "library.db", NULL);
  g_autofree char *state = NULL;
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return TRUE;
  state = bench_make_folder();
  g_autoptr(LensWorkbench) workbench = lens_workbench_new(NULL, state, error);
  if (!workbench)
    return FALSE;
  g_autoptr(GPtrArray) thumbnails = make_thumbnails(lens_workbench_get_data_dir(workbench));
  lens_workbench_close(workbench);
  bench_remove_folder(state);
  return lens_store_generate(path, images, questions, thumbnails, error);
}

/* ---- what is on the screen ---- */

/* Those images of the list that can be seen and have no name yet; -1: none can be seen. */
static int count_blank(GtkWidget *list)
{
  double height = gtk_widget_get_height(list);
  int seen = 0, blank = 0;
  for (GtkWidget *child = gtk_widget_get_first_child(list); child;
       child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *name = bench_find_widget(child, GTK_TYPE_INSCRIPTION);
    graphene_rect_t area;
    if (!name || !gtk_widget_get_visible(name) || !gtk_widget_get_child_visible(child) ||
        !gtk_widget_compute_bounds(child, list, &area) || area.origin.y > height ||
        area.origin.y + area.size.height < 0)
      continue;
    seen++;
    const char *text = gtk_inscription_get_text(GTK_INSCRIPTION(name));
    blank += !text || !*text;
  }
  return seen ? blank : -1;
}

static guint count_images(Shelf *self)
{
  return g_list_model_get_n_items(lens_workbench_get_images(self->workbench));
}

static gboolean is_shown(Shelf *self)
{
  return count_images(self) >= MAX(self->images, self->all) && count_blank(self->list) == 0;
}

static gboolean is_filled(Shelf *self)
{
  return count_blank(self->list) == 0;
}

static gboolean is_found(Shelf *self)
{
  return count_images(self) < self->all && count_blank(self->list) == 0;
}

static gboolean is_idle(Shelf *self)
{
  return !lens_explorer_get_busy(lens_window_get_explorer(self->window));
}

/* ---- waiting and telling ---- */

static void on_painted(GdkFrameClock *clock, gboolean *painted)
{
  *painted = TRUE;
}

/* Turns the loop until `done` holds and is painted; the milliseconds it took. */
static double wait_until(Shelf *self, gboolean (*done)(Shelf *), BenchTurns *turns)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock(GTK_WIDGET(self->window));
  double begin = bench_now(), worst = 0, busiest = 0;
  gboolean painted = FALSE;
  gulong paint = g_signal_connect(clock, "after-paint", G_CALLBACK(on_painted), &painted);
  while (bench_now() < begin + PATIENCE && !(painted && done(self)))
    bench_turn(&worst, &busiest);
  g_signal_handler_disconnect(clock, paint);
  bench_turns_add(turns, worst, busiest);
  return bench_now() - begin;
}

/* Milliseconds since this program was started, its libraries' loading included. */
static double since_start(void)
{
  g_autofree char *stat = NULL;
  struct timespec now;
  const char *at;
  if (!g_file_get_contents("/proc/self/stat", &stat, NULL, NULL) || !(at = strrchr(stat, ')')))
    return 0;
  g_auto(GStrv) fields = g_strsplit(at + 2, " ", 0);
  clock_gettime(CLOCK_BOOTTIME, &now);
  return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec -
         1e3 * g_ascii_strtod(fields[19], NULL) / (double)sysconf(_SC_CLK_TCK);
}

/* ---- measures ---- */

static void measure_opening(Shelf *self)
{
  BenchTurns turns;
  bench_turns_init(&turns);
  wait_until(self, is_shown, &turns);
  g_autofree char *note = g_strdup_printf("%u images; wanted: 1000 ms", count_images(self));
  bench_print_one("from the start to the library shown", since_start(), note);
  wait_until(self, is_idle, &turns);
  self->all = count_images(self);
  bench_print_one("... and the first question answered", since_start(), "");
  bench_turns_print(&turns, "longest turn while opening");
}

/* As a wheel does it, then as the bar does it; how long rows stay empty. */
static void measure_scrolling(Shelf *self)
{
  GtkAdjustment *place = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(self->list));
  g_autoptr(GArray) empty = g_array_new(FALSE, FALSE, sizeof(double));
  BenchTurns turns;
  BenchFrames frames;
  bench_turns_init(&turns);
  gtk_adjustment_set_value(place, 0);
  bench_spend(500);
  bench_frames_begin(&frames, GTK_WIDGET(self->window));
  for (int i = 0; i < WHEEL; i++) {
    gtk_adjustment_set_value(place, gtk_adjustment_get_value(place) + STEP);
    bench_spend(17);
  }
  bench_frames_end(&frames, "frame, scrolling");
  bench_frames_begin(&frames, GTK_WIDGET(self->window));
  for (int i = 1; i <= LEAPS; i++) {
    double span = gtk_adjustment_get_upper(place) - gtk_adjustment_get_page_size(place);
    gtk_adjustment_set_value(place, span * i / LEAPS);
    double took = wait_until(self, is_filled, &turns);
    g_array_append_val(empty, took);
  }
  bench_frames_end(&frames, "frame, from top to bottom");
  bench_print("a leap, until its rows are there", empty, "");
  bench_turns_print(&turns, "longest turn of a leap");
}

static void measure_search(Shelf *self)
{
  static const char *const needles[] = {"boat", "cube 7", "image-99"};
  GtkWidget *entry = bench_find_widget(
      GTK_WIDGET(lens_explore_page_get_library_pane(lens_window_get_explore_page(self->window))),
      GTK_TYPE_SEARCH_ENTRY);
  BenchTurns turns;
  bench_turns_init(&turns);
  for (gsize i = 0; i < G_N_ELEMENTS(needles); i++) {
    g_autofree char *what = g_strdup_printf("search “%s”", needles[i]);
    gtk_editable_set_text(GTK_EDITABLE(entry), needles[i]);
    double took = wait_until(self, is_found, &turns);
    g_autofree char *note = g_strdup_printf("%u images", count_images(self));
    bench_print_one(what, took, note);
    gtk_editable_set_text(GTK_EDITABLE(entry), "");
    bench_print_one("... and everything again", wait_until(self, is_shown, &turns), "");
  }
  bench_turns_print(&turns, "longest turn while searching");
}

/* Favourites, removed and put back, anywhere in the list. */
static void measure_changes(Shelf *self)
{
  GListModel *images = lens_workbench_get_images(self->workbench);
  BenchTurns turns;
  bench_turns_init(&turns);
  for (guint i = 0; i < CHANGES; i++) {
    g_autoptr(LensImage) image = g_list_model_get_item(images, i * (count_images(self) / CHANGES));
    double begin = bench_now(), worst = 0, busiest = 0;
    lens_workbench_set_favourite(self->workbench, lens_image_get_id(image), i % 2 == 0);
    lens_workbench_remove_image(self->workbench, lens_image_get_id(image));
    worst = bench_now() - begin;
    for (int k = 0; k < 30; k++)
      bench_turn(&worst, &busiest);
    bench_turns_add(&turns, worst, busiest);
    lens_workbench_restore_image(self->workbench, lens_image_get_id(image));
    wait_until(self, is_shown, &turns);
  }
  bench_turns_print(&turns, "starred, removed, put back");
}

int bench_shelf(AdwApplication *application, const char *folder, int images, int questions)
{
  g_autoptr(GError) error = NULL;
  if (images < CHANGES || questions < 1 || g_mkdir_with_parents(folder, 0755) != 0 ||
      !generate(folder, images, questions, &error)) {
    fprintf(stderr, "crosslens-bench: the library cannot be written to %s: %s.\n", folder,
            error ? error->message : "no folder");
    return 1;
  }
  Shelf self = {.images = (guint)images};
  self.workbench = lens_workbench_new(NULL, folder, &error);
  if (!self.workbench) {
    fprintf(stderr, "crosslens-bench: %s\n", error->message);
    return 1;
  }
  self.window = lens_window_new(application, self.workbench);
  self.list = bench_find_widget(
      GTK_WIDGET(lens_explore_page_get_library_pane(lens_window_get_explore_page(self.window))),
      GTK_TYPE_LIST_VIEW);
  gtk_window_present(GTK_WINDOW(self.window));
  lens_window_open_start(self.window);
  measure_opening(&self);
  bench_spend(1000);
  measure_scrolling(&self);
  measure_search(&self);
  measure_changes(&self);
  gtk_window_destroy(GTK_WINDOW(self.window));
  lens_workbench_close(self.workbench);
  g_object_unref(self.workbench);
  return 0;
}
