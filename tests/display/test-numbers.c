/* The table of the heads' numbers: how it is filtered, sorted and pointed at; and that it comes, goes and
 * changes a few rows at a time: hundreds of them hold no turn of the main loop for long. */
#include <math.h>

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

/* ---- filter, order, columns, pointer ---- */

static gboolean
has_scrolled(gpointer adjustment)
{
  return gtk_adjustment_get_value(adjustment) > 0;
}

static void
test_numbers_table(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_numbers_view_new();
  LensNumbersView *numbers = LENS_NUMBERS_VIEW(view);
  GListModel *rows = lens_numbers_view_get_rows(numbers);
  double before = -1;
  g_autofree char *csv = NULL;
  g_auto(GStrv) lines = NULL;

  lens_numbers_view_set_selection(numbers, self->selection);
  lens_numbers_view_set_runs(numbers, self->run, NULL);
  self->window = display_show(view, 700, 420);
  g_assert_cmpuint(g_list_model_get_n_items(rows), ==, (4 + 2 + 4 * 2) * 8);
  lens_numbers_view_sort(numbers, LENS_STAT_PEAK, GTK_SORT_ASCENDING);
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(rows, i);

    g_assert_cmpfloat(lens_head_item_get_stat(item, LENS_STAT_PEAK), >=, before);
    before = lens_head_item_get_stat(item, LENS_STAT_PEAK);
  }
  lens_numbers_view_filter(numbers, "vision", LENS_STAT_PEAK, NAN, NAN);
  g_assert_cmpuint(g_list_model_get_n_items(rows), ==, 2 * 8);
  lens_numbers_view_filter(numbers, NULL, LENS_STAT_PEAK, 0.6, 0.8);
  g_assert_cmpuint(g_list_model_get_n_items(rows), >, 0);
  for (guint i = 0; i < g_list_model_get_n_items(rows); i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(rows, i);

    g_assert_cmpfloat(lens_head_item_get_stat(item, LENS_STAT_PEAK), >=, 0.6);
    g_assert_cmpfloat(lens_head_item_get_stat(item, LENS_STAT_PEAK), <=, 0.8);
  }
  csv = lens_numbers_view_to_csv(numbers);
  lines = g_strsplit(csv, "\r\n", -1);
  g_assert_true(g_str_has_prefix(lines[0], "map,head,Entropy,Peak"));
  g_assert_cmpuint(g_strv_length(lines), ==, g_list_model_get_n_items(rows) + 2);
}

/* Rising or falling: a head without the number is never among the first. */
static void
test_numbers_order(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_numbers_view_new();
  LensNumbersView *numbers = LENS_NUMBERS_VIEW(view);
  GListModel *rows = lens_numbers_view_get_rows(numbers);
  static const GtkSortType orders[] = { GTK_SORT_DESCENDING, GTK_SORT_ASCENDING };

  lens_numbers_view_set_selection(numbers, self->selection);
  lens_numbers_view_set_runs(numbers, self->run, NULL);
  self->window = display_show(view, 700, 420);
  for (int i = 0; i < 2; i++) {
    double before = NAN;
    guint known = 0;

    lens_numbers_view_sort(numbers, LENS_STAT_NEXT, orders[i]);
    for (guint row = 0; row < g_list_model_get_n_items(rows); row++) {
      g_autoptr(LensHeadItem) item = g_list_model_get_item(rows, row);
      double value = lens_head_item_get_stat(item, LENS_STAT_NEXT);

      if (isnan(value))
        continue;
      g_assert_cmpuint(known++, ==, row); /* none without before it */
      if (!isnan(before) && i == 0)
        g_assert_cmpfloat(value, <=, before);
      else if (!isnan(before))
        g_assert_cmpfloat(value, >=, before);
      before = value;
    }
    g_assert_cmpuint(known, ==, (4 + 2) * 8); /* words to words */
  }
}

/* Sorting shows what comes first, from wherever the person had scrolled to. */
static void
test_numbers_top(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_numbers_view_new(), *table;
  LensNumbersView *numbers = LENS_NUMBERS_VIEW(view);
  GtkAdjustment *y;

  lens_selection_set_cell(self->selection, "lang.0", 0);
  lens_numbers_view_set_selection(numbers, self->selection);
  lens_numbers_view_set_runs(numbers, self->run, NULL);
  self->window = display_show(view, 700, 420);
  table = display_find(view, GTK_TYPE_COLUMN_VIEW, 0);
  y = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(table));
  lens_selection_set_cell(self->selection, "x.1.vis_self", 7); /* the last row */
  display_wait(has_scrolled, y);
  lens_numbers_view_sort(numbers, LENS_STAT_PEAK, GTK_SORT_DESCENDING);
  display_settle(view);
  g_assert_cmpfloat(gtk_adjustment_get_value(y), ==, 0);
}

