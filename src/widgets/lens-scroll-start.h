/* A scrolled window that begins where reading does: GTK leaves one that reads from right to left at
 * its end. */
#pragma once

#include <gtk/gtk.h>

/* For as long as the window lives; nothing happens to one that reads from left to right. */
void lens_scroll_start(GtkScrolledWindow *scrolled);
