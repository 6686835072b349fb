#include "lens-explorer-private.h"

#include <glib/gi18n.h>

enum {
  PROP_0,
  PROP_BUSY,
  PROP_STATUS,
  PROP_MODEL,
  PROP_CAN_UNDO,
  PROP_CAN_REDO,
  PROP_HALF,
  N_PROPS
};
static GParamSpec *props[N_PROPS];
enum {
  SCENE_CHANGED,
  RUN_CHANGED,
  EDITS_CHANGED,
  PINNED_RUN_CHANGED,
  PARTNER_CHANGED,
  ASKED,
  FAILED,
  TOLD,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensExplorer, lens_explorer, G_TYPE_OBJECT)

LensExplorer *
lens_explorer_new(LensWorkbench *workbench)
{
  LensExplorer *self = g_object_new(LENS_TYPE_EXPLORER, NULL);

  if (workbench) {
    self->workbench = g_object_ref(workbench);
    g_set_object(&self->model, lens_workbench_get_default_model(workbench));
  }
  return self;
}

LensWorkbench *
lens_explorer_get_workbench(LensExplorer *self)
{
  return self->workbench;
}

LensSelection *
lens_explorer_get_selection(LensExplorer *self)
{
  return self->selection;
}

LensScene *
lens_explorer_get_scene(LensExplorer *self)
{
  return self->scene;
}

LensRun *
lens_explorer_get_run(LensExplorer *self)
{
  return self->run;
}

const char *
lens_explorer_get_question(LensExplorer *self)
{
  return self->question;
}

gboolean
lens_explorer_get_busy(LensExplorer *self)
{
  return self->opening || self->asking;
}

const char *
lens_explorer_get_status(LensExplorer *self)
{
  return self->status;
}

LensModel *
lens_explorer_get_model(LensExplorer *self)
{
  return self->model;
}

const LensEdits *
lens_explorer_get_edits(LensExplorer *self)
{
  return self->edits;
}

LensRun *
lens_explorer_get_pinned_run(LensExplorer *self)
{
  return self->pinned_run;
}

static void
set_status(LensExplorer *self, const char *status)
{
  if (g_strcmp0(self->status, status) != 0) {
    g_free(self->status);
    self->status = g_strdup(status);
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_STATUS]);
  }
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_BUSY]);
}

void
lens_explorer_fail(LensExplorer *self, GError *error)
{
  if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit(self, signals[FAILED], 0, error->message);
}

void
lens_explorer_tell(LensExplorer *self, const char *message)
{
  g_signal_emit(self, signals[TOLD], 0, message);
}

static void
drop(GCancellable **cancellable)
{
  if (*cancellable)
    g_cancellable_cancel(*cancellable);
  g_clear_object(cancellable);
}

void
lens_explorer_cancel(LensExplorer *self)
{
  drop(&self->opening);
  drop(&self->asking);
  set_status(self, NULL);
}

/* ---- showing ---- */

/* The map picked before is kept when the new run has it; else the first map that joins words to
 * boxes, which is what people come for. */
static void
keep_selection_valid(LensExplorer *self)
{
  int head;
  const char *map = lens_selection_get_picked(self->selection, &head);
  LensMap *found = map ? lens_run_find_map(self->run, map) : NULL;
  int heads;

  for (int i = (int)lens_run_get_n_maps(self->run) - 1; i >= 0 && !found; i--) {
    LensMap *candidate = lens_run_get_map(self->run, i);

    if (lens_map_get_query(candidate) == LENS_SIDE_WORDS
        && lens_map_get_key(candidate) == LENS_SIDE_BOXES)
      found = candidate;
  }
  if (!found && lens_run_get_n_maps(self->run))
    found = lens_run_get_map(self->run, 0);
  if (!found)
    return;
  heads = lens_map_get_heads(found);
  lens_selection_set_cell(self->selection, lens_map_get_name(found), MIN(head, heads - 1));
}

