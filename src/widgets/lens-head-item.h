/* A row of the table of heads. */
#pragma once

#include "lens-map.h"

G_BEGIN_DECLS

#define LENS_TYPE_HEAD_ITEM (lens_head_item_get_type())
G_DECLARE_FINAL_TYPE(LensHeadItem, lens_head_item, LENS, HEAD_ITEM, GObject)

/* `order` is the map's place in the model. */
LensHeadItem *lens_head_item_new(LensMap *map, int order, int head);
/* LENS_STAT_EFFECT, NAN while it was not tried. Signal "changed". */
/* The same map of another run, beside no other. Nobody is told before lens_head_item_tell. */
void lens_head_item_set_map(LensHeadItem *self, LensMap *map, double effect);
/* "changed". */
void lens_head_item_tell(LensHeadItem *self);
void lens_head_item_set_effect(LensHeadItem *self, double effect);

/* The same map of another run (NULL: it has none, or not that head). With a sign, 1 or -1, every number is
 * the difference from it, times that; with 0 it stands beside. */
void lens_head_item_set_other(LensHeadItem *self, LensMap *other, int sign);

LensMap *lens_head_item_get_map(LensHeadItem *self);
int lens_head_item_get_order(LensHeadItem *self);
int lens_head_item_get_head(LensHeadItem *self);
/* NAN where it has no meaning. */
double lens_head_item_get_stat(LensHeadItem *self, LensStat stat);
/* "0.31", a difference's "+0.04", or with the other's before it "0.27 | 0.31"; free with g_free. */
char *lens_head_item_format_stat(LensHeadItem *self, LensStat stat);
/* The other one's. */
double lens_head_item_get_other_stat(LensHeadItem *self, LensStat stat);

G_END_DECLS
