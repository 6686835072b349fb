#include "lens-folder.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "lens-error.h"

gboolean lens_make_folder(const char *path, GError **error)
{
  if (g_mkdir_with_parents(path, 0755) == 0)
    return TRUE;
  g_set_error(error, LENS_ERROR, LENS_ERROR_IO, _("The folder %s cannot be made: %s."), path,
              g_strerror(errno));
  return FALSE;
}

char *lens_free_folder(const char *parent, const char *name)
{
  g_autofree char *clean = g_strdup(name);
  char *folder = NULL;
  for (char *p = clean; *p; p++)
    if (*p == G_DIR_SEPARATOR || (p == clean && *p == '.') || (guchar)*p < 32)
      *p = '-';
  for (int i = 1; !folder || g_file_test(folder, G_FILE_TEST_EXISTS); i++) {
    g_autofree char *numbered = i == 1 ? g_strdup(clean) : g_strdup_printf("%s-%d", clean, i);
    g_free(folder);
    folder = g_build_filename(parent, numbered, NULL);
  }
  return folder;
}

void lens_delete_folder(const char *path)
{
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *file = g_build_filename(path, name, NULL);
    g_unlink(file);
  }
  g_rmdir(path);
}

char *lens_part_folder(const char *folder)
{
  g_autofree char *parent = g_path_get_dirname(folder), *name = g_path_get_basename(folder);
  g_autofree char *hidden = g_strdup_printf(".%s.part", name);
  char *part = g_build_filename(parent, hidden, NULL);
  lens_delete_folder(part);
  return part;
}

gboolean lens_finish_folder(const char *part, const char *folder, gboolean ok, GError **error)
{
  if (ok && g_rename(part, folder) == 0)
    return TRUE;
  if (ok)
    g_set_error(error, LENS_ERROR, LENS_ERROR_IO, _("The folder %s cannot be made: %s."), folder,
                g_strerror(errno));
  lens_delete_folder(part);
  return FALSE;
}