/* An image has n boxes where it had `before`: what is pinned is still that, or nothing. */
static void
keep_pinned(LensExplorer *self, int image, int before, int n)
{
  LensTarget pinned = lens_selection_get_pinned(self->selection);
  int first = lens_explorer_get_first_box(self, image);

  if (self->to_pin >= 0 && self->to_pin_image == image && self->to_pin < n && first >= 0) {
    pinned = lens_target_box(first + self->to_pin);
    self->to_pin = -1;
  } else if (pinned.kind == LENS_TARGET_CELL) {
    pinned = lens_target_none();
  } else if (pinned.kind == LENS_TARGET_BOX && first >= 0 && pinned.index >= first) {
    if (pinned.index >= first + before) /* of the other image, which is counted after this one */
      pinned.index += n - before;
    else if (pinned.index >= first + n)
      pinned = lens_target_none();
  }
  lens_selection_set_pinned(self->selection, pinned);
}

/* The same image with boxes moved or added: edits and selection stay. */
static void
use_placed(LensExplorer *self, int image, LensScene *scene)
{
  LensScene **shown = image ? &self->partner : &self->scene;
  int before = *shown ? (int)lens_scene_get_n_regions(*shown) : 0;
  int n = lens_scene_get_n_regions(scene);
  guint placed;

  if (!g_set_object(shown, scene))
    return;
  lens_edits_get_placed_boxes(self->edits, image, &placed);
  if (!placed) /* another detector may have found others */
    self->n_found[image] = n;
  lens_explorer_mirror_removed(self);
  lens_selection_set_hover(self->selection, lens_target_none());
  keep_pinned(self, image, before, n);
  g_signal_emit(self, signals[image ? PARTNER_CHANGED : SCENE_CHANGED], 0);
}

static void
set_run(LensExplorer *self, LensRun *run)
{
  g_autoptr(LensRun) before = self->run ? g_object_ref(self->run) : NULL;

  if (!g_set_object(&self->run, run))
    return;
  if (run && lens_run_is_pair(run)) /* before the first: the selection counts its boxes first */
    use_placed(self, 1, lens_run_get_scene(lens_run_get_half(run, 1)));
  if (run)
    use_placed(self, 0, lens_run_get_scene(run));
  /* A pinned word stays pinned only while the question is the same. */
  if (!run || !before || g_strcmp0(lens_run_get_question(before), lens_run_get_question(run)) != 0)
    lens_selection_clear(self->selection);
  if (!before || !run
      || g_strcmp0(lens_model_get_id(lens_run_get_model(before)),
                   lens_model_get_id(lens_run_get_model(run)))
             != 0)
    lens_selection_set_answer(self->selection, -1); /* another table of answers */
  lens_explorer_stop_explaining(self);
  if (run)
    keep_selection_valid(self);
  if (run && self->restoring)
    lens_explorer_finish_restoring(self);
  g_signal_emit(self, signals[RUN_CHANGED], 0);
  lens_explorer_explain(self);
}

void
lens_explorer_forget_answer(LensExplorer *self)
{
  drop(&self->asking);
  set_status(self, NULL);
  set_run(self, NULL);
}

void
lens_explorer_notify_pair(LensExplorer *self)
{
  g_signal_emit(self, signals[PARTNER_CHANGED], 0);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_HALF]);
}

void
lens_explorer_notify_undo(LensExplorer *self)
{
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_CAN_UNDO]);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_CAN_REDO]);
}

static void
forget_edits(LensExplorer *self)
{
  lens_undo_clear(self->undo);
  lens_explorer_notify_undo(self);
  if (lens_edits_is_empty(self->edits))
    return;
  lens_edits_free(self->edits);
  self->edits = lens_edits_new();
  g_signal_emit(self, signals[EDITS_CHANGED], 0);
}

