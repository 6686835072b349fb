/* An opened image with the objects found in it. */
#pragma once

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <gio/gio.h>

#include "lens-region.h"
#include "lens-sanity.h"

G_BEGIN_DECLS

#define LENS_TYPE_SCENE (lens_scene_get_type())
G_DECLARE_FINAL_TYPE(LensScene, lens_scene, LENS, SCENE, GObject)

/* `pixbuf` is what is shown (referenced); its size is the scene's size. `regions` is a list of
 * LensRegion in the order of the model's input (referenced). `id` is the store's, 0 for none. */
LensScene *lens_scene_new(gint64 id, const char *path, const char *name, const char *sha256,
                          GdkPixbuf *pixbuf, GListModel *regions);

gint64 lens_scene_get_id(LensScene *self);
const char *lens_scene_get_path(LensScene *self);
const char *lens_scene_get_name(LensScene *self);
const char *lens_scene_get_sha256(LensScene *self);
int lens_scene_get_width(LensScene *self);
int lens_scene_get_height(LensScene *self);
GdkPixbuf *lens_scene_get_pixbuf(LensScene *self);
guint lens_scene_get_n_regions(LensScene *self);

/* The region of this index, borrowed; NULL when there is none. */
LensRegion *lens_scene_get_region(LensScene *self, int index);

/* The feature check; NULL when nobody made one. Copied by the setter. */
const LensSanity *lens_scene_get_sanity(LensScene *self);
void lens_scene_set_sanity(LensScene *self, const LensSanity *sanity);

/* Whatever the jobs need to ask about this scene again (features); freed with the scene. */
void lens_scene_set_engine_data(LensScene *self, gpointer data, GDestroyNotify destroy);
gpointer lens_scene_get_engine_data(LensScene *self);

G_END_DECLS
