/* Taking imported models off the list, and undoing that. */
#include "lens-train-folder.h"
#include "lens-workbench-private.h"

/* A folder of ours is set aside as a removed training's is; another's stays where it is. */
static gboolean set_deleted(LensWorkbench *self, LensModel *model, gboolean deleted, GError **error)
{
  const char *path = lens_model_get_path(model);
  g_autofree char *ours = g_strconcat(self->state_dir, G_DIR_SEPARATOR_S, NULL);
  if (g_str_has_prefix(lens_model_get_id(model), "my:") && g_str_has_prefix(path, ours))
    return lens_train_folder_move(path, deleted, error);
  lens_workbench_set_deleted(self, LENS_STORE_KIND_MODEL, lens_model_get_id(model), deleted);
  return TRUE;
}

gboolean lens_workbench_can_remove_model(LensWorkbench *self, LensModel *model)
{
  GListModel *jobs = lens_workbench_get_jobs(self);
  for (guint i = 0; i < g_list_model_get_n_items(jobs); i++) {
    g_autoptr(LensTrainJob) job = g_list_model_get_item(jobs, i);
    LensModel *const made[] = {lens_train_job_get_model(job), lens_train_job_get_best_model(job)};
    for (gsize k = 0; k < G_N_ELEMENTS(made); k++)
      if (made[k] && g_str_equal(lens_model_get_id(made[k]), lens_model_get_id(model)))
        return FALSE;
  }
  return !lens_model_get_info(model)->shipped;
}

gboolean lens_workbench_remove_model(LensWorkbench *self, LensModel *model, GError **error)
{
  LensModel *listed = lens_workbench_find_model(self, lens_model_get_id(model));
  guint at;
  if (!set_deleted(self, model, TRUE, error))
    return FALSE;
  if (listed && g_list_store_find(self->models, listed, &at))
    g_list_store_remove(self->models, at);
  return TRUE;
}

gboolean lens_workbench_restore_model(LensWorkbench *self, LensModel *model, GError **error)
{
  if (!set_deleted(self, model, FALSE, error))
    return FALSE;
  lens_workbench_add_model(self, model);
  return TRUE;
}
