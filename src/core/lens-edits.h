/* What a person changed in the model or its input before asking: heads switched off, boxes
 * removed, moved or added, words masked, the question worded otherwise. Plain values: copy,
 * compare, pass along. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A head's gate. ZERO: its output is zero. UNIFORM: its attention is the same for every key. */
typedef enum {
  LENS_GATE_ON,
  LENS_GATE_ZERO,
  LENS_GATE_UNIFORM,
} LensGate;

/* ", switched off", ", made uniform": to follow a head's name; "" while it is on. */
const char *lens_gate_get_suffix(LensGate gate);

typedef struct _LensEdits LensEdits;

#define LENS_TYPE_EDITS (lens_edits_get_type())
GType lens_edits_get_type(void);

LensEdits *lens_edits_new(void);
LensEdits *lens_edits_copy(const LensEdits *self);
void lens_edits_free(LensEdits *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensEdits, lens_edits_free)

gboolean lens_edits_is_empty(const LensEdits *self);
gboolean lens_edits_equal(const LensEdits *a, const LensEdits *b);

/* Gates by map name ("x.1.lang_to_vis") and head; every head is ON until set. */
LensGate lens_edits_get_gate(const LensEdits *self, const char *map, int head);
void lens_edits_set_gate(LensEdits *self, const char *map, int head, LensGate gate);
guint lens_edits_get_n_gates(const LensEdits *self);

typedef void (*LensGateFunc)(const char *map, int head, LensGate gate, gpointer user_data);
/* Calls `func` for every gate that is not ON, ordered by map name, then head. */
void lens_edits_foreach_gate(const LensEdits *self, LensGateFunc func, gpointer user_data);

/* Of a statement about two images the second one's boxes count from here on. */
#define LENS_SECOND_BOXES 1000

/* Boxes by index of the scene's regions; removed ones are left out of the model's input (masked
 * out of every attention), so that the maps keep their size. */
gboolean lens_edits_get_box_removed(const LensEdits *self, int box);
void lens_edits_set_box_removed(LensEdits *self, int box, gboolean removed);
const int *lens_edits_get_removed_boxes(const LensEdits *self, guint *n);

/* Words by token position; a masked word is replaced by [MASK] before it is embedded. */
gboolean lens_edits_get_word_masked(const LensEdits *self, int word);
void lens_edits_set_word_masked(LensEdits *self, int word, gboolean masked);
const int *lens_edits_get_masked_words(const LensEdits *self, guint *n);

/* Boxes moved or added by hand, in shares of the image: x1 y1 x2 y2, each 0..1. An index that the
 * scene has moves its region; the next ones after them add. */
typedef struct {
  int box;
  float rect[4];
} LensPlacedBox;
/* A NULL rect takes the placement away. */
void lens_edits_place_box(LensEdits *self, int box, const float rect[4]);
/* Those of image 0 or 1, by index; of 1 the indices are LENS_SECOND_BOXES and on. */
const LensPlacedBox *lens_edits_get_placed_boxes(const LensEdits *self, int image, guint *n);
/* Only what is placed in that image, counted from 0 for either; owned. */
LensEdits *lens_edits_new_placement(const LensEdits *self, int image);
gboolean lens_edits_same_placement(const LensEdits *a, const LensEdits *b);

/* Asked in place of the question, whose answers are then those before the edit; NULL for none.
 * Copied. Masked words are this wording's. */
const char *lens_edits_get_wording(const LensEdits *self);
void lens_edits_set_wording(LensEdits *self, const char *wording);

/* "2 heads off, 1 box removed", "" when empty; free with g_free. */
char *lens_edits_describe(const LensEdits *self);

G_END_DECLS
