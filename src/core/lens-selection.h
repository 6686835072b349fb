/* What the person looks at: one object shared by every pane. Hover previews, click pins. */
#pragma once

#include "lens-run.h"

G_BEGIN_DECLS

typedef enum {
  LENS_TARGET_NONE,
  LENS_TARGET_WORD, /* index: token position */
  LENS_TARGET_BOX,  /* index: region */
  LENS_TARGET_CELL, /* index: query, other: key, of the selected map */
} LensTargetKind;

/* Where words look at words, and boxes at boxes, the same word stands on both sides. */
typedef enum {
  LENS_AS_EITHER,
  LENS_AS_QUERY,
  LENS_AS_KEY,
} LensTargetSide;

typedef struct {
  LensTargetKind kind;
  int index;
  int other;
  LensTargetSide side;
} LensTarget;

/* How the heads of a map become one picture. */
typedef enum {
  LENS_READING_HEAD,
  LENS_READING_MEAN,
  LENS_READING_MAX,
  LENS_READING_ROLLOUT,
  LENS_READING_RELEVANCY,
  LENS_READING_GRADIENT,           /* how the answer would change with the map's weights */
  LENS_READING_GRADIENT_ATTENTION, /* that, times the weights */
  LENS_READING_SEVERAL,            /* the mean of the chosen heads */
  LENS_N_READINGS,
} LensReading;

#define LENS_TYPE_SELECTION (lens_selection_get_type())
G_DECLARE_FINAL_TYPE(LensSelection, lens_selection, LENS, SELECTION, GObject)

LensSelection *lens_selection_new(void);

/* Signal "hover-changed": hovered or pinned target. Signal "view-changed": map, head, reading or
 * filter. Each comes only when something is different. */
LensTarget lens_selection_get_hover(LensSelection *self);
void lens_selection_set_hover(LensSelection *self, LensTarget target);
/* As it is under the map that is shown: a cell of a map with other sides is the same pair read the
 * other way, or the one end of it that the map has. */
LensTarget lens_selection_get_pinned(LensSelection *self);
void lens_selection_set_pinned(LensSelection *self, LensTarget target);
/* Pins the target, or unpins it when it is pinned already. */
void lens_selection_toggle_pinned(LensSelection *self, LensTarget target);
/* The hovered target, or the pinned one when nothing is hovered. */
LensTarget lens_selection_get_active(LensSelection *self);
void lens_selection_clear(LensSelection *self);
/* The word and the box that a target means under the selected map, -1 for none: of a cell its
 * query, and its key where that is of the other kind. */
void lens_selection_resolve(LensSelection *self, LensTarget target, int *word, int *box);

/* What is shown: the head that is previewed, else the one that is picked. */
const char *lens_selection_get_map(LensSelection *self);
int lens_selection_get_head(LensSelection *self);
/* Shows a head while the pointer is on it; NULL map: no longer. Picking one ends it, too. */
void lens_selection_preview(LensSelection *self, const char *map, int head);
/* What is picked, whatever is previewed; *head may be NULL. */
const char *lens_selection_get_picked(LensSelection *self, int *head);
LensReading lens_selection_get_reading(LensSelection *self);
void lens_selection_set_map(LensSelection *self, const char *map);
void lens_selection_set_head(LensSelection *self, int head);
void lens_selection_set_reading(LensSelection *self, LensReading reading);
/* The heads that are read together, a bit each; they stay when another map is picked, and begin with
 * the one that was read alone. */
guint64 lens_selection_get_chosen(LensSelection *self);
void lens_selection_set_chosen(LensSelection *self, guint64 heads);
/* Reads several heads: the head joins or leaves them; from one head on its own, that one and `head`.
 * The last one stays. */
void lens_selection_toggle_chosen(LensSelection *self, int head);
/* "mean of heads 1, 3, 4", "head 3"; free with g_free. */
char *lens_selection_describe_chosen(LensSelection *self);
/* Whether the head is part of what is read now. */
gboolean lens_selection_reads_head(LensSelection *self, int head);
/* The answer that relevancy and gradient are about: a row of the answer table, -1 = the best one. */
int lens_selection_get_answer(LensSelection *self);
void lens_selection_set_answer(LensSelection *self, int answer);
/* Whether the reading is about an answer: relevancy or gradient. */
gboolean lens_selection_explains(LensSelection *self);
/* What is shown came to have more to show: "view-changed" without a change. */
void lens_selection_refresh(LensSelection *self);
/* Map and head at once: one signal. */
void lens_selection_set_cell(LensSelection *self, const char *map, int head);

/* Show WordPieces put together to words; targets go on counting tokens. */
gboolean lens_selection_get_merge_words(LensSelection *self);
void lens_selection_set_merge_words(LensSelection *self, gboolean merge);

/* Leave [CLS] and [SEP] out of the drawing. */
gboolean lens_selection_get_hide_special(LensSelection *self);
void lens_selection_set_hide_special(LensSelection *self, gboolean hide);
/* After hiding them: each query's remaining attention sums to what it did before. */
gboolean lens_selection_get_renormalise(LensSelection *self);
void lens_selection_set_renormalise(LensSelection *self, gboolean renormalise);
/* Keep the strongest weights of each query that hold this share of the mass, 0 < p <= 1. */
double lens_selection_get_top_p(LensSelection *self);
void lens_selection_set_top_p(LensSelection *self, double top_p);

/* From the selection's words and boxes to those of a run that is looked at, and back; none where the
 * other has no such word or box. `map` says what a cell's row and column are. */
LensTarget lens_target_in_run(LensTarget target, LensRun *run, const char *map);
LensTarget lens_target_from_run(LensTarget target, LensRun *run, const char *map);

gboolean lens_target_equal(LensTarget a, LensTarget b);
LensTarget lens_target_none(void);
LensTarget lens_target_word(int index);
LensTarget lens_target_box(int index);
LensTarget lens_target_cell(int query, int key);

G_END_DECLS
