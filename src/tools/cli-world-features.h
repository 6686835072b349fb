/* Object features of the demo world's scenes, drawn and looked at without a file in between. */
#pragma once

#include "lx-error.h"
#include "world-write.h"

/* Writes DIR/features/world_SPLIT_obj36.tsv for every split of a written world, with the detector of
 * `folder`. Files that are there are continued. */
LxStatus cli_world_features(const WorldWriteOptions *world, const char *folder, LxProgress progress,
                            void *user_data, LxError *error);
