/* The ablation's memory: one JSON line a finished training, so that a killed run goes on. */
#pragma once

#include "science-ablation.h"

typedef struct {
  char path[4200];
  const char *setting;
  ScienceCell *cell; /* [n] owned */
  int n;
} ScienceCells;

/* OUT/cells.jsonl. Without `resume` a file that is there is LX_ERR_ARGUMENT; with it, cells of the
 * same setting are read, a torn last line is left out. `setting` is borrowed. */
LxStatus science_cells_open(ScienceCells *self, const char *folder, const char *setting,
                            bool resume, LxError *error);
void science_cells_close(ScienceCells *self);
const ScienceCell *science_cells_find(const ScienceCells *self, int row, int task, uint64_t seed);
/* To the file first, then to the list. */
LxStatus science_cells_append(ScienceCells *self, const ScienceCell *cell, LxError *error);
