/* How long the window's frames and the main loop's turns take. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

double bench_now(void); /* milliseconds */
double bench_cpu(void); /* of the calling thread's work */
/* Runs the main loop for `ms`. */
void bench_spend(double ms);

/* The first widget of a type below `root`, itself included; NULL: none. */
GtkWidget *bench_find_widget(GtkWidget *root, GType type);
/* The pointer comes to that place of the widget. */
void bench_hover(GtkWidget *widget, double x, double y);
/* A folder for a library of the benchmark's own, owned; the program ends when there is room for none.
 * And away with it and all that is in it. */
char *bench_make_folder(void);
void bench_remove_folder(const char *path);

/* Bytes that a field of /proc/self/status tells in kB, "VmRSS:"; 0: it is not there. */
double bench_memory(const char *field);

/* What one thing took. */
void bench_print_one(const char *what, double ms, const char *note);
/* Median, 95th percentile and longest of `times` (of double, milliseconds; sorted by this). */
void bench_print(const char *what, GArray *times, const char *note);

/* ---- frames ---- */
typedef struct {
  GdkFrameClock *clock;
  gulong before, after;
  GArray *wall, *cpu; /* of double, milliseconds */
  double began, began_cpu;
} BenchFrames;

void bench_frames_begin(BenchFrames *self, GtkWidget *window);
/* Prints a line with the median, the 95th percentile and the longest. */
void bench_frames_end(BenchFrames *self, const char *what);

/* ---- turns of the main loop ---- */
typedef struct {
  GArray *wall, *cpu; /* of double, milliseconds: the longest turn of each thing done */
} BenchTurns;

void bench_turns_init(BenchTurns *self);
/* One turn of the loop; keeps the longest. */
void bench_turn(double *worst, double *busiest);
/* The longest turn of a thing done. */
void bench_turns_add(BenchTurns *self, double worst, double busiest);
void bench_turns_print(BenchTurns *self, const char *what);

G_END_DECLS
