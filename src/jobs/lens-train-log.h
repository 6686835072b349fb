/* What a training of the window notes in its folder, as the command line does: others can follow it, and
 * go on with it. */
#pragma once

#include "lens-train-run.h"
#include "lx-evaluate.h"
#include "lx-run-log.h"
#include "lx-train.h"

G_BEGIN_DECLS

/* From `step` on. NULL with `error` when another process trains there (LENS_ERROR_ARGUMENT) or it cannot
 * be written. */
LxRunLog *lens_train_log_open(const LensTrainRun *run, const LensTrainSettings *settings,
                              const char *base_hash, gint64 step, GError **error);
void lens_train_log_step(LxRunLog *self, const LxTrainReport *report, double seconds_left);
void lens_train_log_validation(LxRunLog *self, gint64 step, const LxEvaluation *result);

G_END_DECLS
