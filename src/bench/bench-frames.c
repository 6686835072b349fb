#define _GNU_SOURCE /* nftw */
#include "bench-frames.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double milliseconds(clockid_t clock)
{
  struct timespec t;
  clock_gettime(clock, &t);
  return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

double bench_now(void)
{
  return milliseconds(CLOCK_MONOTONIC);
}

double bench_cpu(void)
{
  return milliseconds(CLOCK_THREAD_CPUTIME_ID);
}

void bench_spend(double ms)
{
  double end = bench_now() + ms;
  while (bench_now() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(500);
}

GtkWidget *bench_find_widget(GtkWidget *root, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE(root, type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child;
       child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = bench_find_widget(child, type);
    if (found)
      return found;
  }
  return NULL;
}

void bench_hover(GtkWidget *widget, double x, double y)
{
  g_autoptr(GListModel) list = gtk_widget_observe_controllers(widget);
  for (guint i = 0; i < g_list_model_get_n_items(list); i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(list, i);
    if (GTK_IS_EVENT_CONTROLLER_MOTION(controller))
      g_signal_emit_by_name(controller, "motion", x, y);
  }
}

char *bench_make_folder(void)
{
  g_autoptr(GError) error = NULL;
  char *folder = g_dir_make_tmp("crosslens-bench-XXXXXX", &error);
  if (folder)
    return folder;
  fprintf(stderr, "crosslens-bench: %s\n", error->message);
  exit(1);
}

static int remove_entry(const char *path, const struct stat *info, int type, struct FTW *walk)
{
  return remove(path);
}

void bench_remove_folder(const char *path)
{
  nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

double bench_memory(const char *field)
{
  g_autofree char *status = NULL;
  const char *at;
  if (!g_file_get_contents("/proc/self/status", &status, NULL, NULL) ||
      !(at = strstr(status, field)))
    return 0;
  return (double)g_ascii_strtoll(at + strlen(field), NULL, 10) * 1024;
}

void bench_print_one(const char *what, double ms, const char *note)
{
  printf("%-40s %9.1f ms  %s\n", what, ms, note);
  fflush(stdout);
}

static int compare(gconstpointer a, gconstpointer b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return x < y ? -1 : x > y;
}

void bench_print(const char *what, GArray *times, const char *note)
{
  if (!times->len)
    return;
  g_array_sort(times, compare);
  const double *t = (const double *)(gconstpointer)times->data;
  printf("%-40s p50 %6.1f ms  p95 %6.1f ms  max %6.1f ms  %s\n", what, t[times->len / 2],
         t[times->len * 95 / 100], t[times->len - 1], note);
  fflush(stdout);
}

/* ---- frames ---- */

static void on_before_paint(GdkFrameClock *clock, BenchFrames *self)
{
  if (self->began < 0) {
    self->began = milliseconds(CLOCK_MONOTONIC);
    self->began_cpu = milliseconds(CLOCK_THREAD_CPUTIME_ID);
  }
}

static void on_after_paint(GdkFrameClock *clock, BenchFrames *self)
{
  double wall = milliseconds(CLOCK_MONOTONIC) - self->began;
  double cpu = milliseconds(CLOCK_THREAD_CPUTIME_ID) - self->began_cpu;
  if (self->began < 0)
    return;
  g_array_append_val(self->wall, wall);
  g_array_append_val(self->cpu, cpu);
  self->began = -1;
}

void bench_frames_begin(BenchFrames *self, GtkWidget *window)
{
  self->clock = gtk_widget_get_frame_clock(window);
  self->wall = g_array_new(FALSE, FALSE, sizeof(double));
  self->cpu = g_array_new(FALSE, FALSE, sizeof(double));
  self->began = -1;
  self->before = g_signal_connect(self->clock, "before-paint", G_CALLBACK(on_before_paint), self);
  self->after = g_signal_connect(self->clock, "after-paint", G_CALLBACK(on_after_paint), self);
}

void bench_frames_end(BenchFrames *self, const char *what)
{
  g_signal_handler_disconnect(self->clock, self->before);
  g_signal_handler_disconnect(self->clock, self->after);
  bench_print(what, self->wall, "wanted: p95 16 ms");
  bench_print("  of it, work of the main thread", self->cpu, "");
  g_array_unref(self->wall);
  g_array_unref(self->cpu);
}

/* ---- turns ---- */

void bench_turns_init(BenchTurns *self)
{
  self->wall = g_array_new(FALSE, FALSE, sizeof(double));
  self->cpu = g_array_new(FALSE, FALSE, sizeof(double));
}

void bench_turns_add(BenchTurns *self, double worst, double busiest)
{
  g_array_append_val(self->wall, worst);
  g_array_append_val(self->cpu, busiest);
}

void bench_turns_print(BenchTurns *self, const char *what)
{
  bench_print(what, self->wall, "wanted: max 50 ms");
  bench_print("  of it, work of the main thread", self->cpu, "");
  g_array_unref(self->wall);
  g_array_unref(self->cpu);
}

void bench_turn(double *worst, double *busiest)
{
  double start = bench_now(), cpu = milliseconds(CLOCK_THREAD_CPUTIME_ID);
  gboolean done = g_main_context_iteration(NULL, FALSE);
  *worst = MAX(*worst, bench_now() - start);
  *busiest = MAX(*busiest, milliseconds(CLOCK_THREAD_CPUTIME_ID) - cpu);
  if (!done)
    g_usleep(500);
}
