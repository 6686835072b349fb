#include "lens-trials.h"

#include <math.h>

struct _LensTrials {
  GObject parent_instance;

  LensWorkbench *workbench;
  LensRun *run;
  int answer; /* row in the answer table */
  double before;
  GCancellable *cancellable;
  LensEffects *known;
  guint map, head;
};

enum { EFFECT, FINISHED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensTrials, lens_trials, G_TYPE_OBJECT)

static void next(LensTrials *self);

static void
finish(LensTrials *self, const char *error)
{
  g_clear_object(&self->cancellable);
  g_signal_emit(self, signals[FINISHED], 0, error);
}

static void
on_asked(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensTrials) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensRun) run = lens_workbench_ask_finish(LENS_WORKBENCH(source), result, &error);
  double now;

  if (!self->cancellable)
    return; /* stopped */
  if (!run) {
    finish(self, error->message);
    return;
  }
  now = lens_run_get_probability(run, self->answer);
  if (isnan(now))
    now = 0; /* fell out of the best answers */
  g_signal_emit(self, signals[EFFECT], 0, lens_map_get_name(lens_run_get_map(self->run, self->map)),
                (int)self->head, self->before - now);
  self->head++;
  next(self);
}

/* To the first head from here on that was not tried. */
static void
pass_known(LensTrials *self)
{
  for (; self->map < lens_run_get_n_maps(self->run); self->map++, self->head = 0) {
    LensMap *map = lens_run_get_map(self->run, self->map);

    for (; self->head < (guint)lens_map_get_heads(map); self->head++) {
      if (isnan(lens_effects_get(self->known, lens_map_get_name(map), (int)self->head)))
        return;
    }
  }
}

static void
next(LensTrials *self)
{
  g_autoptr(LensEdits) edits = NULL;
  LensMap *map;

  if (!self->cancellable)
    return;
  pass_known(self);
  if (self->map >= lens_run_get_n_maps(self->run)) {
    finish(self, NULL);
    return;
  }
  map = lens_run_get_map(self->run, self->map);
  edits = lens_run_get_edits(self->run) ? lens_edits_copy(lens_run_get_edits(self->run))
                                        : lens_edits_new();
  lens_edits_set_gate(edits, lens_map_get_name(map), self->head, LENS_GATE_ZERO);
  lens_workbench_ask_pair_async(self->workbench, lens_run_get_scene(self->run),
                                lens_run_is_pair(self->run)
                                    ? lens_run_get_scene(lens_run_get_half(self->run, 1))
                                    : NULL,
                                lens_run_get_question(self->run), lens_run_get_model(self->run),
                                edits, self->cancellable, on_asked, g_object_ref(self));
}

LensTrials *
lens_trials_new(LensWorkbench *workbench, LensRun *run, LensEffects *known)
{
  LensTrials *self = g_object_new(LENS_TYPE_TRIALS, NULL);
  g_autoptr(LensAnswer) best = g_list_model_get_item(lens_run_get_answers(run), 0);

  self->workbench = g_object_ref(workbench);
  self->run = g_object_ref(run);
  self->answer = best ? lens_answer_get_index(best) : -1;
  self->before = best ? lens_answer_get_probability(best) : 0;
  self->known = lens_effects_ref(known);
  self->cancellable = g_cancellable_new();
  next(self);
  return self;
}

LensRun *
lens_trials_get_run(LensTrials *self)
{
  return self->run;
}

void
lens_trials_stop(LensTrials *self)
{
  if (!self->cancellable)
    return;
  g_cancellable_cancel(self->cancellable);
  finish(self, NULL);
}

static void
lens_trials_dispose(GObject *object)
{
  LensTrials *self = LENS_TRIALS(object);

  if (self->cancellable)
    g_cancellable_cancel(self->cancellable);
  g_clear_object(&self->cancellable);
  g_clear_object(&self->workbench);
  g_clear_object(&self->run);
  g_clear_pointer(&self->known, lens_effects_unref);
  G_OBJECT_CLASS(lens_trials_parent_class)->dispose(object);
}

static void
lens_trials_class_init(LensTrialsClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_trials_dispose;
  signals[EFFECT] = g_signal_new("effect", LENS_TYPE_TRIALS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 3, G_TYPE_STRING, G_TYPE_INT, G_TYPE_DOUBLE);
  signals[FINISHED] = g_signal_new("finished", LENS_TYPE_TRIALS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lens_trials_init(LensTrials *self)
{
}
