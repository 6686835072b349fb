/* A dialog that chooses an image file. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `sessions`: saved sessions, too. `chosen` (gpointer user_data, GFile *) is called as long as
 * `object` lives, with it as user_data. */
void lens_image_chooser_run(GtkWidget *parent, const char *title, gboolean sessions,
                            GCallback chosen, gpointer object);

G_END_DECLS
