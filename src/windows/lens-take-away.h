/* What can be taken away from the Explore page, and in which form. */
#pragma once

#include "lens-explore-page.h"
#include "lens-print.h"

G_BEGIN_DECLS

typedef enum {
  LENS_TAKE_VIEW,    /* the figure: graph, matrix, … */
  LENS_TAKE_SCENE,   /* the image with its boxes */
  LENS_TAKE_MODEL,   /* the map of the model */
  LENS_TAKE_PAGE,    /* everything on the page */
  LENS_TAKE_NUMBERS, /* of the figure, .csv */
  LENS_TAKE_RUN,     /* every map, .npz */
  LENS_TAKE_SESSION, /* to open again, .crosslens */
  LENS_N_TAKES,
} LensTake;

/* For a person, translated. */
const char *lens_take_get_name(LensTake take);
/* "svg", "pdf", "png" for drawings; one ending for the others; NULL after the last. */
const char *lens_take_get_ending(LensTake take, guint i);

/* What stands under a figure unless the person writes something else; free with g_free. */
char *lens_take_caption(LensExplorePage *page, LensExplorer *explorer, LensTake take);
/* Without an ending; free with g_free. */
char *lens_take_suggest_name(LensExplorePage *page, LensExplorer *explorer, LensTake take);
/* By the name's ending. */
gboolean lens_take_write(LensExplorePage *page, LensExplorer *explorer, LensTake take,
                         const LensPrint *print, const char *path, GError **error);
/* The figure as a picture, and as SVG for programs that take that. */
GdkContentProvider *lens_take_copy(LensExplorePage *page, LensExplorer *explorer, LensTake take,
                                   const LensPrint *print, GError **error);

G_END_DECLS
