/* The authors' question files as examples: VQA, GQA, NLVR2 and pre-training JSON. Formats:
 * airsplay/lxmert src/tasks/{vqa,gqa,nlvr2}_data.py and src/pretrain/lxmert_data.py. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lx-answers.h"
#include "lx-features.h"

typedef enum {
  LX_DATA_VQA,
  LX_DATA_GQA,
  LX_DATA_NLVR2,
  LX_DATA_PRETRAIN,
} LxDataKind;

typedef struct {
  int64_t label;
  float score; /* 0..1 */
} LxTarget;

/* Everything is borrowed from the dataset; texts are never NULL. */
typedef struct {
  const char *sentence;
  const char *image_id[2];   /* the second only in NLVR2, else "" */
  const char *id;            /* question_id, uid, or IMAGE_SOURCE_NNN in pre-training */
  const char *identifier;    /* NLVR2's, else "" */
  const char *answer_type;   /* "yes/no", "number", "other"; or "" */
  bool binary;               /* GQA's kind of question: lx_gqa_is_binary, else open */
  const char *question_type; /* or, in pre-training, the source: "mscoco", "vg", "vqa", … */
  bool labelled;             /* the file gives an answer, even if no target is left of it */
  int64_t label;             /* NLVR2: 0 or 1; -1 without one */
  const LxTarget *targets;   /* [n_targets], labels of the answer table */
  int64_t n_targets;
} LxExample;

/* What reading the files met. */
typedef struct {
  int64_t entries;         /* in the JSON files */
  int64_t examples;        /* kept */
  int64_t without_image;   /* dropped: their image is in no feature file */
  int64_t answers_unknown; /* targets dropped: not in the answer table */
} LxDataCounts;

typedef struct LxDataset LxDataset;

/* Reads `n` files of one kind: the authors' JSON lists or, of VQA's kind, questions in a .csv
 * (lx-csv.h). `answers` maps answers to labels (NULL: no targets; NLVR2 needs
 * none); `features`, when not NULL, drops examples without their images, as the authors do. Both
 * are used during the call only. `progress` may be NULL. Errors name the file and the entry. *out
 * is owned: lx_dataset_free. */
LxStatus lx_dataset_open(LxDataKind kind, const char *const *paths, int n, const LxAnswers *answers,
                         const LxFeatures *features, LxProgress progress, void *user_data,
                         LxDataset **out, LxError *error);
void lx_dataset_free(LxDataset *self); /* NULL is fine */

LxDataKind lx_dataset_kind(const LxDataset *self);
int64_t lx_dataset_count(const LxDataset *self);
/* 0 <= index < count; fills *out. */
void lx_dataset_get(const LxDataset *self, int64_t index, LxExample *out);
LxDataCounts lx_dataset_counts(const LxDataset *self);

/* A label drawn in proportion to the scores, `u` uniform in [0, 1); -1 without targets. */
int64_t lx_example_draw(const LxExample *self, double u);
/* The score of predicting `label`: its target's, else 0. */
float lx_example_score(const LxExample *self, int64_t label);
/* The target that counts most, the first of equal ones; borrowed, NULL without targets. */
const LxTarget *lx_example_best(const LxExample *self);

/* Predictions as the leaderboards want them: VQA and GQA JSON for EvalAI, NLVR2's CSV. labels[i]
 * belongs to example i; for VQA and GQA `answers` gives its text. Replaces `path` in one step. */
LxStatus lx_dataset_write_predictions(const LxDataset *self, const int64_t *labels,
                                      const LxAnswers *answers, const char *path, LxError *error);
