/* The base of the views of one run: it holds run and selection, and passes what the pointer and the
 * keyboard do on to the one selection: hovering previews, a click or Return pins. */
#pragma once

#include "lens-canvas.h"
#include "lens-run.h"
#include "lens-selection.h"

G_BEGIN_DECLS

#define LENS_TYPE_RUN_VIEW (lens_run_view_get_type())
G_DECLARE_DERIVABLE_TYPE(LensRunView, lens_run_view, LENS, RUN_VIEW, LensCanvas)

struct _LensRunViewClass {
  LensCanvasClass parent_class;

  /* Another run or selection object: everything is made again. */
  void (*rebuild)(LensRunView *self);
  /* Another map, head, reading or filter; by default `rebuild`. */
  void (*view_changed)(LensRunView *self);
  /* Something else is hovered or pinned; by default the view is drawn again,
   * NULL for nothing. */
  void (*hover_changed)(LensRunView *self);
  /* What lies under the point, or is behind the node, in the run's words and boxes; there is a selection when they are called. NULL:
   * the subclass handles pointer and keyboard itself. */
  LensTarget (*target_at)(LensRunView *self, double x, double y);
  LensTarget (*target_of_node)(LensRunView *self, int node);
};

void lens_run_view_set_run(LensRunView *self, LensRun *run);
void lens_run_view_set_selection(LensRunView *self, LensSelection *selection);
/* What changed while the view was hidden is otherwise made when it is shown. */
void lens_run_view_update(LensRunView *self);
/* FALSE: what the view has made is still of what was there before; it may not even be there any more. */
gboolean lens_run_view_is_current(LensRunView *self);
/* Borrowed; NULL before they were set. */
LensRun *lens_run_view_get_run(LensRunView *self);
LensSelection *lens_run_view_get_selection(LensRunView *self);

/* What is hovered or else pinned, and what is pinned, as words and boxes of the view's run. */
LensTarget lens_run_view_get_active(LensRunView *self);
LensTarget lens_run_view_get_pinned(LensRunView *self);
/* Hovers a word or box of the view's run. */
void lens_run_view_set_hover(LensRunView *self, LensTarget target);

/* Says in the middle that the run has nothing to show of the picked map. */
void lens_run_view_draw_nothing(LensRunView *self, cairo_t *cr, double width, double height);
/* Says, after a moment, that what is shown is on its way, until it is there. */
void lens_run_view_draw_waiting(LensRunView *self, cairo_t *cr, double width, double height);
void lens_run_view_end_waiting(LensRunView *self);

/* A word or a box on one side of the map. */
LensTarget lens_run_view_side_target(gboolean word, int index, FigureSide side);
/* A figure's hit as target; heads are none. */
LensTarget lens_run_view_hit_target(const FigureHit *hit);

G_END_DECLS
