/* Boxes moved and added by hand: what was found stays, what was placed is described by the detector.
 * A placed scene knows the scene that it came from and what was placed. */
#include <glib/gi18n.h>
#include <string.h>

#include "lens-engine-error.h"
#include "lens-session-private.h"

#define FOUND_KEY "lens-scene-found"
#define EDITS_KEY "lens-scene-placement"

LensScene *lens_session_found(LensScene *scene)
{
  LensScene *found = g_object_get_data(G_OBJECT(scene), FOUND_KEY);
  return found ? found : scene;
}

static const LensEdits *placement_of(LensScene *scene)
{
  return g_object_get_data(G_OBJECT(scene), EDITS_KEY);
}

static void copy_region(LxRegions *to, int64_t at, const LxRegions *from, int64_t i)
{
  size_t size = (size_t)from->feature_size;
  to->object_ids[at] = from->object_ids[i];
  to->object_conf[at] = from->object_conf[i];
  to->attribute_ids[at] = from->attribute_ids[i];
  to->attribute_conf[at] = from->attribute_conf[i];
  memcpy(to->boxes + 4 * at, from->boxes + 4 * i, 4 * sizeof(float));
  memcpy(to->features + (size_t)at * size, from->features + (size_t)i * size, size * sizeof(float));
}

/* In pixels, inside the picture and never without an area. */
static void to_pixels(const LensPlacedBox *placed, const LxRegions *found, float box[4])
{
  float width = (float)found->width, height = (float)found->height;
  box[0] = CLAMP(placed->rect[0], 0, 1) * width;
  box[1] = CLAMP(placed->rect[1], 0, 1) * height;
  box[2] = CLAMP(placed->rect[2], 0, 1) * width;
  box[3] = CLAMP(placed->rect[3], 0, 1) * height;
  if (box[2] - box[0] < 1) {
    box[0] = MIN(box[0], width - 1);
    box[2] = box[0] + 1;
  }
  if (box[3] - box[1] < 1) {
    box[1] = MIN(box[1], height - 1);
    box[3] = box[1] + 1;
  }
}

/* What was found with the placed ones in their places; added ones must follow without a gap. */
static LxRegions *merge(LensSession *self, LensScene *found, const LensPlacedBox *placed, guint n,
                        GError **error)
{
  const LxRegions *base = lens_session_regions(found);
  LxError engine = {0};
  LxRegions *merged = NULL;
  int64_t count = base->count;
  g_autofree float *boxes = g_new(float, 4 * n);
  for (guint i = 0; i < n; i++) {
    to_pixels(&placed[i], base, boxes + 4 * i);
    if (placed[i].box > count) {
      g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT,
                  _("Box %d cannot be added: the image has %d boxes."), placed[i].box + 1,
                  (int)count);
      return NULL;
    }
    count = MAX(count, placed[i].box + 1);
  }
  LxRegions *described = lens_eyes_describe(lens_session_eyes(self, found),
                                            lens_scene_get_pixbuf(found), boxes, (int)n, error);
  if (!described)
    return NULL;
  if (described->feature_size != base->feature_size)
    g_set_error(error, LENS_ERROR, LENS_ERROR_UNSUPPORTED,
                _("The detector gives features of %d numbers, the image's have %d."),
                (int)described->feature_size, (int)base->feature_size);
  else if (lx_regions_new(count, base->feature_size, &merged, &engine) != LX_OK)
    lens_error_from_engine(error, &engine);
  if (merged) {
    merged->width = base->width;
    merged->height = base->height;
    for (int64_t i = 0; i < base->count; i++)
      copy_region(merged, i, base, i);
    for (guint i = 0; i < n; i++)
      copy_region(merged, placed[i].box, described, i);
  }
  lx_regions_free(described);
  return merged;
}

static void free_regions(gpointer regions)
{
  lx_regions_free(regions);
}

/* Takes `placement`. */
static LensScene *make_placed(LensSession *self, LensScene *found, LxRegions *regions,
                              LensEdits *placement)
{
  LensEyes *eyes = lens_session_eyes(self, found);
  g_autoptr(GListModel) list = lens_session_list_regions(eyes, regions);
  LensScene *scene = lens_scene_new(lens_scene_get_id(found), lens_scene_get_path(found),
                                    lens_scene_get_name(found), lens_scene_get_sha256(found),
                                    lens_scene_get_pixbuf(found), list);
  lens_scene_set_engine_data(scene, regions, free_regions);
  lens_session_note_detector(scene, lens_session_get_detector(found));
  lens_scene_set_sanity(scene, lens_scene_get_sanity(found));
  g_object_set_data_full(G_OBJECT(scene), FOUND_KEY, g_object_ref(found), g_object_unref);
  g_object_set_data_full(G_OBJECT(scene), EDITS_KEY, placement, (GDestroyNotify)lens_edits_free);
  return scene;
}

LensScene *lens_session_place(LensSession *self, LensScene *scene, int image,
                              const LensEdits *edits, GError **error)
{
  LensScene *found = lens_session_found(scene), **last = &self->placed[image];
  g_autoptr(LensEdits) placement = lens_edits_new_placement(edits, image);
  guint n;
  const LensPlacedBox *placed = lens_edits_get_placed_boxes(placement, 0, &n);
  if (!n)
    return g_object_ref(found);
  if (lens_edits_same_placement(placement_of(scene), placement))
    return g_object_ref(scene);
  if (*last && lens_session_found(*last) == found &&
      lens_edits_same_placement(placement_of(*last), placement))
    return g_object_ref(*last);
  LxRegions *regions = merge(self, found, placed, n, error);
  if (!regions)
    return NULL;
  g_clear_object(last);
  *last = make_placed(self, found, regions, g_steal_pointer(&placement));
  return g_object_ref(*last);
}