static gboolean
column_is_shown(GtkWidget *table, const char *title)
{
  GListModel *columns = gtk_column_view_get_columns(GTK_COLUMN_VIEW(table));

  for (guint i = 0; i < g_list_model_get_n_items(columns); i++) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i);

    if (g_strcmp0(gtk_column_view_column_get_title(column), title) == 0)
      return gtk_column_view_column_get_visible(column);
  }
  g_assert_not_reached();
}

/* A few numbers at a time; map and head stay. What is filtered by, or colours the map, is seen. */
static void
test_numbers_groups(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_numbers_view_new(), *table;
  LensNumbersView *numbers = LENS_NUMBERS_VIEW(view);
  guint groups = 0;

  lens_numbers_view_set_selection(numbers, self->selection);
  lens_numbers_view_set_runs(numbers, self->run, NULL);
  self->window = display_show(view, 700, 420);
  table = display_find(view, GTK_TYPE_COLUMN_VIEW, 0);
  g_assert_true(column_is_shown(table, "Entropy"));
  g_assert_false(column_is_shown(table, "Next\nword"));
  lens_numbers_view_filter(numbers, NULL, LENS_STAT_NEXT, 0, NAN);
  g_assert_true(column_is_shown(table, "Next\nword"));
  lens_numbers_view_filter(numbers, NULL, LENS_STAT_NEXT, NAN, NAN);
  g_assert_false(column_is_shown(table, "Next\nword"));
  lens_numbers_view_put_first(numbers, LENS_STAT_PREVIOUS);
  g_assert_true(column_is_shown(table, "Previous\nword"));
  g_assert_false(column_is_shown(table, "Entropy"));
  while (lens_numbers_view_get_group_name(groups + 1))
    groups++;
  lens_numbers_view_set_group(numbers, groups); /* all of them */
  g_assert_true(column_is_shown(table, "Entropy"));
  g_assert_true(column_is_shown(table, "Next\nword"));
  g_assert_true(column_is_shown(table, "Map"));
  g_assert_true(column_is_shown(table, "Head"));
}

/* Pointing at a row previews its head; a head that is previewed elsewhere is marked in the table. */
static void
test_numbers_hover(DisplayRun *self, gconstpointer unused)
{
  GtkWidget *view = lens_numbers_view_new(), *table, *row;
  LensNumbersView *numbers = LENS_NUMBERS_VIEW(view);
  double x, y;

  lens_selection_set_cell(self->selection, "lang.0", 0);
  lens_numbers_view_set_selection(numbers, self->selection);
  lens_numbers_view_set_runs(numbers, self->run, NULL);
  self->window = display_show(view, 700, 420);
  table = display_find(view, GTK_TYPE_COLUMN_VIEW, 0);
  row = gtk_widget_get_first_child(gtk_widget_get_last_child(table));
  row = gtk_widget_get_next_sibling(gtk_widget_get_next_sibling(row));
  gtk_widget_translate_coordinates(row, table, 300, gtk_widget_get_height(row) / 2.0, &x, &y);
  display_hover(table, x, y);
  g_assert_cmpstr(lens_selection_get_map(self->selection), ==, "lang.0");
  g_assert_cmpint(lens_selection_get_head(self->selection), ==, 2);
  g_assert_true(gtk_widget_has_css_class(row, "previewed"));
  display_leave(table);
  g_assert_cmpint(lens_selection_get_head(self->selection), ==, 0);
  g_assert_false(gtk_widget_has_css_class(row, "previewed"));
  lens_selection_preview(self->selection, "lang.0", 2);
  g_assert_true(gtk_widget_has_css_class(row, "previewed"));
}

#define ADD(path, func)                                                                            \
  g_test_add(path, DisplayRun, NULL, display_run_set_up, func, display_run_tear_down)

int
main(int argc, char **argv)
{
  gtk_test_init(&argc, &argv);
  ADD("/numbers/slowly", test_numbers_slowly);
  ADD("/numbers/exchanged", test_numbers_exchanged);
  ADD("/numbers/table", test_numbers_table);
  ADD("/numbers/order", test_numbers_order);
  ADD("/numbers/top", test_numbers_top);
  ADD("/numbers/groups", test_numbers_groups);
  ADD("/numbers/hover", test_numbers_hover);
  return g_test_run();
}
