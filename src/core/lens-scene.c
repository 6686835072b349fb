#include "lens-scene.h"

struct _LensScene {
  GObject parent_instance;

  gint64 id;
  char *path;
  char *name;
  char *sha256;
  GdkPixbuf *pixbuf;
  GListModel *regions;
  LensSanity *sanity;
  gpointer engine_data;
  GDestroyNotify engine_destroy;
};

G_DEFINE_FINAL_TYPE(LensScene, lens_scene, G_TYPE_OBJECT)

LensScene *
lens_scene_new(gint64 id, const char *path, const char *name, const char *sha256, GdkPixbuf *pixbuf,
               GListModel *regions)
{
  LensScene *self;

  g_return_val_if_fail(GDK_IS_PIXBUF(pixbuf), NULL);
  g_return_val_if_fail(G_IS_LIST_MODEL(regions), NULL);

  self = g_object_new(LENS_TYPE_SCENE, NULL);
  self->id = id;
  self->path = g_strdup(path);
  self->name = name ? g_strdup(name) : (path ? g_path_get_basename(path) : g_strdup(""));
  self->sha256 = g_strdup(sha256);
  self->pixbuf = g_object_ref(pixbuf);
  self->regions = g_object_ref(regions);
  return self;
}

gint64
lens_scene_get_id(LensScene *self)
{
  return self->id;
}

const char *
lens_scene_get_path(LensScene *self)
{
  return self->path;
}

const char *
lens_scene_get_name(LensScene *self)
{
  return self->name;
}

const char *
lens_scene_get_sha256(LensScene *self)
{
  return self->sha256;
}

int
lens_scene_get_width(LensScene *self)
{
  return gdk_pixbuf_get_width(self->pixbuf);
}

int
lens_scene_get_height(LensScene *self)
{
  return gdk_pixbuf_get_height(self->pixbuf);
}

GdkPixbuf *
lens_scene_get_pixbuf(LensScene *self)
{
  return self->pixbuf;
}

guint
lens_scene_get_n_regions(LensScene *self)
{
  return g_list_model_get_n_items(self->regions);
}

LensRegion *
lens_scene_get_region(LensScene *self, int index)
{
  g_autoptr(LensRegion) region = NULL;

  if (index < 0)
    return NULL;
  region = g_list_model_get_item(self->regions, index);
  return region; /* the list keeps it alive */
}

const LensSanity *
lens_scene_get_sanity(LensScene *self)
{
  return self->sanity;
}

void
lens_scene_set_sanity(LensScene *self, const LensSanity *sanity)
{
  LensSanity *copy = sanity ? g_memdup2(sanity, sizeof *sanity) : NULL;

  g_free(self->sanity);
  self->sanity = copy;
}

void
lens_scene_set_engine_data(LensScene *self, gpointer data, GDestroyNotify destroy)
{
  if (self->engine_data && self->engine_destroy)
    self->engine_destroy(self->engine_data);
  self->engine_data = data;
  self->engine_destroy = destroy;
}

gpointer
lens_scene_get_engine_data(LensScene *self)
{
  return self->engine_data;
}

static void
lens_scene_finalize(GObject *object)
{
  LensScene *self = LENS_SCENE(object);

  lens_scene_set_engine_data(self, NULL, NULL);
  g_free(self->path);
  g_free(self->name);
  g_free(self->sha256);
  g_free(self->sanity);
  g_clear_object(&self->pixbuf);
  g_clear_object(&self->regions);
  G_OBJECT_CLASS(lens_scene_parent_class)->finalize(object);
}

static void
lens_scene_class_init(LensSceneClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_scene_finalize;
}

static void
lens_scene_init(LensScene *self)
{
}
