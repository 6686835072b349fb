/* A model in the list that is switched by: its name, its size, its task, and the detector whose
 * features it takes. */
#pragma once

#include <gtk/gtk.h>

#include "lens-workbench.h"

G_BEGIN_DECLS

/* Signal handlers of a GtkSignalListItemFactory; `factory` is not used. */
void lens_model_row_setup(GtkSignalListItemFactory *factory, GtkListItem *item);
void lens_model_row_bind(GtkListItem *item, LensWorkbench *workbench);

/* "VQA · 9/5/5 layers, 12 heads · detector-world"; free with g_free. */
char *lens_model_row_describe(LensModel *model, LensWorkbench *workbench);

G_END_DECLS
