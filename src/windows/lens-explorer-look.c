/* A second image for statements about two, and what an answer rests on. */
#include "lens-explorer-private.h"

/* ---- pairs ---- */

gboolean
lens_explorer_takes_pair(LensExplorer *self)
{
  return self->model && g_strcmp0(lens_model_get_info(self->model)->task, "nlvr2") == 0;
}

gboolean
lens_explorer_wants_partner(LensExplorer *self)
{
  return lens_explorer_takes_pair(self) && !self->partner;
}

LensScene *
lens_explorer_pair_scene(LensExplorer *self)
{
  return lens_explorer_takes_pair(self) ? self->partner : NULL;
}

LensScene *
lens_explorer_get_partner(LensExplorer *self)
{
  return self->partner;
}

int
lens_explorer_get_half(LensExplorer *self)
{
  return self->run && lens_run_is_pair(self->run) ? self->half : 0;
}

void
lens_explorer_set_half(LensExplorer *self, int half)
{
  half = CLAMP(half, 0, 1);
  if (self->half == half)
    return;
  self->half = half;
  if (self->explaining) /* the other image */
    g_cancellable_cancel(self->explaining);
  g_clear_object(&self->explaining);
  /* Boxes are the other image's; words stay what they are. */
  if (lens_selection_get_pinned(self->selection).kind != LENS_TARGET_WORD)
    lens_selection_set_pinned(self->selection, lens_target_none());
  lens_selection_set_hover(self->selection, lens_target_none());
  lens_explorer_notify_pair(self);
  lens_explorer_explain(self);
}

LensRun *
lens_explorer_get_shown_run(LensExplorer *self)
{
  return self->run ? lens_run_get_half(self->run, lens_explorer_get_half(self)) : NULL;
}

void
lens_explorer_set_partner(LensExplorer *self, LensScene *scene)
{
  if (!g_set_object(&self->partner, scene))
    return;
  lens_explorer_notify_pair(self);
  if (lens_explorer_takes_pair(self) && scene)
    lens_explorer_ask_now(self);
}

static void
on_partner_opened(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensExplorer) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensScene) scene
      = lens_workbench_open_image_finish(LENS_WORKBENCH(source), result, &error);

  if (g_task_get_cancellable(G_TASK(result)) != self->opening_partner)
    return;
  g_clear_object(&self->opening_partner);
  if (scene)
    lens_explorer_set_partner(self, scene);
  else
    lens_explorer_fail(self, error);
}

void
lens_explorer_open_partner(LensExplorer *self, const char *path)
{
  g_return_if_fail(path);
  if (!self->workbench)
    return;
  if (self->opening_partner)
    g_cancellable_cancel(self->opening_partner);
  g_clear_object(&self->opening_partner);
  self->opening_partner = g_cancellable_new();
  lens_workbench_open_image_async(self->workbench, path, self->opening_partner, NULL, NULL,
                                  on_partner_opened, g_object_ref(self));
}

/* ---- what an answer rests on, worked out when it is first looked at ---- */

static LensExplain
method_of(LensSelection *selection)
{
  return lens_selection_get_reading(selection) == LENS_READING_GRADIENT ? LENS_EXPLAIN_GRADIENT
                                                                       : LENS_EXPLAIN_RELEVANCY;
}

static void
on_explained(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensExplorer) self = data;
  g_autoptr(GError) error = NULL;
  LensRelevancy *relevancy
      = lens_workbench_explain_finish(LENS_WORKBENCH(source), result, &error);

  if (g_task_get_cancellable(G_TASK(result)) != self->explaining) {
    lens_relevancy_free(relevancy);
    return;
  }
  g_clear_object(&self->explaining);
  if (!relevancy) {
    lens_explorer_fail(self, error);
    return;
  }
  lens_run_take_relevancy(lens_explorer_get_shown_run(self), relevancy);
  lens_selection_refresh(self->selection);
}

void
lens_explorer_explain(LensExplorer *self)
{
  LensRun *run = lens_explorer_get_shown_run(self);
  const LensRelevancy *known = run ? lens_run_get_relevancy(run) : NULL;
  int answer = lens_selection_get_answer(self->selection);
  LensExplain method = method_of(self->selection);

  if (!self->workbench || !run || !lens_selection_explains(self->selection)
      || (known && known->asked == answer && known->method == method)
      || (self->explaining && self->explaining_answer == answer
          && self->explaining_method == method))
    return;
  if (self->explaining)
    g_cancellable_cancel(self->explaining);
  g_clear_object(&self->explaining);
  self->explaining = g_cancellable_new();
  self->explaining_answer = answer;
  self->explaining_method = method;
  lens_workbench_explain_async(self->workbench, self->run, lens_explorer_get_half(self), answer,
                               method, self->explaining, on_explained, g_object_ref(self));
}
