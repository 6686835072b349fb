/* Which detector sees for which model, where several give such features. */
#pragma once

#include <adwaita.h>

#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_DETECTORS_DIALOG (lens_detectors_dialog_get_type())
G_DECLARE_FINAL_TYPE(LensDetectorsDialog, lens_detectors_dialog, LENS, DETECTORS_DIALOG, AdwWindow)

/* Signals "chosen" (LensModel *): it has another detector from now on; "failed" (const char *message). */
LensDetectorsDialog *lens_detectors_dialog_new(GtkWindow *parent, LensWorkbench *workbench);

G_END_DECLS
