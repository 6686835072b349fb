#include "lens-train-folder.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <utime.h>

#include "lens-engine-error.h"
#include "lens-folder.h"
#include "lens-train-checkpoint.h"
#include "lx-json.h"
#include "lx-run-log.h"

#define PREFIX ".removed-"
#define KEEP_SECONDS (30 * 24 * 3600)
#define CARD_LIMIT (1 << 20)

static const char *const model_files[] = {"config.json", "model.safetensors", "vocab.txt",
                                          "answers.json", "crosslens.json"};

static char *hidden_path(const char *folder)
{
  g_autofree char *parent = g_path_get_dirname(folder);
  g_autofree char *name = g_path_get_basename(folder);
  return g_strdup_printf("%s/" PREFIX "%s", parent, name);
}

static gboolean move_one(const char *folder, gboolean away, GError **error)
{
  g_autofree char *hidden = hidden_path(folder);
  const char *from = away ? folder : hidden, *to = away ? hidden : folder;
  if (!g_file_test(from, G_FILE_TEST_EXISTS))
    return TRUE;
  if (g_rename(from, to) != 0) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_IO, _("%s cannot be moved to %s: %s."), from, to,
                g_strerror(errno));
    return FALSE;
  }
  if (away)
    utime(to, NULL); /* a month from now on */
  return TRUE;
}

gboolean lens_train_folder_move(const char *folder, gboolean away, GError **error)
{
  if (!folder)
    return TRUE;
  g_autofree char *best = lens_train_checkpoint_best_folder(folder);
  if (!move_one(folder, away, error))
    return FALSE;
  if (move_one(best, away, error))
    return TRUE;
  move_one(folder, !away, NULL);
  return FALSE;
}

void lens_train_folder_purge(const char *state_dir)
{
  g_autofree char *models = g_build_filename(state_dir, "models", NULL);
  g_autoptr(GDir) dir = g_dir_open(models, 0, NULL);
  gint64 now = g_get_real_time() / G_USEC_PER_SEC;
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(models, name, NULL);
    GStatBuf info;
    if (g_str_has_prefix(name, PREFIX) && g_stat(path, &info) == 0 &&
        now - info.st_mtime > KEEP_SECONDS)
      lens_delete_folder(path);
  }
}

/* ---- names ---- */

static gboolean rename_one(const char *folder, const char *name, GError **error)
{
  LxError engine = {0};
  json_t *card = NULL;
  g_autofree char *path = g_build_filename(folder, "crosslens.json", NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS))
    return TRUE;
  LxStatus status = lx_json_read(path, CARD_LIMIT, &card, &engine);
  if (status == LX_OK) {
    json_object_set_new(card, "name", json_string(name));
    status = lx_json_write(card, path, &engine);
  }
  json_decref(card);
  return status == LX_OK || lens_error_from_engine(error, &engine);
}

gboolean lens_train_folder_rename(const char *folder, const char *name, GError **error)
{
  g_autofree char *best = lens_train_checkpoint_best_folder(folder);
  g_autofree char *best_name = lens_train_checkpoint_best_name(name);
  LxError engine = {0};
  return rename_one(folder, name, error) && rename_one(best, best_name, error) &&
         (lx_run_rename(folder, name, &engine) == LX_OK || lens_error_from_engine(error, &engine));
}

/* ---- export ---- */

static gboolean copy_file(const char *from, const char *to, const char *name, GError **error)
{
  g_autofree char *source = g_build_filename(from, name, NULL);
  g_autofree char *target = g_build_filename(to, name, NULL);
  g_autoptr(GFile) source_file = g_file_new_for_path(source);
  g_autoptr(GFile) target_file = g_file_new_for_path(target);
  return !g_file_test(source, G_FILE_TEST_EXISTS) ||
         g_file_copy(source_file, target_file, G_FILE_COPY_NONE, NULL, NULL, NULL, error);
}

char *lens_train_folder_export(const char *model_folder, const char *into, const char *name,
                               GError **error)
{
  g_autofree char *path = g_build_filename(into, name, NULL);
  for (guint i = 2; g_file_test(path, G_FILE_TEST_EXISTS) && i < 1000; i++) {
    g_free(path);
    path = g_strdup_printf("%s/%s-%u", into, name, i);
  }
  if (g_mkdir(path, 0755) != 0) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_IO, _("The folder %s cannot be made: %s."), path,
                g_strerror(errno));
    return NULL;
  }
  for (gsize i = 0; i < G_N_ELEMENTS(model_files); i++)
    if (!copy_file(model_folder, path, model_files[i], error)) {
      lens_delete_folder(path); /* half a model helps nobody */
      return NULL;
    }
  return g_steal_pointer(&path);
}
