/* Perturbation curves as Markdown, CSV, JSON and a plot. */
#pragma once

#include "science-perturb.h"
#include "science-report.h"

void science_perturb_markdown(const SciencePerturbation *self, const ScienceOrigin *origin,
                              FILE *out);
/* One line a point and one a curve's area: removed,direction,order,measure,share,value,low,high. */
void science_perturb_csv(const SciencePerturbation *self, FILE *out);
/* Owned; NULL when out of memory. */
json_t *science_perturb_json(const SciencePerturbation *self, const ScienceOrigin *origin);
/* Writes an SVG, PDF or PNG, by the name's ending: accuracy (without answers: probability) over the
 * share removed, one panel for boxes and words, most and least relevant first. */
LxStatus science_perturb_plot(const SciencePerturbation *self, const char *path, LxError *error);
