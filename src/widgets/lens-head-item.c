#include "lens-head-item.h"

#include <math.h>

struct _LensHeadItem {
  GObject parent_instance;

  LensMap *map;
  LensMap *other;        /* NULL: there is none */
  int order, head, sign; /* sign 0: no difference */
  gboolean beside;       /* another run's number goes with each */
  double effect;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE(LensHeadItem, lens_head_item, G_TYPE_OBJECT)

LensHeadItem *
lens_head_item_new(LensMap *map, int order, int head)
{
  LensHeadItem *self = g_object_new(LENS_TYPE_HEAD_ITEM, NULL);

  self->map = g_object_ref(map);
  self->order = order;
  self->head = head;
  self->effect = NAN;
  return self;
}

void
lens_head_item_set_map(LensHeadItem *self, LensMap *map, double effect)
{
  g_set_object(&self->map, map);
  g_clear_object(&self->other);
  self->sign = 0;
  self->beside = FALSE;
  self->effect = effect;
}

void
lens_head_item_tell(LensHeadItem *self)
{
  g_signal_emit(self, changed_signal, 0);
}

void
lens_head_item_set_effect(LensHeadItem *self, double effect)
{
  if (effect == self->effect || (isnan(effect) && isnan(self->effect)))
    return;
  self->effect = effect;
  lens_head_item_tell(self);
}

void
lens_head_item_set_other(LensHeadItem *self, LensMap *other, int sign)
{
  if (other && self->head >= lens_map_get_heads(other))
    other = NULL;
  g_set_object(&self->other, other);
  self->sign = sign;
  self->beside = sign == 0;
}

LensMap *
lens_head_item_get_map(LensHeadItem *self)
{
  return self->map;
}

int
lens_head_item_get_order(LensHeadItem *self)
{
  return self->order;
}

int
lens_head_item_get_head(LensHeadItem *self)
{
  return self->head;
}

double
lens_head_item_get_stat(LensHeadItem *self, LensStat stat)
{
  if (self->sign)
    return self->sign
           * (lens_map_head_stat(self->map, self->head, stat)
              - lens_head_item_get_other_stat(self, stat));
  if (stat == LENS_STAT_EFFECT)
    return self->effect;
  return lens_map_head_stat(self->map, self->head, stat);
}

double
lens_head_item_get_other_stat(LensHeadItem *self, LensStat stat)
{
  return self->other && stat != LENS_STAT_EFFECT ? lens_map_head_stat(self->other, self->head, stat)
                                                 : NAN;
}

char *
lens_head_item_format_stat(LensHeadItem *self, LensStat stat)
{
  double value = lens_head_item_get_stat(self, stat);
  g_autofree char *text = lens_stat_format(stat, value);
  g_autofree char *other = NULL;

  if (self->sign)
    return g_strconcat(value > 0 ? "+" : "", text, NULL);
  if (!self->beside)
    return g_steal_pointer(&text);
  other = lens_stat_format(stat, lens_head_item_get_other_stat(self, stat));
  return g_strdup_printf("%s | %s", other, text);
}

static void
lens_head_item_finalize(GObject *object)
{
  g_clear_object(&LENS_HEAD_ITEM(object)->map);
  g_clear_object(&LENS_HEAD_ITEM(object)->other);
  G_OBJECT_CLASS(lens_head_item_parent_class)->finalize(object);
}

static void
lens_head_item_class_init(LensHeadItemClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_head_item_finalize;
  changed_signal = g_signal_new("changed", LENS_TYPE_HEAD_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
lens_head_item_init(LensHeadItem *self)
{
}
