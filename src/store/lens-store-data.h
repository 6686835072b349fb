/* Data sets with their questions, and models' answers to them. See lens-store.h for threads. */
#pragma once

#include "lens-data-filter.h"
#include "lens-store.h"
#include "lens-tally.h"

G_BEGIN_DECLS

typedef struct {
  gint64 id; /* 0: not in the store yet */
  char *name;
  char *kind;
  char *questions;
  char *features; /* one path a line */
  char *images;
  char *state;
  char *problem; /* or NULL */
  gint64 n;
  gint64 opened_at;
} LensStoreDataSet;

typedef struct {
  gint64 id;
  gint64 set_id;
  char *model_id;
  char *model_name;
  char *weights;
  char *state;
  gint64 done;
  double score; /* -1: no labelled row was answered */
  char *note;   /* what had to be left out, or why it failed; "" */
} LensStoreEvaluation;

/* A question, with the answer of one evaluation. Strings but truth, label and answer are never
 * NULL. */
typedef struct {
  gint64 n;
  char *id, *question, *image, *image2, *sentence, *answer_type, *question_type;
  char *truth, *label;
  char *answer; /* NULL: not answered */
  double confidence;
  double score, oracle; /* -1 without a label */
} LensStoreDataRow;

void lens_store_data_set_free(LensStoreDataSet *self);
void lens_store_evaluation_free(LensStoreEvaluation *self);
void lens_store_data_row_free(LensStoreDataRow *self);

/* ---- data sets ---- */
/* Inserts, or updates the set of the same files (its rows are then dropped and read again). Returns
 * its id; 0 with `error`. */
gint64 lens_store_data_begin_set(LensStore *self, const LensStoreDataSet *set, GError **error);
/* Name, state, problem and number of rows. */
gboolean lens_store_data_update_set(LensStore *self, const LensStoreDataSet *set, GError **error);
/* Of LensStoreDataSet, newest first. */
GPtrArray *lens_store_data_list_sets(LensStore *self, GError **error);
gboolean lens_store_data_set_removed(LensStore *self, gint64 set_id, gboolean removed,
                                     GError **error);
/* At the start of the program: deletes what was removed, for good; evaluations that were under way
 * when it ended show as stopped, with the score so far. */
gboolean lens_store_data_purge(LensStore *self, GError **error);
/* Adds LensStoreDataRows in one transaction. */
gboolean lens_store_data_add_rows(LensStore *self, gint64 set_id, GPtrArray *rows, GError **error);

/* ---- evaluations ---- */
/* Begins, or goes on: the answers stay when `weights` are the same and the last one did not finish.
 * *done: rows that need no answer any more. Returns the id; 0 with `error`. */
gint64 lens_store_data_begin_evaluation(LensStore *self, const LensStoreEvaluation *evaluation,
                                        gint64 *done, GError **error);
/* `rows`: n, answer, confidence, score, oracle of each; one transaction with the new `done`. */
gboolean lens_store_data_add_answers(LensStore *self, gint64 evaluation_id, GPtrArray *rows,
                                     gint64 done, GError **error);
/* Sets state and note, and works out the mean score. */
gboolean lens_store_data_end_evaluation(LensStore *self, gint64 evaluation_id, const char *state,
                                        const char *note, GError **error);
/* Rows gone through without an answer; *images (of char *, may be NULL): the first `most` of their
 * images. Negative with `error`. */
gint64 lens_store_data_count_left_out(LensStore *self, gint64 evaluation_id, guint most,
                                      GPtrArray **images, GError **error);
/* Question ids that occur more than once; *first (owned, may be NULL): one of them. Negative with
 * `error`. */
gint64 lens_store_data_count_repeated(LensStore *self, gint64 set_id, char **first, GError **error);
/* Of LensStoreEvaluation, newest first. */
GPtrArray *lens_store_data_list_evaluations(LensStore *self, gint64 set_id, GError **error);

/* ---- looking ---- */
/* Of guint32: the numbers of the rows that pass, in order. `evaluation_id` 0: only the questions
 * are looked at. */
GArray *lens_store_data_find(LensStore *self, gint64 set_id, gint64 evaluation_id,
                             const LensDataFilter *filter, GError **error);
/* Of LensStoreDataRow (NULL where there is none): the rows with these numbers. */
GPtrArray *lens_store_data_read(LensStore *self, gint64 set_id, gint64 evaluation_id,
                                const guint32 *numbers, guint n, GError **error);

typedef enum {
  LENS_TALLY_ALL,
  LENS_TALLY_ANSWER_TYPE,
  LENS_TALLY_QUESTION_TYPE,
  LENS_TALLY_TRUTH,
  LENS_TALLY_ANSWER,    /* given ones; none without an evaluation */
  LENS_TALLY_CONFUSION, /* name: right answer, other: given one */
  LENS_TALLY_ORACLE,
  LENS_TALLY_SENTENCES, /* NLVR2: one tally; score: sentences with every pair right */
} LensTallyKind;

/* Of LensTally, the most frequent first, at most `most`. Without an evaluation (0) the rows
 * are counted; with one, its labelled answers. */
GPtrArray *lens_store_data_tally(LensStore *self, LensTallyKind kind, gint64 set_id,
                                 gint64 evaluation_id, guint most, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensStoreDataSet, lens_store_data_set_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensStoreDataRow, lens_store_data_row_free)

G_END_DECLS
