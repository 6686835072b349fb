/* Scores as the authors report them: in all, by kind of question, NLVR2's consistency, the oracle. */
#pragma once

#include "lx-batch.h"
#include "lx-dataset.h"

typedef struct {
  char *name; /* owned */
  int64_t examples;
  double score; /* summed */
} CliGroup;

typedef struct {
  CliGroup *group;
  int n;
} CliGroups;

typedef struct {
  LxTask task;
  CliGroups kinds; /* GQA: "binary", "open" */
  CliGroups answer_types, question_types;
  int64_t answered;              /* with a known answer */
  double sum;                    /* of their scores */
  double oracle;                 /* the best that the answer table allows, summed */
  int64_t sentences, consistent; /* NLVR2 */
  int64_t left_out;              /* without features of their image */
  double low, high;              /* 95% interval of the accuracy; NAN where there are no labels */
} CliScore;

/* Scores labels[lx_dataset_count]; the interval is that of examples drawn with replacement, by
 * `seed`. *out needs cli_score_clear, also after an error. */
LxStatus cli_score(LxTask task, const LxDataset *dataset, const int64_t *labels, int64_t seed,
                   CliScore *out, LxError *error);
void cli_score_clear(CliScore *self); /* zeroed is fine */
