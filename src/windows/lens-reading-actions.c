#include "lens-reading-actions.h"

#define STEP_MS 900 /* each layer while playing */

/* Lives as long as the group. */
typedef struct {
  GSimpleActionGroup *group; /* borrowed */
  LensSelection *selection;
  LensModelMap *map;      /* borrowed */
  LensStatesView *states; /* borrowed */
  guint playing;          /* timer, 0 = none */
} Reading;

static void
reading_free(gpointer data)
{
  Reading *self = data;

  g_clear_handle_id(&self->playing, g_source_remove);
  g_signal_handlers_disconnect_by_data(self->selection, self);
  g_object_unref(self->selection);
  g_free(self);
}

static void
hide_special(GSimpleAction *action, GVariant *value, gpointer data)
{
  lens_selection_set_hide_special(((Reading *)data)->selection, g_variant_get_boolean(value));
}

static void
renormalise(GSimpleAction *action, GVariant *value, gpointer data)
{
  lens_selection_set_renormalise(((Reading *)data)->selection, g_variant_get_boolean(value));
}

static void
merge_words(GSimpleAction *action, GVariant *value, gpointer data)
{
  lens_selection_set_merge_words(((Reading *)data)->selection, g_variant_get_boolean(value));
}

static void
keep(GSimpleAction *action, GVariant *value, gpointer data)
{
  lens_selection_set_top_p(((Reading *)data)->selection,
                           g_ascii_strtod(g_variant_get_string(value, NULL), NULL) / 100);
}

/* The next layer of the column; after the last one, the first. */
static gboolean
play_step(gpointer data)
{
  Reading *self = data;
  const LensStates *states = lens_states_view_get_states(self->states);

  if (gtk_widget_get_mapped(GTK_WIDGET(self->states)) && states) {
    lens_states_view_set_stage(self->states,
                               (lens_states_view_get_stage(self->states) + 1) % states->stages);
    return G_SOURCE_CONTINUE;
  }
  if (!lens_model_map_step(self->map, GTK_DIR_DOWN)) {
    while (lens_model_map_step(self->map, GTK_DIR_UP))
      ;
  }
  return G_SOURCE_CONTINUE;
}

static void
play(GSimpleAction *action, GVariant *value, gpointer data)
{
  Reading *self = data;

  g_simple_action_set_state(action, value);
  g_clear_handle_id(&self->playing, g_source_remove);
  if (g_variant_get_boolean(value))
    self->playing = g_timeout_add(STEP_MS, play_step, self);
}

static void
set_state(Reading *self, const char *name, GVariant *state)
{
  GAction *action = g_action_map_lookup_action(G_ACTION_MAP(self->group), name);

  g_simple_action_set_state(G_SIMPLE_ACTION(action), state);
}

/* A saved view sets the selection, too. */
static void
follow(Reading *self)
{
  LensSelection *selection = self->selection;

  set_state(self, "hide-special",
            g_variant_new_boolean(lens_selection_get_hide_special(selection)));
  set_state(self, "renormalise", g_variant_new_boolean(lens_selection_get_renormalise(selection)));
  set_state(self, "merge-words", g_variant_new_boolean(lens_selection_get_merge_words(selection)));
  set_state(self, "keep",
            g_variant_new_take_string(
                g_strdup_printf("%.0f", 100 * lens_selection_get_top_p(selection))));
}

GActionGroup *
lens_reading_actions_new(LensSelection *selection, LensModelMap *map, LensStatesView *states)
{
  static const GActionEntry entries[] = {
    { .name = "hide-special", .state = "false", .change_state = hide_special },
    { .name = "renormalise", .state = "true", .change_state = renormalise },
    { .name = "merge-words", .state = "false", .change_state = merge_words },
    { .name = "play", .state = "false", .change_state = play },
    { .name = "keep", .parameter_type = "s", .state = "'100'", .change_state = keep },
  };
  Reading *self = g_new0(Reading, 1);

  self->group = g_simple_action_group_new();
  self->selection = g_object_ref(selection);
  self->map = map;
  self->states = states;
  g_action_map_add_action_entries(G_ACTION_MAP(self->group), entries, G_N_ELEMENTS(entries), self);
  g_signal_connect_swapped(selection, "view-changed", G_CALLBACK(follow), self);
  g_object_set_data_full(G_OBJECT(self->group), "lens-reading", self, reading_free);
  follow(self);
  return G_ACTION_GROUP(self->group);
}
