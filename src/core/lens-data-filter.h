/* Which rows of a data set are looked at. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  LENS_VERDICT_ANY,
  LENS_VERDICT_RIGHT, /* whatever score it gets */
  LENS_VERDICT_WRONG,
  LENS_VERDICT_PARTLY, /* right, but not the best answer: soft scores */
} LensVerdict;

/* Texts are owned; NULL or "" does not restrict. What asks for a model's answer (verdict, answer,
 * confidence) restricts nothing where there is none. */
typedef struct {
  char *text; /* in the question, the right answer or the model's */
  LensVerdict verdict;
  char *truth, *answer, *answer_type, *question_type;
  double least, most; /* confidence; most 0: no bound */
} LensDataFilter;

/* NULL: an empty one; free with lens_data_filter_free. */
LensDataFilter *lens_data_filter_copy(const LensDataFilter *self);
void lens_data_filter_free(LensDataFilter *self);
void lens_data_filter_clear(LensDataFilter *self);
gboolean lens_data_filter_is_empty(const LensDataFilter *self);
/* It asks what a model answered. */
gboolean lens_data_filter_needs_answers(const LensDataFilter *self);
/* "wrong; answered “red”; confidence 50% to 90%", in the language of the reader; "" for an empty
 * one. Free with g_free. */
char *lens_data_filter_describe(const LensDataFilter *self);

/* The same for equal filters, to keep what belongs to one; "" for an empty one. Owned. */
char *lens_data_filter_to_key(const LensDataFilter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensDataFilter, lens_data_filter_free)

G_END_DECLS
