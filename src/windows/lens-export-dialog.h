/* Asks what is to be saved, and how; then where. */
#pragma once

#include <adwaita.h>

#include "lens-take-away.h"

G_BEGIN_DECLS

#define LENS_TYPE_EXPORT_DIALOG (lens_export_dialog_get_type())
G_DECLARE_FINAL_TYPE(LensExportDialog, lens_export_dialog, LENS, EXPORT_DIALOG, AdwWindow)

/* Signals: "saved" (const char *name), "copied", "failed" (const char *message). */
LensExportDialog *lens_export_dialog_new(GtkWindow *parent, LensExplorePage *page,
                                         LensExplorer *explorer, LensTake take);
/* Saves what is chosen there, without asking where. */
gboolean lens_export_dialog_save(LensExportDialog *self, const char *path, GError **error);
/* As the file chooser does with the name that it was given: asks before a file is replaced that the
 * person did not name, and closes the dialog. */
void lens_export_dialog_save_named(LensExportDialog *self, const char *path);

G_END_DECLS
