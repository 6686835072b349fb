/* The Data page in the real window: from open to filtered rows to Explore. */
#include <adwaita.h>

#include "display-window.h"
#include "lens-data-table.h"
#include "lens-findings-plot.h"
#include "lens-findings-table.h"

typedef struct {
  DisplayWindow base;
  LensDataPage *page;
} Fixture;

static void
set_up(Fixture *self, gconstpointer unused)
{
  display_window_set_up(&self->base, NULL);
  self->page = lens_window_get_data_page(self->base.window);
  lens_window_show_page(self->base.window, "data");
  display_settle(GTK_WIDGET(self->base.window));
}

static void
tear_down(Fixture *self, gconstpointer unused)
{
  display_window_tear_down(&self->base, NULL);
}

static gboolean
is_ready(gpointer page)
{
  LensDataSet *set = lens_data_page_get_set(page);

  return set && g_str_equal(lens_data_set_get_state(set), "ready")
         && !lens_data_desk_get_job(lens_data_page_get_desk(page));
}

static gboolean
is_answered(gpointer page)
{
  GListModel *list = lens_data_set_get_evaluations(lens_data_page_get_set(page));
  g_autoptr(LensDataEvaluation) one = g_list_model_get_item(list, 0);

  return one && g_str_equal(lens_data_evaluation_get_state(one), "done")
         && !lens_data_desk_get_job(lens_data_page_get_desk(page));
}

static gboolean
is_found(gpointer page)
{
  LensDataRows *rows = lens_data_page_get_rows(page);
  g_autoptr(LensDataRow) first = g_list_model_get_item(G_LIST_MODEL(rows), 0);

  return !lens_data_rows_is_searching(rows) && first && lens_data_row_is_filled(first)
         && strstr(lens_data_row_get_info(first)->question, "dog");
}

static gboolean
is_explored(gpointer window)
{
  LensExplorer *explorer = lens_window_get_explorer(window);

  return !lens_explorer_get_busy(explorer) && lens_explorer_get_run(explorer);
}

static char *
write_csv(Fixture *self)
{
  GError *error = NULL;
  g_autofree char *scene = world_scene(&self->base.world, 0);
  g_autofree char *folder = g_path_get_dirname(scene);
  g_autofree char *name = g_path_get_basename(scene);
  g_autofree char *text = g_strdup_printf("image,question,answer\n%s,what is the cat ?,red\n"
                                          "%s,how many dogs are there ?,2\n",
                                          name, name);
  char *path = g_build_filename(folder, "mine.csv", NULL);

  g_file_set_contents(path, text, -1, &error);
  g_assert_no_error(error);
  return path;
}

static void
test_to_explore(Fixture *self, gconstpointer unused)
{
  g_autofree char *csv = write_csv(self);

  lens_data_page_open(self->page, csv);
  world_wait(is_ready, self->page);
  lens_data_page_set_model(self->page,
                           lens_workbench_find_model(self->base.world.bench, WORLD_MODEL));
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(self->page), "data.evaluate", NULL));
  world_wait(is_answered, self->page);
  g_assert_null(lens_window_get_error(self->base.window));
  lens_data_page_show(self->page, "confusion");
  display_settle(GTK_WIDGET(self->base.window));
  lens_data_page_show(self->page, "scores");
  display_settle(GTK_WIDGET(self->base.window));
  lens_data_page_show(self->page, "rows");
  lens_data_filters_set_text(lens_data_page_get_filters(self->page), "dogs");
  world_wait(is_found, self->page);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(lens_data_page_get_rows(self->page))), ==,
                   1);
  lens_data_page_select_row(self->page, 0);
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(self->page), "data.explore", NULL));
  world_wait(is_explored, self->base.window);
  g_assert_cmpstr(lens_explorer_get_question(lens_window_get_explorer(self->base.window)), ==,
                  "how many dogs are there ?");
  g_assert_null(lens_window_get_error(self->base.window));
}

/* ---- rows that are exchanged ---- */

#define MANY 600

/* Every third row is about dogs. */
static char *
write_many(Fixture *self)
{
  GError *error = NULL;
  GString *text = g_string_new("image,question,answer\n");
  g_autofree char *scene = world_scene(&self->base.world, 0);
  g_autofree char *folder = g_path_get_dirname(scene);
  g_autofree char *name = g_path_get_basename(scene);
  char *path = g_build_filename(folder, "many.csv", NULL);

  for (int i = 0; i < MANY; i++)
    g_string_append_printf(text, "%s,%d %s ?,%d\n", name, i, i % 3 ? "cats" : "dogs", i % 7);
  g_file_set_contents(path, text->str, (gssize)text->len, &error);
  g_assert_no_error(error);
  g_string_free(text, TRUE);
  return path;
}

