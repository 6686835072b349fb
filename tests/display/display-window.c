#include "display-window.h"

#include "lens-neuron-view.h"
#include "lens-states-view.h"

static AdwApplication *application; /* one for the whole program */

void
display_start(int *argc, char ***argv)
{
  g_autoptr(GError) error = NULL;

  gtk_test_init(argc, argv, NULL);
  application = g_object_new(ADW_TYPE_APPLICATION, "application-id", "org.crosslens.Test", "flags",
                             G_APPLICATION_NON_UNIQUE, NULL);
  g_application_register(G_APPLICATION(application), NULL, &error);
  g_assert_no_error(error);
}

void
display_window_make(DisplayWindow *self)
{
  self->window = lens_window_new(application, self->world.bench);
  self->explorer = lens_window_get_explorer(self->window);
  self->selection = lens_explorer_get_selection(self->explorer);
  self->page = lens_window_get_explore_page(self->window);
  self->pane = lens_explore_page_get_attention_pane(self->page);
}

void
display_window_open(DisplayWindow *self, int width, int height)
{
  display_window_make(self);
  gtk_window_set_default_size(GTK_WINDOW(self->window), width, height);
  gtk_window_present(GTK_WINDOW(self->window));
  display_settle(GTK_WIDGET(self->window));
  lens_attention_pane_set_view(self->pane, "graph");
}

void
display_window_set_up(DisplayWindow *self, gconstpointer unused)
{
  world_set_up(&self->world, NULL);
  display_window_open(self, 1280, 800);
}

void
display_window_set_up_asked(DisplayWindow *self, gconstpointer unused)
{
  display_window_set_up(self, NULL);
  display_window_ask(self, 1, "is there a cat?");
  lens_selection_set_cell(self->selection, "x.0.lang_to_vis", 1);
}

void
display_window_tear_down(DisplayWindow *self, gconstpointer unused)
{
  if (self->window)
    gtk_window_destroy(GTK_WINDOW(self->window));
  lens_workbench_close(self->world.bench);
  world_tear_down(&self->world, NULL);
}

gpointer
display_window_find(DisplayWindow *self, GType type, int nth)
{
  GtkWidget *found = display_find(GTK_WIDGET(self->window), type, nth);

  g_assert_nonnull(found);
  return found;
}

static gboolean
is_idle(gpointer explorer)
{
  return !lens_explorer_get_busy(explorer);
}

void
display_window_wait(DisplayWindow *self)
{
  world_wait(is_idle, self->explorer);
}

void
display_window_ask(DisplayWindow *self, int scene, const char *question)
{
  g_autofree char *path = world_scene(&self->world, scene);

  lens_explorer_open(self->explorer, path, question);
  g_assert_true(lens_explorer_get_busy(self->explorer));
  display_window_wait(self);
  g_assert_null(lens_window_get_error(self->window));
  g_assert_nonnull(lens_explorer_get_run(self->explorer));
  display_settle(GTK_WIDGET(self->window));
}

static gboolean
has_pair(gpointer explorer)
{
  LensRun *run = lens_explorer_get_run(explorer);

  return run && lens_run_is_pair(run) && !lens_explorer_get_busy(explorer);
}

void
display_window_wait_pair(DisplayWindow *self)
{
  world_wait(has_pair, self->explorer);
  display_settle(GTK_WIDGET(self->window));
}

void
display_window_ask_pair(DisplayWindow *self, const char *statement)
{
  g_autofree char *folder = world_write_pair_model(&self->world);
  g_autofree char *path = world_scene(&self->world, 1);
  g_autoptr(GError) error = NULL;
  g_autoptr(LensModel) model = world_import(&self->world, folder, &error);

  g_assert_no_error(error);
  display_window_ask(self, 0, statement);
  lens_explorer_set_model(self->explorer, model);
  lens_explorer_open_partner(self->explorer, path);
  display_window_wait_pair(self);
}

double
display_window_best_probability(DisplayWindow *self)
{
  g_autoptr(LensAnswer) answer
      = g_list_model_get_item(lens_run_get_answers(lens_explorer_get_run(self->explorer)), 0);

  return lens_answer_get_probability(answer);
}

gboolean
display_has_neuron(gpointer view)
{
  return lens_neuron_view_get_figure(view) != NULL;
}

gboolean
display_has_states(gpointer view)
{
  return lens_states_view_get_states(view) != NULL;
}

void
display_window_show_view(DisplayWindow *self, const char *view)
{
  lens_attention_pane_set_view(self->pane, view);
  display_settle(GTK_WIDGET(self->window));
}

char *
display_window_take(DisplayWindow *self, LensTake what, const LensPrint *print, const char *name,
                    gsize *size)
{
  g_autofree char *path = world_file(&self->world, name);
  g_autoptr(GError) error = NULL;
  char *bytes = NULL;

  g_assert_true(lens_take_write(self->page, self->explorer, what, print, path, &error));
  g_assert_no_error(error);
  g_assert_true(g_file_get_contents(path, &bytes, size, &error));
  return bytes;
}

void
display_window_act(DisplayWindow *self, const char *action, const char *format, ...)
{
  va_list args;

  va_start(args, format);
  g_assert_true(
      gtk_widget_activate_action_variant(GTK_WIDGET(self->window), action,
                                         format ? g_variant_new_va(format, NULL, &args) : NULL));
  va_end(args);
}

gboolean
display_window_press(DisplayWindow *self, guint keyval)
{
  g_autoptr(GListModel) list = gtk_widget_observe_controllers(GTK_WIDGET(self->window));
  gboolean taken = FALSE;

  for (guint i = 0; i < g_list_model_get_n_items(list) && !taken; i++) {
    g_autoptr(GtkEventController) controller = g_list_model_get_item(list, i);

    if (GTK_IS_EVENT_CONTROLLER_KEY(controller))
      g_signal_emit_by_name(controller, "key-pressed", keyval, 0, 0, &taken);
  }
  return taken;
}
