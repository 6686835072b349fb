/* Shows the window to look at: with a made-up run, demo [boxes language vision cross heads]; or
 * with a real workbench on a tiny random world, demo world. */
#include "jobs-world.h"
#include "lens-fake.h"
#include "lens-window.h"

static int sizes[5] = { 12, 4, 2, 2, 8 };
static gboolean use_world;
static World world;

static void
on_activate(AdwApplication *application)
{
  LensWindow *window;

  if (use_world)
    world_set_up(&world, NULL);
  window = lens_window_new(application, world.bench);
  if (use_world) {
    lens_window_open_start(window);
  } else {
    g_autoptr(LensScene) scene = lens_fake_scene(sizes[0]);
    g_autoptr(LensRun) run = lens_fake_run(scene, sizes[1], sizes[2], sizes[3], sizes[4]);

    lens_explorer_show_run(lens_window_get_explorer(window), run);
  }
  gtk_window_present(GTK_WINDOW(window));
}

int
main(int argc, char **argv)
{
  g_autoptr(AdwApplication) application
      = g_object_new(ADW_TYPE_APPLICATION, "application-id", "org.crosslens.Demo",
                     "resource-base-path", "/org/crosslens/Crosslens", NULL);

  use_world = argc > 1 && g_str_equal(argv[1], "world");
  for (int i = 1; i < argc && i <= 5 && !use_world; i++)
    sizes[i - 1] = atoi(argv[i]);
  g_signal_connect(application, "activate", G_CALLBACK(on_activate), NULL);
  return g_application_run(G_APPLICATION(application), 1, argv);
}
