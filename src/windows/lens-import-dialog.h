/* What is in a model's files, by name, before it is taken into the list of models. */
#pragma once

#include <adwaita.h>

#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_IMPORT_DIALOG (lens_import_dialog_get_type())
G_DECLARE_FINAL_TYPE(LensImportDialog, lens_import_dialog, LENS, IMPORT_DIALOG, AdwWindow)

/* Begins to read `path`. Signal "imported" (LensModel *model), of a detector
 * "detector-added" (const char *name). */
LensImportDialog *lens_import_dialog_new(GtkWindow *parent, LensWorkbench *workbench,
                                         const char *path);

/* NULL while it is read, or when it cannot be. Borrowed. */
const LensImport *lens_import_dialog_get_import(LensImportDialog *self);
/* What went wrong, or NULL. */
const char *lens_import_dialog_get_error(LensImportDialog *self);
void lens_import_dialog_set_vocabulary(LensImportDialog *self, const char *path);
/* Does what the button does. */
void lens_import_dialog_import(LensImportDialog *self);

G_END_DECLS
