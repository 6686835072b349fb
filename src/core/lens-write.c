#include "lens-write.h"

#include <glib/gi18n.h>

/* GLib's own message names the temporary file. */
static char *
explain(const char *path, const GError *problem)
{
  if (g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOSPC))
    return g_strdup_printf(_("Cannot write %s: the disk is full."), path);
  if (g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_ROFS)
      || g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_ACCES)
      || g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_PERM))
    return g_strdup_printf(
        _("Cannot write %s: nothing may be written there. Choose another folder."), path);
  if (g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOENT)
      || g_error_matches(problem, G_FILE_ERROR, G_FILE_ERROR_NOTDIR))
    return g_strdup_printf(_("Cannot write %s: there is no such folder."), path);
  return g_strdup_printf(_("Cannot write %s: %s."), path, problem->message);
}

gboolean
lens_write_file(const char *path, const char *data, gssize size, GError **error)
{
  g_autoptr(GError) problem = NULL;
  g_autofree char *text = NULL;

  if (g_file_set_contents(path, data, size, &problem))
    return TRUE;
  text = explain(path, problem);
  g_set_error_literal(error, problem->domain, problem->code, text);
  return FALSE;
}
