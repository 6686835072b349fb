#include "lens-regions-blob.h"

#include <string.h>

#define MAGIC 0x3130474552534e4cu /* "LNSREG01" in memory */

typedef struct {
  guint64 magic;
  gint64 width, height, count, feature_size;
} Header;

G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);

typedef struct {
  void *data;
  gsize size;
} Part;

enum { N_PARTS = 6 };

static void list_parts(const LxRegions *r, Part parts[N_PARTS])
{
  gsize n = (gsize)r->count;
  parts[0] = (Part){r->object_ids, n * sizeof(int64_t)};
  parts[1] = (Part){r->attribute_ids, n * sizeof(int64_t)};
  parts[2] = (Part){r->object_conf, n * sizeof(float)};
  parts[3] = (Part){r->attribute_conf, n * sizeof(float)};
  parts[4] = (Part){r->boxes, n * 4 * sizeof(float)};
  parts[5] = (Part){r->features, n * (gsize)r->feature_size * sizeof(float)};
}

GBytes *lens_regions_to_bytes(const LxRegions *regions)
{
  Part parts[N_PARTS];
  Header header = {MAGIC, regions->width, regions->height, regions->count, regions->feature_size};
  GByteArray *bytes = g_byte_array_new();
  list_parts(regions, parts);
  g_byte_array_append(bytes, (const guint8 *)&header, sizeof header);
  for (gsize i = 0; i < N_PARTS; i++)
    if (parts[i].size)
      g_byte_array_append(bytes, parts[i].data, (guint)parts[i].size);
  return g_byte_array_free_to_bytes(bytes);
}

/* Bounded, so that a damaged header cannot ask for absurd memory. */
static gboolean sane(const Header *h, gsize size)
{
  if (h->magic != MAGIC || h->width <= 0 || h->height <= 0 || h->count < 0 || h->count > 10000 ||
      h->feature_size < 0 || h->feature_size > 100000)
    return FALSE;
  gsize n = (gsize)h->count;
  return size == sizeof *h + n * (2 * sizeof(int64_t) + 6 * sizeof(float)) +
                     n * (gsize)h->feature_size * sizeof(float);
}

LxRegions *lens_regions_from_bytes(GBytes *bytes)
{
  gsize size = 0;
  const guint8 *at = g_bytes_get_data(bytes, &size);
  Header header;
  LxRegions *regions = NULL;
  Part parts[N_PARTS];
  if (size < sizeof header)
    return NULL;
  memcpy(&header, at, sizeof header);
  if (!sane(&header, size) ||
      lx_regions_new(header.count, header.feature_size, &regions, NULL) != LX_OK)
    return NULL;

  regions->width = header.width;
  regions->height = header.height;
  list_parts(regions, parts);
  at += sizeof header;
  for (gsize i = 0; i < N_PARTS; at += parts[i++].size)
    if (parts[i].size)
      memcpy(parts[i].data, at, parts[i].size);
  return regions;
}
