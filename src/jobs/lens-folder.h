/* Folders that jobs write to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes the folder and those above it where they are not there yet. FALSE with LENS_ERROR_IO. */
gboolean lens_make_folder(const char *path, GError **error);

G_END_DECLS
