/* Small files that appear whole or not at all. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Writes beside and renames. The error names the file that was wanted and what to do about it.
 * `size` -1: up to the NUL. */
gboolean lens_write_file(const char *path, const char *data, gssize size, GError **error);

G_END_DECLS
