#include "lens-library-open.h"

#include <glib/gi18n.h>

/* Of the model that answered: what it said is under the question. */
static void
tell_model(LensExplorer *explorer, LensModel *model)
{
  g_autofree char *text = g_strdup_printf(
      _("%s answered this question, and does again. Back to the model before: Ctrl+B"),
      lens_model_get_name(model));

  if (model != lens_explorer_get_model(explorer))
    g_signal_emit_by_name(explorer, "told", text);
}

/* Another one for statements about two images, where the one that judged is gone; borrowed. */
static LensModel *
find_judge(LensExplorer *explorer)
{
  GListModel *models = lens_workbench_get_models(lens_explorer_get_workbench(explorer));

  if (lens_explorer_takes_pair(explorer))
    return NULL;
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(models, i);

    if (g_strcmp0(lens_model_get_info(model)->task, "nlvr2") == 0)
      return model; /* the list keeps it */
  }
  return NULL;
}

void
lens_library_open_question(LensExplorer *explorer, const char *path, LensQuestion *question)
{
  LensWorkbench *workbench = lens_explorer_get_workbench(explorer);
  const char *second = lens_question_get_second_path(question);
  const char *id = lens_question_get_model_id(question);
  LensModel *model = id ? lens_workbench_find_model(workbench, id) : NULL;

  if (model)
    tell_model(explorer, model);
  if (second) {
    lens_explorer_open_pair(explorer, path, second, model ? model : find_judge(explorer),
                            lens_question_get_text(question));
    return;
  }
  if (model)
    lens_explorer_set_model(explorer, model);
  lens_explorer_open(explorer, path, lens_question_get_text(question));
}
