#include "lens-attention-pane.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#include "lens-attention-beside.h"
#include "lens-attention-choice.h"
#include "lens-attention-keys.h"
#include "lens-attention-looks.h"
#include "lens-attention-reading.h"
#include "lens-attention-text.h"
#include "lens-cut-label.h"
#include "lens-export-states.h"
#include "lens-export.h"
#include "lens-gate-actions.h"
#include "lens-graph-view.h"
#include "lens-heads-view.h"
#include "lens-matrix-view.h"
#include "lens-neuron-view.h"
#include "lens-numbers-view.h"
#include "lens-reading-actions.h"
#include "lens-settings.h"
#include "lens-states-view.h"
#include "lens-write.h"

static const char *const views[] = { "graph", "matrix", "heads", "neuron", "states", "numbers" };
#define N_VIEWS G_N_ELEMENTS(views)

struct _LensAttentionPane {
  GtkWidget parent_instance;

  LensExplorer *explorer;
  LensLooks *looks;
  GtkWidget *gate_popover;
  GtkEventController *keys; /* of the window; borrowed */
  gboolean words;           /* whole words are shown */
  LensBeside *beside;       /* NULL before there is an explorer */

  /* template widgets */
  GtkDropDown *stat_drop, *reading_drop, *scope_drop, *answer_drop, *half_drop, *numbers_drop;
  LensModelMap *model_map;
  GtkToggleButton *graph_button, *matrix_button, *heads_button, *neuron_button, *states_button,
      *numbers_button;
  GMenuModel *gate_menu;
  GtkLabel *title_label;
  GtkInscription *value_label; /* another text is no other size: nothing else is laid out */
  GtkStack *stack;
  GtkSpinner *spinner;
  LensCompareBar *compare_bar;
  LensHeadsBar *heads_bar;
  GtkWidget *beside_bar;
  GtkLabel *beside_a, *beside_b;
  /* of the run that is shown, and of the one beside it */
  LensGraphView *graph_view, *graph_view_a;
  LensMatrixView *matrix_view, *matrix_view_a;
  LensHeadsView *heads_view, *heads_view_a;
  GtkWidget *heads_scroll_a;
  LensNeuronView *neuron_view, *neuron_view_a;
  GtkWidget *neuron_scroll_a;
  LensStatesView *states_view, *states_view_a;
  GtkWidget *states_bar;
  LensNumbersView *numbers_view;
};

