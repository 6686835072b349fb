/* A second image for statements about two, and what an answer rests on. */
#include "lens-compare.h"
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

static void
look_at(LensExplorer *self, int half, gboolean both)
{
  if (self->half == half && self->both == both)
    return;
  self->half = half;
  self->both = both;
  lens_explorer_stop_explaining(self); /* the other image */
  /* Boxes are the other image's; words stay what they are. */
  if (lens_selection_get_pinned(self->selection).kind != LENS_TARGET_WORD)
    lens_selection_set_pinned(self->selection, lens_target_none());
  lens_selection_set_hover(self->selection, lens_target_none());
  lens_explorer_notify_pair(self);
  lens_explorer_explain(self);
}

void
lens_explorer_set_half(LensExplorer *self, int half)
{
  look_at(self, CLAMP(half, 0, 1), FALSE);
}

gboolean
lens_explorer_get_both(LensExplorer *self)
{
  return self->both && self->run && lens_run_is_pair(self->run);
}

void
lens_explorer_set_both(LensExplorer *self, gboolean both)
{
  look_at(self, both ? 1 : self->half, !!both);
}

int
lens_explorer_get_first_box(LensExplorer *self, int image)
{
  if (!lens_explorer_get_both(self))
    return image == lens_explorer_get_half(self) ? 0 : -1;
  return image == 1
             ? 0
             : (int)lens_scene_get_n_regions(lens_run_get_scene(lens_run_get_half(self->run, 1)));
}

LensRun *
lens_explorer_get_shown_run(LensExplorer *self)
{
  return self->run ? lens_run_get_half(self->run, lens_explorer_get_half(self)) : NULL;
}

LensRun *
lens_explorer_get_image_run(LensExplorer *self, int image)
{
  if (image == lens_explorer_get_half(self))
    return lens_explorer_get_shown_run(self);
  if (!lens_explorer_get_both(self))
    return NULL;
  if (!self->first_half || lens_run_get_source(self->first_half) != self->run) {
    g_clear_object(&self->first_half);
    self->first_half = lens_compare_halves(self->run, lens_run_get_half(self->run, 1));
  }
  return self->first_half;
}