static gboolean
is_settled(gpointer page)
{
  return !lens_data_rows_is_searching(lens_data_page_get_rows(page)) && is_ready(page);
}

static GtkWidget *
find_widget(GtkWidget *root, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE(root, type) ? root : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(root); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = find_widget(child, type);
  return found;
}

static gboolean
has_dogs_alone(gpointer rows)
{
  return g_list_model_get_n_items(rows) == MANY / 3;
}

static gboolean
has_all(gpointer rows)
{
  return g_list_model_get_n_items(rows) == MANY;
}

/* The widgets of the table's rows, in their order. */
static GPtrArray *
list_row_widgets(GtkWidget *table)
{
  GPtrArray *out = g_ptr_array_new();
  GtkWidget *list = find_widget(table, GTK_TYPE_LIST_VIEW);

  for (GtkWidget *row = gtk_widget_get_first_child(list); row;
       row = gtk_widget_get_next_sibling(row))
    g_ptr_array_add(out, row);
  return out;
}

static void
check_row(gpointer row, const char *text)
{
  GtkWidget *cell = find_widget(row, GTK_TYPE_INSCRIPTION);

  g_assert_cmpstr(gtk_inscription_get_text(GTK_INSCRIPTION(cell)), ==, text);
}

/* A filter fills the widgets of the rows again: making 200 of them takes longer than a frame. From
 * far down it goes to the first row, which is then the one that is selected and told. */
static void
test_exchange(Fixture *self, gconstpointer unused)
{
  LensDataRows *rows = lens_data_page_get_rows(self->page);
  GtkWidget *table = find_widget(GTK_WIDGET(self->page), GTK_TYPE_COLUMN_VIEW);
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(table));
  GtkSingleSelection *selection;
  g_autoptr(GPtrArray) before = NULL, after = NULL, again = NULL;
  g_autofree char *csv = write_many(self);
  LensDataRow *first;

  lens_data_page_open(self->page, csv);
  world_wait(is_settled, self->page);
  display_settle(GTK_WIDGET(self->base.window));
  selection = GTK_SINGLE_SELECTION(gtk_column_view_get_model(GTK_COLUMN_VIEW(table)));
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(rows)), ==, MANY);
  before = list_row_widgets(table);
  gtk_adjustment_set_value(adjustment, gtk_adjustment_get_upper(adjustment));
  lens_data_page_select_row(self->page, MANY - 1);
  display_settle(GTK_WIDGET(self->base.window));
  g_assert_cmpfloat(gtk_adjustment_get_value(adjustment), >, 1000);

  lens_data_filters_set_text(lens_data_page_get_filters(self->page), "dogs");
  world_wait(has_dogs_alone, rows);
  world_wait(is_settled, self->page);
  display_settle(GTK_WIDGET(self->base.window));
  g_assert_cmpfloat(gtk_adjustment_get_value(adjustment), ==, 0);
  g_assert_cmpuint(gtk_single_selection_get_selected(selection), ==, 0);
  first = gtk_single_selection_get_selected_item(selection);
  g_assert_cmpstr(lens_data_row_get_info(first)->question, ==, "0 dogs ?");
  after = list_row_widgets(table);
  g_assert_cmpuint(after->len, >=, 100);
  for (guint i = 0; i < after->len; i++)
    g_assert_true(g_ptr_array_find(before, after->pdata[i], NULL));
  check_row(after->pdata[1], "3 dogs ?");

  lens_data_filters_clear(lens_data_page_get_filters(self->page));
  world_wait(has_all, rows);
  display_settle(GTK_WIDGET(self->base.window));
  again = list_row_widgets(table);
  check_row(again->pdata[1], "1 cats ?");
}

/* ---- findings ---- */

static gboolean
is_measured(gpointer page)
{
  return lens_data_findings_get(lens_data_page_get_findings(page))
         && !lens_data_desk_get_job(lens_data_page_get_desk(page));
}

/* The first label that has this text in it, or NULL. */
static GtkWidget *
find_label(GtkWidget *root, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL(root) && strstr(gtk_label_get_text(GTK_LABEL(root)), text))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = find_label(child, text);
  return found;
}

