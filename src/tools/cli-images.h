/* Features of a folder's images when it has no file of them: the detector makes them now. */
#pragma once

#include "lx-features.h"

/* True when FOLDER/images is there. */
bool cli_images_exist(const char *folder);
/* Runs the shipped detector over FOLDER/images; nothing is left on the disk. *out: lx_features_free. */
LxStatus cli_images_features(const char *folder, LxFeatures **out, LxError *error);
