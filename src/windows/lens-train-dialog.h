/* Asks what a new fine-tuning job is to do, and starts it. */
#pragma once

#include <adwaita.h>

#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_TRAIN_DIALOG (lens_train_dialog_get_type())
G_DECLARE_FINAL_TYPE(LensTrainDialog, lens_train_dialog, LENS, TRAIN_DIALOG, AdwWindow)

/* Signals "started" (LensTrainJob) and "estimated". `base` is picked first; of a shipped one, or
 * NULL, the shipped pre-trained model. */
LensTrainDialog *lens_train_dialog_new(GtkWindow *parent, LensWorkbench *workbench,
                                       LensModel *base);

/* The settings as entered; NULL with *problem (a sentence, owned) when they cannot be used. */
LensTrainSettings *lens_train_dialog_get_settings(LensTrainDialog *self, char **problem);
/* What the Start button does. */
void lens_train_dialog_start(LensTrainDialog *self);
/* What is shown of time and memory (tests). */
const char *lens_train_dialog_get_estimate(LensTrainDialog *self);

G_END_DECLS
