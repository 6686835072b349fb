#include "lens-selection.h"

#include "lens-map.h"

struct _LensSelection {
  GObject parent_instance;

  LensTarget hover, pinned;
  char *map;
  int head;
  LensReading reading;
  int answer;
  gboolean hide_special, renormalise;
  double top_p;
};

enum { HOVER_CHANGED, VIEW_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensSelection, lens_selection, G_TYPE_OBJECT)

LensSelection *
lens_selection_new(void)
{
  return g_object_new(LENS_TYPE_SELECTION, NULL);
}

gboolean
lens_target_equal(LensTarget a, LensTarget b)
{
  if (a.kind != b.kind)
    return FALSE;
  if (a.kind == LENS_TARGET_NONE)
    return TRUE;
  return a.index == b.index && a.side == b.side && (a.kind != LENS_TARGET_CELL || a.other == b.other);
}

LensTarget
lens_target_none(void)
{
  return (LensTarget){ LENS_TARGET_NONE, -1, -1, LENS_AS_EITHER };
}

LensTarget
lens_target_word(int index)
{
  return (LensTarget){ LENS_TARGET_WORD, index, -1, LENS_AS_EITHER };
}

LensTarget
lens_target_box(int index)
{
  return (LensTarget){ LENS_TARGET_BOX, index, -1, LENS_AS_EITHER };
}

LensTarget
lens_target_cell(int query, int key)
{
  return (LensTarget){ LENS_TARGET_CELL, query, key, LENS_AS_QUERY };
}

static void
hover_changed(LensSelection *self)
{
  g_signal_emit(self, signals[HOVER_CHANGED], 0);
}

static void
view_changed(LensSelection *self)
{
  g_signal_emit(self, signals[VIEW_CHANGED], 0);
}

LensTarget
lens_selection_get_hover(LensSelection *self)
{
  return self->hover;
}

void
lens_selection_set_hover(LensSelection *self, LensTarget target)
{
  if (lens_target_equal(self->hover, target))
    return;
  self->hover = target;
  hover_changed(self);
}

LensTarget
lens_selection_get_pinned(LensSelection *self)
{
  return self->pinned;
}

void
lens_selection_set_pinned(LensSelection *self, LensTarget target)
{
  if (lens_target_equal(self->pinned, target))
    return;
  self->pinned = target;
  hover_changed(self);
}

void
lens_selection_toggle_pinned(LensSelection *self, LensTarget target)
{
  if (lens_target_equal(self->pinned, target))
    target = lens_target_none();
  lens_selection_set_pinned(self, target);
}

LensTarget
lens_selection_get_active(LensSelection *self)
{
  return self->hover.kind != LENS_TARGET_NONE ? self->hover : self->pinned;
}

void
lens_selection_clear(LensSelection *self)
{
  if (self->hover.kind == LENS_TARGET_NONE && self->pinned.kind == LENS_TARGET_NONE)
    return;
  self->hover = self->pinned = lens_target_none();
  hover_changed(self);
}

void
lens_selection_resolve(LensSelection *self, LensTarget target, int *word, int *box)
{
  LensModule module;
  LensSide query, key;
  int layer;

  *word = *box = -1;
  if (target.kind == LENS_TARGET_WORD)
    *word = target.index;
  else if (target.kind == LENS_TARGET_BOX)
    *box = target.index;
  if (target.kind != LENS_TARGET_CELL || !lens_map_parse_name(self->map, &module, &layer))
    return;
  lens_module_get_sides(module, &query, &key);
  *(query == LENS_SIDE_WORDS ? word : box) = target.index;
  if (query != key)
    *(key == LENS_SIDE_WORDS ? word : box) = target.other;
}

const char *
lens_selection_get_map(LensSelection *self)
{
  return self->map;
}

int
lens_selection_get_head(LensSelection *self)
{
  return self->head;
}

LensReading
lens_selection_get_reading(LensSelection *self)
{
  return self->reading;
}

void
lens_selection_set_map(LensSelection *self, const char *map)
{
  if (g_strcmp0(self->map, map) == 0)
    return;
  g_free(self->map);
  self->map = g_strdup(map);
  view_changed(self);
}

void
lens_selection_set_head(LensSelection *self, int head)
{
  if (self->head == head || head < 0)
    return;
  self->head = head;
  view_changed(self);
}

void
lens_selection_set_reading(LensSelection *self, LensReading reading)
{
  if (self->reading == reading)
    return;
  self->reading = reading;
  view_changed(self);
}

void
lens_selection_refresh(LensSelection *self)
{
  view_changed(self);
}

void
lens_selection_set_cell(LensSelection *self, const char *map, int head)
{
  if (self->head == head && g_strcmp0(self->map, map) == 0)
    return;
  if (g_strcmp0(self->map, map) != 0) {
    g_free(self->map);
    self->map = g_strdup(map);
  }
  self->head = MAX(head, 0);
  view_changed(self);
}

gboolean
lens_selection_get_hide_special(LensSelection *self)
{
  return self->hide_special;
}

void
lens_selection_set_hide_special(LensSelection *self, gboolean hide)
{
  hide = !!hide;
  if (self->hide_special == hide)
    return;
  self->hide_special = hide;
  view_changed(self);
}

gboolean
lens_selection_get_renormalise(LensSelection *self)
{
  return self->renormalise;
}

void
lens_selection_set_renormalise(LensSelection *self, gboolean renormalise)
{
  renormalise = !!renormalise;
  if (self->renormalise == renormalise)
    return;
  self->renormalise = renormalise;
  view_changed(self);
}

int
lens_selection_get_answer(LensSelection *self)
{
  return self->answer;
}

void
lens_selection_set_answer(LensSelection *self, int answer)
{
  answer = MAX(answer, -1);
  if (self->answer == answer)
    return;
  self->answer = answer;
  view_changed(self);
}

gboolean
lens_selection_explains(LensSelection *self)
{
  return self->reading == LENS_READING_RELEVANCY || self->reading == LENS_READING_GRADIENT;
}

double
lens_selection_get_top_p(LensSelection *self)
{
  return self->top_p;
}

void
lens_selection_set_top_p(LensSelection *self, double top_p)
{
  top_p = CLAMP(top_p, 0.01, 1.0);
  if (self->top_p == top_p)
    return;
  self->top_p = top_p;
  view_changed(self);
}

static void
lens_selection_finalize(GObject *object)
{
  g_free(LENS_SELECTION(object)->map);
  G_OBJECT_CLASS(lens_selection_parent_class)->finalize(object);
}

static void
lens_selection_class_init(LensSelectionClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_selection_finalize;
  signals[HOVER_CHANGED] = g_signal_new("hover-changed", LENS_TYPE_SELECTION, G_SIGNAL_RUN_LAST, 0,
                                        NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[VIEW_CHANGED] = g_signal_new("view-changed", LENS_TYPE_SELECTION, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
lens_selection_init(LensSelection *self)
{
  self->hover = self->pinned = lens_target_none();
  self->top_p = 1.0;
  self->answer = -1;
  self->renormalise = TRUE;
}
