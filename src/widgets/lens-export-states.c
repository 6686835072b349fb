#include "lens-export-states.h"

static void
append_point(GString *csv, int stage, const char *kind, const char *name, const float *point)
{
  g_auto(GStrv) parts = g_strsplit(name, "\"", -1);
  g_autofree char *quoted = g_strjoinv("\"\"", parts);
  char x[G_ASCII_DTOSTR_BUF_SIZE], y[G_ASCII_DTOSTR_BUF_SIZE];

  g_ascii_formatd(x, sizeof x, "%.9g", (double)point[0]);
  g_ascii_formatd(y, sizeof y, "%.9g", (double)point[1]);
  g_string_append_printf(csv, "%d,%s,\"%s\",%s,%s\r\n", stage, kind, quoted, x, y);
}

char *
lens_export_states(LensRun *run, const LensStates *states)
{
  GString *csv = g_string_new("stage,kind,name,x,y\r\n");
  const char *const *tokens = lens_run_get_tokens(run);
  LensScene *scene = lens_run_get_scene(run);
  int n_tokens = (int)lens_run_get_n_tokens(run), n_boxes = (int)lens_scene_get_n_regions(scene);

  for (int s = 0; s < states->stages; s++) {
    for (int i = 0; i < states->words && i < n_tokens; i++)
      append_point(csv, s, "word", tokens[i], states->word_points + 2 * (s * states->words + i));
    for (int i = 0; i < states->boxes && i < n_boxes; i++)
      append_point(csv, s, "box", lens_region_get_title(lens_scene_get_region(scene, (guint)i)),
                   states->box_points + 2 * (s * states->boxes + i));
  }
  return g_string_free(csv, FALSE);
}
