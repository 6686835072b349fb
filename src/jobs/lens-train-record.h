/* Training settings as the JSON that the store keeps. */
#pragma once

#include <glib.h>

#include "lens-train-settings.h"

G_BEGIN_DECLS

char *lens_train_settings_to_json(const LensTrainSettings *settings); /* owned */
/* Absent or unusable fields keep the task's defaults; NULL when it is no JSON object. */
LensTrainSettings *lens_train_settings_from_json(const char *json);
/* FALSE with LENS_ERROR_ARGUMENT saying which value cannot work and what would. */
gboolean lens_train_settings_check(const LensTrainSettings *settings, GError **error);

G_END_DECLS
