/* LxRegions as bytes for the store: a header with counts, then the arrays, little-endian. */
#pragma once

#include <glib.h>

#include "lx-regions.h"

G_BEGIN_DECLS

GBytes *lens_regions_to_bytes(const LxRegions *regions);
/* NULL when the bytes are not what lens_regions_to_bytes makes (another version, cut off): detect
 * again. */
LxRegions *lens_regions_from_bytes(GBytes *bytes);

G_END_DECLS
