/* The numbers of a whole run as a file. */
#pragma once

#include "lens-run.h"

G_BEGIN_DECLS

/* .npz: every map by its name [heads, queries, keys], "tokens", "boxes" [n, 4] in pixels, "objects"
 * (their names), "answers" and "probabilities". */
gboolean lens_export_run(LensRun *run, const char *path, GError **error);

G_END_DECLS
