#include "lens-attention-looks.h"

/* The shown run, and the one beside it. */
enum { SHOWN, OTHER, N_SIDES };

struct _LensLooks {
  LensExplorer *explorer;
  LensNeuronView *neurons[N_SIDES];
  LensStatesView *states[N_SIDES];
  LensHalf sides[N_SIDES]; /* with a reference */
  gboolean difference;

  GCancellable *fetching_neuron, *fetching_states;
  char *map; /* what is there, or on its way */
  int head;
  gboolean has_states;
};

static void
drop(GCancellable **cancellable)
{
  if (*cancellable)
    g_cancellable_cancel(*cancellable);
  g_clear_object(cancellable);
}

static void
forget(LensLooks *self)
{
  drop(&self->fetching_neuron);
  drop(&self->fetching_states);
  g_clear_pointer(&self->map, g_free);
  self->has_states = FALSE;
}

LensLooks *
lens_looks_new(LensExplorer *explorer, LensNeuronView *neuron, LensNeuronView *neuron_left,
               LensStatesView *states, LensStatesView *states_left)
{
  LensLooks *self = g_new0(LensLooks, 1);

  self->explorer = g_object_ref(explorer);
  self->neurons[SHOWN] = neuron;
  self->neurons[OTHER] = neuron_left;
  self->states[SHOWN] = states;
  self->states[OTHER] = states_left;
  return self;
}

void
lens_looks_free(LensLooks *self)
{
  if (!self)
    return;
  forget(self);
  for (int i = 0; i < N_SIDES; i++)
    g_clear_object(&self->sides[i].run);
  g_clear_object(&self->explorer);
  g_free(self);
}

/* A cancelled look has no owner any more: its `self` may be gone. */
static gboolean
is_over(GAsyncResult *result)
{
  return g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result)));
}

/* ---- one head ---- */

static void
take_neuron(GObject *source, GAsyncResult *result, LensLooks *self, int side)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LensNeuron) neuron
      = lens_workbench_look_at_head_finish(LENS_WORKBENCH(source), result, &error);

  if (is_over(result))
    return;
  if (!neuron)
    g_signal_emit_by_name(self->explorer, "failed", error->message);
  else if (side == OTHER && self->difference)
    lens_neuron_view_set_reference(self->neurons[SHOWN], neuron);
  else
    lens_neuron_view_set_neuron(self->neurons[side], neuron);
}

static void
on_neuron(GObject *source, GAsyncResult *result, gpointer data)
{
  take_neuron(source, result, data, SHOWN);
}

static void
on_other_neuron(GObject *source, GAsyncResult *result, gpointer data)
{
  take_neuron(source, result, data, OTHER);
}

/* A BERT has no cross-modality layers, another model fewer heads. */
static gboolean
has_head(LensHalf side, const char *name, int head)
{
  LensRun *half = side.run ? lens_run_get_half(side.run, side.image) : NULL;
  LensMap *map = half ? lens_run_find_map(half, name) : NULL;

  return map && head < lens_map_get_heads(map);
}

static void
fetch_neuron(LensLooks *self)
{
  static const GAsyncReadyCallback takers[N_SIDES] = { on_neuron, on_other_neuron };
  LensSelection *selection = lens_explorer_get_selection(self->explorer);
  const char *map = lens_selection_get_map(selection);
  int head = lens_selection_get_head(selection);

  if (!map || (self->head == head && g_strcmp0(self->map, map) == 0))
    return;
  drop(&self->fetching_neuron);
  g_free(self->map);
  self->map = g_strdup(map);
  self->head = head;
  self->fetching_neuron = g_cancellable_new();
  for (int side = 0; side < N_SIDES; side++) {
    if (has_head(self->sides[side], map, head))
      lens_workbench_look_at_head_async(lens_explorer_get_workbench(self->explorer),
                                        self->sides[side].run, self->sides[side].image, map, head,
                                        self->fetching_neuron, takers[side], self);
  }
}

/* ---- hidden states ---- */

static void
on_states(GObject *source, GAsyncResult *result, gpointer data)
{
  LensLooks *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensStates) states
      = lens_workbench_look_at_states_finish(LENS_WORKBENCH(source), result, &error);
  g_autoptr(LensStates) beside = NULL;

  if (is_over(result))
    return;
  g_clear_object(&self->fetching_states);
  if (!states) {
    g_signal_emit_by_name(self->explorer, "failed", error->message);
    return;
  }
  beside = lens_states_swap(states);
  lens_states_view_set_states(self->states[OTHER], beside);
  lens_states_view_set_states(self->states[SHOWN], states);
}

static void
fetch_states(LensLooks *self)
{
  if (self->has_states)
    return;
  self->has_states = TRUE;
  self->fetching_states = g_cancellable_new();
  lens_workbench_look_at_states_async(lens_explorer_get_workbench(self->explorer),
                                      self->sides[SHOWN].run, self->sides[SHOWN].image,
                                      self->sides[OTHER].run, self->sides[OTHER].image,
                                      self->fetching_states, on_states, self);
}

/* ---- what is looked at ---- */

void
lens_looks_set_view(LensLooks *self, const char *view)
{
  if (!self->sides[SHOWN].run || !lens_explorer_get_workbench(self->explorer))
    return;
  if (g_strcmp0(view, "neuron") == 0)
    fetch_neuron(self);
  if (g_strcmp0(view, "states") == 0)
    fetch_states(self);
}

void
lens_looks_set_runs(LensLooks *self, LensHalf half, LensHalf other, gboolean difference)
{
  const LensHalf sides[N_SIDES] = { half, other };
  gboolean same = self->difference == difference;

  for (int i = 0; i < N_SIDES; i++) {
    same &= self->sides[i].run == sides[i].run && self->sides[i].image == sides[i].image;
    g_set_object(&self->sides[i].run, sides[i].run);
    self->sides[i].image = sides[i].image;
  }
  self->difference = difference;
  if (!same)
    forget(self);
}
