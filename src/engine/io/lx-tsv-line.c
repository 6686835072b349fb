#include "lx-tsv-line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-base64.h"

enum { ID, HEIGHT, WIDTH, OBJECTS, OBJECTS_CONF, ATTRS, ATTRS_CONF, COUNT, BOXES, FEATURES, N };

static const char *const names[N] = {"img_id",       "img_h",    "img_w",      "objects_id",
                                     "objects_conf", "attrs_id", "attrs_conf", "num_boxes",
                                     "boxes",        "features"};

typedef struct {
  const char *text;
  size_t size;
} Field;

static LxStatus cut(const char *line, size_t size, Field *fields, LxError *error)
{
  if (size && line[size - 1] == '\r')
    size--;
  const char *at = line, *end = line + size;
  for (int i = 0; i < N; i++) {
    const char *tab = at <= end ? memchr(at, '\t', (size_t)(end - at)) : NULL;
    if (at > end)
      return lx_fail(error, LX_ERR_FORMAT,
                     "the line has fewer fields than the %d of an object feature file.", N);
    if (tab && i == N - 1)
      return lx_fail(error, LX_ERR_FORMAT,
                     "the line has more fields than the %d of an object feature file.", N);
    fields[i] = (Field){at, (size_t)((tab ? tab : end) - at)};
    at = tab ? tab + 1 : end + 1;
  }
  return LX_OK;
}

static LxStatus whole_number(const Field *fields, int which, int64_t max, int64_t *out,
                             LxError *error)
{
  const Field *f = &fields[which];
  int64_t v = 0;
  for (size_t i = 0; i < f->size && v <= max; i++) {
    if (f->text[i] < '0' || f->text[i] > '9')
      v = INT64_MAX;
    else
      v = v * 10 + (f->text[i] - '0');
  }
  if (f->size == 0 || v > max)
    return lx_fail(error, LX_ERR_FORMAT, "%s is not a whole number of at most %lld.", names[which],
                   (long long)max);
  *out = v;
  return LX_OK;
}

static LxStatus array(const Field *fields, int which, size_t bytes, void *out, LxError *error)
{
  const Field *f = &fields[which];
  size_t got = lx_base64_size(f->text, f->size);
  if (got != bytes)
    return lx_fail(error, LX_ERR_FORMAT, "%s does not hold the %zu bytes that num_boxes asks for.",
                   names[which], bytes);
  if (!lx_base64_decode(f->text, f->size, out))
    return lx_fail(error, LX_ERR_FORMAT, "%s is not valid base64.", names[which]);
  return LX_OK;
}

static LxStatus fill(const Field *fields, LxRegions *r, LxError *error)
{
  size_t n = (size_t)r->count;
  char *id = strndup(fields[ID].text, fields[ID].size);
  if (!id)
    return lx_fail(error, LX_ERR_MEMORY, "not enough memory.");
  free(r->image_id);
  r->image_id = id;
  LxStatus status = array(fields, OBJECTS, n * 8, r->object_ids, error);
  if (!status)
    status = array(fields, OBJECTS_CONF, n * 4, r->object_conf, error);
  if (!status)
    status = array(fields, ATTRS, n * 8, r->attribute_ids, error);
  if (!status)
    status = array(fields, ATTRS_CONF, n * 4, r->attribute_conf, error);
  if (!status)
    status = array(fields, BOXES, n * 16, r->boxes, error);
  if (!status)
    status = array(fields, FEATURES, n * (size_t)r->feature_size * 4, r->features, error);
  return status;
}

LxStatus lx_tsv_parse_line(const char *line, size_t size, LxRegions **out, LxError *error)
{
  Field fields[N];
  int64_t width = 0, height = 0, count = 0;
  LxStatus status = cut(line, size, fields, error);
  if (!status)
    status = whole_number(fields, HEIGHT, 1000000, &height, error);
  if (!status)
    status = whole_number(fields, WIDTH, 1000000, &width, error);
  if (!status)
    status = whole_number(fields, COUNT, LX_TSV_MAX_REGIONS, &count, error);
  if (status)
    return status;
  if (!width || !height)
    return lx_fail(error, LX_ERR_FORMAT, "the image has no size.");
  size_t bytes = lx_base64_size(fields[FEATURES].text, fields[FEATURES].size);
  size_t d = count ? bytes / 4 / (size_t)count : 0;
  if (bytes == (size_t)-1 || d > LX_TSV_MAX_FEATURES)
    return lx_fail(error, LX_ERR_FORMAT, "features is not valid base64 of num_boxes rows.");
  LxRegions *r;
  status = lx_regions_new(count, (int64_t)d, &r, error);
  if (status)
    return status;
  r->width = width;
  r->height = height;
  status = fill(fields, r, error);
  if (status)
    lx_regions_free(r);
  else
    *out = r;
  return status;
}

static char *put(char *at, const void *data, size_t bytes)
{
  lx_base64_encode(data, bytes, at);
  at += lx_base64_text_size(bytes);
  *at = '\t';
  return at + 1;
}

LxStatus lx_tsv_format_line(const LxRegions *r, char **out, size_t *size, LxError *error)
{
  const char *id = r->image_id ? r->image_id : "";
  if (strpbrk(id, "\t\r\n"))
    return lx_fail(error, LX_ERR_ARGUMENT,
                   "An image's name with a tab or a line break cannot be "
                   "written to a feature file.");
  size_t n = (size_t)r->count, head = strlen(id) + 96;
  size_t features = n * (size_t)r->feature_size * 4;
  char *line = malloc(head + 2 * lx_base64_text_size(n * 8) + 2 * lx_base64_text_size(n * 4) +
                      lx_base64_text_size(n * 16) + lx_base64_text_size(features) + 8);
  if (!line)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to write the features of “%s”.", id);
  char *at =
      line + sprintf(line, "%s\t%lld\t%lld\t", id, (long long)r->height, (long long)r->width);
  at = put(at, r->object_ids, n * 8);
  at = put(at, r->object_conf, n * 4);
  at = put(at, r->attribute_ids, n * 8);
  at = put(at, r->attribute_conf, n * 4);
  at += sprintf(at, "%lld\t", (long long)r->count);
  at = put(at, r->boxes, n * 16);
  at = put(at, r->features, features);
  at[-1] = '\n';
  *out = line;
  *size = (size_t)(at - line);
  return LX_OK;
}
