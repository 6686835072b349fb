/* Small pictures for the library's rows. */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

G_BEGIN_DECLS

#define LENS_THUMBNAIL_WIDTH 192
#define LENS_THUMBNAIL_HEIGHT 144

/* Scaled to fit; owned. */
GdkPixbuf *lens_thumbnail_make(GdkPixbuf *picture);
GBytes *lens_thumbnail_to_png(GdkPixbuf *thumbnail); /* NULL when it cannot be */
GdkPixbuf *lens_thumbnail_from_png(GBytes *png);     /* NULL for damaged bytes */

/* Any image file as an upright RGB pixbuf. With LENS_ERROR_FORMAT or _IO naming the file. */
GdkPixbuf *lens_picture_read(const void *bytes, gsize size, const char *name, GError **error);

G_END_DECLS
