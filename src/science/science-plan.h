/* Which numbers a model's maps give: one row of the findings for every measure, map and head. */
#pragma once

#include "lx-config.h"
#include "science-findings.h"

typedef enum {
  SCIENCE_WORDS, /* words on words */
  SCIENCE_BOXES, /* boxes on boxes */
  SCIENCE_WORDS_TO_BOXES,
  SCIENCE_BOXES_TO_WORDS,
  SCIENCE_EXPLAINED, /* relevancy: words on boxes, no heads */
  SCIENCE_N_KINDS,
} ScienceKind;

typedef struct {
  ScienceMeasure measure;
  const char *group; /* of ScienceNumber */
} ScienceSlot;

/* What is measured on every head of a map of this kind, in the order of its rows; *n of them. */
const ScienceSlot *science_slots(ScienceKind kind, int *n);

typedef struct {
  char name[24];
  ScienceKind kind;
  bool bert;
  int heads; /* rows come for each head, then for their mean */
  int first; /* row of the first slot of head 0 */
} ScienceMap;

typedef struct {
  ScienceMap *maps;
  int n_maps;
  ScienceNumber *numbers; /* values not filled in */
  int n_numbers;
} SciencePlan;

/* `bert` may be NULL. *out: science_plan_clear. */
LxStatus science_plan_make(const LxConfig *model, bool explain, const LxConfig *bert,
                           SciencePlan *out, LxError *error);
void science_plan_clear(SciencePlan *self); /* zeroed is fine */
