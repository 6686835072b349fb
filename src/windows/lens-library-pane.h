/* The left of Explore: the images of the library, under each its questions and answers. */
#pragma once

#include <gtk/gtk.h>

#include "lens-explorer.h"

G_BEGIN_DECLS

#define LENS_TYPE_LIBRARY_PANE (lens_library_pane_get_type())
G_DECLARE_FINAL_TYPE(LensLibraryPane, lens_library_pane, LENS, LIBRARY_PANE, GtkWidget)

void lens_library_pane_set_explorer(LensLibraryPane *self, LensExplorer *explorer);
void lens_library_pane_focus_search(LensLibraryPane *self);

G_END_DECLS
