/* Changes to the model and its input, each undoable. */
#include "lens-explorer-private.h"

static void
mirror_removed_boxes(LensExplorer *self)
{
  guint n = self->scene ? lens_scene_get_n_regions(self->scene) : 0;

  for (guint i = 0; i < n; i++)
    lens_region_set_removed(lens_scene_get_region(self->scene, i),
                            lens_edits_get_box_removed(self->edits, i));
}

void
lens_explorer_put_edits(LensExplorer *self, LensEdits *edits)
{
  lens_edits_free(self->edits);
  self->edits = edits;
  mirror_removed_boxes(self);
  lens_explorer_notify_undo(self);
  g_signal_emit_by_name(self, "edits-changed");
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

void
lens_explorer_toggle_box(LensExplorer *self, int box)
{
  LensEdits *edits = lens_edits_copy(self->edits);

  lens_edits_set_box_removed(edits, box, !lens_edits_get_box_removed(edits, box));
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

  if (edits)
    use_edits(self, edits);
  return edits != NULL;
}

gboolean
lens_explorer_redo(LensExplorer *self)
{
  LensEdits *edits = lens_undo_forward(self->undo, self->edits);

  if (edits)
    use_edits(self, edits);
  return edits != NULL;
}
