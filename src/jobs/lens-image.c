#include "lens-image.h"

struct _LensImage {
  GObject parent_instance;
  /* owned */
  char *path;
  char *name;
  GdkPixbuf *thumbnail;
  /* values */
  gint64 id;
  gboolean shipped;
  gboolean favourite;
  guint n_questions;
};

enum {
  PROP_0,
  PROP_ID,
  PROP_PATH,
  PROP_NAME,
  PROP_SHIPPED,
  PROP_THUMBNAIL,
  PROP_FAVOURITE,
  PROP_N_QUESTIONS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(LensImage, lens_image, G_TYPE_OBJECT)

LensImage *lens_image_new(gint64 id, const char *path, const char *name, gboolean shipped,
                          GdkPixbuf *thumbnail)
{
  LensImage *self = g_object_new(LENS_TYPE_IMAGE, NULL);
  self->id = id;
  self->path = g_strdup(path ? path : "");
  self->name = g_strdup(name ? name : "");
  self->shipped = shipped;
  g_set_object(&self->thumbnail, thumbnail);
  return self;
}

gint64 lens_image_get_id(LensImage *self)
{
  return self->id;
}

const char *lens_image_get_path(LensImage *self)
{
  return self->path;
}

const char *lens_image_get_name(LensImage *self)
{
  return self->name;
}

gboolean lens_image_is_shipped(LensImage *self)
{
  return self->shipped;
}

GdkPixbuf *lens_image_get_thumbnail(LensImage *self)
{
  return self->thumbnail;
}

gboolean lens_image_get_favourite(LensImage *self)
{
  return self->favourite;
}

guint lens_image_get_n_questions(LensImage *self)
{
  return self->n_questions;
}

void lens_image_fill(LensImage *self, const char *path, const char *name, gboolean shipped)
{
  gboolean same = g_strcmp0(self->path, path) == 0 && g_strcmp0(self->name, name) == 0;
  self->shipped = shipped;
  if (same)
    return;
  g_free(self->path);
  g_free(self->name);
  self->path = g_strdup(path);
  self->name = g_strdup(name);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_PATH]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_NAME]);
}

void lens_image_set_thumbnail(LensImage *self, GdkPixbuf *thumbnail)
{
  if (g_set_object(&self->thumbnail, thumbnail))
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_THUMBNAIL]);
}

void lens_image_set_favourite(LensImage *self, gboolean favourite)
{
  if (self->favourite == !!favourite)
    return;
  self->favourite = !!favourite;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_FAVOURITE]);
}

void lens_image_set_n_questions(LensImage *self, guint n)
{
  if (self->n_questions == n)
    return;
  self->n_questions = n;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_N_QUESTIONS]);
}

static void lens_image_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  LensImage *self = LENS_IMAGE(object);
  switch (id) {
  case PROP_ID:
    g_value_set_int64(value, self->id);
    break;
  case PROP_PATH:
    g_value_set_string(value, self->path);
    break;
  case PROP_NAME:
    g_value_set_string(value, self->name);
    break;
  case PROP_SHIPPED:
    g_value_set_boolean(value, self->shipped);
    break;
  case PROP_THUMBNAIL:
    g_value_set_object(value, self->thumbnail);
    break;
  case PROP_FAVOURITE:
    g_value_set_boolean(value, self->favourite);
    break;
  case PROP_N_QUESTIONS:
    g_value_set_uint(value, self->n_questions);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void lens_image_finalize(GObject *object)
{
  LensImage *self = LENS_IMAGE(object);
  g_free(self->path);
  g_free(self->name);
  g_clear_object(&self->thumbnail);
  G_OBJECT_CLASS(lens_image_parent_class)->finalize(object);
}

static void lens_image_class_init(LensImageClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object = G_OBJECT_CLASS(klass);
  object->get_property = lens_image_get_property;
  object->finalize = lens_image_finalize;

  props[PROP_ID] = g_param_spec_int64("id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  props[PROP_PATH] = g_param_spec_string("path", NULL, NULL, NULL, flags);
  props[PROP_NAME] = g_param_spec_string("name", NULL, NULL, NULL, flags);
  props[PROP_SHIPPED] = g_param_spec_boolean("shipped", NULL, NULL, FALSE, flags);
  props[PROP_THUMBNAIL] = g_param_spec_object("thumbnail", NULL, NULL, GDK_TYPE_PIXBUF, flags);
  props[PROP_FAVOURITE] = g_param_spec_boolean("favourite", NULL, NULL, FALSE, flags);
  props[PROP_N_QUESTIONS] = g_param_spec_uint("n-questions", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties(object, N_PROPS, props);
}

static void lens_image_init(LensImage *self)
{
}
