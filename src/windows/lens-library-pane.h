/* The left of Explore: the images of the library, under each its questions and answers. */
#pragma once

#include <gtk/gtk.h>

#include "lens-explorer.h"

G_BEGIN_DECLS

#define LENS_TYPE_LIBRARY_PANE (lens_library_pane_get_type())
G_DECLARE_FINAL_TYPE(LensLibraryPane, lens_library_pane, LENS, LIBRARY_PANE, GtkWidget)

/* Signal "removed" (gboolean is_image, gint64 id, const char *name): Delete was pressed on a row, and
 * it is gone from the library; restoring is offered by the window. */
void lens_library_pane_set_explorer(LensLibraryPane *self, LensExplorer *explorer);
/* Asks the store again for the questions under every image looked at so far. */
void lens_library_pane_reload(LensLibraryPane *self);
void lens_library_pane_focus_search(LensLibraryPane *self);

G_END_DECLS
