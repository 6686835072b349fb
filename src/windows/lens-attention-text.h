/* What the attention pane says in words. */
#pragma once

#include "lens-run.h"
#include "lens-selection.h"

G_BEGIN_DECLS

/* "Cross layer 2: words → boxes, head 3 · strongest 90%": what is shown of the picked map; "" without
 * a run. Free with g_free. */
char *lens_attention_text_title(LensRun *run, LensSelection *selection);

/* "dog → red ball 0.42 · tree 0.10": where the hovered or pinned thing looks, or the value of a
 * cell. A hint about the view ("graph", "heads", …) when there is none. Free with g_free. */
char *lens_attention_text_active(LensRun *run, LensSelection *selection, const char *view);

G_END_DECLS
