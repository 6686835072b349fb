#include "lens-export-run.h"

#include "lens-npz.h"

static void
add_boxes(LensNpz *npz, LensScene *scene, const char *prefix)
{
  g_autofree char *boxes_name = g_strconcat(prefix, "boxes", NULL);
  g_autofree char *objects_name = g_strconcat(prefix, "objects", NULL);
  guint n = lens_scene_get_n_regions(scene);
  g_autofree float *boxes = g_new0(float, 4 * MAX(n, 1));
  g_autofree const char **names = g_new0(const char *, n + 1);

  for (guint i = 0; i < n; i++) {
    LensRegion *region = lens_scene_get_region(scene, i);

    lens_region_get_box(region, boxes + 4 * i);
    names[i] = lens_region_get_title(region);
  }
  lens_npz_add_floats(npz, boxes_name, boxes, (gsize[]){ n, 4 }, 2);
  lens_npz_add_strings(npz, objects_name, names, n);
}

static void
add_answers(LensNpz *npz, GListModel *answers)
{
  gsize n = g_list_model_get_n_items(answers);
  g_autofree float *probabilities = g_new0(float, MAX(n, 1));
  g_autofree const char **texts = g_new0(const char *, n + 1);

  for (guint i = 0; i < n; i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(answers, i);

    probabilities[i] = (float)lens_answer_get_probability(answer);
    texts[i] = lens_answer_get_text(answer); /* the list keeps it */
  }
  lens_npz_add_strings(npz, "answers", texts, n);
  lens_npz_add_floats(npz, "probabilities", probabilities, &n, 1);
}

/* Maps and boxes of one image; those of a pair's second are called "second.…". */
static void
add_image(LensNpz *npz, LensRun *run, const char *prefix)
{
  for (guint i = 0; i < lens_run_get_n_maps(run); i++) {
    LensMap *map = lens_run_get_map(run, i);
    gsize dims[] = { lens_map_get_heads(map), lens_map_get_rows(map), lens_map_get_cols(map) };
    g_autofree char *name = g_strconcat(prefix, lens_map_get_name(map), NULL);

    lens_npz_add_floats(npz, name, lens_map_get_values(map), dims, 3);
  }
  add_boxes(npz, lens_run_get_scene(run), prefix);
}

gboolean
lens_export_run(LensRun *run, const char *path, GError **error)
{
  g_autoptr(LensNpz) npz = lens_npz_new();
  const char *question = lens_run_get_question(run);
  LensRun *whole = lens_run_get_source(run);
  gboolean pair = lens_run_is_pair(whole);

  add_image(npz, pair ? lens_run_get_half(whole, 0) : run, "");
  if (pair)
    add_image(npz, lens_run_get_half(whole, 1), "second.");
  lens_npz_add_strings(npz, "question", &question, 1);
  lens_npz_add_strings(npz, "tokens", lens_run_get_tokens(run), lens_run_get_n_tokens(run));
  add_answers(npz, lens_run_get_answers(run));
  return lens_npz_write(npz, path, error);
}
