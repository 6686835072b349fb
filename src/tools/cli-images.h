/* Features of the pictures that questions are about, when their folder has no file of them: a
 * detector makes them now. */
#pragma once

#include "lx-dataset.h"

/* True when `folder` or a folder in it, three deep, holds pictures. */
bool cli_images_exist(const char *folder);
/* Runs the detector (its folder; NULL: the shipped one) over the pictures named in the `n` lists of questions (lx_dataset_open). A name is
 * looked for in `folder` and below and beside the list, with and without an ending; one that is not
 * there or cannot be read is told on standard error and has no features. Nothing is left on the disk.
 * *out: lx_features_free. */
LxStatus cli_images_features(const char *folder, LxDataKind kind, const char *const *lists, int n,
                             const char *detector, LxFeatures **out, LxError *error);
