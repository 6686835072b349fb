/* The table of the heads' numbers comes, goes and changes a few rows at a time: hundreds of them hold no
 * turn of the main loop for long. */
#include "display-run.h"
#include "display-wait.h"
#include "lens-head-item.h"
#include "lens-numbers-view.h"
#include "lens-slow-rows.h"

static GListModel *
rows_of_table(GtkWidget *view)
{
  return G_LIST_MODEL(
      gtk_column_view_get_model(GTK_COLUMN_VIEW(display_find(view, GTK_TYPE_COLUMN_VIEW, 0))));
}

static gboolean
has_all_rows(gpointer view)
{
  return g_list_model_get_n_items(rows_of_table(view))
         == g_list_model_get_n_items(lens_numbers_view_get_rows(view));
}

static gboolean
has_first_rows(gpointer view)
{
  return g_list_model_get_n_items(rows_of_table(view)) == LENS_SLOW_ROWS_FIRST;
}

/* A table of hundreds of rows comes and goes a few rows at a time. */
static void
test_numbers_slowly(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_numbers_view_new();
  guint most = 0, before, after;

  lens_numbers_view_set_runs(LENS_NUMBERS_VIEW(view), self->run, NULL);
  self->window = display_show(view, 700, 420);
  before = g_list_model_get_n_items(rows_of_table(view));
  while (!has_all_rows(view)) {
    g_main_context_iteration(NULL, TRUE);
    after = g_list_model_get_n_items(rows_of_table(view));
    if (after < MIN((4 + 2 + 4 * 2) * 8, 200))
      most = MAX(most, after - before);
    before = after;
  }
  g_assert_cmpuint(most, <=, LENS_SLOW_ROWS_STEP);
  gtk_widget_set_visible(view, FALSE);
  display_wait(has_first_rows, view);
  gtk_widget_set_visible(view, TRUE);
  display_wait(has_all_rows, view);
}

/* Whether a label says this. */
static gboolean
says(GtkWidget *root, const char *text)
{
  if (GTK_IS_LABEL(root) && g_strcmp0(gtk_label_get_text(GTK_LABEL(root)), text) == 0)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child;
       child = gtk_widget_get_next_sibling(child)) {
    if (says(child, text))
      return TRUE;
  }
  return FALSE;
}

typedef struct {
  GtkWidget *view;
  char *text;
} Saying;

static gboolean
is_said(gpointer data)
{
  const Saying *saying = data;

  return says(saying->view, saying->text);
}

static char *
first_k90(GtkWidget *view)
{
  g_autoptr(LensHeadItem) item
      = g_list_model_get_item(lens_numbers_view_get_rows(LENS_NUMBERS_VIEW(view)), 0);

  return lens_head_item_format_stat(item, LENS_STAT_K90);
}

static gboolean
begins_otherwise(gpointer data)
{
  const Saying *saying = data;
  g_autofree char *text = first_k90(saying->view);

  return g_strcmp0(text, saying->text) != 0;
}

/* Another answer's numbers come into the rows that are there, and their order follows. */
static void
test_numbers_exchanged(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_numbers_view_new();
  LensNumbersView *numbers = LENS_NUMBERS_VIEW(view);
  g_autoptr(LensScene) scene = lens_fake_scene(5);
  g_autoptr(LensRun) other = lens_fake_run(scene, 4, 2, 2, 8);
  g_autoptr(LensRun) larger = lens_fake_run(scene, 4, 2, 3, 8);
  g_autofree char *old = NULL, *text = NULL;
  gpointer first, same;

  lens_numbers_view_set_runs(numbers, self->run, NULL);
  self->window = display_show(view, 1200, 420);
  display_wait(has_all_rows, view);
  lens_numbers_view_sort(numbers, LENS_STAT_K90, GTK_SORT_DESCENDING);
  first = g_list_model_get_item(lens_numbers_view_get_rows(numbers), 0);
  g_object_unref(first);
  old = first_k90(view);
  lens_numbers_view_set_runs(numbers, other, NULL);
  display_wait(begins_otherwise, &(Saying){ view, old });
  text = first_k90(view);
  display_wait(is_said, &(Saying){ view, text });
  same = NULL;
  for (guint i = 0; i < g_list_model_get_n_items(lens_numbers_view_get_rows(numbers)); i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(lens_numbers_view_get_rows(numbers), i);

    if (item == first)
      same = item;
  }
  g_assert_nonnull(same);
  lens_numbers_view_set_runs(numbers, larger, NULL);
  g_assert_cmpuint(g_list_model_get_n_items(lens_numbers_view_get_rows(numbers)), ==,
                   (4 + 2 + 4 * 3) * 8);
  display_wait(has_all_rows, view);
}

#define ADD(path, func)                                                                            \
  g_test_add(path, DisplayRun, NULL, display_run_set_up, func, display_run_tear_down)

int
main(int argc, char **argv)
{
  gtk_test_init(&argc, &argv);
  ADD("/numbers/slowly", test_numbers_slowly);
  ADD("/numbers/exchanged", test_numbers_exchanged);
  return g_test_run();
}
