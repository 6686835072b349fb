/* What is asked: the entry, and what is kept of it in the library. */
#include "display-window.h"

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

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  g_test_add("/ask/typed", DisplayWindow, NULL, display_window_set_up_asked, test_typed,
             display_window_tear_down);
  return g_test_run();
}
