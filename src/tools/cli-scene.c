#include "cli-scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "figure-export.h"
#include "figure-scene.h"

LxStatus cli_read_image(const char *path, MediaImage **out, LxError *error)
{
  MediaError bad = {""};
  return media_image_read(path, 0, out, &bad) ? LX_OK
                                              : lx_fail(error, LX_ERR_FORMAT, "%s", bad.message);
}

void cli_region_label(const LxDetector *detector, const LxRegions *regions, int64_t i, char *out,
                      size_t size)
{
  const char *name = lx_detector_class_name(detector, regions->object_ids[i]);
  const char *attribute = lx_detector_attribute_name(detector, regions->attribute_ids[i]);

  if (!name)
    snprintf(out, size, "class %lld", (long long)regions->object_ids[i]);
  else
    snprintf(out, size, "%s%s%s", attribute ? attribute : "", attribute ? " " : "", name);
}

LxStatus cli_scene_label(CliScene *scene, LxError *error)
{
  char label[200];

  scene->labels = calloc((size_t)scene->regions->count + 1, sizeof *scene->labels);
  for (int64_t i = 0; scene->labels && i < scene->regions->count; i++) {
    cli_region_label(scene->detector, scene->regions, i, label, sizeof label);
    scene->labels[i] = strdup(label);
    if (!scene->labels[i])
      return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the labels.");
  }
  return scene->labels ? LX_OK : lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the labels.");
}

/* "images/cat.png" -> "cat", the id in feature files. */
static char *image_id(const char *path)
{
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  const char *dot = strrchr(name, '.');
  return strndup(name, dot && dot > name ? (size_t)(dot - name) : strlen(name));
}

LxStatus cli_detect_image(LxDetector *detector, const MediaImage *image, const char *path,
                          const CliLook *look, LxRegions **out, LxDetectReport *report,
                          LxError *error)
{
  const CliLook usual = {NULL, cli_progress, "detect"};
  double sx = (double)image->original_width / image->width;
  double sy = (double)image->original_height / image->height;
  LxStatus status;

  look = look ? look : &usual;
  status = lx_detector_detect(detector, image->pixels, image->width, image->height, image->stride,
                              look->options, out, report, look->progress, look->user_data, error);
  if (status != LX_OK)
    return status;
  (*out)->width = image->original_width; /* a huge image was scaled while it was read */
  (*out)->height = image->original_height;
  for (int64_t i = 0; i < 4 * (*out)->count; i++)
    (*out)->boxes[i] *= (float)(i & 1 ? sy : sx);
  free((*out)->image_id);
  (*out)->image_id = image_id(path);
  if ((*out)->image_id)
    return LX_OK;
  lx_regions_free(*out);
  *out = NULL;
  return lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
}

LxStatus cli_scene_open(const char *path, const char *folder, CliScene *out, LxError *error)
{
  LxStatus status;

  memset(out, 0, sizeof *out);
  out->path = path;
  status = cli_read_image(path, &out->image, error);
  if (status == LX_OK)
    status = lx_detector_open(folder, &out->detector, error);
  if (status == LX_OK)
    status =
        cli_detect_image(out->detector, out->image, path, NULL, &out->regions, &out->report, error);
  if (status == LX_OK)
    status = cli_scene_label(out, error);
  if (status != LX_OK)
    cli_scene_close(out);
  return status;
}

void cli_scene_unlabel(CliScene *self)
{
  for (int64_t i = 0; self->labels && i < self->regions->count; i++)
    free(self->labels[i]);
  free(self->labels);
  self->labels = NULL;
}

void cli_scene_close(CliScene *self)
{
  cli_scene_unlabel(self);
  lx_regions_free(self->regions);
  lx_detector_free(self->detector);
  media_image_free(self->image);
  memset(self, 0, sizeof *self);
}

cairo_surface_t *cli_image_surface(const MediaImage *image)
{
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, image->width, image->height);
  unsigned char *data = cairo_image_surface_get_data(surface);

  if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
    cairo_surface_destroy(surface);
    return NULL;
  }
  for (int y = 0; y < image->height; y++) {
    const uint8_t *from = image->pixels + (size_t)y * image->stride;
    unsigned char *to = data + (ptrdiff_t)y * cairo_image_surface_get_stride(surface);
    for (int x = 0; x < image->width; x++, from += 3, to += 4) {
      uint32_t pixel = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
      memcpy(to, &pixel, 4);
    }
  }
  cairo_surface_mark_dirty(surface);
  return surface;
}

