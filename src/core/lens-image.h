/* An image of the library: enough for its row, without its pixels or boxes. */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

G_BEGIN_DECLS

#define LENS_TYPE_IMAGE (lens_image_get_type())
G_DECLARE_FINAL_TYPE(LensImage, lens_image, LENS, IMAGE, GObject)

/* `thumbnail` may be NULL until it is made. */
LensImage *lens_image_new(gint64 id, const char *path, const char *name, GdkPixbuf *thumbnail);

gint64 lens_image_get_id(LensImage *self);
const char *lens_image_get_path(LensImage *self);
const char *lens_image_get_name(LensImage *self);
GdkPixbuf *lens_image_get_thumbnail(LensImage *self);

/* Notifies "thumbnail". */
void lens_image_set_thumbnail(LensImage *self, GdkPixbuf *thumbnail);

/* How many questions the library keeps for it; notifies "n-questions". */
guint lens_image_get_n_questions(LensImage *self);
void lens_image_set_n_questions(LensImage *self, guint n);

G_END_DECLS
