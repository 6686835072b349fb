#include "cli-images.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli-scene.h"
#include "cli.h"
#include "lx-file.h"
#include "lx-tsv.h"

#define CACHE_BYTES ((size_t)1 << 30)

static void images_folder(const char *folder, char *out, size_t size)
{
  snprintf(out, size, "%s/images", folder);
}

bool cli_images_exist(const char *folder)
{
  char path[4096];
  images_folder(folder, path, sizeof path);
  return lx_file_is_folder(path);
}

static int is_image(const struct dirent *entry)
{
  const char *dot = strrchr(entry->d_name, '.');
  return entry->d_name[0] != '.' && dot &&
         (!strcmp(dot, ".png") || !strcmp(dot, ".jpg") || !strcmp(dot, ".jpeg"));
}

static LxStatus detect_one(LxDetector *detector, const char *path, LxTsvWriter *writer,
                           LxError *error)
{
  MediaImage *image = NULL;
  LxRegions *regions = NULL;
  LxDetectReport report = { 0 };
  LxStatus status = cli_read_image(path, &image, error);
  if (status == LX_OK)
    status = cli_detect_image(detector, image, path, NULL, &regions, &report, error);
  if (status == LX_OK)
    status = lx_tsv_writer_add(writer, regions, error);
  lx_regions_free(regions);
  media_image_free(image);
  return status;
}

static LxStatus detect_all(const char *folder, LxTsvWriter *writer, LxError *error)
{
  struct dirent **names = NULL;
  char images[4096], path[4400];
  LxDetector *detector = NULL;
  LxStatus status = lx_detector_open(cli_detector_dir(NULL), &detector, error);

  images_folder(folder, images, sizeof images);
  const int n = status == LX_OK ? scandir(images, &names, is_image, alphasort) : 0;
  for (int i = 0; i < n; i++) {
    snprintf(path, sizeof path, "%s/%s", images, names[i]->d_name);
    if (status == LX_OK)
      status = detect_one(detector, path, writer, error);
    if (status == LX_OK && cli_interrupted())
      status = lx_fail(error, LX_ERR_CANCELLED, "Stopped.");
    free(names[i]);
  }
  free(names);
  lx_detector_free(detector);
  return status;
}

/* The file of features goes as soon as it is open: its lines stay readable. */
LxStatus cli_images_features(const char *folder, LxFeatures **out, LxError *error)
{
  char dir[] = "/tmp/crosslens-features-XXXXXX", path[64], index[80];
  const char *one = path;
  LxTsvWriter *writer = NULL;
  LxError closing = { 0 };

  if (!mkdtemp(dir))
    return lx_fail(error, LX_ERR_IO, "%s cannot be made: %s.", dir, strerror(errno));
  snprintf(path, sizeof path, "%s/images.tsv", dir);
  snprintf(index, sizeof index, "%s.idx", path);
  LxStatus status = lx_tsv_writer_open(path, false, &writer, error);
  if (status == LX_OK) {
    status = detect_all(folder, writer, error);
    if (lx_tsv_writer_close(writer, &closing) != LX_OK && status == LX_OK)
      status = lx_fail(error, closing.code, "%s", closing.message);
  }
  if (status == LX_OK)
    status = lx_features_open(&one, 1, LX_SUBSET_ALL, CACHE_BYTES, NULL, NULL, out, error);
  unlink(index);
  unlink(path);
  rmdir(dir);
  return status;
}
