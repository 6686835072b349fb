/* Small multiples: every head of the picked map, or of all layers of its column. */
#pragma once

#include "figure-heads.h"
#include "lens-run-view.h"

G_BEGIN_DECLS

#define LENS_TYPE_HEADS_VIEW (lens_heads_view_get_type())
G_DECLARE_FINAL_TYPE(LensHeadsView, lens_heads_view, LENS, HEADS_VIEW, LensRunView)

typedef enum {
  LENS_SCOPE_MAP,    /* the picked map */
  LENS_SCOPE_LAYER,  /* all maps of its layer */
  LENS_SCOPE_COLUMN, /* the same kind of map in every layer */
  LENS_SCOPE_MODEL,  /* everything */
} LensScope;

/* Height follows width: put it into a scrolled window. Signal "head-activated": a head was clicked
 * twice, or Return pressed on it. */
GtkWidget *lens_heads_view_new(void);

void lens_heads_view_set_edits(LensHeadsView *self, const LensEdits *edits);
void lens_heads_view_set_scope(LensHeadsView *self, LensScope scope);

const FigureHeads *lens_heads_view_get_heads(LensHeadsView *self);

G_END_DECLS
