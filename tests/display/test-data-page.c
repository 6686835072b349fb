/* The Data page in the real window: from open to filtered rows to Explore. */
#include <adwaita.h>

#include "display-wait.h"
#include "jobs-world.h"
#include "lens-window.h"

typedef struct {
  World world;
  LensWindow *window;
  LensDataPage *page;
} Fixture;

static AdwApplication *application;

static void
set_up(Fixture *self, gconstpointer unused)
{
  world_set_up(&self->world, NULL);
  self->window = lens_window_new(application, self->world.bench);
  self->page = lens_window_get_data_page(self->window);
  gtk_window_present(GTK_WINDOW(self->window));
  lens_window_show_page(self->window, "data");
  display_settle(GTK_WIDGET(self->window));
}

static void
tear_down(Fixture *self, gconstpointer unused)
{
  gtk_window_destroy(GTK_WINDOW(self->window));
  lens_workbench_close(self->world.bench);
  world_tear_down(&self->world, NULL);
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
  g_autofree char *scene = world_scene(&self->world, 0);
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
                           lens_workbench_find_model(self->world.bench, WORLD_MODEL));
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(self->page), "data.evaluate", NULL));
  world_wait(is_answered, self->page);
  g_assert_null(lens_window_get_error(self->window));
  lens_data_page_show(self->page, "confusion");
  display_settle(GTK_WIDGET(self->window));
  lens_data_page_show(self->page, "scores");
  display_settle(GTK_WIDGET(self->window));
  lens_data_page_show(self->page, "rows");
  lens_data_filters_set_text(lens_data_page_get_filters(self->page), "dogs");
  world_wait(is_found, self->page);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(lens_data_page_get_rows(self->page))), ==,
                   1);
  lens_data_page_select_row(self->page, 0);
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(self->page), "data.explore", NULL));
  world_wait(is_explored, self->window);
  g_assert_cmpstr(lens_explorer_get_question(lens_window_get_explorer(self->window)), ==,
                  "how many dogs are there ?");
  g_assert_null(lens_window_get_error(self->window));
}

int
main(int argc, char **argv)
{
  g_autoptr(GError) error = NULL;

  gtk_test_init(&argc, &argv, NULL);
  application = g_object_new(ADW_TYPE_APPLICATION, "application-id", "org.crosslens.DataTest",
                             "flags", G_APPLICATION_NON_UNIQUE, NULL);
  g_application_register(G_APPLICATION(application), NULL, &error);
  g_assert_no_error(error);
  g_test_add("/data-page/to-explore", Fixture, NULL, set_up, test_to_explore, tear_down);
  return g_test_run();
}
