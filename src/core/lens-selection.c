#include "lens-selection.h"

#include <glib/gi18n.h>

struct _LensSelection {
  GObject parent_instance;

  LensTarget hover, pinned;
  LensSide pinned_query, pinned_key; /* of the map that it was pinned in */
  char *map, *preview;               /* preview NULL: none */
  int head, preview_head;
  LensReading reading;
  int answer;
  guint64 chosen;
  gboolean hide_special, renormalise, merge_words;
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
  return a.index == b.index && a.side == b.side
         && (a.kind != LENS_TARGET_CELL || a.other == b.other);
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

typedef int (*Place)(LensRun *run, LensSide side, int index);

static LensTarget
translate(LensTarget target, LensRun *run, const char *map, Place place)
{
  LensSide query = LENS_SIDE_WORDS, key = LENS_SIDE_WORDS;
  LensModule module;
  int layer;

  if (target.kind == LENS_TARGET_NONE || !run)
    return target;
  if (target.kind == LENS_TARGET_CELL) {
    if (lens_map_parse_name(map, &module, &layer))
      lens_module_get_sides(module, &query, &key);
    target.index = place(run, query, target.index);
    target.other = place(run, key, target.other);
    return target.index < 0 || target.other < 0 ? lens_target_none() : target;
  }
  target.index = place(run, target.kind == LENS_TARGET_WORD ? LENS_SIDE_WORDS : LENS_SIDE_BOXES,
                       target.index);
  return target.index < 0 ? lens_target_none() : target;
}

LensTarget
lens_target_in_run(LensTarget target, LensRun *run, const char *map)
{
  return translate(target, run, map, lens_run_from_selection);
}

LensTarget
lens_target_from_run(LensTarget target, LensRun *run, const char *map)
{
  return translate(target, run, map, lens_run_to_selection);
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
  if (self->pinned.kind == LENS_TARGET_CELL) /* it may be another one under this map */
    hover_changed(self);
}

/* Of the map that is shown. */
static void
get_sides(LensSelection *self, LensSide *query, LensSide *key)
{
  LensModule module;
  int layer;

  *query = *key = LENS_SIDE_WORDS;
  if (lens_map_parse_name(lens_selection_get_map(self), &module, &layer))
    lens_module_get_sides(module, query, key);
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
  LensTarget pinned = self->pinned;
  LensSide query, key;

  get_sides(self, &query, &key);
  if (pinned.kind != LENS_TARGET_CELL || (query == self->pinned_query && key == self->pinned_key))
    return pinned;
  if (query != key && self->pinned_query != self->pinned_key) /* the same pair, the other way */
    return lens_target_cell(pinned.other, pinned.index);
  if (query != key) /* two words or two boxes: the one that looks */
    return self->pinned_query == LENS_SIDE_WORDS ? lens_target_word(pinned.index)
                                                 : lens_target_box(pinned.index);
  if (self->pinned_query != query && self->pinned_key != query)
    return lens_target_none();
  pinned.index = self->pinned_query == query ? pinned.index : pinned.other;
  return query == LENS_SIDE_WORDS ? lens_target_word(pinned.index) : lens_target_box(pinned.index);
}

void
lens_selection_set_pinned(LensSelection *self, LensTarget target)
{
  if (lens_target_equal(lens_selection_get_pinned(self), target)
      && (target.kind != LENS_TARGET_NONE || self->pinned.kind == LENS_TARGET_NONE))
    return;
  self->pinned = target;
  get_sides(self, &self->pinned_query, &self->pinned_key);
  hover_changed(self);
}

void
lens_selection_toggle_pinned(LensSelection *self, LensTarget target)
{
  if (lens_target_equal(lens_selection_get_pinned(self), target))
    target = lens_target_none();
  lens_selection_set_pinned(self, target);
}

LensTarget
lens_selection_get_active(LensSelection *self)
{
  return self->hover.kind != LENS_TARGET_NONE ? self->hover : lens_selection_get_pinned(self);
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
  LensSide query, key;

  *word = *box = -1;
  if (target.kind == LENS_TARGET_WORD)
    *word = target.index;
  else if (target.kind == LENS_TARGET_BOX)
    *box = target.index;
  if (target.kind != LENS_TARGET_CELL)
    return;
  get_sides(self, &query, &key);
  *(query == LENS_SIDE_WORDS ? word : box) = target.index;
  if (query != key)
    *(key == LENS_SIDE_WORDS ? word : box) = target.other;
}

const char *
lens_selection_get_map(LensSelection *self)
{
  return self->preview ? self->preview : self->map;
}

const char *
lens_selection_get_picked(LensSelection *self, int *head)
{
  if (head)
    *head = self->head;
  return self->map;
}

int
lens_selection_get_head(LensSelection *self)
{
  return self->preview ? self->preview_head : self->head;
}

static gboolean
end_preview(LensSelection *self)
{
  gboolean other
      = self->preview
        && (self->preview_head != self->head || g_strcmp0(self->preview, self->map) != 0);

  g_clear_pointer(&self->preview, g_free);
  return other;
}

void
lens_selection_preview(LensSelection *self, const char *map, int head)
{
  gboolean differs = map ? head != lens_selection_get_head(self)
                               || g_strcmp0(map, lens_selection_get_map(self)) != 0
                         : end_preview(self);

  if (map) {
    g_free(self->preview);
    self->preview = g_strdup(map);
    self->preview_head = head;
  }
  if (differs)
    view_changed(self);
}

LensReading
lens_selection_get_reading(LensSelection *self)
{
  return self->reading;
}

void
lens_selection_set_map(LensSelection *self, const char *map)
{
  lens_selection_set_cell(self, map, self->head);
}

void
lens_selection_set_head(LensSelection *self, int head)
{
  if (head >= 0)
    lens_selection_set_cell(self, self->map, head);
}

void
lens_selection_set_reading(LensSelection *self, LensReading reading)
{
  if (self->reading == reading)
    return;
  if (reading == LENS_READING_SEVERAL && self->reading == LENS_READING_HEAD)
    self->chosen = G_GUINT64_CONSTANT(1) << MIN(self->head, 63);
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
  char *copy = g_strdup(map);
  gboolean shown
      = g_strcmp0(lens_selection_get_map(self), map) == 0 && lens_selection_get_head(self) == head;

  g_clear_pointer(&self->preview, g_free);
  g_free(self->map);
  self->map = copy;
  self->head = MAX(head, 0);
  if (!shown)
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

gboolean
lens_selection_get_merge_words(LensSelection *self)
{
  return self->merge_words;
}

void
lens_selection_set_merge_words(LensSelection *self, gboolean merge)
{
  merge = !!merge;
  if (self->merge_words == merge)
    return;
  self->merge_words = merge;
  view_changed(self);
}

guint64
lens_selection_get_chosen(LensSelection *self)
{
  return self->chosen;
}

void
lens_selection_set_chosen(LensSelection *self, guint64 heads)
{
  if (self->chosen == heads || !heads)
    return;
  self->chosen = heads;
  view_changed(self);
}

void
lens_selection_toggle_chosen(LensSelection *self, int head)
{
  guint64 bit, heads;

  if (head < 0 || head > 63)
    return;
  bit = G_GUINT64_CONSTANT(1) << head;
  heads = self->reading == LENS_READING_SEVERAL
              ? self->chosen ^ bit
              : G_GUINT64_CONSTANT(1) << MIN(self->head, 63) | bit;
  if (!heads)
    return;
  self->chosen = heads;
  self->reading = LENS_READING_SEVERAL;
  view_changed(self);
}

char *
lens_selection_describe_chosen(LensSelection *self)
{
  g_autoptr(GString) list = g_string_new(NULL);

  for (int head = 0; head < 64; head++) {
    if (self->chosen == G_GUINT64_CONSTANT(1) << head)
      return g_strdup_printf(_("head %d"), head + 1);
    if (self->chosen >> head & 1)
      g_string_append_printf(list, "%s%d", list->len ? ", " : "", head + 1);
  }
  return g_strdup_printf(_("mean of heads %s"), list->str);
}

gboolean
lens_selection_reads_head(LensSelection *self, int head)
{
  if (self->reading == LENS_READING_SEVERAL)
    return head >= 0 && head < 64 && (self->chosen >> head & 1);
  return self->reading == LENS_READING_HEAD && head == self->head;
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
  return self->reading == LENS_READING_RELEVANCY || self->reading == LENS_READING_GRADIENT
         || self->reading == LENS_READING_GRADIENT_ATTENTION;
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
  g_free(LENS_SELECTION(object)->preview);
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
  self->chosen = 1;
  self->renormalise = TRUE;
}
