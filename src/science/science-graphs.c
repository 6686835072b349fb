#include "science-graphs.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lx-json.h"

#define MOST_BYTES ((size_t)2 << 30)

struct ScienceGraphs {
  json_t *json;
};

LxStatus science_graphs_read(const char *path, ScienceGraphs **out, LxError *error)
{
  ScienceGraphs *self = calloc(1, sizeof *self);
  LxStatus status = self ? lx_json_read(path, MOST_BYTES, &self->json, error)
                         : lx_fail(error, LX_ERR_MEMORY, "Not enough memory for %s.", path);
  if (!status && !json_is_object(self->json))
    status =
        lx_fail(error, LX_ERR_FORMAT, "%s is no file of scene graphs (image id: graph).", path);
  if (status)
    science_graphs_free(self);
  else
    *out = self;
  return status;
}

void science_graphs_free(ScienceGraphs *self)
{
  if (!self)
    return;
  json_decref(self->json);
  free(self);
}

double science_iou(const float *a, const float *b)
{
  const double w = (a[2] < b[2] ? a[2] : b[2]) - (a[0] > b[0] ? a[0] : b[0]);
  const double h = (a[3] < b[3] ? a[3] : b[3]) - (a[1] > b[1] ? a[1] : b[1]);
  const double both = w > 0 && h > 0 ? w * h : 0;
  const double all = (double)(a[2] - a[0]) * (a[3] - a[1]) + (double)(b[2] - b[0]) * (b[3] - b[1]);
  return all - both > 0 ? both / (all - both) : 0;
}

static float number(const json_t *object, const char *key)
{
  return (float)json_number_value(json_object_get(object, key));
}

int science_graphs_find(const ScienceGraphs *self, const char *image_id, const char *name,
                        const LxRegions *regions, double iou, bool *found)
{
  json_t *objects = json_object_get(json_object_get(self->json, image_id), "objects"), *object;
  const char *key;
  int n = 0;

  memset(found, 0, (size_t)regions->count * sizeof *found);
  json_object_foreach (objects, key, object) {
    const char *called = json_string_value(json_object_get(object, "name"));
    if (!called || strcmp(called, name) != 0)
      continue;
    const float x = number(object, "x"), y = number(object, "y");
    const float box[4] = {x, y, x + number(object, "w"), y + number(object, "h")};
    for (int64_t i = 0; i < regions->count; i++)
      if (!found[i] && science_iou(box, regions->boxes + 4 * i) >= iou) {
        found[i] = true;
        n++;
      }
  }
  return n;
}