enum { PROP_0, PROP_VIEW, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(LensAttentionPane, lens_attention_pane, GTK_TYPE_WIDGET)

static LensSelection *
selection_of(LensAttentionPane *self)
{
  return lens_explorer_get_selection(self->explorer);
}

LensExplorer *
lens_attention_pane_get_explorer(LensAttentionPane *self)
{
  return self->explorer;
}

LensModelMap *
lens_attention_pane_get_model_map(LensAttentionPane *self)
{
  return self->model_map;
}

/* ---- what is shown ---- */

static GtkToggleButton *
view_button(LensAttentionPane *self, guint i)
{
  GtkToggleButton *buttons[N_VIEWS]
      = { self->graph_button,  self->matrix_button, self->heads_button,
          self->neuron_button, self->states_button, self->numbers_button };

  return buttons[i];
}

const char *
lens_attention_pane_get_view(LensAttentionPane *self)
{
  for (guint i = 0; i < N_VIEWS; i++) {
    if (gtk_toggle_button_get_active(view_button(self, i)))
      return views[i];
  }
  return views[0];
}

static void
update_stack(LensAttentionPane *self)
{
  LensRun *run = self->explorer ? lens_explorer_get_run(self->explorer) : NULL;
  gboolean busy = self->explorer && lens_explorer_get_busy(self->explorer);
  const char *view = lens_attention_pane_get_view(self);
  gboolean one_map = g_str_equal(view, "graph") || g_str_equal(view, "matrix");
  gboolean one_more = self->explorer && lens_explorer_wants_partner(self->explorer);

  gtk_stack_set_visible_child_name(self->stack, run        ? view
                                                : busy     ? "waiting"
                                                : one_more ? "pair"
                                                           : "empty");
  gtk_spinner_set_spinning(self->spinner, busy && !run); /* unseen, it would cost every frame */
  gtk_widget_set_visible(GTK_WIDGET(self->scope_drop), g_str_equal(view, "heads"));
  gtk_widget_set_visible(GTK_WIDGET(self->numbers_drop), g_str_equal(view, "numbers"));
  gtk_widget_set_visible(GTK_WIDGET(self->reading_drop), one_map);
  gtk_widget_set_visible(self->beside_bar,
                         run && gtk_widget_get_visible(GTK_WIDGET(self->graph_view_a)));
  gtk_widget_set_visible(GTK_WIDGET(self->answer_drop),
                         one_map && self->explorer && lens_selection_explains(selection_of(self)));
  if (self->looks)
    lens_looks_set_view(self->looks, view);
}

void
lens_attention_pane_set_view(LensAttentionPane *self, const char *view)
{
  for (guint i = 0; i < N_VIEWS; i++) {
    if (g_strcmp0(view, views[i]) == 0)
      gtk_toggle_button_set_active(view_button(self, i), TRUE);
  }
}

void
lens_attention_pane_set_compare(LensAttentionPane *self, LensCompareMode mode)
{
  lens_compare_bar_set_mode(self->compare_bar, mode);
}

LensCompareMode
lens_attention_pane_get_compare(LensAttentionPane *self)
{
  return lens_compare_bar_get_mode(self->compare_bar);
}

static LensRun *
shown_run(LensAttentionPane *self)
{
  return lens_beside_get_run(self->beside);
}

static void
update_title(LensAttentionPane *self)
{
  const char *view = lens_attention_pane_get_view(self);
  g_autofree char *text = NULL;

  if (!shown_run(self))
    text = g_strdup("");
  else if (g_str_equal(view, "numbers"))
    text = lens_numbers_view_describe(self->numbers_view);
  else if (g_str_equal(view, "states"))
    text = g_strdup(_("Hidden states of words and boxes, layer by layer"));
  else
    text = lens_attention_text_title(shown_run(self), selection_of(self));
  lens_cut_label_set_text(self->title_label, text);
}

static void
update_value(LensAttentionPane *self)
{
  LensSelection *selection = selection_of(self);
  const char *map = lens_selection_get_map(selection);
  LensTarget active = lens_selection_get_active(selection);
  LensRun *run = shown_run(self), *other = lens_beside_get_other(self->beside);
  g_autofree char *text = NULL;

  /* States are of B, not of the difference of two maps. */
  if (run && g_str_equal(lens_attention_pane_get_view(self), "states"))
    run = lens_run_get_compared(run, 1, NULL) ? lens_run_get_compared(run, 1, NULL) : run;
  /* What only the left one has. */
  if (other && lens_target_in_run(active, run, map).kind == LENS_TARGET_NONE
      && lens_target_in_run(active, other, map).kind != LENS_TARGET_NONE)
    run = other;
  text = lens_attention_text_active(run, selection, lens_attention_pane_get_view(self));
  gtk_inscription_set_text(self->value_label, text);
}

static void
on_view_button(LensAttentionPane *self)
{
  update_stack(self);
  if (self->explorer) {
    update_title(self);
    update_value(self);
  }
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_VIEW]);
}

static void
update_heads_bar(LensAttentionPane *self)
{
  const char *name = lens_selection_get_map(selection_of(self));
  LensRun *run = shown_run(self);
  LensMap *map = run && name ? lens_run_find_map(run, name) : NULL;

  lens_heads_bar_set_n_heads(self->heads_bar, map ? lens_map_get_heads(map) : 0);
}

static void update_run(LensAttentionPane *self);

static void
update_view(LensAttentionPane *self)
{
  if (self->words != lens_selection_get_merge_words(selection_of(self))) {
    self->words = !self->words;
    update_run(self);
    return;
  }
  update_stack(self);
  update_heads_bar(self);
  update_title(self);
  update_value(self);
}

static void
update_edits(LensAttentionPane *self)
{
  LensRun *whole = lens_compare_bar_get_whole_run(self->compare_bar);
  LensRun *other = lens_beside_get_other_half(self->beside).run;
  const LensEdits *edits = lens_explorer_get_edits(self->explorer);

  if (whole && whole != lens_explorer_get_run(self->explorer))
    edits = lens_run_get_edits(whole); /* A's own */
  lens_model_map_set_edits(self->model_map, edits);
  lens_heads_view_set_edits(self->heads_view, edits);
  lens_heads_view_set_edits(self->heads_view_a, other ? lens_run_get_edits(other) : NULL);
}

static void
update_run(LensAttentionPane *self)
{
  LensRun *run = shown_run(self);
  gboolean difference = run && lens_run_get_compared(run, 0, NULL);

  lens_model_map_set_run(self->model_map, run);
  lens_beside_update(self->beside, self->beside_a, self->beside_b);
  lens_numbers_view_set_runs(self->numbers_view, run, lens_beside_get_other(self->beside));
  lens_looks_set_runs(self->looks, lens_beside_get_half(self->beside),
                      lens_beside_get_other_half(self->beside), difference);
  update_edits(self);
  update_stack(self);
  update_view(self);
}

