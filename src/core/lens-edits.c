#include "lens-edits.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct {
  char *map;
  int head;
  LensGate gate;
} Gate;

struct _LensEdits {
  GArray *gates;  /* of Gate, ordered by map, then head; never ON */
  GArray *boxes;  /* of int, ascending */
  GArray *words;  /* of int, ascending */
  GArray *places; /* of LensPlacedBox, by index */
  char *wording;
};

G_DEFINE_BOXED_TYPE(LensEdits, lens_edits, lens_edits_copy, lens_edits_free)

static void
gate_clear(gpointer data)
{
  g_free(((Gate *)data)->map);
}

LensEdits *
lens_edits_new(void)
{
  LensEdits *self = g_new0(LensEdits, 1);

  self->gates = g_array_new(FALSE, FALSE, sizeof(Gate));
  g_array_set_clear_func(self->gates, gate_clear);
  self->boxes = g_array_new(FALSE, FALSE, sizeof(int));
  self->words = g_array_new(FALSE, FALSE, sizeof(int));
  self->places = g_array_new(FALSE, FALSE, sizeof(LensPlacedBox));
  return self;
}

LensEdits *
lens_edits_copy(const LensEdits *self)
{
  LensEdits *copy;

  if (!self)
    return NULL;
  copy = lens_edits_new();
  for (guint i = 0; i < self->gates->len; i++) {
    Gate gate = g_array_index(self->gates, Gate, i);

    gate.map = g_strdup(gate.map);
    g_array_append_val(copy->gates, gate);
  }
  g_array_append_vals(copy->boxes, self->boxes->data, self->boxes->len);
  g_array_append_vals(copy->words, self->words->data, self->words->len);
  g_array_append_vals(copy->places, self->places->data, self->places->len);
  copy->wording = g_strdup(self->wording);
  return copy;
}

void
lens_edits_free(LensEdits *self)
{
  if (!self)
    return;
  g_array_unref(self->gates);
  g_array_unref(self->boxes);
  g_array_unref(self->words);
  g_array_unref(self->places);
  g_free(self->wording);
  g_free(self);
}

gboolean
lens_edits_is_empty(const LensEdits *self)
{
  return !self
         || (!self->gates->len && !self->boxes->len && !self->words->len && !self->places->len
             && !self->wording);
}

static gboolean
int_arrays_equal(const GArray *a, const GArray *b)
{
  return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len * sizeof(int)) == 0);
}

gboolean
lens_edits_equal(const LensEdits *a, const LensEdits *b)
{
  if (lens_edits_is_empty(a) || lens_edits_is_empty(b))
    return lens_edits_is_empty(a) && lens_edits_is_empty(b);
  if (!int_arrays_equal(a->boxes, b->boxes) || !int_arrays_equal(a->words, b->words)
      || a->gates->len != b->gates->len || !lens_edits_same_placement(a, b)
      || g_strcmp0(a->wording, b->wording) != 0)
    return FALSE;
  for (guint i = 0; i < a->gates->len; i++) {
    const Gate *x = &g_array_index(a->gates, Gate, i);
    const Gate *y = &g_array_index(b->gates, Gate, i);

    if (x->head != y->head || x->gate != y->gate || strcmp(x->map, y->map) != 0)
      return FALSE;
  }
  return TRUE;
}

/* The gate's place, or where it belongs. */
static gboolean
find_gate(const LensEdits *self, const char *map, int head, guint *place)
{
  for (guint i = 0; i < self->gates->len; i++) {
    const Gate *gate = &g_array_index(self->gates, Gate, i);
    int order = strcmp(gate->map, map);

    if (order == 0)
      order = gate->head - head;
    if (order >= 0) {
      *place = i;
      return order == 0;
    }
  }
  *place = self->gates->len;
  return FALSE;
}

const char *
lens_gate_get_suffix(LensGate gate)
{
  switch (gate) {
  case LENS_GATE_ZERO:
    return _(", switched off");
  case LENS_GATE_UNIFORM:
    return _(", made uniform");
  case LENS_GATE_ON:
    break;
  }
  return "";
}

LensGate
lens_edits_get_gate(const LensEdits *self, const char *map, int head)
{
  guint place;

  if (!self || !find_gate(self, map, head, &place))
    return LENS_GATE_ON;
  return g_array_index(self->gates, Gate, place).gate;
}

void
lens_edits_set_gate(LensEdits *self, const char *map, int head, LensGate gate)
{
  guint place;
  gboolean found;

  g_return_if_fail(self && map && head >= 0);

  found = find_gate(self, map, head, &place);
  if (gate == LENS_GATE_ON) {
    if (found)
      g_array_remove_index(self->gates, place);
  } else if (found) {
    g_array_index(self->gates, Gate, place).gate = gate;
  } else {
    Gate added = { g_strdup(map), head, gate };

    g_array_insert_val(self->gates, place, added);
  }
}

guint
lens_edits_get_n_gates(const LensEdits *self)
{
  return self ? self->gates->len : 0;
}

void
lens_edits_foreach_gate(const LensEdits *self, LensGateFunc func, gpointer user_data)
{
  for (guint i = 0; self && i < self->gates->len; i++) {
    const Gate *gate = &g_array_index(self->gates, Gate, i);

    func(gate->map, gate->head, gate->gate, user_data);
  }
}

