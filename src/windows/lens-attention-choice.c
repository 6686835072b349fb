#include "lens-attention-choice.h"

#include <glib/gi18n.h>

#define EXPLORER "lens-explorer"
#define SYNCING "lens-syncing"

static LensExplorer *
explorer_of(GtkDropDown *drop)
{
  return g_object_get_data(G_OBJECT(drop), EXPLORER);
}

static gboolean
is_syncing(GtkDropDown *drop)
{
  return g_object_get_data(G_OBJECT(drop), SYNCING) != NULL;
}

static void
set_syncing(GtkDropDown *drop, gboolean syncing)
{
  g_object_set_data(G_OBJECT(drop), SYNCING, GINT_TO_POINTER(syncing));
}

/* ---- the answer ---- */

static void
show_answer(GtkDropDown *drop)
{
  LensExplorer *explorer = explorer_of(drop);
  LensRun *run = lens_explorer_get_run(explorer);
  int wanted = lens_selection_get_answer(lens_explorer_get_selection(explorer));
  guint place = 0, n = run ? g_list_model_get_n_items(lens_run_get_answers(run)) : 0;

  for (guint i = 0; i < n && wanted >= 0; i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(lens_run_get_answers(run), i);

    if (lens_answer_get_index(answer) == wanted)
      place = i + 1;
  }
  set_syncing(drop, TRUE);
  gtk_drop_down_set_selected(drop, place);
  set_syncing(drop, FALSE);
}

static void
list_answers(GtkDropDown *drop)
{
  LensRun *run = lens_explorer_get_run(explorer_of(drop));
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint n = run ? g_list_model_get_n_items(lens_run_get_answers(run)) : 0;

  gtk_string_list_append(names, _("Best answer"));
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(lens_run_get_answers(run), i);

    gtk_string_list_append(names, lens_answer_get_text(answer));
  }
  set_syncing(drop, TRUE);
  gtk_drop_down_set_model(drop, G_LIST_MODEL(names));
  set_syncing(drop, FALSE);
  show_answer(drop);
}

static void
on_answer(GtkDropDown *drop)
{
  LensExplorer *explorer = explorer_of(drop);
  LensRun *run = lens_explorer_get_run(explorer);
  guint place = gtk_drop_down_get_selected(drop);
  g_autoptr(LensAnswer) answer = NULL;

  if (is_syncing(drop) || !run || place == GTK_INVALID_LIST_POSITION)
    return;
  if (place > 0)
    answer = g_list_model_get_item(lens_run_get_answers(run), place - 1);
  lens_selection_set_answer(lens_explorer_get_selection(explorer),
                            answer ? lens_answer_get_index(answer) : -1);
}

static void
watch(GtkDropDown *drop, LensExplorer *explorer, GCallback on_selected)
{
  g_object_set_data_full(G_OBJECT(drop), EXPLORER, g_object_ref(explorer), g_object_unref);
  g_signal_connect(drop, "notify::selected", on_selected, NULL);
}

void
lens_attention_choose_answer(GtkDropDown *drop, LensExplorer *explorer)
{
  watch(drop, explorer, G_CALLBACK(on_answer));
  g_signal_connect_object(explorer, "run-changed", G_CALLBACK(list_answers), drop,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(lens_explorer_get_selection(explorer), "view-changed",
                          G_CALLBACK(show_answer), drop, G_CONNECT_SWAPPED);
  list_answers(drop);
}

/* ---- the half ---- */

#define BOTH 2

static void
show_half(GtkDropDown *drop)
{
  LensExplorer *explorer = explorer_of(drop);
  LensRun *run = lens_explorer_get_run(explorer);

  gtk_widget_set_visible(GTK_WIDGET(drop), run && lens_run_is_pair(run));
  set_syncing(drop, TRUE);
  gtk_drop_down_set_selected(drop, lens_explorer_get_both(explorer)
                                       ? BOTH
                                       : lens_explorer_get_half(explorer));
  set_syncing(drop, FALSE);
}

static void
on_half(GtkDropDown *drop)
{
  guint chosen = gtk_drop_down_get_selected(drop);

  if (is_syncing(drop))
    return;
  if (chosen == BOTH)
    lens_explorer_set_both(explorer_of(drop), TRUE);
  else
    lens_explorer_set_half(explorer_of(drop), chosen == 1);
}

void
lens_attention_choose_half(GtkDropDown *drop, LensExplorer *explorer)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);

  gtk_string_list_append(names, _("First image"));
  gtk_string_list_append(names, _("Second image"));
  gtk_string_list_append(names, _("Both images"));
  gtk_drop_down_set_model(drop, G_LIST_MODEL(names));
  watch(drop, explorer, G_CALLBACK(on_half));
  g_signal_connect_object(explorer, "run-changed", G_CALLBACK(show_half), drop, G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "notify::half", G_CALLBACK(show_half), drop, G_CONNECT_SWAPPED);
  show_half(drop);
}

/* ---- the statistic ---- */

#define NUMBERS "lens-numbers"

static void
on_stat(GtkDropDown *drop, GParamSpec *pspec, LensModelMap *map)
{
  guint stat = gtk_drop_down_get_selected(drop);

  if (stat >= LENS_N_STATS)
    return;
  gtk_widget_set_tooltip_text(GTK_WIDGET(drop), lens_stat_get_blurb(stat));
  lens_model_map_set_stat(map, stat);
  lens_numbers_view_put_first(g_object_get_data(G_OBJECT(drop), NUMBERS), stat);
}

