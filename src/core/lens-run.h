/* One question asked of one scene: the tokens, the answers, and every attention map. */
#pragma once

#include <gio/gio.h>

#include "lens-answer.h"
#include "lens-edits.h"
#include "lens-map.h"
#include "lens-model.h"
#include "lens-relevancy.h"
#include "lens-scene.h"

G_BEGIN_DECLS

#define LENS_TYPE_RUN (lens_run_get_type())
G_DECLARE_FINAL_TYPE(LensRun, lens_run, LENS, RUN, GObject)

/* `tokens` is NULL-terminated with [CLS] and [SEP] (copied); `answers` are LensAnswer, best first
 * (referenced); `maps` is an array of LensMap with g_object_unref as its free function
 * (referenced, not changed any more); `milliseconds` is the engine's time. */
LensRun *lens_run_new(gint64 id, const char *question, LensScene *scene, LensModel *model,
                      const char *const *tokens, GListModel *answers, GPtrArray *maps,
                      double milliseconds);

gint64 lens_run_get_id(LensRun *self);
const char *lens_run_get_question(LensRun *self);
LensScene *lens_run_get_scene(LensRun *self);
LensModel *lens_run_get_model(LensRun *self);
const char *const *lens_run_get_tokens(LensRun *self);
guint lens_run_get_n_tokens(LensRun *self);
GListModel *lens_run_get_answers(LensRun *self);
guint lens_run_get_n_maps(LensRun *self);
LensMap *lens_run_get_map(LensRun *self, guint index);
double lens_run_get_milliseconds(LensRun *self);

/* The map of this name, borrowed; NULL when there is none. */
LensMap *lens_run_find_map(LensRun *self, const char *name);

/* The edits that the run was made with; NULL for none. Copied. */
const LensEdits *lens_run_get_edits(LensRun *self);
void lens_run_set_edits(LensRun *self, const LensEdits *edits);

/* What the model answered without the edits (LensAnswer, best first): the ghosts behind the bars.
 * NULL for a run without edits. */
GListModel *lens_run_get_baseline(LensRun *self);
void lens_run_set_baseline(LensRun *self, GListModel *answers);

/* A statement about two images (NLVR2): the model reads it with each of them and answers once. The
 * run is the left half and owns the right one, whose maps and scene are the right image's; question,
 * tokens and answers are the same. lens_run_get_half gives the run itself for image 0 and for a run
 * about one image; borrowed. */
LensRun *lens_run_get_half(LensRun *self, int image);
gboolean lens_run_is_pair(LensRun *self);
void lens_run_set_right(LensRun *self, LensRun *right);

/* What the run's answer rests on; NULL until it was asked for. Takes `relevancy`. */
const LensRelevancy *lens_run_get_relevancy(LensRun *self);
void lens_run_take_relevancy(LensRun *self, LensRelevancy *relevancy);

/* ---- a run as it is looked at ----
 * One run is asked, and looked at with its pieces put together to words, or beside another one whose
 * words and boxes the selection counts. */

/* Shows `source` with other tokens and maps (NULL: its own). word_of[tokens of source] says which of
 * the new tokens each is part of; NULL when they are the same. Everything else is the source's, also
 * later. Owned by the caller. */
LensRun *lens_run_new_view(LensRun *source, const char *const *tokens, GPtrArray *maps,
                           const int *word_of);
/* The run that was asked: the source, or the run itself. Borrowed. */
LensRun *lens_run_get_source(LensRun *self);
/* [tokens of the source], or NULL. */
const int *lens_run_get_word_of(LensRun *self);

/* A run that is the difference of two, b less a or, `reversed`, a less b; both are referenced. `index`
 * 0 is a, 1 is b; NULL for a run that is no difference. */
void lens_run_set_compared(LensRun *self, LensRun *a, LensRun *b, gboolean reversed);
LensRun *lens_run_get_compared(LensRun *self, int index, gboolean *reversed);

/* The selection counts the words and boxes of another run, and after them those that only this one
 * has: words[n_words] says which token of this run's source each is, -1 for none; boxes likewise.
 * Copied. */
void lens_run_set_partners(LensRun *self, const int *words, guint n_words, const int *boxes,
                           guint n_boxes);
/* From the selection's word or box to this run's, and back; -1 where there is none. */
int lens_run_from_selection(LensRun *self, LensSide side, int index);
int lens_run_to_selection(LensRun *self, LensSide side, int index);

/* The probability of an answer in this run by its row in the answer table; NAN when it is not
 * among those kept. */
double lens_run_get_probability(LensRun *self, int answer_index);

G_END_DECLS
