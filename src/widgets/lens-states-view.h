/* The hidden states of words and boxes as points in a plane, one stage at a time, with the way that
 * each of them came. Their place is the same in all stages, so that they can be seen moving. */
#pragma once

#include "lens-look.h"
#include "lens-run-view.h"

G_BEGIN_DECLS

#define LENS_TYPE_STATES_VIEW (lens_states_view_get_type())
G_DECLARE_FINAL_TYPE(LensStatesView, lens_states_view, LENS, STATES_VIEW, LensRunView)

/* Nodes are the words, then the boxes. */
GtkWidget *lens_states_view_new(void);

/* Of the run; copied, NULL: none is there yet. With others beside them on the same axes both take the
 * same room; for a run that is a difference the way from A's points to B's is drawn. */
void lens_states_view_set_states(LensStatesView *self, const LensStates *states);
const LensStates *lens_states_view_get_states(LensStatesView *self); /* borrowed */

/* Property "stage": 0 .. stages - 1. */
void lens_states_view_set_stage(LensStatesView *self, int stage);
int lens_states_view_get_stage(LensStatesView *self);
/* Draw the way of every point, not only of the one that is looked at. */
void lens_states_view_set_trails(LensStatesView *self, gboolean trails);

/* Where a point is drawn at a stage, for the size of the last layout (tests). */
void lens_states_view_get_point(LensStatesView *self, gboolean word, int index, int stage,
                                double *x, double *y);
/* Where A has the same word or box; FALSE where it has none, or the run is no difference. */
gboolean lens_states_view_get_partner(LensStatesView *self, gboolean word, int index, double *x,
                                      double *y);

G_END_DECLS
