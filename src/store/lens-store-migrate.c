#include "lens-store-db.h"

#include <glib/gi18n.h>
#include "lens-store-resources.h"

#define MIGRATIONS "/org/crosslens/store/migrations"

static int compare_names(gconstpointer a, gconstpointer b, gpointer unused)
{
  return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

/* Names of the embedded scripts, "001-library.sql" …, in order. */
static char **list_scripts(GError **error)
{
  GResource *resource = lens_store_resources_get_resource();
  char **names = g_resource_enumerate_children(resource, MIGRATIONS, 0, error);
  if (names)
    g_qsort_with_data(names, (int)g_strv_length(names), sizeof *names, compare_names, NULL);
  return names;
}

int lens_store_db_newest_version(void)
{
  g_auto(GStrv) names = list_scripts(NULL);
  return names ? (int)g_strv_length(names) : 0;
}

static gboolean apply(LensStoreDb *self, const char *name, int version, GError **error)
{
  g_autofree char *path = g_strconcat(MIGRATIONS "/", name, NULL);
  g_autofree char *pragma = g_strdup_printf("PRAGMA user_version = %d", version);
  g_autoptr(GBytes) sql =
      g_resource_lookup_data(lens_store_resources_get_resource(), path, 0, error);
  if (!sql || !lens_store_db_begin(self, error))
    return FALSE;

  /* Another process may have migrated while this one waited for the lock. */
  gint64 now = 0;
  gboolean ok = lens_store_db_get_int(self, &now, error, "PRAGMA user_version", "");
  if (ok && now < version) /* resources end with a NUL that their size does not count */
    ok = lens_store_db_script(self, g_bytes_get_data(sql, NULL), error) &&
         lens_store_db_script(self, pragma, error);
  return lens_store_db_end(self, ok, error);
}

gboolean lens_store_db_migrate(LensStoreDb *self, GError **error)
{
  gint64 version = 0;
  g_auto(GStrv) names = list_scripts(error);
  if (!names || !lens_store_db_get_int(self, &version, error, "PRAGMA user_version", ""))
    return FALSE;

  int newest = (int)g_strv_length(names);
  if (version > newest) {
    g_set_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_NEWER,
                _("The library %s was written by a newer Crosslens (layout %d, this one knows %d). "
                  "Install the newer version, or move the file away to begin a new library."),
                self->path, (int)version, newest);
    return FALSE;
  }
  for (int i = (int)version; i < newest; i++)
    if (!apply(self, names[i], i + 1, error))
      return FALSE;
  return TRUE;
}
