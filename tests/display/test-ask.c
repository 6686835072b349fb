/* What is asked: the entry, and what is kept of it in the library. */
#include <glib/gstdio.h>

#include "display-window.h"
#include "lens-question.h"

static GtkEditable *
entry_of(DisplayWindow *self)
{
  GtkWidget *pane = GTK_WIDGET(lens_explore_page_get_ask_pane(self->page));
  GtkWidget *entry = display_find(pane, GTK_TYPE_ENTRY, 0);

  g_assert_nonnull(entry);
  return GTK_EDITABLE(entry);
}

/* What is typed stays while edits change the answer, until a question is asked or chosen. */
static void
test_typed(DisplayWindow *self, gconstpointer unused)
{
  static const float rect[] = { 0.1f, 0.1f, 0.4f, 0.5f };
  GtkEditable *entry = entry_of(self);
  LensRun *before = lens_explorer_get_run(self->explorer);

  g_assert_cmpstr(gtk_editable_get_text(entry), ==, "is there a cat?");
  gtk_editable_set_text(entry, "how many do");
  lens_explorer_toggle_gate(self->explorer, "lang.0", 0, LENS_GATE_ZERO);
  display_window_wait(self);
  lens_explorer_place_box(self->explorer, 0, 0, rect, FALSE);
  display_window_wait(self);
  display_window_act(self, "win.undo", NULL);
  display_window_wait(self);
  g_assert_true(lens_explorer_get_run(self->explorer) != before);
  g_assert_cmpstr(gtk_editable_get_text(entry), ==, "how many do");

  /* Chosen again, and asked while more is typed. */
  lens_explorer_ask(self->explorer, "is there a cat?");
  g_assert_cmpstr(gtk_editable_get_text(entry), ==, "is there a cat?");
  gtk_editable_set_text(entry, " is there a dog? ");
  g_signal_emit_by_name(entry, "activate");
  gtk_editable_set_text(entry, "is there a dog? Or");
  display_window_wait(self);
  g_assert_cmpstr(lens_run_get_question(lens_explorer_get_run(self->explorer)), ==,
                  "is there a dog?");
  g_assert_cmpstr(gtk_editable_get_text(entry), ==, "is there a dog? Or");

  /* Another word makes another question; so does its undo. */
  lens_explorer_reword(self->explorer, 4, "cat");
  display_window_wait(self);
  g_assert_cmpstr(gtk_editable_get_text(entry), ==, "is there a cat?");
  gtk_editable_set_text(entry, "how");
  display_window_act(self, "win.undo", NULL);
  display_window_wait(self);
  g_assert_cmpstr(gtk_editable_get_text(entry), ==, "is there a dog?");
}

/* ---- the library's rows ---- */

static GtkListView *
list_of(DisplayWindow *self)
{
  GtkWidget *pane = GTK_WIDGET(lens_explore_page_get_library_pane(self->page));

  return GTK_LIST_VIEW(display_find(pane, GTK_TYPE_LIST_VIEW, 0));
}

/* The shown row of a question, of a pair's statement or not; owned, NULL: there is none. */
static LensQuestion *
find_row(DisplayWindow *self, const char *text, gboolean pair, guint *place)
{
  GListModel *rows = G_LIST_MODEL(gtk_list_view_get_model(list_of(self)));

  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(GtkTreeListRow) row = g_list_model_get_item(rows, i);
    g_autoptr(GObject) item = gtk_tree_list_row_get_item(row);

    if (LENS_IS_QUESTION(item) && g_str_equal(lens_question_get_text(LENS_QUESTION(item)), text)
        && !lens_question_get_second_path(LENS_QUESTION(item)) == !pair) {
      if (place)
        *place = i;
      return LENS_QUESTION(g_steal_pointer(&item));
    }
  }
  return NULL;
}

static void
activate_row(DisplayWindow *self, const char *text, gboolean pair)
{
  guint place;
  g_autoptr(LensQuestion) question = find_row(self, text, pair, &place);

  g_assert_nonnull(question);
  g_signal_emit_by_name(list_of(self), "activate", place);
}

/* What is chosen in the list is the question; whether it is one about a pair. */
static gboolean
is_chosen(DisplayWindow *self, const char *text, gboolean pair)
{
  GtkSingleSelection *rows = GTK_SINGLE_SELECTION(gtk_list_view_get_model(list_of(self)));
  GtkTreeListRow *row = gtk_single_selection_get_selected_item(rows);
  g_autoptr(LensQuestion) question = find_row(self, text, pair, NULL);
  g_autoptr(GObject) item = row ? gtk_tree_list_row_get_item(row) : NULL;

  return question && item == G_OBJECT(question);
}

#define STATEMENT "there is a cat in one image"

static gboolean
statement_is_chosen(gpointer window)
{
  return is_chosen(window, STATEMENT, TRUE);
}

static gboolean
has_no_statement(gpointer window)
{
  g_autoptr(LensQuestion) row = find_row(window, STATEMENT, TRUE, NULL);

  return !row;
}

static gboolean
has_statement(gpointer window)
{
  return !has_no_statement(window);
}

static gboolean
has_error(gpointer window)
{
  return lens_window_get_error(window) != NULL;
}

static const char *
second_path(DisplayWindow *self)
{
  LensRun *run = lens_explorer_get_run(self->explorer);

  return lens_scene_get_path(lens_run_get_scene(lens_run_get_half(run, 1)));
}

/* Kept under its first image, at the next start too; chosen, both images are judged again by the model
 * that did. */
