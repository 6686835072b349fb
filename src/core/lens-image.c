#include "lens-image.h"

struct _LensImage {
  GObject parent_instance;

  gint64 id;
  char *path, *name;
  GdkPixbuf *thumbnail;
  guint n_questions;
};

enum { PROP_0, PROP_NAME, PROP_THUMBNAIL, PROP_N_QUESTIONS, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(LensImage, lens_image, G_TYPE_OBJECT)

LensImage *
lens_image_new(gint64 id, const char *path, const char *name, GdkPixbuf *thumbnail)
{
  LensImage *self = g_object_new(LENS_TYPE_IMAGE, NULL);

  self->id = id;
  self->path = g_strdup(path);
  self->name = g_strdup(name ? name : "");
  if (thumbnail)
    self->thumbnail = g_object_ref(thumbnail);
  return self;
}

gint64
lens_image_get_id(LensImage *self)
{
  return self->id;
}

const char *
lens_image_get_path(LensImage *self)
{
  return self->path;
}

const char *
lens_image_get_name(LensImage *self)
{
  return self->name;
}

GdkPixbuf *
lens_image_get_thumbnail(LensImage *self)
{
  return self->thumbnail;
}

void
lens_image_set_thumbnail(LensImage *self, GdkPixbuf *thumbnail)
{
  if (g_set_object(&self->thumbnail, thumbnail))
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_THUMBNAIL]);
}

guint
lens_image_get_n_questions(LensImage *self)
{
  return self->n_questions;
}

void
lens_image_set_n_questions(LensImage *self, guint n)
{
  if (self->n_questions == n)
    return;
  self->n_questions = n;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_N_QUESTIONS]);
}

static void
lens_image_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LensImage *self = LENS_IMAGE(object);

  switch (id) {
  case PROP_NAME:
    g_value_set_string(value, self->name);
    break;
  case PROP_THUMBNAIL:
    g_value_set_object(value, self->thumbnail);
    break;
  case PROP_N_QUESTIONS:
    g_value_set_uint(value, self->n_questions);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
lens_image_finalize(GObject *object)
{
  LensImage *self = LENS_IMAGE(object);

  g_free(self->path);
  g_free(self->name);
  g_clear_object(&self->thumbnail);
  G_OBJECT_CLASS(lens_image_parent_class)->finalize(object);
}

static void
lens_image_class_init(LensImageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lens_image_get_property;
  object_class->finalize = lens_image_finalize;
  props[PROP_NAME] = g_param_spec_string("name", NULL, NULL, NULL, flags);
  props[PROP_THUMBNAIL] = g_param_spec_object("thumbnail", NULL, NULL, GDK_TYPE_PIXBUF, flags);
  props[PROP_N_QUESTIONS] = g_param_spec_uint("n-questions", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties(object_class, N_PROPS, props);
}

static void
lens_image_init(LensImage *self)
{
}
