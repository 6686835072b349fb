/* A row of the library: an image with its thumbnail, or a question with its answer. */
#pragma once

#include <gtk/gtk.h>

#include "lens-image.h"
#include "lens-question.h"

G_BEGIN_DECLS

#define LENS_TYPE_LIBRARY_ROW (lens_library_row_get_type())
G_DECLARE_FINAL_TYPE(LensLibraryRow, lens_library_row, LENS, LIBRARY_ROW, GtkWidget)

/* Signal "favourite" (LensImage *): the star was clicked. */
GtkWidget *lens_library_row_new(void);

/* Binds to an image or a question; NULL unbinds. */
void lens_library_row_bind(LensLibraryRow *self, gpointer item);

G_END_DECLS
