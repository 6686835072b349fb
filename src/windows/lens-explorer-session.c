/* What is looked at, saved and opened again. */
#include <glib/gi18n.h>

#include "lens-explorer-private.h"

LensSavedView *
lens_explorer_save(LensExplorer *self, const char *view)
{
  LensSavedView *saved = lens_saved_view_new(self->run, self->selection, view);

  /* As it was asked first; another wording is one of the edits. */
  g_free(saved->question);
  saved->question = g_strdup(self->question);
  if (lens_explorer_pair_scene(self)) {
    saved->partner = g_strdup(lens_scene_get_path(lens_explorer_pair_scene(self)));
    saved->partner_sha256 = g_strdup(lens_scene_get_sha256(lens_explorer_pair_scene(self)));
    saved->half = lens_explorer_get_both(self) ? 2 : lens_explorer_get_half(self);
  }
  if (self->pinned_run)
    lens_saved_view_hold(saved, self->pinned_run);
  return saved;
}

/* The same weights may be here under another name. */
static LensModel *
find_by_hash(LensExplorer *self, const char *hash)
{
  GListModel *models = lens_workbench_get_models(self->workbench);

  for (guint i = 0; hash && i < g_list_model_get_n_items(models); i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(models, i);

    if (g_strcmp0(lens_model_get_info(model)->hash, hash) == 0)
      return model; /* the list keeps it */
  }
  return NULL;
}

static LensModel *
find_model(LensExplorer *self, const LensSavedView *saved)
{
  LensModel *named = lens_workbench_find_model(self->workbench, saved->model);
  LensModel *same;
  g_autofree char *text = NULL;

  if (named
      && (!saved->model_hash
          || g_strcmp0(lens_model_get_info(named)->hash, saved->model_hash) == 0))
    return named;
  same = find_by_hash(self, saved->model_hash);
  if (same)
    return same;
  if (named) {
    text = g_strdup_printf(_("“%s” has other weights here than where the session was saved: "
                             "answers and attention may differ."),
                           lens_model_get_name(named));
    lens_explorer_tell(self, text);
  }
  return named;
}

LensModel *
lens_explorer_find_saved_model(LensExplorer *self, const LensSavedView *saved)
{
  LensModel *model = find_model(self, saved);
  g_autofree char *text = NULL;

  if (model)
    return model;
  text = g_strdup_printf(
      _("The session was saved with the model “%s”, which is not here. Import it first."),
      saved->model);
  g_signal_emit_by_name(self, "failed", text);
  return NULL;
}

void
lens_explorer_restore(LensExplorer *self, const LensSavedView *saved)
{
  LensModel *model
      = self->workbench && saved->model ? lens_explorer_find_saved_model(self, saved) : NULL;

  if (!self->workbench || (saved->model && !model))
    return;
  lens_explorer_pin_run(self, NULL);        /* what was saved has its own, or none */
  g_clear_pointer(&self->question, g_free); /* not the old question of the other model */
  if (saved->partner)
    lens_explorer_set_partner(self, NULL); /* nothing is asked about another pair meanwhile */
  if (model)
    lens_explorer_set_model(self, model);
  if (saved->partner)
    lens_explorer_open_known_partner(self, saved->partner, saved->partner_sha256);
  lens_saved_view_free(self->restoring);
  self->restoring = lens_saved_view_copy(saved);
  lens_explorer_open_with(self, saved->image, saved->sha256, saved->question, saved->edits);
}

void
lens_explorer_finish_restoring(LensExplorer *self)
{
  g_autoptr(LensSavedView) saved = NULL;

  if (g_strcmp0(self->restoring->question, self->question) != 0)
    return;
  saved = g_steal_pointer(&self->restoring);
  lens_saved_view_apply(saved, self->selection);
  lens_selection_set_answer(self->selection, saved->answer);
  if (saved->partner && saved->half == 2)
    lens_explorer_set_both(self, TRUE);
  else if (saved->partner)
    lens_explorer_set_half(self, saved->half);
  lens_selection_set_pinned(self->selection, saved->pinned); /* boxes are that image's */
  if (saved->held)
    lens_explorer_hold_saved(self, saved->held);
}
