/* Which findings hold, judged from the numbers by rules that are written beside each. */
#pragma once

#include "science-findings.h"

/* Fills self->claims from self->numbers. */
void science_claims_judge(ScienceFindings *self);
/* The same with the evidence in another language: `to` gives a format with the same arguments for each of
 * the English ones. */
void science_claims_judge_in(ScienceFindings *self, const char *(*to)(const char *format));
