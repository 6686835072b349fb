#include "display-run.h"

void
display_run_set_up(DisplayRun *self, gconstpointer unused)
{
  self->scene = lens_fake_scene(12);
  self->run = lens_fake_run(self->scene, 4, 2, 2, 8);
  self->selection = lens_selection_new();
}

void
display_run_tear_down(DisplayRun *self, gconstpointer unused)
{
  if (self->window)
    gtk_window_destroy(GTK_WINDOW(self->window));
  g_assert_finalize_object(self->selection);
  g_object_unref(self->run);
  g_object_unref(self->scene);
}
