#include "cli-images.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "cli-scene.h"
#include "cli.h"
#include "lx-file.h"
#include "lx-tsv.h"

#define CACHE_BYTES ((size_t)16 << 20)

enum { DEPTH = 3, MOST_FOLDERS = 256, MOST_SAID = 10 };

static const char *const endings[] = {"", ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"};
enum { N_ENDINGS = sizeof endings / sizeof *endings };

/* ---- where pictures lie ---- */

typedef struct {
  char *folder[MOST_FOLDERS];
  int n;
} Places;

static bool is_picture(const char *name)
{
  const char *dot = strrchr(name, '.');
  for (int i = 1; dot && i < N_ENDINGS; i++)
    if (!strcasecmp(dot, endings[i]))
      return true;
  return false;
}

static void look(Places *places, const char *folder, int depth)
{
  struct dirent *entry;
  DIR *dir = opendir(folder);
  bool listed = false;

  while (dir && (entry = readdir(dir)) != NULL && places->n < MOST_FOLDERS) {
    char *path = entry->d_name[0] == '.' ? NULL : lx_file_join(folder, entry->d_name);
    if (path && is_picture(entry->d_name) && !listed &&
        (places->folder[places->n] = strdup(folder)) != NULL) {
      places->n++;
      listed = true;
    } else if (path && depth > 0 && lx_file_is_folder(path)) {
      look(places, path, depth - 1);
    }
    free(path);
  }
  if (dir)
    closedir(dir);
}

static void leave(Places *places)
{
  for (int i = 0; i < places->n; i++)
    free(places->folder[i]);
}

bool cli_images_exist(const char *folder)
{
  Places places = {.n = 0};
  look(&places, folder, DEPTH);
  leave(&places);
  return places.n > 0;
}

static bool find_in(const char *folder, const char *name, char *path, size_t size)
{
  for (int i = 0; i < N_ENDINGS; i++)
    if (snprintf(path, size, "%s/%s%s", folder, name, endings[i]) < (int)size &&
        lx_file_exists(path) && !lx_file_is_folder(path))
      return true;
  return false;
}

/* ---- which pictures are asked about ---- */

static int compare_names(const void *a, const void *b)
{
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* *names[*n] are the dataset's, each once; the array is owned. */
static LxStatus list_names(const LxDataset *dataset, const char ***names, int64_t *n,
                           LxError *error)
{
  const int64_t count = lx_dataset_count(dataset);
  int64_t all = 0;

  *n = 0;
  *names = malloc(2 * (size_t)count * sizeof **names);
  if (!*names)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  for (int64_t i = 0; i < count; i++) {
    LxExample e;
    lx_dataset_get(dataset, i, &e);
    for (int j = 0; j < 2; j++)
      if (e.image_id[j][0])
        (*names)[all++] = e.image_id[j];
  }
  qsort(*names, (size_t)all, sizeof **names, compare_names);
  for (int64_t i = 0; i < all; i++)
    if (!*n || strcmp((*names)[*n - 1], (*names)[i]) != 0)
      (*names)[(*n)++] = (*names)[i];
  return LX_OK;
}

/* ---- detecting ---- */

typedef struct {
  Places places;
  char beside[4096]; /* the folder of the first list */
  LxDetector *detector;
  LxTsvWriter *writer;
  int64_t n, at, left_out;
  char last[640]; /* why one was left out */
} Batch;

static int on_progress(double done, const char *what, void *user_data)
{
  const Batch *batch = user_data;
  char text[80];
  (void)what;
  snprintf(text, sizeof text, "finding objects, image %lld of %lld", (long long)batch->at + 1,
           (long long)batch->n);
  return cli_progress(((double)batch->at + done) / (double)batch->n, text, "images");
}

/* A CSV may name a picture in two ways, which follow each other here. */
static void leave_out(Batch *batch, const char *why)
{
  if (strcmp(batch->last, why) == 0)
    return;
  snprintf(batch->last, sizeof batch->last, "%.639s", why);
  if (batch->left_out++ < MOST_SAID)
    cli_fail("left out: %s", why);
}

/* *out is owned and has the name as its id. */
static LxStatus detect_file(Batch *batch, const char *path, const char *name, LxRegions **out,
                            LxError *error)
{
  const CliLook look = {NULL, on_progress, batch};
  MediaImage *image = NULL;
  LxDetectReport report = {0};
  LxStatus status = cli_read_image(path, &image, error);

  if (status == LX_OK)
    status = cli_detect_image(batch->detector, image, path, &look, out, &report, error);
  media_image_free(image);
  if (status != LX_OK)
    return status;
  free((*out)->image_id);
  (*out)->image_id = strdup(name);
  return LX_OK;
}

/* One that is not there or is no picture costs its own questions only. */
static LxStatus detect_one(Batch *batch, const char *name, LxError *error)
{
  char path[4096], why[4200];
  bool found = false;

  for (int i = 0; i < batch->places.n && !found; i++)
    found = find_in(batch->places.folder[i], name, path, sizeof path);
  if (!found && !find_in(batch->beside, name, path, sizeof path)) {
    snprintf(why, sizeof why, "there is no picture \"%.300s\"", name);
    leave_out(batch, why);
    return LX_OK;
  }
  LxRegions *regions = NULL;
  LxStatus status = detect_file(batch, path, name, &regions, error);
  if (status == LX_ERR_FORMAT || status == LX_ERR_UNSUPPORTED || status == LX_ERR_IO) {
    leave_out(batch, error->message);
    return LX_OK;
  }
  if (status == LX_OK)
    status = lx_tsv_writer_add(batch->writer, regions, error);
  lx_regions_free(regions);
  return status;
}

static LxStatus detect_all(Batch *batch, const char *detector, const char *const *names,
                           LxError *error)
{
  LxStatus status = lx_detector_open(cli_detector_dir(detector), &batch->detector, error);

  for (batch->at = 0; batch->at < batch->n && !status; batch->at++)
    status = cli_interrupted() ? lx_fail(error, LX_ERR_CANCELLED, "Stopped.")
                               : detect_one(batch, names[batch->at], error);
  if (!status && batch->left_out > MOST_SAID)
    cli_fail("left out: %lld more", (long long)batch->left_out - MOST_SAID);
  lx_detector_free(batch->detector);
  return status;
}

static LxStatus detect_asked(const char *folder, LxDataKind kind, const char *const *lists, int n,
                             const char *detector, LxTsvWriter *writer, LxError *error)
{
  Batch batch = {.writer = writer};
  LxDataset *dataset = NULL;
  const char **names = NULL;
  LxStatus status = lx_dataset_open(kind, lists, n, NULL, NULL, NULL, NULL, &dataset, error);

  if (!status)
    status = list_names(dataset, &names, &batch.n, error);
  if (!status) {
    const char *slash = strrchr(lists[0], '/');
    snprintf(batch.beside, sizeof batch.beside, "%.*s", slash ? (int)(slash - lists[0]) : 1,
             slash ? lists[0] : ".");
    look(&batch.places, folder, DEPTH);
    status = detect_all(&batch, detector, names, error);
  }
  leave(&batch.places);
  free(names);
  lx_dataset_free(dataset);
  return status;
}

/* The file of features goes as soon as it is open: its lines stay readable. */
LxStatus cli_images_features(const char *folder, LxDataKind kind, const char *const *lists, int n,
                             const char *detector, LxFeatures **out, LxError *error)
{
  char dir[] = "/tmp/crosslens-features-XXXXXX", path[64], index[80];
  const char *one = path;
  LxTsvWriter *writer = NULL;
  LxError closing = {0};

  if (!mkdtemp(dir))
    return lx_fail(error, LX_ERR_IO, "%s cannot be made: %s.", dir, strerror(errno));
  snprintf(path, sizeof path, "%s/images.tsv", dir);
  snprintf(index, sizeof index, "%s.idx", path);
  LxStatus status = lx_tsv_writer_open(path, false, &writer, error);
  if (status == LX_OK) {
    status = detect_asked(folder, kind, lists, n, detector, writer, error);
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