static void
on_told(LensDataPage *page, const char *message, char **told)
{
  g_free(*told);
  *told = g_strdup(message);
}

static char *
export_findings(Fixture *self, const char *name)
{
  char *text = NULL, *told = NULL;
  g_autofree char *path = world_file(&self->base.world, name);
  gulong handler = g_signal_connect(self->page, "told", G_CALLBACK(on_told), &told);

  lens_data_findings_export(lens_data_page_get_findings(self->page), path);
  world_wait_for((gpointer *)&told);
  g_signal_handler_disconnect(self->page, handler);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  g_free(told);
  return text;
}

/* Values fall from row to row. */
static void
check_sorted(GtkColumnView *table)
{
  GListModel *rows = G_LIST_MODEL(gtk_column_view_get_model(table));
  guint n = g_list_model_get_n_items(rows);
  double before = 2;

  g_assert_cmpuint(n, ==, 4 * 5); /* 2 language and 2 cross layers of 4 heads and their mean */
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensFinding) number = g_list_model_get_item(rows, i);
    double value = lens_finding_get_info(number)->value;

    g_assert_cmpfloat(value, <=, before);
    before = value;
  }
}

static void
check_plot(Fixture *self, LensFindingsPlot *plot)
{
  LensSelection *selection
      = lens_explorer_get_selection(lens_window_get_explorer(self->base.window));
  double x, y;

  g_assert_true(lens_findings_plot_locate(plot, 2, &x, &y));
  g_assert_true(g_str_has_prefix(lens_canvas_get_node_name(LENS_CANVAS(plot), 2),
                                 "Language layer 1, head 3: "));
  LENS_CANVAS_GET_CLASS(plot)->click(LENS_CANVAS(plot), x, y, 1, 1);
  display_settle(GTK_WIDGET(self->base.window));
  g_assert_cmpstr(lens_selection_get_map(selection), ==, "lang.0");
  g_assert_cmpint(lens_selection_get_head(selection), ==, 2);
}

static void
test_findings(Fixture *self, gconstpointer unused)
{
  LensDataFindings *findings = lens_data_page_get_findings(self->page);
  g_autofree char *csv = write_csv(self), *markdown = NULL, *svg = NULL;
  GtkWidget *plot, *table;

  lens_data_page_open(self->page, csv);
  world_wait(is_ready, self->page);
  lens_data_page_show(self->page, "findings");
  lens_data_findings_set_examples(findings, 0);
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(findings), "findings.measure", NULL));
  world_wait(is_measured, self->page);
  g_assert_null(lens_window_get_error(self->base.window));
  g_assert_cmpint(lens_findings_get_examples(lens_data_findings_get(findings)), ==, 2);

  lens_data_findings_show_view(findings, "numbers");
  lens_data_findings_pick_measure(findings, "next_word", "");
  table = find_widget(GTK_WIDGET(findings), GTK_TYPE_COLUMN_VIEW);
  lens_findings_table_sort(GTK_COLUMN_VIEW(table), "value", GTK_SORT_DESCENDING);
  display_settle(GTK_WIDGET(self->base.window));
  check_sorted(GTK_COLUMN_VIEW(table));

  lens_data_findings_show_view(findings, "plot");
  display_settle(GTK_WIDGET(self->base.window));
  plot = find_widget(GTK_WIDGET(findings), LENS_TYPE_FINDINGS_PLOT);
  g_assert_nonnull(strstr(lens_findings_plot_get_title(LENS_FINDINGS_PLOT(plot)), "Next word"));
  svg = export_findings(self, "plot.svg");
  g_assert_nonnull(strstr(svg, "<svg"));
  markdown = export_findings(self, "report.md");
  g_assert_nonnull(strstr(markdown, "Which findings hold"));
  check_plot(self, LENS_FINDINGS_PLOT(plot));
}

static gboolean
is_of_part(gpointer page)
{
  LensFindings *findings = lens_data_findings_get(lens_data_page_get_findings(page));

  return is_measured(page) && lens_findings_get_rows(findings);
}

static gboolean
is_of_all(gpointer page)
{
  return is_measured(page) && !is_of_part(page);
}

static gboolean
is_unmeasured(gpointer findings)
{
  return !lens_data_findings_get(findings);
}

