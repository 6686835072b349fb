/* The bar that appears while a run is held as A: which of A, B and their differences is shown. */
#pragma once

#include <gtk/gtk.h>

#include "lens-explorer.h"

G_BEGIN_DECLS

typedef enum {
  LENS_COMPARE_B,
  LENS_COMPARE_BOTH, /* A beside B */
  LENS_COMPARE_MORE, /* B - A where B looks more */
  LENS_COMPARE_LESS, /* A - B where B looks less */
  LENS_COMPARE_A,
  LENS_N_COMPARE,
} LensCompareMode;

#define LENS_TYPE_COMPARE_BAR (lens_compare_bar_get_type())
G_DECLARE_FINAL_TYPE(LensCompareBar, lens_compare_bar, LENS, COMPARE_BAR, GtkWidget)

/* Signal "changed": another run is to be shown. */
void lens_compare_bar_set_explorer(LensCompareBar *self, LensExplorer *explorer);

LensCompareMode lens_compare_bar_get_mode(LensCompareBar *self);
void lens_compare_bar_set_mode(LensCompareBar *self, LensCompareMode mode);
/* The next mode. */
void lens_compare_bar_cycle(LensCompareBar *self);

/* What to show: the current run when nothing is held. Of A a view whose words and boxes are found by
 * B's (lens_compare_align). Borrowed until the next change; may be NULL. */
LensRun *lens_compare_bar_get_run(LensCompareBar *self);
/* A, to be shown beside the run; NULL in the other modes. Borrowed until the next change. */
LensRun *lens_compare_bar_get_beside(LensCompareBar *self);
/* The whole run of which that is shown, of a difference B; borrowed. */
LensRun *lens_compare_bar_get_whole_run(LensCompareBar *self);
/* A as a whole, where it stands beside B or B is compared with it; borrowed, NULL otherwise. */
LensRun *lens_compare_bar_get_whole_other(LensCompareBar *self);

G_END_DECLS