typedef struct {
  const FigureScene *scene;
  const FigureStyle *style;
} ScenePainting;

static void paint_scene(cairo_t *cr, void *user_data)
{
  const ScenePainting *p = user_data;
  figure_scene_draw(cr, p->scene, p->style, NULL);
}

LxStatus cli_scene_draw(const CliScene *scene, const char *path, LxError *error)
{
  int64_t n = scene->regions->count;
  double scale = scene->image->width > 1600  ? 1600.0 / scene->image->width
                 : scene->image->width < 640 ? 640.0 / scene->image->width
                                             : 1.0;
  double width = scene->image->width * scale, height = scene->image->height * scale;
  float *boxes = malloc(((size_t)n + 1) * 4 * sizeof *boxes);
  FigureSceneInput input = {.boxes = boxes,
                            .labels = (const char *const *)scene->labels,
                            .n = (int)n,
                            .image = cli_image_surface(scene->image),
                            .image_width = scene->image->width,
                            .image_height = scene->image->height};
  FigureStyle style;
  FigureScene *layout = NULL;
  FigureError bad = {"Not enough memory."};
  bool ok = false;

  figure_style_init(&style, false);
  if (boxes && input.image) {
    lx_regions_normalized_boxes(scene->regions, boxes);
    ok = figure_scene_layout(&input, &style, width, height, &layout, &bad);
    ScenePainting painting = {layout, &style};
    ok = ok && figure_export(path, width, height, &style, NULL, paint_scene, &painting, &bad);
  }
  figure_scene_free(layout);
  if (input.image)
    cairo_surface_destroy(input.image);
  free(boxes);
  return ok ? LX_OK : lx_fail(error, LX_ERR_IO, "%s", bad.message);
}

/* "lang.1" looks from words to words, "x.0.vis_to_lang" from boxes to words. */
static void read_kinds(const char *name, bool *query_is_words, bool *key_is_words)
{
  bool vision = strstr(name, "vis") != NULL;

  *query_is_words = *key_is_words = !vision;
  if (strstr(name, "lang_to_vis")) {
    *query_is_words = true;
    *key_is_words = false;
  } else if (strstr(name, "vis_to_lang")) {
    *query_is_words = false;
    *key_is_words = true;
  }
}

static LxStatus unknown_map(const LxAsk *ask, const char *name, LxError *error)
{
  char list[500] = "";
  size_t used = 0;

  for (int i = 0; i < lx_ask_map_count(ask) && used < sizeof list - 40; i++)
    used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", i ? ", " : "",
                             lx_ask_map_name(ask, i));
  return lx_fail(error, LX_ERR_ARGUMENT, "This model has no attention map \"%s\"; it has %s.", name,
                 list);
}

LxStatus cli_map_open(const CliScene *scene, const LxAsk *ask, const char *name, CliMap *out,
                      LxError *error)
{
  int index = lx_ask_find_map(ask, name);
  int64_t heads, q, k, n = scene->regions->count, words = lx_ask_token_count(ask);
  FigureMap *map = &out->map;

  memset(out, 0, sizeof *out);
  if (index < 0)
    return unknown_map(ask, name, error);
  map->values = lx_ask_map(ask, index, 0, &heads, &q, &k);
  map->heads = (int)heads;
  map->rows = (int)q;
  map->cols = (int)k;
  map->title = lx_ask_map_name(ask, index);
  read_kinds(map->title, &map->query_is_words, &map->key_is_words);
  out->words = calloc((size_t)words + 1, sizeof *out->words);
  out->boxes = malloc(((size_t)n + 1) * 4 * sizeof *out->boxes);
  out->surface = cli_image_surface(scene->image);
  if (!out->words || !out->boxes || !out->surface) {
    cli_map_close(out);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the figure.");
  }
  for (int64_t i = 0; i < words; i++)
    out->words[i] = lx_ask_token(ask, i, NULL, NULL);
  lx_regions_normalized_boxes(scene->regions, out->boxes);
  map->row_labels = map->query_is_words ? out->words : (const char *const *)scene->labels;
  map->col_labels = map->key_is_words ? out->words : (const char *const *)scene->labels;
  map->boxes = out->boxes;
  map->n_boxes = (int)n;
  map->image = out->surface;
  map->image_width = scene->image->width;
  map->image_height = scene->image->height;
  return LX_OK;
}

void cli_map_close(CliMap *self)
{
  free(self->words);
  free(self->boxes);
  if (self->surface)
    cairo_surface_destroy(self->surface);
  memset(self, 0, sizeof *self);
}