static void
update_model(LensAttentionPane *self)
{
  lens_model_map_set_model(self->model_map, lens_explorer_get_model(self->explorer));
}

/* ---- what the person does ---- */

static void
on_rows(LensAttentionPane *self)
{
  if (self->explorer)
    update_title(self);
}

static void
on_head_activated(LensAttentionPane *self)
{
  lens_selection_set_reading(selection_of(self), LENS_READING_HEAD);
  lens_attention_pane_set_view(self, "graph");
}

static void
on_map_menu(LensAttentionPane *self, double x, double y)
{
  double px, py;

  if (!self->gate_popover) {
    self->gate_popover = gtk_popover_menu_new_from_model(self->gate_menu);
    gtk_widget_set_parent(self->gate_popover, GTK_WIDGET(self));
    g_signal_connect_object(self->gate_popover, "closed", G_CALLBACK(gtk_widget_grab_focus),
                            self->model_map, G_CONNECT_SWAPPED);
  }
  gtk_widget_translate_coordinates(GTK_WIDGET(self->model_map), GTK_WIDGET(self), x, y, &px, &py);
  gtk_popover_set_pointing_to(GTK_POPOVER(self->gate_popover),
                              &(GdkRectangle){ (int)px, (int)py, 1, 1 });
  gtk_popover_popup(GTK_POPOVER(self->gate_popover));
}

LensRun *
lens_attention_pane_get_run(LensAttentionPane *self)
{
  return self->explorer ? shown_run(self) : NULL;
}

LensRun *
lens_attention_pane_get_other_run(LensAttentionPane *self)
{
  return self->explorer ? lens_beside_get_other(self->beside) : NULL;
}

gboolean
lens_attention_pane_export(LensAttentionPane *self, const LensPrint *print, const char *path,
                           GError **error)
{
  GtkWidget *shown[N_VIEWS] = { GTK_WIDGET(self->graph_view),  GTK_WIDGET(self->matrix_view),
                                GTK_WIDGET(self->heads_view),  GTK_WIDGET(self->neuron_view),
                                GTK_WIDGET(self->states_view), GTK_WIDGET(self->numbers_view) };
  const char *view = lens_attention_pane_get_view(self);

  if (gtk_widget_get_mapped(self->beside_bar)) /* A and B */
    return lens_print_widget(GTK_WIDGET(self->stack), print, path, error);
  for (guint i = 0; i < N_VIEWS; i++) {
    if (g_str_equal(view, views[i]))
      return LENS_IS_CANVAS(shown[i]) ? lens_print_canvas(LENS_CANVAS(shown[i]), print, path, error)
                                      : lens_print_widget(shown[i], print, path, error);
  }
  g_return_val_if_reached(FALSE);
}

gboolean
lens_attention_pane_export_csv(LensAttentionPane *self, const char *path, GError **error)
{
  const char *view = lens_attention_pane_get_view(self);
  const LensStates *states = lens_states_view_get_states(self->states_view);
  g_autofree char *csv = NULL;

  if (g_str_equal(view, "numbers"))
    csv = lens_numbers_view_to_csv(self->numbers_view);
  else if (g_str_equal(view, "states") && states)
    csv = lens_export_states(shown_run(self), states);
  else
    return lens_export_csv(shown_run(self), selection_of(self), path, error);
  return lens_write_file(path, csv, -1, error);
}

static void
on_toggle_gate(LensAttentionPane *self, const char *map, int head)
{
  lens_explorer_toggle_gate(self->explorer, map, head, LENS_GATE_ZERO);
}

/* A click into the picture brings the arrow keys to the map of the model. */
static void
on_picture_pressed(LensAttentionPane *self)
{
  gtk_widget_grab_focus(GTK_WIDGET(self->model_map));
}

/* The keys are for the whole window: what has the focus and takes no letters lets them pass. */
static void
lens_attention_pane_root(GtkWidget *widget)
{
  LensAttentionPane *self = LENS_ATTENTION_PANE(widget);

  GTK_WIDGET_CLASS(lens_attention_pane_parent_class)->root(widget);
  self->keys = lens_attention_keys_new(self, self->model_map, self->compare_bar);
  gtk_widget_add_controller(GTK_WIDGET(gtk_widget_get_root(widget)), self->keys);
}

