#include "lens-head-item.h"

#include <math.h>

struct _LensHeadItem {
  GObject parent_instance;

  LensMap *map;
  int order, head;
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
lens_head_item_set_effect(LensHeadItem *self, double effect)
{
  self->effect = effect;
  g_signal_emit(self, changed_signal, 0);
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
  if (stat == LENS_STAT_EFFECT)
    return self->effect;
  return lens_map_head_stat(self->map, self->head, stat);
}

static void
lens_head_item_finalize(GObject *object)
{
  g_clear_object(&LENS_HEAD_ITEM(object)->map);
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
