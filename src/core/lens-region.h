/* One object that the detector found in an image. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LENS_TYPE_REGION (lens_region_get_type())
G_DECLARE_FINAL_TYPE(LensRegion, lens_region, LENS, REGION, GObject)

/* `index` is the row in the model's visual input; `box` is x1 y1 x2 y2 in pixels of the upright
 * image. `label` and `attribute` may be NULL (a features file without names). */
LensRegion *lens_region_new(int index, const char *label, const char *attribute, float confidence,
                            const float box[4]);

const char *lens_region_get_label(LensRegion *self);
float lens_region_get_confidence(LensRegion *self);
void lens_region_get_box(LensRegion *self, float box[4]);

/* A removed region is left out of the model's input; it is a property that can be watched. */
gboolean lens_region_get_removed(LensRegion *self);
void lens_region_set_removed(LensRegion *self, gboolean removed);

/* "red cat", "cat" or "object 7"; owned by the region. */
const char *lens_region_get_title(LensRegion *self);

/* Intersection over union of two boxes, 0..1. */
double lens_region_iou(LensRegion *a, LensRegion *b);

G_END_DECLS
