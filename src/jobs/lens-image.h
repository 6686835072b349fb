/* One image of the library: what a thumbnail row needs. Its pixels come with
 * lens_workbench_open_image_async. */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>

G_BEGIN_DECLS

#define LENS_TYPE_IMAGE (lens_image_get_type())
G_DECLARE_FINAL_TYPE(LensImage, lens_image, LENS, IMAGE, GObject)

/* Properties "id" "path" "name" "thumbnail" "favourite" "n-questions". Takes a reference of
 * `thumbnail` (may be NULL); path and name NULL: "" until lens_image_fill. */
LensImage *lens_image_new(gint64 id, const char *path, const char *name, gboolean shipped,
                          GdkPixbuf *thumbnail);
gint64 lens_image_get_id(LensImage *self); /* in the store */
const char *lens_image_get_path(LensImage *self);
const char *lens_image_get_name(LensImage *self);
gboolean lens_image_is_shipped(LensImage *self);
GdkPixbuf *lens_image_get_thumbnail(LensImage *self); /* at most 192x144; NULL while unknown */
gboolean lens_image_get_favourite(LensImage *self);
guint lens_image_get_n_questions(LensImage *self);

/* What was not known yet when the row was made. */
void lens_image_fill(LensImage *self, const char *path, const char *name, gboolean shipped);
void lens_image_set_thumbnail(LensImage *self, GdkPixbuf *thumbnail);
void lens_image_set_favourite(LensImage *self, gboolean favourite);
void lens_image_set_n_questions(LensImage *self, guint n);

G_END_DECLS
