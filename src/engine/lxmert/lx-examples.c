#include "lx-examples.h"

#include <stdlib.h>
#include <string.h>

struct LxDatasetSource {
  LxExampleSource source;
  const LxDataset *dataset;
  LxFeatures *features;
  LxRegions *left; /* a pair's first image: the features' own copy goes when the second is read */
};

static LxStatus copy_regions(const LxRegions *from, LxRegions **out, LxError *error)
{
  LxStatus status = lx_regions_new(from->count, from->feature_size, out, error);
  if (status)
    return status;
  LxRegions *to = *out;
  size_t n = (size_t)from->count;
  to->width = from->width;
  to->height = from->height;
  memcpy(to->object_ids, from->object_ids, n * sizeof *to->object_ids);
  memcpy(to->object_conf, from->object_conf, n * sizeof *to->object_conf);
  memcpy(to->attribute_ids, from->attribute_ids, n * sizeof *to->attribute_ids);
  memcpy(to->attribute_conf, from->attribute_conf, n * sizeof *to->attribute_conf);
  memcpy(to->boxes, from->boxes, n * 4 * sizeof *to->boxes);
  memcpy(to->features, from->features, n * (size_t)from->feature_size * sizeof *to->features);
  return LX_OK;
}

static LxStatus read_images(LxDatasetSource *self, const LxExample *example, LxTrainExample *out,
                            LxError *error)
{
  LxStatus status = lx_features_get(self->features, example->image_id[0], &out->image[0], error);
  if (status || !example->image_id[1][0])
    return status;
  lx_regions_free(self->left);
  self->left = NULL;
  status = copy_regions(out->image[0], &self->left, error);
  out->image[0] = self->left;
  if (!status)
    status = lx_features_get(self->features, example->image_id[1], &out->image[1], error);
  return status;
}

static LxStatus get(void *user_data, int64_t index, bool images, LxTrainExample *out,
                    LxError *error)
{
  LxDatasetSource *self = user_data;
  LxExample example;
  lx_dataset_get(self->dataset, index, &example);
  *out = (LxTrainExample){.sentence = example.sentence,
                          .image_id = example.image_id[0],
                          .targets = example.targets,
                          .n_targets = example.n_targets,
                          .label = example.label};
  return images ? read_images(self, &example, out, error) : LX_OK;
}

LxStatus lx_dataset_source_new(const LxDataset *dataset, LxFeatures *features,
                               LxDatasetSource **out, LxError *error)
{
  LxDatasetSource *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the examples.");
  self->source = (LxExampleSource){lx_dataset_count(dataset), get, self};
  self->dataset = dataset;
  self->features = features;
  *out = self;
  return LX_OK;
}

void lx_dataset_source_free(LxDatasetSource *self)
{
  if (!self)
    return;
  lx_regions_free(self->left);
  free(self);
}

const LxExampleSource *lx_dataset_source(const LxDatasetSource *self)
{
  return &self->source;
}
