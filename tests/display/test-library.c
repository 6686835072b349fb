/* A library of thousands of rows in the window: what is on the screen, wherever the scene's row is.
 */
#include <glib/gstdio.h>

#include "display-window.h"
#include "lens-store-search.h"

#define IMAGES 3000

typedef struct {
  DisplayWindow base;
  GtkWidget *list;
} Fixture;

static gboolean
is_listed(gpointer bench)
{
  return g_list_model_get_n_items(lens_workbench_get_images(bench)) >= IMAGES + WORLD_SCENES;
}

/* The shipped scenes come after the thousands. */
static void
set_up(Fixture *self, gconstpointer unused)
{
  g_autofree char *library = NULL;
  GError *error = NULL;

  world_set_up(&self->base.world, NULL);
  lens_workbench_close(self->base.world.bench);
  library = g_build_filename(self->base.world.state_dir, "library.db", NULL);
  g_assert_cmpint(g_remove(library), ==, 0);
  lens_store_generate(library, IMAGES, 2 * IMAGES, NULL, &error);
  g_assert_no_error(error);
  world_reopen(&self->base.world);
  display_window_make(&self->base);
  self->list = display_find(GTK_WIDGET(lens_explore_page_get_library_pane(self->base.page)),
                            GTK_TYPE_LIST_VIEW, 0);
  g_assert_nonnull(self->list);
}

static void
tear_down(Fixture *self, gconstpointer unused)
{
  display_window_tear_down(&self->base, NULL);
}

/* The share of the list's height that its rows cover on the screen, or the selected ones among
 * them. */
static double
covered(Fixture *self, gboolean selected)
{
  double height = gtk_widget_get_height(self->list), sum = 0;

  for (GtkWidget *child = gtk_widget_get_first_child(self->list); child;
       child = gtk_widget_get_next_sibling(child)) {
    gboolean counts = !selected || (gtk_widget_get_state_flags(child) & GTK_STATE_FLAG_SELECTED);
    graphene_rect_t area;

    if (counts && gtk_widget_get_child_visible(child)
        && gtk_widget_compute_bounds(child, self->list, &area)) {
      double top = MAX(area.origin.y, 0), end = MIN(area.origin.y + area.size.height, height);

      sum += MAX(end - top, 0);
    }
  }
  return sum / height;
}

static gboolean
is_covered(gpointer data)
{
  return covered(data, FALSE) > 0.9;
}

static gboolean
is_reached(gpointer data)
{
  return is_covered(data) && covered(data, TRUE) > 0.02;
}

static void
open_scene(Fixture *self)
{
  g_autofree char *path = world_scene(&self->base.world, 1);

  lens_explorer_open(self->base.explorer, path, "what colour is the dog?");
  display_window_wait(&self->base);
}

/* As at the start: the scene is opened while the window comes up and the list is being read. */
static void
test_start(Fixture *self, gconstpointer unused)
{
  GtkAdjustment *place = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(self->list));

  gtk_window_present(GTK_WINDOW(self->base.window));
  open_scene(self);
  world_wait(is_listed, self->base.world.bench);
  display_wait(is_reached, self);
  gtk_adjustment_set_value(place, gtk_adjustment_get_upper(place) / 2);
  display_settle(GTK_WIDGET(self->base.window));
  display_wait(is_covered, self);
}

/* Every image that can be seen has its name; the rows of questions are no images. */
static gboolean
is_named(gpointer data)
{
  Fixture *self = data;
  double height = gtk_widget_get_height(self->list);

  if (!is_covered(self))
    return FALSE;
  for (GtkWidget *child = gtk_widget_get_first_child(self->list); child;
       child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *name = display_find(child, GTK_TYPE_INSCRIPTION, 0);
    const char *text = name ? gtk_inscription_get_text(GTK_INSCRIPTION(name)) : NULL;
    graphene_rect_t area;

    if (name && gtk_widget_get_visible(name) && gtk_widget_get_child_visible(child)
        && gtk_widget_compute_bounds(child, self->list, &area) && area.origin.y < height
        && area.origin.y + area.size.height > 0 && !(text && *text))
      return FALSE;
  }
  return TRUE;
}

static gboolean
is_searched(gpointer bench)
{
  guint n = g_list_model_get_n_items(lens_workbench_get_images(bench));

  return n > 0 && n < IMAGES;
}

/* Leaps, searches one upon the other, and everything again: what is seen has its name at the end. */
static void
test_names(Fixture *self, gconstpointer unused)
{
  static const char *const needles[] = { "c", "image", "image-2", "image-29" };
  GtkAdjustment *place = gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(self->list));

  gtk_window_present(GTK_WINDOW(self->base.window));
  world_wait(is_listed, self->base.world.bench);
  display_wait(is_named, self);
  for (int i = 0; i <= 12; i++) { /* faster than rows are read */
    gtk_adjustment_set_value(place, gtk_adjustment_get_upper(place) * (i * 5 % 12) / 12);
    display_settle(GTK_WIDGET(self->base.window));
  }
  display_wait(is_named, self);
  for (gsize i = 0; i < G_N_ELEMENTS(needles); i++)
    lens_workbench_search_images(self->base.world.bench, needles[i], FALSE);
  world_wait(is_searched, self->base.world.bench);
  display_wait(is_named, self);
  lens_workbench_search_images(self->base.world.bench, NULL, FALSE);
  world_wait(is_listed, self->base.world.bench);
  display_wait(is_named, self);
}

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  g_test_add("/library/start", Fixture, NULL, set_up, test_start, tear_down);
  g_test_add("/library/names", Fixture, NULL, set_up, test_names, tear_down);
  return g_test_run();
}