static void
set_scene(LensExplorer *self, LensScene *scene)
{
  if (self->scene == scene)
    return;
  forget_edits(self);
  lens_selection_clear(self->selection);
  g_set_object(&self->scene, scene);
  self->n_found[0] = scene ? lens_scene_get_n_regions(scene) : 0;
  self->to_pin = -1;
  lens_explorer_stop_explaining(self);
  g_clear_object(&self->run);
  g_signal_emit(self, signals[SCENE_CHANGED], 0);
  g_signal_emit(self, signals[RUN_CHANGED], 0);
}

void
lens_explorer_show_run(LensExplorer *self, LensRun *run)
{
  set_scene(self, lens_run_get_scene(run));
  if (g_set_object(&self->model, lens_run_get_model(run)))
    g_object_notify_by_pspec(G_OBJECT(self), props[PROP_MODEL]);
  g_free(self->question);
  self->question = g_strdup(lens_run_get_question(run));
  set_run(self, run);
}

void
lens_explorer_show_scene(LensExplorer *self, LensScene *scene, const char *question)
{
  lens_explorer_cancel(self);
  set_scene(self, scene);
  g_clear_pointer(&self->question, g_free);
  if (question)
    lens_explorer_ask(self, question);
}

/* ---- asking ---- */

static void
on_asked(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensExplorer) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensRun) run = lens_workbench_ask_finish(LENS_WORKBENCH(source), result, &error);
  GCancellable *cancellable = g_task_get_cancellable(G_TASK(result));

  /* Superseded: a newer ask owns the state. */
  if (cancellable != self->asking)
    return;
  g_clear_object(&self->asking);
  set_status(self, NULL);
  if (error)
    lens_explorer_fail(self, error);
  if (run)
    set_run(self, run);
  else if (self->run && lens_run_get_model(self->run) != self->model)
    set_run(self, NULL); /* what another model answered is not this one's */
  if (self->ask_again)
    lens_explorer_ask_now(self);
}

static void
on_placed(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensExplorer) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensScene) right = NULL;
  g_autoptr(LensScene) scene
      = lens_workbench_place_boxes_finish(LENS_WORKBENCH(source), result, &right, &error);

  if (g_task_get_cancellable(G_TASK(result)) != self->asking)
    return;
  g_clear_object(&self->asking);
  set_status(self, NULL);
  if (error)
    lens_explorer_fail(self, error);
  else
    use_placed(self, 0, scene);
  if (right)
    use_placed(self, 1, right);
  if (self->ask_again)
    lens_explorer_ask_now(self);
}

void
lens_explorer_ask_now(LensExplorer *self)
{
  if (!self->workbench || !self->scene)
    return;
  self->ask_again = self->moving && self->asking;
  if (self->ask_again) /* while a box is dragged every answer is waited for */
    return;
  drop(&self->asking);
  self->asking = g_cancellable_new();
  if (!self->question || lens_explorer_wants_partner(self)) {
    lens_workbench_place_boxes_async(self->workbench, self->scene, lens_explorer_pair_scene(self),
                                     self->edits, self->asking, on_placed, g_object_ref(self));
    return;
  }
  set_status(self, _("Answering…"));
  lens_workbench_ask_pair_async(self->workbench, self->scene, lens_explorer_pair_scene(self),
                                self->question, self->model,
                                lens_edits_is_empty(self->edits) ? NULL : self->edits, self->asking,
                                on_asked, g_object_ref(self));
}

void
lens_explorer_ask(LensExplorer *self, const char *question)
{
  if (g_strcmp0(self->question, question) != 0 || lens_edits_get_wording(self->edits)) {
    LensEdits *edits = lens_edits_copy(self->edits);

    lens_explorer_unword(edits, NULL);
    if (!lens_edits_equal(edits, self->edits)) {
      lens_edits_free(self->edits);
      self->edits = edits;
      lens_undo_clear(self->undo);
      lens_explorer_notify_undo(self);
      g_signal_emit(self, signals[EDITS_CHANGED], 0);
    } else {
      lens_edits_free(edits);
    }
    g_free(self->question);
    self->question = g_strdup(question);
  }
  g_signal_emit(self, signals[ASKED], 0);
  lens_explorer_ask_now(self);
}

