/* Which findings hold, judged from the numbers by rules that are written beside each. */
#pragma once

#include "science-findings.h"

/* Fills self->claims from self->numbers. */
void science_claims_judge(ScienceFindings *self);