static gboolean
has_eleven(gpointer page)
{
  return is_settled(page)
         && g_list_model_get_n_items(G_LIST_MODEL(lens_data_page_get_rows(page))) == 6;
}

static int
least_width(LensDataFindings *findings)
{
  int least;

  gtk_widget_measure(GTK_WIDGET(findings), GTK_ORIENTATION_HORIZONTAL, -1, &least, NULL, NULL,
                     NULL);
  return least;
}

/* The page's filter chooses what is measured; what is shown says so, and follows the choice.
 * The window needs no more room for it. */
static void
test_filtered_findings(Fixture *self, gconstpointer unused)
{
  LensDataFindings *findings = lens_data_page_get_findings(self->page);
  LensDataFilters *filters = lens_data_page_get_filters(self->page);
  g_autofree char *csv = write_many(self);
  int least;

  lens_data_page_open(self->page, csv);
  world_wait(is_settled, self->page);
  lens_data_page_show(self->page, "findings");
  lens_data_findings_set_examples(findings, 100);
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(findings), "findings.measure", NULL));
  world_wait(is_of_all, self->page);
  least = least_width(findings);
  lens_data_filters_set_text(filters, "11 "); /* "11 …", "111 …", … */
  world_wait(has_eleven, self->page);
  lens_data_findings_set_filtered(findings, TRUE);
  g_assert_cmpint(least_width(findings), ==, least);
  world_wait(is_unmeasured, findings);
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(findings), "findings.measure", NULL));
  world_wait(is_of_part, self->page);
  g_assert_null(lens_window_get_error(self->base.window));
  g_assert_cmpint(lens_findings_get_examples(lens_data_findings_get(findings)), ==, 6);
  g_assert_nonnull(find_label(GTK_WIDGET(findings), "only those that pass the filter: with “11 ”"));
  lens_data_filters_clear(filters); /* no filter: back to the whole */
  world_wait(is_of_all, self->page);
  g_assert_cmpint(lens_findings_get_examples(lens_data_findings_get(findings)), ==, 100);
}

/* ---- statements about two images ---- */

static char *
write_pairs(Fixture *self)
{
  GError *error = NULL;
  g_autofree char *scene = world_scene(&self->base.world, 0);
  g_autofree char *folder = g_path_get_dirname(scene);
  char *path = g_build_filename(folder, "pairs.json", NULL);

  g_file_set_contents(path,
                      "[{\"identifier\": \"dev-0-0-0\", \"img0\": \"scene2\", \"img1\": \"scene3\","
                      " \"label\": 1, \"sent\": \"there are dogs\", \"uid\": \"u\"}]",
                      -1, &error);
  g_assert_no_error(error);
  return path;
}

static gboolean
is_pair(gpointer window)
{
  LensRun *run = lens_explorer_get_run(lens_window_get_explorer(window));

  return run && lens_run_is_pair(run);
}

static gboolean
has_row(gpointer page)
{
  g_autoptr(LensDataRow) row
      = g_list_model_get_item(G_LIST_MODEL(lens_data_page_get_rows(page)), 0);

  return row && lens_data_row_is_filled(row);
}

static gboolean
has_pairs(gpointer page)
{
  LensDataSet *set = lens_data_page_get_set(page);

  return set && g_str_equal(lens_data_set_get_source(set)->kind, "nlvr2") && is_ready(page);
}

/* The page picks a model that judges pairs; both images open, then the statement is judged. */
static void
test_pair(Fixture *self, gconstpointer unused)
{
  LensExplorer *explorer = lens_window_get_explorer(self->base.window);
  GError *error = NULL;
  g_autofree char *folder = world_write_pair_model(&self->base.world);
  g_autofree char *path = write_pairs(self), *first = NULL, *second = NULL;
  g_autoptr(LensModel) model = world_import(&self->base.world, folder, &error);

  g_assert_no_error(error);
  lens_data_page_open(self->page, path);
  world_wait(is_ready, self->page);
  world_wait(has_row, self->page);
  lens_data_page_select_row(self->page, 0);
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(self->page), "data.explore", NULL));
  world_wait(is_pair, self->base.window);
  g_assert_null(lens_window_get_error(self->base.window));
  g_assert_cmpstr(lens_explorer_get_question(explorer), ==, "there are dogs");
  g_assert_true(lens_explorer_get_model(explorer) == model);
  first = g_path_get_basename(lens_scene_get_path(lens_explorer_get_scene(explorer)));
  second = g_path_get_basename(lens_scene_get_path(lens_explorer_get_partner(explorer)));
  g_assert_cmpstr(first, ==, "scene2.png");
  g_assert_cmpstr(second, ==, "scene3.png");
}