static void
lens_attention_pane_unroot(GtkWidget *widget)
{
  LensAttentionPane *self = LENS_ATTENTION_PANE(widget);

  gtk_widget_remove_controller(GTK_WIDGET(gtk_widget_get_root(widget)), self->keys);
  GTK_WIDGET_CLASS(lens_attention_pane_parent_class)->unroot(widget);
}

/* ---- object ---- */

static void
add_actions(LensAttentionPane *self)
{
  GActionGroup *gates = lens_gate_actions_new(self->explorer, self->model_map, self->numbers_view);

  GActionGroup *reading
      = lens_reading_actions_new(selection_of(self), self->model_map, self->states_view);

  gtk_widget_insert_action_group(GTK_WIDGET(self), "gates", gates);
  gtk_widget_insert_action_group(GTK_WIDGET(self), "attention", reading);
  g_object_unref(gates);
  g_object_unref(reading);
}

static void
add_view(LensAttentionPane *self, gpointer view, gpointer left, gpointer column,
         LensBesideWords words)
{
  LensSelection *selection = selection_of(self);

  lens_run_view_set_selection(view, selection);
  lens_run_view_set_selection(left, selection);
  lens_beside_add(self->beside, view, left, column, words);
}

/* The engine's own queries, keys and states are those of pieces. */
static void
add_views(LensAttentionPane *self)
{
  add_view(self, self->graph_view, self->graph_view_a, self->graph_view_a, LENS_BESIDE_WORDS);
  add_view(self, self->matrix_view, self->matrix_view_a, self->matrix_view_a, LENS_BESIDE_WORDS);
  add_view(self, self->heads_view, self->heads_view_a, self->heads_scroll_a, LENS_BESIDE_WORDS);
  add_view(self, self->neuron_view, self->neuron_view_a, self->neuron_scroll_a, LENS_BESIDE_PIECES);
  add_view(self, self->states_view, self->states_view_a, self->states_view_a, LENS_BESIDE_PIECES);
}

void
lens_attention_pane_set_explorer(LensAttentionPane *self, LensExplorer *explorer)
{
  LensSelection *selection = lens_explorer_get_selection(explorer);

  g_return_if_fail(!self->explorer);
  self->explorer = g_object_ref(explorer);
  lens_model_map_set_selection(self->model_map, selection);
  lens_numbers_view_set_selection(self->numbers_view, selection);
  self->beside = lens_beside_new(explorer, self->compare_bar);
  add_views(self);
  self->looks = lens_looks_new(explorer, self->neuron_view, self->neuron_view_a, self->states_view,
                               self->states_view_a);
  lens_attention_choose_reading(self->reading_drop, selection);
  lens_heads_bar_set_selection(self->heads_bar, selection);
  lens_attention_choose_answer(self->answer_drop, explorer);
  lens_attention_choose_half(self->half_drop, explorer);
  gtk_box_append(GTK_BOX(self->states_bar),
                 lens_attention_stage_bar_new(self->states_view, self->states_view_a));
  add_actions(self);
  g_signal_connect_object(selection, "view-changed", G_CALLBACK(update_view), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "hover-changed", G_CALLBACK(update_value), self,
                          G_CONNECT_SWAPPED);
  lens_compare_bar_set_explorer(self->compare_bar, explorer);
  g_signal_connect_object(self->compare_bar, "changed", G_CALLBACK(update_run), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "edits-changed", G_CALLBACK(update_edits), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "notify::busy", G_CALLBACK(update_stack), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "notify::model", G_CALLBACK(update_model), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "partner-changed", G_CALLBACK(update_stack), self,
                          G_CONNECT_SWAPPED);
  update_model(self);
  update_run(self);
}

static void
lens_attention_pane_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_VIEW)
    g_value_set_string(value, lens_attention_pane_get_view(LENS_ATTENTION_PANE(object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_attention_pane_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_VIEW)
    lens_attention_pane_set_view(LENS_ATTENTION_PANE(object), g_value_get_string(value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_attention_pane_dispose(GObject *object)
{
  LensAttentionPane *self = LENS_ATTENTION_PANE(object);
  GtkWidget *child;

  gtk_widget_insert_action_group(GTK_WIDGET(self), "gates", NULL);
  gtk_widget_insert_action_group(GTK_WIDGET(self), "attention", NULL);
  g_clear_pointer(&self->gate_popover, gtk_widget_unparent);
  g_clear_pointer(&self->looks, lens_looks_free);
  g_clear_pointer(&self->beside, lens_beside_free);
  g_clear_object(&self->explorer);
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self))))
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(lens_attention_pane_parent_class)->dispose(object);
}

