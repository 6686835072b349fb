#include "lens-gate-actions.h"

#include <glib/gi18n.h>

#include "lens-trials.h"
#include "lens-tried.h"

typedef struct {
  GSimpleActionGroup *group; /* borrowed: it owns this */
  LensExplorer *explorer;
  LensModelMap *map;
  LensNumbersView *numbers;
  LensTrials *trials;
  LensTried *tried;
} Gates;

static void
enable(Gates *self, const char *name, gboolean on)
{
  GAction *action = g_action_map_lookup_action(G_ACTION_MAP(self->group), name);

  g_simple_action_set_enabled(G_SIMPLE_ACTION(action), on);
}

static void
update(Gates *self)
{
  LensRun *asked = lens_explorer_get_run(self->explorer);
  gboolean run = asked != NULL;
  gboolean answered = run && g_list_model_get_n_items(lens_run_get_answers(asked)) > 0;
  gboolean workbench = lens_explorer_get_workbench(self->explorer) != NULL;
  static const char *const names[] = { "toggle-head", "uniform-head", "toggle-map",
                                       "uniform-map", "toggle-layer", "uniform-layer" };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
    enable(self, names[i], run);
  enable(self, "reset", !lens_edits_is_empty(lens_explorer_get_edits(self->explorer)));
  enable(self, "try-heads", answered && workbench && !self->trials);
  enable(self, "stop-trying", self->trials != NULL);
}

static void
toggle(Gates *self, gboolean whole_map, LensGate gate)
{
  LensSelection *selection = lens_explorer_get_selection(self->explorer);
  int head;
  const char *map = lens_selection_get_picked(selection, &head);

  if (map)
    lens_explorer_toggle_gate(self->explorer, map, whole_map ? -1 : head, gate);
}

static void
on_toggle_head(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  toggle(data, FALSE, LENS_GATE_ZERO);
}

static void
on_uniform_head(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  toggle(data, FALSE, LENS_GATE_UNIFORM);
}

static void
on_toggle_map(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  toggle(data, TRUE, LENS_GATE_ZERO);
}

static void
on_uniform_map(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  toggle(data, TRUE, LENS_GATE_UNIFORM);
}

static void
toggle_layer(Gates *self, LensGate gate)
{
  LensSelection *selection = lens_explorer_get_selection(self->explorer);

  lens_explorer_toggle_layer(self->explorer, lens_selection_get_picked(selection, NULL), gate);
}

static void
on_toggle_layer(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  toggle_layer(data, LENS_GATE_ZERO);
}

static void
on_uniform_layer(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  toggle_layer(data, LENS_GATE_UNIFORM);
}

static void
on_reset(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  lens_explorer_reset_edits(((Gates *)data)->explorer);
}

/* ---- try all heads ---- */

static void
show_effects(Gates *self, LensEffects *effects)
{
  lens_model_map_set_effects(self->map, effects);
  lens_numbers_view_set_effects(self->numbers, effects);
}

static void
on_effect(LensTrials *trials, const char *map, int head, double effect, Gates *self)
{
  LensEffects *effects = lens_tried_find(self->tried, lens_trials_get_run(trials));

  lens_effects_set(effects, map, head, effect);
  show_effects(self, effects);
}

static void
on_finished(LensTrials *trials, const char *error, Gates *self)
{
  g_signal_handlers_disconnect_by_data(trials, self);
  g_clear_object(&self->trials);
  update(self);
  if (error)
    g_signal_emit_by_name(self->explorer, "failed", error);
}

/* What is known of some of the run's heads, to be gone on with; else nothing yet. */
static LensEffects *
effects_to_find(Gates *self, LensRun *run)
{
  LensEffects *effects = lens_tried_find(self->tried, run);
  guint heads = 0;

  for (guint i = 0; i < lens_run_get_n_maps(run); i++)
    heads += lens_map_get_heads(lens_run_get_map(run, i));
  return effects && lens_effects_get_n(effects) < heads ? effects
                                                        : lens_tried_add(self->tried, run);
}

static void
on_try_heads(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Gates *self = data;
  LensRun *run = lens_explorer_get_run(self->explorer);
  LensEffects *effects;

  if (self->trials || !run)
    return;
  effects = effects_to_find(self, run);
  show_effects(self, effects);
  lens_model_map_set_stat(self->map, LENS_STAT_EFFECT);
  self->trials = lens_trials_new(lens_explorer_get_workbench(self->explorer), run, effects);
  g_signal_connect(self->trials, "effect", G_CALLBACK(on_effect), self);
  g_signal_connect(self->trials, "finished", G_CALLBACK(on_finished), self);
  update(self);
}

static void
on_stop_trying(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  Gates *self = data;

  if (self->trials)
    lens_trials_stop(self->trials);
}

/* Effects belong to one run: those of another one are not shown, but kept. */
static void
on_run_changed(Gates *self)
{
  LensRun *run = lens_explorer_get_run(self->explorer);

  if (self->trials)
    lens_trials_stop(self->trials);
  show_effects(self, run ? lens_tried_find(self->tried, run) : NULL);
  update(self);
}

static void
gates_free(gpointer data)
{
  Gates *self = data;

  g_signal_handlers_disconnect_by_data(self->explorer, self);
  if (self->trials) {
    g_signal_handlers_disconnect_by_data(self->trials, self);
    lens_trials_stop(self->trials);
  }
  g_clear_object(&self->trials);
  lens_tried_free(self->tried);
  g_clear_object(&self->explorer);
  g_clear_object(&self->map);
  g_clear_object(&self->numbers);
  g_free(self);
}

GActionGroup *
lens_gate_actions_new(LensExplorer *explorer, LensModelMap *map, LensNumbersView *numbers)
{
  static const GActionEntry entries[] = {
    { .name = "toggle-head", .activate = on_toggle_head },
    { .name = "uniform-head", .activate = on_uniform_head },
    { .name = "toggle-map", .activate = on_toggle_map },
    { .name = "uniform-map", .activate = on_uniform_map },
    { .name = "toggle-layer", .activate = on_toggle_layer },
    { .name = "uniform-layer", .activate = on_uniform_layer },
    { .name = "reset", .activate = on_reset },
    { .name = "try-heads", .activate = on_try_heads },
    { .name = "stop-trying", .activate = on_stop_trying },
  };
  Gates *self = g_new0(Gates, 1);

  self->group = g_simple_action_group_new();
  self->tried = lens_tried_new();
  self->explorer = g_object_ref(explorer);
  self->map = g_object_ref(map);
  self->numbers = g_object_ref(numbers);
  g_action_map_add_action_entries(G_ACTION_MAP(self->group), entries, G_N_ELEMENTS(entries), self);
  g_object_set_data_full(G_OBJECT(self->group), "lens-gates", self, gates_free);
  g_signal_connect_swapped(explorer, "run-changed", G_CALLBACK(on_run_changed), self);
  g_signal_connect_swapped(explorer, "edits-changed", G_CALLBACK(update), self);
  update(self);
  return G_ACTION_GROUP(self->group);
}