void
lens_explorer_set_partner(LensExplorer *self, LensScene *scene)
{
  gboolean another = self->partner != NULL;

  if (!g_set_object(&self->partner, scene))
    return;
  self->n_found[1] = scene ? lens_scene_get_n_regions(scene) : 0;
  if (another)
    lens_explorer_forget_second_boxes(self);
  else
    lens_explorer_mirror_removed(self);
  lens_explorer_notify_pair(self);
  if (lens_explorer_wants_partner(self))
    lens_explorer_forget_answer(self);
  else if (lens_explorer_takes_pair(self) && !self->opening) /* that asks when it is done */
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
lens_explorer_open_known_partner(LensExplorer *self, const char *path, const char *sha256)
{
  g_return_if_fail(path);
  if (!self->workbench)
    return;
  if (self->opening_partner)
    g_cancellable_cancel(self->opening_partner);
  g_clear_object(&self->opening_partner);
  self->opening_partner = g_cancellable_new();
  lens_workbench_open_known_image_async(self->workbench, path, sha256, self->opening_partner, NULL,
                                        NULL, on_partner_opened, g_object_ref(self));
}

void
lens_explorer_open_partner(LensExplorer *self, const char *path)
{
  lens_explorer_open_known_partner(self, path, NULL);
}

void
lens_explorer_open_pair(LensExplorer *self, const char *first, const char *second, LensModel *model,
                        const char *statement)
{
  gboolean there = self->partner && !self->opening_partner
                   && g_strcmp0(lens_scene_get_path(self->partner), second) == 0;

  if (!there)
    lens_explorer_set_partner(self, NULL);
  if (model)
    lens_explorer_set_model(self, model);
  lens_explorer_open(self, first, statement);
  if (!there)
    lens_explorer_open_partner(self, second);
}

/* ---- what an answer rests on, worked out when it is first looked at ---- */

static LensExplain
method_of(LensSelection *selection)
{
  return lens_selection_get_reading(selection) == LENS_READING_RELEVANCY ? LENS_EXPLAIN_RELEVANCY
                                                                         : LENS_EXPLAIN_GRADIENT;
}

typedef struct {
  LensExplorer *explorer;
  int slot;
  LensRun *run; /* the half that is explained */
} Explained;

static void
on_explained(GObject *source, GAsyncResult *result, gpointer data)
{
  Explained *explained = data;
  g_autoptr(LensExplorer) self = explained->explorer;
  g_autoptr(LensRun) run = explained->run;
  LensExplaining *slot = &self->explaining[explained->slot];
  g_autoptr(GError) error = NULL;
  LensRelevancy *relevancy = lens_workbench_explain_finish(LENS_WORKBENCH(source), result, &error);

  g_free(explained);
  if (g_task_get_cancellable(G_TASK(result)) != slot->cancellable) {
    lens_relevancy_free(relevancy);
    return;
  }
  g_clear_object(&slot->cancellable);
  if (!relevancy) {
    lens_explorer_fail(self, error);
    return;
  }
  lens_run_take_relevancy(run, relevancy);
  lens_selection_refresh(self->selection);
}

static void
stop(LensExplaining *slot)
{
  if (slot->cancellable)
    g_cancellable_cancel(slot->cancellable);
  g_clear_object(&slot->cancellable);
}

void
lens_explorer_stop_explaining(LensExplorer *self)
{
  for (int i = 0; i < LENS_N_EXPLAINED; i++)
    stop(&self->explaining[i]);
}

/* `whole` is explained for one of its images; the answer is a row of its table. */
static void
explain(LensExplorer *self, int index, LensRun *whole, int half, int answer)
{
  LensExplaining *slot = &self->explaining[index];
  LensRun *run = lens_run_get_half(whole, half);
  const LensRelevancy *known = lens_run_get_relevancy(run);
  LensExplain method = method_of(self->selection);
  Explained *explained;

  if ((known && known->asked == answer && known->method == method)
      || (slot->cancellable && slot->run == run && slot->answer == answer
          && slot->method == method))
    return;
  stop(slot);
  slot->cancellable = g_cancellable_new();
  slot->run = run;
  slot->answer = answer;
  slot->method = method;
  explained = g_new(Explained, 1);
  *explained = (Explained){ g_object_ref(self), index, g_object_ref(run) };
  lens_workbench_explain_async(self->workbench, whole, half, answer, method, slot->cancellable,
                               on_explained, explained);
}

/* A model without answers, a BERT, has none to explain. */
static gboolean
has_answers(LensRun *run)
{
  return run && g_list_model_get_n_items(lens_run_get_answers(run)) > 0;
}

void
lens_explorer_explain(LensExplorer *self)
{
  int answer = lens_selection_get_answer(self->selection);
  LensRun *held = self->pinned_run;

  if (!self->workbench || !lens_selection_explains(self->selection))
    return;
  if (has_answers(self->run))
    explain(self, LENS_EXPLAIN_SHOWN, self->run, lens_explorer_get_half(self), answer);
  if (has_answers(self->run) && lens_explorer_get_both(self))
    explain(self, LENS_EXPLAIN_OTHER_HALF, self->run, 0, answer);
  if (!has_answers(held) || held == self->run)
    return;
  /* Another model's table has other rows. */
  if (!self->run
      || g_strcmp0(lens_model_get_id(lens_run_get_model(held)),
                   lens_model_get_id(lens_run_get_model(self->run)))
             != 0)
    answer = -1;
  explain(self, LENS_EXPLAIN_HELD, held, lens_run_is_pair(held) ? self->half : 0, answer);
}
