/* The run that was held as A when the session was saved: asked again beside the one that is shown. */
#include "lens-explorer-private.h"

typedef struct {
  LensExplorer *explorer;
  LensSavedView *saved;
  LensModel *model;
  LensScene *scene; /* NULL: still being opened */
} Holding;

static void
holding_free(Holding *self)
{
  g_object_unref(self->explorer);
  lens_saved_view_free(self->saved);
  g_object_unref(self->model);
  g_clear_object(&self->scene);
  g_free(self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Holding, holding_free)

void
lens_explorer_stop_holding(LensExplorer *self)
{
  if (self->holding)
    g_cancellable_cancel(self->holding);
  g_clear_object(&self->holding);
}

/* Whether the result is still waited for; of one that failed the reason is told. */
static gboolean
goes_on(LensExplorer *self, GAsyncResult *result, GError *error)
{
  if (g_task_get_cancellable(G_TASK(result)) != self->holding)
    return FALSE;
  if (!error)
    return TRUE;
  lens_explorer_stop_holding(self);
  lens_explorer_fail(self, error);
  g_signal_emit_by_name(self, "pinned-run-changed"); /* there is nothing to compare with */
  return FALSE;
}

static void
on_held_asked(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(Holding) holding = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensRun) run = lens_workbench_ask_finish(LENS_WORKBENCH(source), result, &error);

  if (goes_on(holding->explorer, result, error))
    lens_explorer_pin_run(holding->explorer, run);
}

static void
ask_held(Holding *holding, LensScene *right)
{
  LensExplorer *self = holding->explorer;
  const LensSavedView *saved = holding->saved;

  lens_workbench_ask_pair_async(self->workbench, holding->scene, right, saved->question,
                                holding->model,
                                lens_edits_is_empty(saved->edits) ? NULL : saved->edits,
                                self->holding, on_held_asked, holding);
}

static void
on_held_opened(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(Holding) holding = data;
  LensExplorer *self = holding->explorer;
  const LensSavedView *saved = holding->saved;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensScene) scene
      = lens_workbench_open_image_finish(LENS_WORKBENCH(source), result, &error);

  if (!goes_on(self, result, error))
    return;
  if (holding->scene) {
    ask_held(g_steal_pointer(&holding), scene);
    return;
  }
  holding->scene = g_steal_pointer(&scene);
  if (saved->partner)
    lens_workbench_open_known_image_async(self->workbench, saved->partner, saved->partner_sha256,
                                          self->holding, NULL, NULL, on_held_opened,
                                          g_steal_pointer(&holding));
  else
    ask_held(g_steal_pointer(&holding), NULL);
}

void
lens_explorer_hold_saved(LensExplorer *self, const LensSavedView *saved)
{
  LensModel *model = lens_explorer_find_saved_model(self, saved);
  Holding *holding;

  lens_explorer_stop_holding(self);
  if (!model)
    return;
  self->holding = g_cancellable_new();
  holding = g_new0(Holding, 1);
  holding->explorer = g_object_ref(self);
  holding->saved = lens_saved_view_copy(saved);
  holding->model = g_object_ref(model);
  lens_workbench_open_known_image_async(self->workbench, saved->image, saved->sha256, self->holding,
                                        NULL, NULL, on_held_opened, holding);
}
