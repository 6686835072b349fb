/* Which runs the attention pane shows, as they are looked at: the current one or what it is compared
 * with, with whole words where that is asked for, and the one beside it; and the views that show them. */
#pragma once

#include "lens-compare-bar.h"
#include "lens-run-view.h"

G_BEGIN_DECLS

typedef struct _LensBeside LensBeside;

/* Borrows the bar and the views, which must live as long. */
LensBeside *lens_beside_new(LensExplorer *explorer, LensCompareBar *bar);
void lens_beside_free(LensBeside *self);

/* Which runs a view shows: with whole words where that is asked for, or always the pieces, as the
 * engine has them. */
typedef enum {
  LENS_BESIDE_WORDS,
  LENS_BESIDE_PIECES,
} LensBesideWords;

/* A view and the one left of it, in a column that is hidden while there is nothing beside. */
void lens_beside_add(LensBeside *self, LensRunView *view, LensRunView *left, GtkWidget *column,
                     LensBesideWords words);
/* Gives all of them their runs; with `left` and `right` the columns are named. */
void lens_beside_update(LensBeside *self, GtkLabel *left, GtkLabel *right);

/* The current run, the one held as A, or their difference; borrowed, NULL without one. */
LensRun *lens_beside_get_run(LensBeside *self);
/* What stands to its left: A, or of a pair the first half where both are looked at; borrowed, NULL for
 * nothing. */
LensRun *lens_beside_get_other(LensBeside *self);

/* The whole run and which of its images is shown, and what that is beside or compared with; run NULL
 * for none. Borrowed. */
typedef struct {
  LensRun *run;
  int image;
} LensHalf;
LensHalf lens_beside_get_half(LensBeside *self);
LensHalf lens_beside_get_other_half(LensBeside *self);

G_END_DECLS
