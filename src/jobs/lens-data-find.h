/* What data sets a file or folder holds. */
#pragma once

#include "lens-data-set.h"

G_BEGIN_DECLS

/* Of LensDataSource, owned. `path` is a JSON list of the authors, a feature file, a CSV of
 * questions and answers, or a folder with any of these (three levels deep). Feature files and
 * pictures that lie beside belong to every list found. NULL with LENS_ERROR telling what is missing
 * or which file is broken. Reads the beginning of each file only. */
GPtrArray *lens_data_find(const char *path, GError **error);
/* The demo world's three lists. */
GPtrArray *lens_data_find_demo(const char *data_dir, GError **error);
/* The file of a picture, owned; NULL when there is none. */
char *lens_data_find_image(const LensDataSource *source, const char *image_id);
/* The scene graphs that go with the questions, owned; NULL when there are none. */
char *lens_data_find_graphs(const LensDataSource *source);

G_END_DECLS
