/* The whole page as a picture: what the window shows, as SVG, PDF or PNG with a caption. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* By the name's ending. Drawings stay drawings in SVG and PDF; the widget must have been shown. */
gboolean lens_page_export(GtkWidget *page, const char *caption, gboolean dark, const char *path,
                          GError **error);

G_END_DECLS
