#include "lens-fake.h"

#include <cairo.h>
#include <math.h>

static const char *const names[]
    = { "cat", "ball", "tree", "house", "dog", "car", "kite", "bag", "hat", "sun", "fir", "vase" };
static const char *const colors[] = { "red", "blue", "green", "yellow", "brown", "white" };

static GdkPixbuf *
paint(int n, float (*boxes)[4])
{
  GdkPixbuf *pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, 640, 480);
  guint8 *pixels = gdk_pixbuf_get_pixels(pixbuf);
  int stride = gdk_pixbuf_get_rowstride(pixbuf);

  for (int y = 0; y < 480; y++) {
    for (int x = 0; x < 640; x++) {
      guint8 *p = pixels + y * stride + 3 * x;

      p[0] = y < 260 ? 150 + y / 4 : 120 - y / 12;
      p[1] = y < 260 ? 200 + y / 8 : 170 - y / 9;
      p[2] = y < 260 ? 240 : 90;
      for (int i = 0; i < n; i++) {
        double cx = (boxes[i][0] + boxes[i][2]) / 2, cy = (boxes[i][1] + boxes[i][3]) / 2;
        double rx = (boxes[i][2] - boxes[i][0]) / 2.2, ry = (boxes[i][3] - boxes[i][1]) / 2.2;

        if (pow((x - cx) / rx, 2) + pow((y - cy) / ry, 2) > 1)
          continue;
        p[0] = 90 + 37 * i % 160;
        p[1] = 60 + 61 * i % 150;
        p[2] = 80 + 97 * i % 150;
      }
    }
  }
  return pixbuf;
}

LensScene *
lens_fake_scene(int n)
{
  g_autoptr(GListStore) regions = g_list_store_new(LENS_TYPE_REGION);
  g_autofree float(*boxes)[4] = g_malloc0_n(MAX(n, 1), sizeof *boxes);
  g_autoptr(GdkPixbuf) pixbuf = NULL;
  int cols = (int)ceil(sqrt(n * 4.0 / 3)), rows = (n + cols - 1) / MAX(cols, 1);

  for (int i = 0; i < n; i++) {
    double w = 640.0 / cols, h = 480.0 / rows;
    g_autoptr(LensRegion) region = NULL;

    boxes[i][0] = w * (i % cols) + w * 0.12;
    boxes[i][1] = h * (i / cols) + h * 0.18;
    boxes[i][2] = w * (i % cols) + w * 0.88;
    boxes[i][3] = h * (i / cols) + h * 0.86;
    region = lens_region_new(i, names[i % G_N_ELEMENTS(names)], colors[i % G_N_ELEMENTS(colors)],
                             0.99 - 0.8 * i / n, boxes[i]);
    g_list_store_append(regions, region);
  }
  pixbuf = paint(n, boxes);
  return lens_scene_new(1, "/nowhere/fake.png", "fake.png", "0", pixbuf, G_LIST_MODEL(regions));
}

int
lens_fake_peak(LensMap *map, int map_index, int head, int query)
{
  return (query + head + map_index) % lens_map_get_cols(map);
}

static LensMap *
make_map(const char *name, int index, int heads, int rows, int cols)
{
  g_autofree float *values = g_new(float, heads *rows *cols);

  for (int h = 0; h < heads; h++) {
    double sharpness = 0.35 + 0.6 * ((index * 7 + h * 3) % 11) / 11.0;

    for (int i = 0; i < rows; i++) {
      float *row = values + ((gsize)h * rows + i) * cols;
      double rest = 0;

      for (int j = 0; j < cols; j++)
        rest += row[j] = 1 + (i * 13 + j * 7 + h * 5) % 6;
      rest -= row[(i + h + index) % cols];
      for (int j = 0; j < cols; j++)
        row[j] = j == (i + h + index) % cols ? sharpness : row[j] / rest * (1 - sharpness);
    }
  }
  return lens_map_new(name, heads, rows, cols, values);
}

LensRun *
lens_fake_run(LensScene *scene, int language, int vision, int cross, int heads)
{
  static const char *const tokens[]
      = { "[CLS]", "what", "color", "is", "the", "cat", "##fish", "?", "[SEP]", NULL };
  static const char *const answers[] = { "red", "orange", "brown", "blue", "2" };
  static const double probabilities[] = { 0.81, 0.09, 0.04, 0.03, 0.01 };
  g_autoptr(GPtrArray) maps = g_ptr_array_new_with_free_func(g_object_unref);
  g_autoptr(GListStore) list = g_list_store_new(LENS_TYPE_ANSWER);
  g_autoptr(LensModel) model = lens_model_new(&(LensModelInfo){ .id = "fake",
                                                                .name = "Fake model",
                                                                .path = "/nowhere/fake",
                                                                .task = "vqa",
                                                                .language_layers = language,
                                                                .vision_layers = vision,
                                                                .cross_layers = cross,
                                                                .heads = heads,
                                                                .hidden = 64,
                                                                .n_answers = 5 });
  int words = G_N_ELEMENTS(tokens) - 1, boxes = lens_scene_get_n_regions(scene), counts[3];

  counts[0] = language;
  counts[1] = vision;
  counts[2] = cross;
  for (LensModule m = 0; m < LENS_N_MODULES; m++) {
    LensSide query, key;

    lens_module_get_sides(m, &query, &key);
    for (int layer = 0; layer < counts[MIN(m, 2)]; layer++) {
      g_autofree char *name = lens_map_format_name(m, layer);

      g_ptr_array_add(maps,
                      make_map(name, maps->len, heads, query == LENS_SIDE_WORDS ? words : boxes,
                               key == LENS_SIDE_WORDS ? words : boxes));
    }
  }
  for (guint i = 0; i < G_N_ELEMENTS(answers); i++) {
    g_autoptr(LensAnswer) answer = lens_answer_new(i, answers[i], probabilities[i]);

    g_list_store_append(list, answer);
  }
  return lens_run_new(1, "What color is the catfish?", scene, model, tokens, G_LIST_MODEL(list),
                      maps, 12.5);
}
