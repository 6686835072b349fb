/* A row of the table of heads. */
#pragma once

#include "lens-map.h"

G_BEGIN_DECLS

#define LENS_TYPE_HEAD_ITEM (lens_head_item_get_type())
G_DECLARE_FINAL_TYPE(LensHeadItem, lens_head_item, LENS, HEAD_ITEM, GObject)

/* `order` is the map's place in the model. */
LensHeadItem *lens_head_item_new(LensMap *map, int order, int head);
/* LENS_STAT_EFFECT, NAN while it was not tried. Signal "changed". */
void lens_head_item_set_effect(LensHeadItem *self, double effect);

LensMap *lens_head_item_get_map(LensHeadItem *self);
int lens_head_item_get_order(LensHeadItem *self);
int lens_head_item_get_head(LensHeadItem *self);
/* NAN where it has no meaning. */
double lens_head_item_get_stat(LensHeadItem *self, LensStat stat);

G_END_DECLS
