#include "lx-features.h"

#include <stdlib.h>

#include "lx-tsv.h"

/* One image; the list of cached ones runs from the latest used to the oldest. */
typedef struct {
  int file;
  int64_t line;
  LxRegions *regions;   /* NULL: not in the cache */
  int64_t newer, older; /* -1 = none */
} Image;

struct LxFeatures {
  LxTsv **files;
  int n_files;
  int64_t *first; /* [n_files] the image number of each file's line 0 */
  Image *images;
  int64_t count;
  int64_t newest, oldest;
  size_t cache_bytes, cached;
  int64_t reads;
};

static size_t regions_bytes(const LxRegions *r)
{
  return sizeof *r + (size_t)r->count * (8 + 4 + 8 + 4 + 16 + 4 * (size_t)r->feature_size);
}

typedef struct {
  LxProgress progress;
  void *user_data;
  int file, n;
} Part;

static int part_progress(double done, const char *what, void *user_data)
{
  const Part *part = user_data;
  return part->progress((part->file + done) / part->n, what, part->user_data);
}

static LxStatus open_files(LxFeatures *self, const char *const *paths, int64_t limit,
                           LxProgress progress, void *user_data, LxError *error)
{
  LxStatus status = LX_OK;
  for (int i = 0; i < self->n_files && !status; i++) {
    Part part = {progress, user_data, i, self->n_files};
    status = lx_tsv_open(paths[i], &self->files[i], error);
    if (!status)
      status = lx_tsv_index(self->files[i], limit, progress ? part_progress : NULL, &part, error);
    if (status)
      break;
    self->first[i] = self->count;
    self->count += lx_tsv_count(self->files[i]);
  }
  return status;
}

LxStatus lx_features_open(const char *const *paths, int n, int64_t limit, size_t cache_bytes,
                          LxProgress progress, void *user_data, LxFeatures **out, LxError *error)
{
  LxStatus status = LX_OK;
  LxFeatures *self = calloc(1, sizeof *self);
  if (self && n > 0) {
    self->n_files = n;
    self->files = calloc((size_t)n, sizeof *self->files);
    self->first = calloc((size_t)n, sizeof *self->first);
  }
  if (n <= 0)
    status = lx_fail(error, LX_ERR_ARGUMENT, "No feature file was given.");
  else if (!self || !self->files || !self->first)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to open the features.");
  if (!status)
    status = open_files(self, paths, limit, progress, user_data, error);
  if (!status) {
    self->cache_bytes = cache_bytes;
    self->newest = self->oldest = -1;
    self->images = calloc((size_t)self->count + 1, sizeof *self->images);
    if (!self->images)
      status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to open the features.");
  }
  if (status) {
    lx_features_free(self);
    return status;
  }
  for (int f = 0; f < n; f++)
    for (int64_t i = 0; i < lx_tsv_count(self->files[f]); i++)
      self->images[self->first[f] + i] = (Image){.file = f, .line = i, .newer = -1, .older = -1};
  *out = self;
  return LX_OK;
}

void lx_features_free(LxFeatures *self)
{
  if (!self)
    return;
  for (int64_t i = 0; self->images && i < self->count; i++)
    lx_regions_free(self->images[i].regions);
  for (int i = 0; self->files && i < self->n_files; i++)
    lx_tsv_free(self->files[i]);
  free(self->images);
  free(self->files);
  free(self->first);
  free(self);
}

const char *lx_features_cut(const LxFeatures *self)
{
  for (int i = 0; i < self->n_files; i++)
    if (lx_tsv_is_cut(self->files[i]))
      return lx_tsv_path(self->files[i]);
  return NULL;
}

int64_t lx_features_count(const LxFeatures *self)
{
  return self->count;
}

int64_t lx_features_find(const LxFeatures *self, const char *image_id)
{
  for (int f = self->n_files - 1; f >= 0; f--) {
    int64_t line = lx_tsv_find(self->files[f], image_id);
    if (line >= 0)
      return self->first[f] + line;
  }
  return -1;
}

static void unlink_image(LxFeatures *self, int64_t i)
{
  Image *image = &self->images[i];
  *(image->newer < 0 ? &self->newest : &self->images[image->newer].older) = image->older;
  *(image->older < 0 ? &self->oldest : &self->images[image->older].newer) = image->newer;
}

static void link_newest(LxFeatures *self, int64_t i)
{
  self->images[i].newer = -1;
  self->images[i].older = self->newest;
  *(self->newest < 0 ? &self->oldest : &self->images[self->newest].newer) = i;
  self->newest = i;
}

/* Makes room, but keeps the newest: it is what the caller gets. */
static void evict(LxFeatures *self)
{
  while (self->cached > self->cache_bytes && self->oldest != self->newest) {
    int64_t i = self->oldest;
    unlink_image(self, i);
    self->cached -= regions_bytes(self->images[i].regions);
    lx_regions_free(self->images[i].regions);
    self->images[i].regions = NULL;
  }
}

LxStatus lx_features_at(LxFeatures *self, int64_t i, const LxRegions **out, LxError *error)
{
  if (i < 0 || i >= self->count)
    return lx_fail(error, LX_ERR_ARGUMENT, "There is no image number %lld.", (long long)i);
  Image *image = &self->images[i];
  if (image->regions) {
    unlink_image(self, i);
  } else {
    LxStatus status = lx_tsv_read(self->files[image->file], image->line, &image->regions, error);
    if (status) {
      image->regions = NULL;
      return status;
    }
    self->reads++;
    self->cached += regions_bytes(image->regions);
  }
  link_newest(self, i);
  evict(self);
  *out = image->regions;
  return LX_OK;
}

LxStatus lx_features_get(LxFeatures *self, const char *image_id, const LxRegions **out,
                         LxError *error)
{
  int64_t i = lx_features_find(self, image_id);
  if (i < 0)
    return lx_fail(error, LX_ERR_MISSING, "No feature file has the image “%s”.", image_id);
  return lx_features_at(self, i, out, error);
}

size_t lx_features_cached(const LxFeatures *self)
{
  return self->cached;
}

int64_t lx_features_reads(const LxFeatures *self)
{
  return self->reads;
}
