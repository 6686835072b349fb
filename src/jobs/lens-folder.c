#include "lens-folder.h"

#include <errno.h>
#include <glib/gi18n.h>

#include "lens-error.h"

gboolean lens_make_folder(const char *path, GError **error)
{
  if (g_mkdir_with_parents(path, 0755) == 0)
    return TRUE;
  g_set_error(error, LENS_ERROR, LENS_ERROR_IO, _("The folder %s cannot be made: %s."), path,
              g_strerror(errno));
  return FALSE;
}
