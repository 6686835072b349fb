#include "lens-region.h"

#include <glib/gi18n.h>
#include <string.h>

struct _LensRegion {
  GObject parent_instance;

  char *label;
  char *title;
  float confidence;
  float box[4];
  gboolean removed;
};

enum { PROP_0, PROP_TITLE, PROP_CONFIDENCE, PROP_REMOVED, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(LensRegion, lens_region, G_TYPE_OBJECT)

LensRegion *
lens_region_new(int index, const char *label, const char *attribute, float confidence,
                const float box[4])
{
  LensRegion *self = g_object_new(LENS_TYPE_REGION, NULL);

  self->label = g_strdup(label);
  self->confidence = confidence;
  memcpy(self->box, box, sizeof self->box);
  if (label && attribute && *attribute)
    self->title = g_strdup_printf("%s %s", attribute, label);
  else if (label)
    self->title = g_strdup(label);
  else
    self->title = g_strdup_printf(_("object %d"), index + 1);
  return self;
}

const char *
lens_region_get_label(LensRegion *self)
{
  return self->label;
}

float
lens_region_get_confidence(LensRegion *self)
{
  return self->confidence;
}

void
lens_region_get_box(LensRegion *self, float box[4])
{
  memcpy(box, self->box, sizeof self->box);
}

gboolean
lens_region_get_removed(LensRegion *self)
{
  return self->removed;
}

void
lens_region_set_removed(LensRegion *self, gboolean removed)
{
  removed = !!removed;
  if (self->removed == removed)
    return;
  self->removed = removed;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_REMOVED]);
}

const char *
lens_region_get_title(LensRegion *self)
{
  return self->title;
}

double
lens_region_iou(LensRegion *a, LensRegion *b)
{
  double w = MIN(a->box[2], b->box[2]) - MAX(a->box[0], b->box[0]);
  double h = MIN(a->box[3], b->box[3]) - MAX(a->box[1], b->box[1]);
  double area_a = (a->box[2] - a->box[0]) * (a->box[3] - a->box[1]);
  double area_b = (b->box[2] - b->box[0]) * (b->box[3] - b->box[1]);
  double both;

  if (w <= 0 || h <= 0)
    return 0;
  both = w * h;
  return both / MAX(area_a + area_b - both, 1e-12);
}

static void
lens_region_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LensRegion *self = LENS_REGION(object);

  switch (id) {
  case PROP_TITLE:
    g_value_set_string(value, self->title);
    break;
  case PROP_CONFIDENCE:
    g_value_set_double(value, self->confidence);
    break;
  case PROP_REMOVED:
    g_value_set_boolean(value, self->removed);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
lens_region_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_REMOVED)
    lens_region_set_removed(LENS_REGION(object), g_value_get_boolean(value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_region_finalize(GObject *object)
{
  LensRegion *self = LENS_REGION(object);

  g_free(self->label);
  g_free(self->title);
  G_OBJECT_CLASS(lens_region_parent_class)->finalize(object);
}

static void
lens_region_class_init(LensRegionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);

  object_class->get_property = lens_region_get_property;
  object_class->set_property = lens_region_set_property;
  object_class->finalize = lens_region_finalize;

  props[PROP_TITLE]
      = g_param_spec_string("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_CONFIDENCE] = g_param_spec_double("confidence", NULL, NULL, 0, 1, 0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_REMOVED]
      = g_param_spec_boolean("removed", NULL, NULL, FALSE,
                             G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(object_class, N_PROPS, props);
}

static void
lens_region_init(LensRegion *self)
{
}
