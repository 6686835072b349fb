/* What goes with a saved figure: its caption, its name, its numbers. */
#pragma once

#include "lens-run.h"
#include "lens-selection.h"

G_BEGIN_DECLS

/* "Cross layer 2: words → boxes, head 3. “question” → answer (97%). model, image; edits"; without
 * map and head where `selection` is NULL. Free with g_free. */
char *lens_export_caption(LensRun *run, LensSelection *selection);

/* "what-color-is-the-cat-cross-layer-2-words-boxes-head-3-matrix"; without map and head where
 * `selection` is NULL; `what` may be NULL. Free with g_free. */
char *lens_export_suggest_name(LensRun *run, LensSelection *selection, const char *what);

/* The map as it is read, a row a query. */
gboolean lens_export_csv(LensRun *run, LensSelection *selection, const char *path, GError **error);

G_END_DECLS