/* Between pairs and questions each set comes with a model that can answer it: the one that did. */
static void
test_nearest_model(Fixture *self, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *pairs_folder = world_write_pair_model(&self->base.world);
  g_autofree char *copy = world_copy_model(&self->base.world, "mine");
  g_autofree char *csv = write_csv(self), *pairs = write_pairs(self);
  g_autoptr(LensModel) judge = world_import(&self->base.world, pairs_folder, &error);
  g_autoptr(LensModel) mine = world_import(&self->base.world, copy, &error);
  GtkSelectionModel *sets = gtk_list_view_get_model(
      GTK_LIST_VIEW(find_widget(GTK_WIDGET(self->page), GTK_TYPE_LIST_VIEW)));

  g_assert_no_error(error);
  lens_data_page_open(self->page, csv);
  world_wait(is_ready, self->page);
  g_assert_true(lens_data_page_get_model(self->page)
                == lens_workbench_get_default_model(self->base.world.bench));
  lens_data_page_set_model(self->page, mine);
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(self->page), "data.evaluate", NULL));
  world_wait(is_answered, self->page);
  lens_data_page_open(self->page, pairs);
  world_wait(has_pairs, self->page);
  g_assert_true(lens_data_page_get_model(self->page) == judge);
  gtk_selection_model_select_item(sets, 1, TRUE);
  g_assert_true(lens_data_page_get_model(self->page) == mine);
}

static int
column_width(GtkWidget *table, guint place)
{
  g_autoptr(GtkColumnViewColumn) column
      = g_list_model_get_item(gtk_column_view_get_columns(GTK_COLUMN_VIEW(table)), place);

  return gtk_column_view_column_get_fixed_width(column);
}

/* No title is cut at any size of text; statements about pairs have no types. */
static void
test_columns(Fixture *self, gconstpointer unused)
{
  GtkWidget *table = g_object_ref_sink(gtk_column_view_new(NULL));
  GListModel *columns = gtk_column_view_get_columns(GTK_COLUMN_VIEW(table));
  GtkSettings *settings = gtk_widget_get_settings(table);
  int dpi, before;

  lens_data_table_set_up(GTK_COLUMN_VIEW(table));
  before = column_width(table, 1);
  g_object_get(settings, "gtk-xft-dpi", &dpi, NULL);
  g_object_set(settings, "gtk-xft-dpi", MAX(dpi, 96 * 1024) * 3 / 2, NULL);
  g_assert_cmpint(column_width(table, 1), >, before * 5 / 4);
  for (guint i = 1; i < g_list_model_get_n_items(columns); i++) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i);
    g_autoptr(PangoLayout) title
        = gtk_widget_create_pango_layout(table, gtk_column_view_column_get_title(column));
    int width; /* at the size before */

    pango_layout_get_pixel_size(title, &width, NULL);
    g_assert_cmpint(column_width(table, i), >, width * 3 / 2 + 16);
  }
  g_object_set(settings, "gtk-xft-dpi", dpi, NULL);
  lens_data_table_set_kind(GTK_COLUMN_VIEW(table), "nlvr2");
  g_assert_cmpuint(g_list_model_get_n_items(columns), ==, 4);
  lens_data_table_set_kind(GTK_COLUMN_VIEW(table), "vqa");
  g_assert_cmpuint(g_list_model_get_n_items(columns), ==, 5);
  g_assert_cmpint(column_width(table, 1), ==, before);
  g_object_unref(table);
}

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  g_test_add("/data-page/to-explore", Fixture, NULL, set_up, test_to_explore, tear_down);
  g_test_add("/data-page/exchange", Fixture, NULL, set_up, test_exchange, tear_down);
  g_test_add("/data-page/findings", Fixture, NULL, set_up, test_findings, tear_down);
  g_test_add("/data-page/filtered-findings", Fixture, NULL, set_up, test_filtered_findings,
             tear_down);
  g_test_add("/data-page/nearest-model", Fixture, NULL, set_up, test_nearest_model, tear_down);
  g_test_add("/data-page/columns", Fixture, NULL, set_up, test_columns, tear_down);
  g_test_add("/data-page/pair", Fixture, NULL, set_up, test_pair, tear_down);
  return g_test_run();
}
