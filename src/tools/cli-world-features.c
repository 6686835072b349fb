#include "cli-world-features.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-detector.h"
#include "lx-file.h"
#include "lx-tsv.h"

typedef struct {
  const WorldWriteOptions *world;
  WorldSplit split;
  LxTsvWriter *writer;
  LxStatus status; /* of the writer, which has no other way to say it */
  LxError error;
  /* progress over all splits */
  LxProgress progress;
  void *user_data;
  double before, share;
} Split;

static int draw_scene(void *user_data, int64_t index, uint8_t *rgb)
{
  const Split *s = user_data;
  WorldScene *scene =
      world_scene_new(world_scene_seed(s->world->seed, s->split, (int)index), s->split);
  bool drawn =
      scene && world_scene_render(scene, WORLD_WIDTH, WORLD_HEIGHT, rgb, (size_t)WORLD_WIDTH * 3);
  world_scene_free(scene);
  return drawn ? 0 : 1;
}

static int take_regions(void *user_data, int64_t index, LxRegions *regions)
{
  Split *s = user_data;
  char id[64];

  world_image_id(s->split, (int)index, id, sizeof id);
  free(regions->image_id);
  regions->image_id = strdup(id);
  s->status = regions->image_id ? lx_tsv_writer_add(s->writer, regions, &s->error)
                                : lx_fail(&s->error, LX_ERR_MEMORY, "Not enough memory.");
  lx_regions_free(regions);
  return s->status != LX_OK;
}

static int on_progress(double done, const char *what, void *user_data)
{
  const Split *s = user_data;
  return s->progress ? s->progress(s->before + s->share * done, what, s->user_data) : 0;
}

/* Lines that a file holds already. */
static LxStatus count_lines(const char *path, int64_t *count, LxError *error)
{
  LxTsv *tsv = NULL;
  LxStatus status;

  *count = 0;
  if (!lx_file_exists(path))
    return LX_OK;
  status = lx_tsv_open(path, &tsv, error);
  if (status == LX_OK)
    status = lx_tsv_index(tsv, -1, NULL, NULL, error);
  if (status == LX_OK)
    *count = lx_tsv_count(tsv);
  lx_tsv_free(tsv);
  return status;
}

static LxStatus run_split(Split *s, LxDetector *detector, const char *path, LxError *error)
{
  LxError closing = {0};
  int64_t first = 0, n = s->world->scenes[s->split];
  LxStatus status;

  status = lx_tsv_writer_open(path, true, &s->writer, error); /* removes a line that was cut off */
  if (status == LX_OK)
    status = count_lines(path, &first, error);
  if (status == LX_OK && first < n)
    status = lx_detector_detect_many(detector, WORLD_WIDTH, WORLD_HEIGHT, first, n - first,
                                     draw_scene, take_regions, s, on_progress, s, error);
  if (s->status != LX_OK) {
    status = s->status;
    *error = s->error;
  }
  if (lx_tsv_writer_close(s->writer, &closing) != LX_OK && status == LX_OK) {
    status = closing.code;
    *error = closing;
  }
  return status;
}

LxStatus cli_world_features(const WorldWriteOptions *world, const char *folder, LxProgress progress,
                            void *user_data, LxError *error)
{
  LxDetector *detector = NULL;
  char path[4096];
  double total = 0.0, before = 0.0;
  LxStatus status = lx_detector_open(folder, &detector, error);

  snprintf(path, sizeof path, "%s/features", world->dir);
  if (status == LX_OK)
    status = lx_file_make_folder(path, error);
  for (int i = 0; i < WORLD_N_SPLITS; i++)
    total += world->scenes[i];
  for (int i = 0; i < WORLD_N_SPLITS && status == LX_OK; i++) {
    Split s = {.world = world,
               .split = (WorldSplit)i,
               .progress = progress,
               .user_data = user_data,
               .before = before / total,
               .share = world->scenes[i] / total};
    snprintf(path, sizeof path, "%s/features/world_%s_obj36.tsv", world->dir, world_split_name(i));
    if (world->scenes[i] > 0)
      status = run_split(&s, detector, path, error);
    before += world->scenes[i];
  }
  lx_detector_free(detector);
  return status;
}
