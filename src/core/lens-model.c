#include "lens-model.h"

struct _LensModel {
  GObject parent_instance;

  LensModelInfo info; /* strings owned */
};

enum { PROP_0, PROP_NAME, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(LensModel, lens_model, G_TYPE_OBJECT)

LensModel *
lens_model_new(const LensModelInfo *info)
{
  LensModel *self = g_object_new(LENS_TYPE_MODEL, NULL);

  self->info = *info;
  self->info.id = g_strdup(info->id);
  self->info.name = g_strdup(info->name);
  self->info.path = g_strdup(info->path);
  self->info.task = g_strdup(info->task);
  self->info.note = g_strdup(info->note);
  self->info.hash = g_strdup(info->hash);
  return self;
}

const LensModelInfo *
lens_model_get_info(LensModel *self)
{
  return &self->info;
}

const char *
lens_model_get_id(LensModel *self)
{
  return self->info.id;
}

const char *
lens_model_get_name(LensModel *self)
{
  return self->info.name;
}

const char *
lens_model_get_path(LensModel *self)
{
  return self->info.path;
}

static void
lens_model_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_NAME)
    g_value_set_string(value, LENS_MODEL(object)->info.name);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_model_finalize(GObject *object)
{
  LensModelInfo *info = &LENS_MODEL(object)->info;

  g_free((char *)info->id);
  g_free((char *)info->name);
  g_free((char *)info->path);
  g_free((char *)info->task);
  g_free((char *)info->note);
  g_free((char *)info->hash);
  G_OBJECT_CLASS(lens_model_parent_class)->finalize(object);
}

static void
lens_model_class_init(LensModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);

  object_class->get_property = lens_model_get_property;
  object_class->finalize = lens_model_finalize;
  props[PROP_NAME]
      = g_param_spec_string("name", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(object_class, N_PROPS, props);
}

static void
lens_model_init(LensModel *self)
{
}
