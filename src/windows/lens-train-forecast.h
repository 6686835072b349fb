/* How long a training will take and what it needs, found out by trying two steps whenever its settings have been
 * left alone for a moment. */
#pragma once

#include <gtk/gtk.h>

#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_TRAIN_FORECAST (lens_train_forecast_get_type())
G_DECLARE_FINAL_TYPE(LensTrainForecast, lens_train_forecast, LENS, TRAIN_FORECAST, GtkWidget)

/* The settings now, owned; NULL with a sentence in `problem`, owned, where they cannot be used. */
typedef LensTrainSettings *(*LensTrainAsk)(gpointer owner, char **problem);

/* `owner` lives as long as this. Signal "ready" when an estimate is shown, or why there is none. */
void lens_train_forecast_watch(LensTrainForecast *self, LensWorkbench *workbench, LensTrainAsk ask,
                               gpointer owner);
/* The settings have changed; nothing before it watches. */
void lens_train_forecast_refresh(LensTrainForecast *self);
const char *lens_train_forecast_get_text(LensTrainForecast *self);

G_END_DECLS