void
lens_explorer_set_model(LensExplorer *self, LensModel *model)
{
  if (!g_set_object(&self->model, model))
    return;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_MODEL]);
  lens_explorer_notify_pair(self);
  if (lens_explorer_wants_partner(self)) /* the other model's answer says nothing of this one */
    lens_explorer_forget_answer(self);
  else
    lens_explorer_ask_now(self);
}

/* ---- opening ---- */

typedef struct {
  LensExplorer *explorer;
  GCancellable *cancellable;
  char *question;
  LensEdits *edits; /* to ask with; NULL: none */
} Opening;

static void
on_progress(double done, const char *what, gpointer data)
{
  Opening *opening = data;

  if (opening->explorer->opening == opening->cancellable && what)
    set_status(opening->explorer, what);
}

/* `edits` NULL: those in effect. */
static void
ask_with(LensExplorer *self, const char *question, const LensEdits *edits)
{
  if (!question)
    return;
  if (!edits) {
    lens_explorer_ask(self, question);
    return;
  }
  g_free(self->question); /* masked words are this question's */
  self->question = g_strdup(question);
  lens_undo_clear(self->undo);
  lens_explorer_put_edits(self, lens_edits_copy(edits));
  g_signal_emit(self, signals[ASKED], 0);
  lens_explorer_ask_now(self);
}

static void
on_opened(GObject *source, GAsyncResult *result, gpointer data)
{
  Opening *opening = data;
  LensExplorer *self = opening->explorer;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensScene) scene
      = lens_workbench_open_image_finish(LENS_WORKBENCH(source), result, &error);

  if (self->opening == opening->cancellable) {
    if (scene) { /* still busy until the question is on its way: nothing flashes in between */
      set_scene(self, scene);
      ask_with(self, opening->question, opening->edits);
    }
    g_clear_object(&self->opening);
    set_status(self, self->asking ? self->status : NULL);
    if (error)
      lens_explorer_fail(self, error);
  }
  g_object_unref(opening->explorer);
  g_object_unref(opening->cancellable);
  g_free(opening->question);
  lens_edits_free(opening->edits);
  g_free(opening);
}

void
lens_explorer_open_with(LensExplorer *self, const char *path, const char *sha256,
                        const char *question, const LensEdits *edits)
{
  Opening *opening;

  if (!self->workbench)
    return;
  if (self->scene && g_strcmp0(lens_scene_get_path(self->scene), path) == 0
      && (!sha256 || g_strcmp0(lens_scene_get_sha256(self->scene), sha256) == 0)) {
    ask_with(self, question, edits);
    return;
  }
  drop(&self->opening);
  drop(&self->asking);
  self->opening = g_cancellable_new();
  opening = g_new0(Opening, 1);
  opening->explorer = g_object_ref(self);
  opening->cancellable = g_object_ref(self->opening);
  opening->question = g_strdup(question);
  opening->edits = lens_edits_copy(edits);
  set_status(self, _("Opening the image…"));
  lens_workbench_open_known_image_async(self->workbench, path, sha256, self->opening, on_progress,
                                        opening, on_opened, opening);
}

void
lens_explorer_open(LensExplorer *self, const char *path, const char *question)
{
  g_return_if_fail(path);
  g_clear_pointer(&self->restoring, lens_saved_view_free);
  lens_explorer_open_with(self, path, NULL, question, NULL);
}

void
lens_explorer_pin_run(LensExplorer *self, LensRun *run)
{
  lens_explorer_stop_holding(self);
  if (!g_set_object(&self->pinned_run, run))
    return;
  g_signal_emit(self, signals[PINNED_RUN_CHANGED], 0);
  lens_explorer_explain(self);
}

