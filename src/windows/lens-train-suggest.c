#include "lens-train-suggest.h"

/* The shipped model with the task, or NULL. */
static LensModel *
find_shipped(LensWorkbench *workbench, const char *task)
{
  GListModel *models = lens_workbench_get_models(workbench);

  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(models, i);
    const LensModelInfo *info = lens_model_get_info(model);

    if (info->shipped && info->cross_layers > 0 && g_strcmp0(info->task, task) == 0)
      return model; /* the list keeps it */
  }
  return NULL;
}

/* The demo has a few hundred questions and statements: they teach a model that answers another kind of
 * questions already, while one that only was pre-trained needs many thousands and meanwhile gets worse. */
LensModel *
lens_train_suggest_base(LensWorkbench *workbench, LensTask task, LensModel *shown, gboolean demo)
{
  const char *other = task == LENS_TASK_GQA ? "vqa" : task == LENS_TASK_PRETRAIN ? NULL : "gqa";
  LensModel *found = NULL;

  if (shown && !lens_model_get_info(shown)->shipped)
    return shown;
  if (other && demo)
    found = find_shipped(workbench, other);
  if (!found)
    found = find_shipped(workbench, "pretrain");
  if (!found)
    found = shown ? shown : lens_workbench_get_default_model(workbench);
  return found;
}

static gboolean
is_taken(LensWorkbench *workbench, const char *name)
{
  GListModel *models = lens_workbench_get_models(workbench);
  GListModel *jobs = lens_workbench_get_jobs(workbench);
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(models, i);

    taken |= g_str_equal(lens_model_get_name(model), name);
  }
  for (guint i = 0; i < g_list_model_get_n_items(jobs); i++) {
    g_autoptr(LensJob) job = g_list_model_get_item(jobs, i);

    taken |= g_strcmp0(lens_job_get_title(job), name) == 0;
  }
  return taken;
}

char *
lens_train_suggest_name(LensWorkbench *workbench, LensModel *base, LensTask task)
{
  g_autofree char *name
      = g_strdup_printf("%s-%s", lens_model_get_name(base), lens_task_get_id(task));
  char *free_name = g_strdup(name);

  for (int i = 2; is_taken(workbench, free_name); i++) {
    g_free(free_name);
    free_name = g_strdup_printf("%s-%d", name, i);
  }
  return free_name;
}
