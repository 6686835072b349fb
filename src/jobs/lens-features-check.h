/* What came in, as numbers that show wrong features. */
#pragma once

#include "lens-sanity.h"
#include "lx-regions.h"

G_BEGIN_DECLS

/* Of the regions themselves, so that stored ones give the same. Their names, and what the detector is
 * to find, are left for the caller: nothing is expected, no name is missing. */
void lens_features_check(const LxRegions *regions, LensSanity *out);
/* What is expected of features of this size that no detector of ours made: the counts of the one that
 * would make them here, else those of the published files. */
void lens_features_expect(const char *data_dir, const char *state_dir, LensSanity *out);

G_END_DECLS
