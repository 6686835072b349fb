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

G_END_DECLS
