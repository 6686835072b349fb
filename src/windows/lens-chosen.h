/* What a person chose in a file dialog. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* NULL when the dialog was cancelled, and when it was accepted without a file: GTK lets that happen
 * where no folder is shown, as in Recent. Owned by the caller. */
GFile *lens_chosen_file(GtkNativeDialog *chooser, int response);
/* The same as a path; NULL also when the file is not on this machine. */
char *lens_chosen_path(GtkNativeDialog *chooser, int response);

G_END_DECLS
