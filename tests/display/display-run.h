/* A made-up run, what is selected of it, and a window for one view of it. */
#pragma once

#include <gtk/gtk.h>

#include "lens-fake.h"
#include "lens-selection.h"

typedef struct {
  LensScene *scene; /* of 12 boxes */
  LensRun *run;
  LensSelection *selection;
  GtkWidget *window; /* NULL until a test shows one */
} DisplayRun;

void display_run_set_up(DisplayRun *self, gconstpointer unused);
void display_run_tear_down(DisplayRun *self, gconstpointer unused);