static gboolean
set_has(const GArray *set, int item, guint *place)
{
  for (guint i = 0; i < set->len; i++) {
    int other = g_array_index(set, int, i);

    if (other >= item) {
      *place = i;
      return other == item;
    }
  }
  *place = set->len;
  return FALSE;
}

static void
set_put(GArray *set, int item, gboolean in)
{
  guint place;
  gboolean found = set_has(set, item, &place);

  if (in && !found)
    g_array_insert_val(set, place, item);
  else if (!in && found)
    g_array_remove_index(set, place);
}

gboolean
lens_edits_get_box_removed(const LensEdits *self, int box)
{
  guint place;

  return self && set_has(self->boxes, box, &place);
}

void
lens_edits_set_box_removed(LensEdits *self, int box, gboolean removed)
{
  set_put(self->boxes, box, removed);
}

const int *
lens_edits_get_removed_boxes(const LensEdits *self, guint *n)
{
  *n = self ? self->boxes->len : 0;
  return self ? (const int *)self->boxes->data : NULL;
}

gboolean
lens_edits_get_word_masked(const LensEdits *self, int word)
{
  guint place;

  return self && set_has(self->words, word, &place);
}

void
lens_edits_set_word_masked(LensEdits *self, int word, gboolean masked)
{
  set_put(self->words, word, masked);
}

const int *
lens_edits_get_masked_words(const LensEdits *self, guint *n)
{
  *n = self ? self->words->len : 0;
  return self ? (const int *)self->words->data : NULL;
}

/* ---- boxes moved or added, other words ---- */

void
lens_edits_place_box(LensEdits *self, int box, const float rect[4])
{
  LensPlacedBox placed = { box, { 0 } };
  guint place = 0;
  gboolean found;

  while (place < self->places->len && g_array_index(self->places, LensPlacedBox, place).box < box)
    place++;
  found = place < self->places->len && g_array_index(self->places, LensPlacedBox, place).box == box;
  if (found)
    g_array_remove_index(self->places, place);
  if (!rect)
    return;
  memcpy(placed.rect, rect, sizeof placed.rect);
  g_array_insert_val(self->places, place, placed);
}

const LensPlacedBox *
lens_edits_get_placed_boxes(const LensEdits *self, int image, guint *n)
{
  guint first = 0;

  *n = 0;
  if (!self)
    return NULL;
  while (first < self->places->len
         && g_array_index(self->places, LensPlacedBox, first).box < LENS_SECOND_BOXES)
    first++;
  *n = image ? self->places->len - first : first;
  return &g_array_index(self->places, LensPlacedBox, image ? first : 0);
}

LensEdits *
lens_edits_new_placement(const LensEdits *self, int image)
{
  LensEdits *placement = lens_edits_new();
  guint n;
  const LensPlacedBox *placed = lens_edits_get_placed_boxes(self, image, &n);

  for (guint i = 0; i < n; i++)
    lens_edits_place_box(placement, placed[i].box - (image ? LENS_SECOND_BOXES : 0),
                         placed[i].rect);
  return placement;
}

gboolean
lens_edits_same_placement(const LensEdits *a, const LensEdits *b)
{
  for (int image = 0; image < 2; image++) {
    guint n, m;
    const LensPlacedBox *x = lens_edits_get_placed_boxes(a, image, &n);
    const LensPlacedBox *y = lens_edits_get_placed_boxes(b, image, &m);

    if (n != m || (n && memcmp(x, y, n * sizeof *x) != 0))
      return FALSE;
  }
  return TRUE;
}

const char *
lens_edits_get_wording(const LensEdits *self)
{
  return self ? self->wording : NULL;
}

void
lens_edits_set_wording(LensEdits *self, const char *wording)
{
  char *copy = g_strdup(wording);

  g_free(self->wording);
  self->wording = copy;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void
add_part(GStrvBuilder *parts, guint n, const char *format)
{
  g_autofree char *part = g_strdup_printf(format, n);

  if (n)
    g_strv_builder_add(parts, part);
}
#pragma GCC diagnostic pop

static guint
n_gates(const LensEdits *self, LensGate gate)
{
  guint n = 0;

  for (guint i = 0; self && i < self->gates->len; i++)
    n += g_array_index(self->gates, Gate, i).gate == gate;
  return n;
}

char *
lens_edits_describe(const LensEdits *self)
{
  g_autoptr(GStrvBuilder) parts = g_strv_builder_new();
  g_auto(GStrv) list = NULL;
  guint off = n_gates(self, LENS_GATE_ZERO), alike = n_gates(self, LENS_GATE_UNIFORM);
  guint boxes = self ? self->boxes->len : 0;
  guint words = self ? self->words->len : 0, places = self ? self->places->len : 0;

  add_part(parts, off, g_dngettext(NULL, "%u head off", "%u heads off", off));
  add_part(parts, alike, g_dngettext(NULL, "%u head made uniform", "%u heads made uniform", alike));
  add_part(parts, boxes, g_dngettext(NULL, "%u box removed", "%u boxes removed", boxes));
  add_part(parts, words, g_dngettext(NULL, "%u word masked", "%u words masked", words));
  add_part(parts, places,
           g_dngettext(NULL, "%u box moved or added", "%u boxes moved or added", places));
  if (self && self->wording)
    g_strv_builder_add(parts, _("other words"));
  list = g_strv_builder_end(parts);
  return g_strjoinv(", ", list);
}
