/* The ablation's table and plot. */
#pragma once

#include "science-ablation.h"

/* OUT/ablation.md, .csv and .svg from finished cells; rows without one are left out. */
LxStatus science_ablation_report(const char *folder, const ScienceSetting *setting,
                                 const ScienceCell *cells, int n, LxError *error);

/* Mean and sample deviation (0 of one) over the seeds of one cell; false when there is none. */
typedef struct {
  int n;
  double mean, deviation, least, most;
  double minutes, cpu_minutes;
  int64_t parameters;
} ScienceSpread;
bool science_spread(const ScienceCell *cells, int n, int row, int task, ScienceSpread *out);

/* The plot alone (SVG): one panel a task, a bar a row with its deviation, a mark at the paper's. */
LxStatus science_ablation_plot(const char *path, const ScienceCell *cells, int n, LxError *error);