/* "Try all heads" changes the statistic; the menu follows. */
static void
on_map_stat(LensModelMap *map, GParamSpec *pspec, GtkDropDown *drop)
{
  gtk_drop_down_set_selected(drop, lens_model_map_get_stat(map));
}

void
lens_attention_choose_stat(GtkDropDown *drop, LensModelMap *map, LensNumbersView *numbers)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);

  for (LensStat stat = 0; stat < LENS_N_STATS; stat++)
    gtk_string_list_append(names, lens_stat_get_name(stat));
  gtk_drop_down_set_model(drop, G_LIST_MODEL(names));
  g_object_set_data(G_OBJECT(drop), NUMBERS, numbers);
  g_signal_connect_object(drop, "notify::selected", G_CALLBACK(on_stat), map, 0);
  g_signal_connect_object(map, "notify::stat", G_CALLBACK(on_map_stat), drop, 0);
}

/* ---- the numbers that are shown together ---- */

void
lens_attention_choose_numbers(GtkDropDown *drop, LensNumbersView *view)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);

  for (guint i = 0; lens_numbers_view_get_group_name(i); i++)
    gtk_string_list_append(names, lens_numbers_view_get_group_name(i));
  gtk_drop_down_set_model(drop, G_LIST_MODEL(names));
  g_object_bind_property(view, "group", drop, "selected",
                         G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

/* ---- the heads that are shown side by side ---- */

static void
on_scope(GtkDropDown *drop, GParamSpec *pspec, LensHeadsView *view)
{
  guint scope = gtk_drop_down_get_selected(drop);

  if (scope <= LENS_SCOPE_MODEL)
    lens_heads_view_set_scope(view, scope);
}

void
lens_attention_choose_scope(GtkDropDown *drop, LensHeadsView *view, LensHeadsView *left)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);

  gtk_string_list_append(names, _("This map"));
  gtk_string_list_append(names, _("This layer"));
  gtk_string_list_append(names, _("All layers"));
  gtk_string_list_append(names, _("Whole model"));
  gtk_drop_down_set_model(drop, G_LIST_MODEL(names));
  g_signal_connect_object(drop, "notify::selected", G_CALLBACK(on_scope), view, 0);
  g_signal_connect_object(drop, "notify::selected", G_CALLBACK(on_scope), left, 0);
}

/* ---- the stage ---- */

static void
show_stage(LensStatesView *view, GParamSpec *pspec, GtkWidget *bar)
{
  GtkWidget *scale = gtk_widget_get_first_child(bar), *label = gtk_widget_get_next_sibling(scale);
  const LensStates *states = lens_states_view_get_states(view);
  int stage = lens_states_view_get_stage(view);
  g_autofree char *text = states ? lens_states_format_stage(states, stage) : g_strdup("");

  gtk_widget_set_visible(bar, states != NULL);
  gtk_label_set_text(GTK_LABEL(label), text);
  gtk_accessible_update_property(GTK_ACCESSIBLE(scale), GTK_ACCESSIBLE_PROPERTY_VALUE_TEXT, text,
                                 -1);
  if (!states)
    return;
  gtk_range_set_range(GTK_RANGE(scale), 0, MAX(states->stages - 1, 1));
  gtk_range_set_value(GTK_RANGE(scale), stage);
}

static void
on_scale(GtkRange *scale, LensStatesView *view)
{
  lens_states_view_set_stage(view, (int)(gtk_range_get_value(scale) + 0.5));
}

static void
on_trails(GtkCheckButton *check, GParamSpec *pspec, LensStatesView *view)
{
  lens_states_view_set_trails(view, gtk_check_button_get_active(check));
}

GtkWidget *
lens_attention_stage_bar_new(LensStatesView *view, LensStatesView *left)
{
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *scale = gtk_scale_new_with_range(GTK_ORIENTATION_HORIZONTAL, 0, 1, 1);
  GtkWidget *label = gtk_label_new(NULL), *check = gtk_check_button_new_with_label(_("Paths"));

  gtk_widget_set_hexpand(scale, TRUE);
  gtk_label_set_width_chars(GTK_LABEL(label), 20);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, "caption");
  gtk_check_button_set_active(GTK_CHECK_BUTTON(check), TRUE);
  gtk_widget_set_tooltip_text(check,
                              _("Draw the path of every word and box through the layers; without, "
                                "one layer fills the view"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(scale), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Layer"),
                                 -1);
  gtk_box_append(GTK_BOX(bar), scale);
  gtk_box_append(GTK_BOX(bar), label);
  gtk_box_append(GTK_BOX(bar), check);
  g_signal_connect_object(scale, "value-changed", G_CALLBACK(on_scale), view, 0);
  g_signal_connect_object(check, "notify::active", G_CALLBACK(on_trails), view, 0);
  g_signal_connect_object(check, "notify::active", G_CALLBACK(on_trails), left, 0);
  g_object_bind_property(view, "stage", left, "stage", G_BINDING_SYNC_CREATE);
  g_signal_connect_object(view, "notify::stage", G_CALLBACK(show_stage), bar, 0);
  show_stage(view, NULL, bar);
  return bar;
}