#define CHILD(name)                                                                                \
  {                                                                                                \
#name, G_STRUCT_OFFSET(LensAttentionPane, name)                                                \
  }
static const struct {
  const char *name;
  gssize offset;
} children[] = {
  CHILD(stat_drop),      CHILD(reading_drop),  CHILD(scope_drop),      CHILD(half_drop),
  CHILD(answer_drop),    CHILD(model_map),     CHILD(gate_menu),       CHILD(graph_button),
  CHILD(matrix_button),  CHILD(heads_button),  CHILD(numbers_button),  CHILD(states_bar),
  CHILD(states_view),    CHILD(neuron_view),   CHILD(states_button),   CHILD(neuron_button),
  CHILD(title_label),    CHILD(value_label),   CHILD(stack),           CHILD(spinner),
  CHILD(compare_bar),    CHILD(graph_view),    CHILD(matrix_view),     CHILD(heads_view),
  CHILD(numbers_view),   CHILD(heads_bar),     CHILD(beside_bar),      CHILD(beside_a),
  CHILD(beside_b),       CHILD(graph_view_a),  CHILD(matrix_view_a),   CHILD(heads_view_a),
  CHILD(heads_scroll_a), CHILD(neuron_view_a), CHILD(neuron_scroll_a), CHILD(states_view_a),
  CHILD(numbers_drop),
};
#undef CHILD

static void
lens_attention_pane_class_init(LensAttentionPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  object_class->get_property = lens_attention_pane_get_property;
  object_class->set_property = lens_attention_pane_set_property;
  object_class->dispose = lens_attention_pane_dispose;
  widget_class->root = lens_attention_pane_root;
  widget_class->unroot = lens_attention_pane_unroot;
  props[PROP_VIEW] = g_param_spec_string("view", NULL, NULL, "graph",
                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(object_class, N_PROPS, props);

  g_type_ensure(LENS_TYPE_MODEL_MAP);
  g_type_ensure(LENS_TYPE_GRAPH_VIEW);
  g_type_ensure(LENS_TYPE_MATRIX_VIEW);
  g_type_ensure(LENS_TYPE_HEADS_VIEW);
  g_type_ensure(LENS_TYPE_NEURON_VIEW);
  g_type_ensure(LENS_TYPE_STATES_VIEW);
  g_type_ensure(LENS_TYPE_NUMBERS_VIEW);
  g_type_ensure(LENS_TYPE_COMPARE_BAR);
  g_type_ensure(LENS_TYPE_HEADS_BAR);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-attention-pane.ui");
  for (gsize i = 0; i < G_N_ELEMENTS(children); i++)
    gtk_widget_class_bind_template_child_full(widget_class, children[i].name, FALSE,
                                              children[i].offset);
  gtk_widget_class_set_css_name(widget_class, "lensattentionpane");
}

static void
lens_attention_pane_init(LensAttentionPane *self)
{
  GtkGesture *click = gtk_gesture_click_new();
  g_autoptr(GSimpleActionGroup) none = g_simple_action_group_new();

  /* A widget that gets its first actions after its children have some is not asked by them (GTK 4.8). */
  gtk_widget_insert_action_group(GTK_WIDGET(self), "attention", G_ACTION_GROUP(none));
  gtk_widget_init_template(GTK_WIDGET(self));
  lens_attention_choose_stat(self->stat_drop, self->model_map, self->numbers_view);
  lens_attention_choose_numbers(self->numbers_drop, self->numbers_view);
  lens_attention_choose_scope(self->scope_drop, self->heads_view, self->heads_view_a);
  for (guint i = 0; i < N_VIEWS; i++)
    g_signal_connect_object(view_button(self, i), "toggled", G_CALLBACK(on_view_button), self,
                            G_CONNECT_SWAPPED);
  g_signal_connect_object(self->model_map, "menu", G_CALLBACK(on_map_menu), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->heads_view, "head-activated", G_CALLBACK(on_head_activated), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->model_map, "toggle-gate", G_CALLBACK(on_toggle_gate), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(lens_numbers_view_get_rows(self->numbers_view), "items-changed",
                          G_CALLBACK(on_rows), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(click, "pressed", G_CALLBACK(on_picture_pressed), self,
                          G_CONNECT_SWAPPED);
  gtk_widget_add_controller(GTK_WIDGET(self->stack), GTK_EVENT_CONTROLLER(click));
  lens_settings_bind("statistic", self->stat_drop, "selected");
  lens_settings_bind("view", self, "view");
}
