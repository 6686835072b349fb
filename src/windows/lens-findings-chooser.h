/* Asks where findings are saved, and as what. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Owned; `plot`: the name that it offers is a figure's. */
GtkFileChooserNative *lens_findings_chooser_new(GtkWidget *parent, gboolean plot);

G_END_DECLS
