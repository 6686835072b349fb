/* Changes to the model and its input, each undoable. */
#include "lens-explorer-private.h"

#include <glib/gi18n.h>

#include "lens-wording.h"

void
lens_explorer_mirror_removed(LensExplorer *self)
{
  guint n = self->scene ? lens_scene_get_n_regions(self->scene) : 0;

  for (guint i = 0; i < n; i++)
    lens_region_set_removed(lens_scene_get_region(self->scene, i),
                            lens_edits_get_box_removed(self->edits, i));
  n = self->partner && self->partner != self->scene ? lens_scene_get_n_regions(self->partner) : 0;
  for (guint i = 0; i < n; i++)
    lens_region_set_removed(lens_scene_get_region(self->partner, i),
                            lens_edits_get_box_removed(self->edits, LENS_SECOND_BOXES + (int)i));
}

void
lens_explorer_forget_second_boxes(LensExplorer *self)
{
  LensEdits *edits = lens_edits_copy(self->edits);
  guint n;
  const int *boxes = lens_edits_get_removed_boxes(edits, &n);
  const LensPlacedBox *placed;

  while (n > 0 && boxes[n - 1] >= LENS_SECOND_BOXES) {
    lens_edits_set_box_removed(edits, boxes[n - 1], FALSE);
    boxes = lens_edits_get_removed_boxes(edits, &n);
  }
  while ((placed = lens_edits_get_placed_boxes(edits, 1, &n)) && n)
    lens_edits_place_box(edits, placed[n - 1].box, NULL);
  lens_undo_clear(self->undo);
  lens_explorer_put_edits(self, edits);
}

void
lens_explorer_put_edits(LensExplorer *self, LensEdits *edits)
{
  lens_edits_free(self->edits);
  self->edits = edits;
  lens_explorer_mirror_removed(self);
  lens_explorer_notify_undo(self);
  g_signal_emit_by_name(self, "edits-changed");
}

void
lens_explorer_unword(LensEdits *edits, const char *wording)
{
  guint n;
  const int *words = lens_edits_get_masked_words(edits, &n);

  while (n > 0) {
    lens_edits_set_word_masked(edits, words[n - 1], FALSE);
    words = lens_edits_get_masked_words(edits, &n);
  }
  lens_edits_set_wording(edits, wording);
}

static void
use_edits(LensExplorer *self, LensEdits *edits)
{
  lens_explorer_put_edits(self, edits);
  lens_explorer_ask_now(self);
}

/* Takes `edits`. */
static void
change_edits(LensExplorer *self, LensEdits *edits)
{
  if (lens_edits_equal(edits, self->edits)) {
    lens_edits_free(edits);
    return;
  }
  lens_undo_push(self->undo, self->edits);
  use_edits(self, edits);
}

void
lens_explorer_set_gate(LensExplorer *self, const char *map, int head, LensGate gate)
{
  LensEdits *edits = lens_edits_copy(self->edits);
  LensMap *of = self->run ? lens_run_find_map(self->run, map) : NULL;
  int heads = of ? lens_map_get_heads(of) : 0;

  for (int h = MAX(head, 0); h < (head < 0 ? heads : head + 1); h++)
    lens_edits_set_gate(edits, map, h, gate);
  change_edits(self, edits);
}

void
lens_explorer_toggle_gate(LensExplorer *self, const char *map, int head, LensGate gate)
{
  LensMap *of = self->run ? lens_run_find_map(self->run, map) : NULL;
  gboolean on = FALSE;

  if (head >= 0)
    on = lens_edits_get_gate(self->edits, map, head) != gate;
  for (int h = 0; head < 0 && of && h < lens_map_get_heads(of); h++)
    on |= lens_edits_get_gate(self->edits, map, h) != gate;
  lens_explorer_set_gate(self, map, head, on ? gate : LENS_GATE_ON);
}

static gboolean
same_layer(const char *a, const char *b)
{
  LensModule module_a, module_b;
  int layer_a, layer_b;

  return lens_map_parse_name(a, &module_a, &layer_a) && lens_map_parse_name(b, &module_b, &layer_b)
         && layer_a == layer_b
         && MIN(module_a, LENS_MODULE_LANG_TO_VIS) == MIN(module_b, LENS_MODULE_LANG_TO_VIS);
}

void
lens_explorer_toggle_layer(LensExplorer *self, const char *map, LensGate gate)
{
  LensEdits *edits = lens_edits_copy(self->edits);
  gboolean on = FALSE;

  for (int pass = 0; pass < 2; pass++) {
    for (guint i = 0; self->run && i < lens_run_get_n_maps(self->run); i++) {
      LensMap *other = lens_run_get_map(self->run, i);
      const char *name = lens_map_get_name(other);

      for (int h = 0; same_layer(map, name) && h < lens_map_get_heads(other); h++) {
        if (pass == 0)
          on |= lens_edits_get_gate(edits, name, h) != gate;
        else
          lens_edits_set_gate(edits, name, h, on ? gate : LENS_GATE_ON);
      }
    }
  }
  change_edits(self, edits);
}

