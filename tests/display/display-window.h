/* The real window over a real workbench on a tiny random world: what the tests that drive it share. */
#pragma once

#include <adwaita.h>

#include "display-wait.h"
#include "jobs-world.h"
#include "lens-take-away.h"
#include "lens-window.h"

typedef struct {
  World world;
  LensWindow *window;
  /* borrowed */
  LensExplorer *explorer;
  LensSelection *selection;
  LensExplorePage *page;
  LensAttentionPane *pane;
} DisplayWindow;

/* Takes the arguments of main, before any test is added. */
void display_start(int *argc, char ***argv);

/* 1280x800, the graph shown, nothing asked. */
void display_window_set_up(DisplayWindow *self, gconstpointer unused);
/* ... "is there a cat?" asked of the world's second scene, a head of the cross-modality layer picked. */
void display_window_set_up_asked(DisplayWindow *self, gconstpointer unused);
void display_window_tear_down(DisplayWindow *self, gconstpointer unused);
/* One over the world's workbench (NULL: over none), not shown yet. */
void display_window_make(DisplayWindow *self);
/* Opens another one; after a restart, or of other size. */
void display_window_open(DisplayWindow *self, int width, int height);
#define DISPLAY_ADD(path, func)                                                                    \
  g_test_add(path, DisplayWindow, NULL, display_window_set_up, func, display_window_tear_down)

/* The nth widget of a type in the window, depth first; there must be one. */
gpointer display_window_find(DisplayWindow *self, GType type, int nth);

/* Until nothing is opened or asked any more. */
void display_window_wait(DisplayWindow *self);
/* Opens a scene of the world and asks; waits for the answer. */
void display_window_ask(DisplayWindow *self, int scene, const char *question);
/* A model of statements, and the world's second scene beside the first: until both are answered. */
void display_window_ask_pair(DisplayWindow *self, const char *statement);
void display_window_wait_pair(DisplayWindow *self);
double display_window_best_probability(DisplayWindow *self);

void display_window_show_view(DisplayWindow *self, const char *view);
/* Whether a LensNeuronView or a LensStatesView shows what the engine worked out for it. */
gboolean display_has_neuron(gpointer view);
gboolean display_has_states(gpointer view);
/* Writes to a file of the world and reads back; free with g_free. */
char *display_window_take(DisplayWindow *self, LensTake what, const LensPrint *print,
                          const char *name, gsize *size);
/* Activates an action of the window; `format` NULL: it has no parameter. */
void display_window_act(DisplayWindow *self, const char *action, const char *format, ...);
/* A key pressed somewhere in the window, where nothing wants it; whether the window took it. */
gboolean display_window_press(DisplayWindow *self, guint keyval);
