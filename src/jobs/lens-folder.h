/* Folders that jobs write to. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes the folder and those above it where they are not there yet. FALSE with LENS_ERROR_IO. */
gboolean lens_make_folder(const char *path, GError **error);

/* A folder of that name in `parent`, or the next that is free; not made. Owned. */
char *lens_free_folder(const char *parent, const char *name);

G_END_DECLS
