/* Scores of a data set: in all, by kind of answer and by question type. */
#pragma once

#include <adwaita.h>

#include "lens-data-desk.h"

G_BEGIN_DECLS

/* A grid of names, counts and bars, made anew. `summary` is used during the call only. */
GtkWidget *lens_data_scores_new(const LensDataSummary *summary, const char *kind,
                                gboolean answered);
/* "86.9%", "–" for -1; owned. */
char *lens_data_percent(double share);

G_END_DECLS