/* ---- object ---- */

static void
lens_explorer_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  LensExplorer *self = LENS_EXPLORER(object);

  switch (id) {
  case PROP_BUSY:
    g_value_set_boolean(value, lens_explorer_get_busy(self));
    break;
  case PROP_STATUS:
    g_value_set_string(value, self->status);
    break;
  case PROP_MODEL:
    g_value_set_object(value, self->model);
    break;
  case PROP_CAN_UNDO:
    g_value_set_boolean(value, lens_undo_can_go_back(self->undo));
    break;
  case PROP_CAN_REDO:
    g_value_set_boolean(value, lens_undo_can_go_forward(self->undo));
    break;
  case PROP_HALF:
    g_value_set_int(value, self->half);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
  }
}

static void
lens_explorer_dispose(GObject *object)
{
  LensExplorer *self = LENS_EXPLORER(object);

  drop(&self->opening);
  drop(&self->asking);
  lens_explorer_stop_explaining(self);
  lens_explorer_stop_holding(self);
  drop(&self->opening_partner);
  g_clear_object(&self->partner);
  g_clear_object(&self->workbench);
  g_clear_object(&self->selection);
  g_clear_object(&self->scene);
  g_clear_object(&self->model);
  g_clear_object(&self->run);
  g_clear_object(&self->pinned_run);
  g_clear_object(&self->first_half);
  G_OBJECT_CLASS(lens_explorer_parent_class)->dispose(object);
}

static void
lens_explorer_finalize(GObject *object)
{
  LensExplorer *self = LENS_EXPLORER(object);

  g_free(self->question);
  g_free(self->status);
  lens_saved_view_free(self->restoring);
  lens_edits_free(self->edits);
  lens_undo_free(self->undo);
  G_OBJECT_CLASS(lens_explorer_parent_class)->finalize(object);
}

static guint
plain_signal(const char *name)
{
  return g_signal_new(name, LENS_TYPE_EXPLORER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                      0);
}

static void
lens_explorer_class_init(LensExplorerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = lens_explorer_get_property;
  object_class->dispose = lens_explorer_dispose;
  object_class->finalize = lens_explorer_finalize;
  props[PROP_BUSY] = g_param_spec_boolean("busy", NULL, NULL, FALSE, flags);
  props[PROP_STATUS] = g_param_spec_string("status", NULL, NULL, NULL, flags);
  props[PROP_MODEL] = g_param_spec_object("model", NULL, NULL, LENS_TYPE_MODEL, flags);
  props[PROP_CAN_UNDO] = g_param_spec_boolean("can-undo", NULL, NULL, FALSE, flags);
  props[PROP_CAN_REDO] = g_param_spec_boolean("can-redo", NULL, NULL, FALSE, flags);
  props[PROP_HALF] = g_param_spec_int("half", NULL, NULL, 0, 1, 0, flags);
  g_object_class_install_properties(object_class, N_PROPS, props);
  signals[SCENE_CHANGED] = plain_signal("scene-changed");
  signals[RUN_CHANGED] = plain_signal("run-changed");
  signals[EDITS_CHANGED] = plain_signal("edits-changed");
  signals[PINNED_RUN_CHANGED] = plain_signal("pinned-run-changed");
  signals[PARTNER_CHANGED] = plain_signal("partner-changed");
  signals[ASKED] = plain_signal("asked");
  signals[TOLD] = g_signal_new("told", LENS_TYPE_EXPLORER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new("failed", LENS_TYPE_EXPLORER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lens_explorer_init(LensExplorer *self)
{
  self->to_pin = -1;
  self->selection = lens_selection_new();
  self->edits = lens_edits_new();
  self->undo = lens_undo_new();
  g_signal_connect_object(self->selection, "view-changed", G_CALLBACK(lens_explorer_explain), self,
                          G_CONNECT_SWAPPED);
}