static void
test_statement(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *second = world_scene(&self->world, 1);
  g_autofree char *judge = NULL;
  g_autoptr(LensQuestion) row = NULL;
  guint place;

  display_window_ask_pair(self, STATEMENT);
  world_wait(statement_is_chosen, self);
  judge = g_strdup(lens_model_get_id(lens_explorer_get_model(self->explorer)));
  gtk_window_destroy(GTK_WINDOW(self->window));
  world_reopen(&self->world);
  display_window_open(self, 1280, 800);
  lens_explorer_set_model(self->explorer, lens_workbench_get_default_model(self->world.bench));
  lens_explorer_set_partner(self->explorer, NULL);
  display_window_ask(self, 0, "is there a dog?");
  world_wait(has_statement, self);
  row = find_row(self, STATEMENT, TRUE, &place);
  g_assert_cmpstr(lens_question_get_second_path(row), ==, second);
  g_assert_true(*lens_question_get_answer(row));
  display_window_ask(self, 1, "is there a cat?");

  activate_row(self, STATEMENT, TRUE);
  display_window_wait_pair(self);
  g_assert_cmpstr(lens_model_get_id(lens_explorer_get_model(self->explorer)), ==, judge);
  g_assert_cmpstr(lens_explorer_get_question(self->explorer), ==, STATEMENT);
  g_assert_cmpstr(second_path(self), ==, second);
  world_wait(statement_is_chosen, self);
  g_assert_null(lens_window_get_error(self->window));
}

/* Deleted and put back; the second image off the list comes back with it; where its file is gone that
 * is said. */
static void
test_statement_deleted(DisplayWindow *self, gconstpointer unused)
{
  g_autofree char *second = world_scene(&self->world, 1);
  g_autoptr(LensQuestion) row = NULL;
  LensLibraryPane *pane = lens_explore_page_get_library_pane(self->page);
  gint64 id;

  display_window_ask_pair(self, STATEMENT);
  world_wait(has_statement, self);
  id = lens_scene_get_id(lens_explorer_get_partner(self->explorer));
  row = find_row(self, STATEMENT, TRUE, NULL);
  lens_workbench_remove_question(self->world.bench, lens_question_get_id(row));
  lens_library_pane_reload(pane);
  world_wait(has_no_statement, self);
  lens_workbench_restore_question(self->world.bench, lens_question_get_id(row));
  lens_library_pane_reload(pane);
  world_wait(has_statement, self);

  lens_explorer_set_partner(self->explorer, NULL);
  lens_workbench_remove_image(self->world.bench, id);
  activate_row(self, STATEMENT, TRUE);
  display_window_wait_pair(self);
  g_assert_cmpstr(second_path(self), ==, second);
  g_assert_true(lens_workbench_find_image(self->world.bench, id, NULL));

  lens_explorer_set_partner(self->explorer, NULL);
  g_assert_cmpint(g_remove(second), ==, 0);
  activate_row(self, STATEMENT, TRUE);
  display_window_wait(self);
  world_wait(has_error, self->window);
  g_assert_nonnull(strstr(lens_window_get_error(self->window), second));
  g_assert_null(lens_explorer_get_run(self->explorer));
}

static gboolean
question_is_chosen(gpointer window)
{
  return is_chosen(window, "is there a cat?", FALSE);
}

static void
keep_told(LensExplorer *explorer, const char *message, char **told)
{
  g_free(*told);
  *told = g_strdup(message);
}

/* The row of what is asked stays chosen while a box is moved. */
static void
test_row_stays(DisplayWindow *self, gconstpointer unused)
{
  static const float rect[] = { 0.1f, 0.1f, 0.4f, 0.5f };

  world_wait(question_is_chosen, self);
  lens_explorer_place_box(self->explorer, 0, 0, rect, FALSE);
  display_window_wait(self);
  display_settle(GTK_WIDGET(self->window));
  g_assert_true(question_is_chosen(self));
}

/* Another model answered: it does again, which is said, and the one before is a key away. */
static void
test_row_of_another_model(DisplayWindow *self, gconstpointer unused)
{
  LensModel *before = lens_explorer_get_model(self->explorer);
  g_autofree char *folder = world_write_bert(&self->world), *told = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensModel) other = world_import(&self->world, folder, &error);

  g_assert_no_error(error);
  g_signal_connect(self->explorer, "told", G_CALLBACK(keep_told), &told);
  world_wait(question_is_chosen, self);
  activate_row(self, "is there a cat?", FALSE);
  display_window_wait(self);
  g_assert_null(told); /* the same model */
  lens_explorer_ask(self->explorer, "is there a dog?");
  display_window_wait(self);
  lens_explorer_set_model(self->explorer, other);
  display_window_wait(self);
  activate_row(self, "is there a cat?", FALSE);
  display_window_wait(self);
  g_assert_true(lens_run_get_model(lens_explorer_get_run(self->explorer)) == before);
  g_assert_true(g_str_has_prefix(told, lens_model_get_name(before)));
  g_assert_nonnull(strstr(told, "Ctrl+B"));
  display_window_act(self, "win.switch-model", NULL);
  display_window_wait(self);
  g_assert_true(lens_run_get_model(lens_explorer_get_run(self->explorer)) == other);
}

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
#define ADD_ASKED(path, func)                                                                      \
  g_test_add(path, DisplayWindow, NULL, display_window_set_up_asked, func, display_window_tear_down)
  ADD_ASKED("/ask/typed", test_typed);
  ADD_ASKED("/ask/row-stays", test_row_stays);
  ADD_ASKED("/ask/row-of-another-model", test_row_of_another_model);
  DISPLAY_ADD("/ask/statement", test_statement);
  DISPLAY_ADD("/ask/statement/deleted", test_statement_deleted);
  return g_test_run();
}
