/* An image with what the detector found in it, and its attention maps as figures. */
#pragma once

#include "figure.h"
#include "lx-ask.h"
#include "lx-detector.h"
#include "media-image.h"

typedef struct {
  const char *path; /* borrowed */
  MediaImage *image;
  LxDetector *detector;
  LxRegions *regions;
  LxDetectReport report;
  char **labels; /* [regions->count] "red ball" */
} CliScene;

/* Reads the image and runs the detector of `folder` on it. *out: cli_scene_close. */
LxStatus cli_scene_open(const char *path, const char *folder, CliScene *out, LxError *error);
void cli_scene_close(CliScene *self); /* zeroed is fine */

/* Fills and frees scene->labels alone, for a scene put together by hand. */
LxStatus cli_scene_label(CliScene *self, LxError *error);
void cli_scene_unlabel(CliScene *self);

LxStatus cli_read_image(const char *path, MediaImage **out, LxError *error);
/* How an image is looked at. */
typedef struct {
  const LxDetectOptions *options; /* NULL: the detector's */
  LxProgress progress;
  void *user_data;
} CliLook;

/* The regions of one image, boxes in the pixels of its file; the id is the file's name. `look` may
 * be NULL. */
LxStatus cli_detect_image(LxDetector *detector, const MediaImage *image, const char *path,
                          const CliLook *look, LxRegions **out, LxDetectReport *report,
                          LxError *error);

/* "red ball", of one region; the detector may know no names. */
void cli_region_label(const LxDetector *detector, const LxRegions *regions, int64_t i, char *out,
                      size_t size);

/* The image for Cairo; owned, NULL when out of memory. */
cairo_surface_t *cli_image_surface(const MediaImage *image);

/* Draws the boxes with their labels into a PNG, SVG or PDF. */
LxStatus cli_scene_draw(const CliScene *scene, const char *path, LxError *error);

/* One map of a finished run as a figure's input. */
typedef struct {
  FigureMap map;
  const char **words;
  float *boxes;
  cairo_surface_t *surface;
} CliMap;

LxStatus cli_map_open(const CliScene *scene, const LxAsk *ask, const char *name, CliMap *out,
                      LxError *error);
void cli_map_close(CliMap *self); /* zeroed is fine */