/* What the edits call the first box of an image. */
static int
first_of(int image)
{
  return image ? LENS_SECOND_BOXES : 0;
}

/* Whether the model would get no other box of the image. */
static gboolean
is_last(LensExplorer *self, int image, int box)
{
  LensScene *scene = image ? self->partner : self->scene;
  int n = scene ? (int)lens_scene_get_n_regions(scene) : 0;

  for (int i = 0; i < n; i++) {
    if (i != box && !lens_edits_get_box_removed(self->edits, first_of(image) + i))
      return FALSE;
  }
  return TRUE;
}

/* The box added last is taken away; an earlier one keeps its place, as a found one does. */
void
lens_explorer_toggle_box(LensExplorer *self, int image, int box)
{
  LensEdits *edits = lens_edits_copy(self->edits);
  gboolean added = box >= (int)self->n_found[image];
  guint n;
  const LensPlacedBox *placed = lens_edits_get_placed_boxes(edits, image, &n);

  if (is_last(self, image, box)
      && !lens_edits_get_box_removed(self->edits, first_of(image) + box)) {
    lens_explorer_tell(self, _("At least one box must stay."));
    lens_edits_free(edits);
    return;
  }
  box += first_of(image);
  if (n && added && placed[n - 1].box == box) {
    lens_edits_place_box(edits, box, NULL);
    lens_edits_set_box_removed(edits, box, FALSE);
  } else {
    lens_edits_set_box_removed(edits, box, !lens_edits_get_box_removed(edits, box));
  }
  change_edits(self, edits);
}

int
lens_explorer_place_box(LensExplorer *self, int image, int box, const float rect[4], gboolean live)
{
  LensEdits *edits;
  guint n;
  const LensPlacedBox *placed = lens_edits_get_placed_boxes(self->edits, image, &n);

  if (!(image ? self->partner : self->scene))
    return -1;
  if (box < 0) {
    box = MAX(n ? placed[n - 1].box + 1 - first_of(image) : 0, (int)self->n_found[image]);
    self->to_pin = box;
    self->to_pin_image = image;
  }
  edits = lens_edits_copy(self->edits);
  lens_edits_place_box(edits, first_of(image) + box, rect);
  if (!self->moving) {
    self->moving = live;
    change_edits(self, edits);
    return box;
  }
  self->moving = live; /* the step for undo was made when it began */
  if (lens_edits_equal(edits, self->edits)) {
    lens_edits_free(edits);
    if (!live && self->ask_again && !self->asking)
      lens_explorer_ask_now(self);
    if (!live)
      g_signal_emit_by_name(self, "edits-changed"); /* who waited for the end */
  } else {
    use_edits(self, edits);
  }
  return box;
}

gboolean
lens_explorer_is_placing(LensExplorer *self)
{
  return self->moving;
}

void
lens_explorer_reword(LensExplorer *self, int word, const char *text)
{
  g_autofree char *wording = NULL;
  LensEdits *edits;

  if (!self->run || !self->question)
    return;
  wording = lens_wording_replace(lens_run_get_question(self->run), lens_run_get_tokens(self->run),
                                 word, text);
  if (!wording || g_strcmp0(wording, lens_run_get_question(self->run)) == 0)
    return;
  edits = lens_edits_copy(self->edits);
  lens_explorer_unword(edits, g_strcmp0(wording, self->question) == 0 ? NULL : wording);
  change_edits(self, edits);
}

void
lens_explorer_toggle_word(LensExplorer *self, int word)
{
  LensEdits *edits = lens_edits_copy(self->edits);

  lens_edits_set_word_masked(edits, word, !lens_edits_get_word_masked(edits, word));
  change_edits(self, edits);
}

void
lens_explorer_reset_edits(LensExplorer *self)
{
  change_edits(self, lens_edits_new());
}

gboolean
lens_explorer_undo(LensExplorer *self)
{
  LensEdits *edits = lens_undo_back(self->undo, self->edits);

  self->moving = FALSE;
  if (edits)
    use_edits(self, edits);
  return edits != NULL;
}

gboolean
lens_explorer_redo(LensExplorer *self)
{
  LensEdits *edits = lens_undo_forward(self->undo, self->edits);

  self->moving = FALSE;
  if (edits)
    use_edits(self, edits);
  return edits != NULL;
}
