#include "lens-attention-looks.h"

struct _LensLooks {
  LensExplorer *explorer;
  LensNeuronView *neuron_view;
  LensStatesView *states_view;
  LensRun *run;
  int image;

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
lens_looks_new(LensExplorer *explorer, LensNeuronView *neuron, LensStatesView *states)
{
  LensLooks *self = g_new0(LensLooks, 1);

  self->explorer = g_object_ref(explorer);
  self->neuron_view = neuron;
  self->states_view = states;
  return self;
}

void
lens_looks_free(LensLooks *self)
{
  if (!self)
    return;
  forget(self);
  g_clear_object(&self->run);
  g_clear_object(&self->explorer);
  g_free(self);
}

/* A cancelled look has no owner any more: `self` may be gone. */
static gboolean
is_over(GAsyncResult *result)
{
  return g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result)));
}

static void
on_neuron(GObject *source, GAsyncResult *result, gpointer data)
{
  LensLooks *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensNeuron) neuron
      = lens_workbench_look_at_head_finish(LENS_WORKBENCH(source), result, &error);

  if (is_over(result))
    return;
  g_clear_object(&self->fetching_neuron);
  if (neuron)
    lens_neuron_view_set_neuron(self->neuron_view, neuron);
  else
    g_signal_emit_by_name(self->explorer, "failed", error->message);
}

static void
on_states(GObject *source, GAsyncResult *result, gpointer data)
{
  LensLooks *self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensStates) states
      = lens_workbench_look_at_states_finish(LENS_WORKBENCH(source), result, &error);

  if (is_over(result))
    return;
  g_clear_object(&self->fetching_states);
  if (states)
    lens_states_view_set_states(self->states_view, states);
  else
    g_signal_emit_by_name(self->explorer, "failed", error->message);
}

static void
fetch_neuron(LensLooks *self)
{
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
  lens_workbench_look_at_head_async(lens_explorer_get_workbench(self->explorer), self->run,
                                    self->image, map, head, self->fetching_neuron, on_neuron,
                                    self);
}

void
lens_looks_set_view(LensLooks *self, const char *view)
{
  LensWorkbench *workbench = lens_explorer_get_workbench(self->explorer);

  if (!self->run || !workbench)
    return;
  if (g_strcmp0(view, "neuron") == 0)
    fetch_neuron(self);
  if (g_strcmp0(view, "states") != 0 || self->has_states)
    return;
  self->has_states = TRUE;
  self->fetching_states = g_cancellable_new();
  lens_workbench_look_at_states_async(workbench, self->run, self->image, self->fetching_states,
                                      on_states, self);
}

void
lens_looks_set_run(LensLooks *self, LensRun *run, int image)
{
  if (self->run == run && self->image == image)
    return;
  forget(self);
  g_set_object(&self->run, run);
  self->image = image;
}
