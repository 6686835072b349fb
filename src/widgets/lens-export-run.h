/* The numbers of a whole run as a file. */
#pragma once

#include "lens-run.h"

G_BEGIN_DECLS

/* .npz: every map by its name [heads, queries, keys], "tokens", "boxes" [n, 4] in pixels, "objects"
 * (their names), "answers" and "probabilities". Of a statement about two images the first has these
 * names, whichever is looked at; the second's maps and boxes begin with "second.". */
gboolean lens_export_run(LensRun *run, const char *path, GError **error);

G_END_DECLS
