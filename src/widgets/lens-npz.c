#include "lens-npz.h"

#include <string.h>

#include "lens-write.h"

/* PKWARE's APPNOTE, stored entries, 32-bit sizes; NumPy's format version 1.0. */
typedef struct {
  char *name;
  GByteArray *data;
  guint32 crc, offset;
} Entry;

struct _LensNpz {
  GPtrArray *entries;
};

static void
entry_free(gpointer data)
{
  Entry *entry = data;

  g_free(entry->name);
  g_byte_array_unref(entry->data);
  g_free(entry);
}

LensNpz *
lens_npz_new(void)
{
  LensNpz *self = g_new0(LensNpz, 1);

  self->entries = g_ptr_array_new_with_free_func(entry_free);
  return self;
}

void
lens_npz_free(LensNpz *self)
{
  if (!self)
    return;
  g_ptr_array_unref(self->entries);
  g_free(self);
}

static guint32
crc32_of(const guint8 *data, gsize size)
{
  guint32 crc = ~0u;

  for (gsize i = 0; i < size; i++) {
    crc ^= data[i];
    for (int k = 0; k < 8; k++)
      crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0);
  }
  return ~crc;
}

/* The header is padded so that the numbers begin at a multiple of 64 bytes. */
static void
add(LensNpz *self, const char *name, const char *type, const gsize *dims, guint n,
    gconstpointer values, gsize size)
{
  Entry *entry = g_new0(Entry, 1);
  GString *header = g_string_new(NULL);
  guint8 start[10] = { 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 0, 0 };

  g_string_printf(header, "{'descr': '%s', 'fortran_order': False, 'shape': (", type);
  for (guint i = 0; i < n; i++)
    g_string_append_printf(header, "%" G_GSIZE_FORMAT ",%s", dims[i], i + 1 < n ? " " : "");
  g_string_append(header, "), }");
  while ((sizeof start + header->len + 1) % 64)
    g_string_append_c(header, ' ');
  g_string_append_c(header, '\n');
  start[8] = header->len & 255;
  start[9] = header->len >> 8;
  entry->name = g_strconcat(name, ".npy", NULL);
  entry->data = g_byte_array_new();
  g_byte_array_append(entry->data, start, sizeof start);
  g_byte_array_append(entry->data, (const guint8 *)header->str, header->len);
  if (size)
    g_byte_array_append(entry->data, values, size);
  entry->crc = crc32_of(entry->data->data, entry->data->len);
  g_string_free(header, TRUE);
  g_ptr_array_add(self->entries, entry);
}

void
lens_npz_add_floats(LensNpz *self, const char *name, const float *values, const gsize *dims,
                    guint n)
{
  gsize count = 1;

  for (guint i = 0; i < n; i++)
    count *= dims[i];
  add(self, name, "<f4", dims, n, values, count * sizeof *values);
}

void
lens_npz_add_strings(LensNpz *self, const char *name, const char *const *strings, guint n)
{
  g_autofree char *type = NULL;
  g_autofree gunichar *out = NULL;
  gsize most = 1, dims[] = { n };

  for (guint i = 0; i < n; i++)
    most = MAX(most, (gsize)g_utf8_strlen(strings[i], -1));
  out = g_new0(gunichar, most * MAX(n, 1));
  for (guint i = 0; i < n; i++) {
    glong length;
    g_autofree gunichar *wide = g_utf8_to_ucs4_fast(strings[i], -1, &length);

    memcpy(out + i * most, wide, length * sizeof *wide);
  }
  type = g_strdup_printf("<U%" G_GSIZE_FORMAT, most);
  add(self, name, type, dims, 1, out, most * n * sizeof *out);
}

static void
put(GByteArray *out, guint32 value, guint bytes)
{
  guint8 le[4] = { value, value >> 8, value >> 16, value >> 24 };

  g_byte_array_append(out, le, bytes);
}

/* What the local and the central header have in common. */
static void
put_common(GByteArray *out, const Entry *entry)
{
  put(out, 20, 2);
  put(out, 0x800, 2); /* names are UTF-8 */
  put(out, 0, 2);
  put(out, 0x00210000, 4); /* 1980-01-01: the same numbers give the same file */
  put(out, entry->crc, 4);
  put(out, entry->data->len, 4);
  put(out, entry->data->len, 4);
  put(out, strlen(entry->name), 2);
  put(out, 0, 2);
}

gboolean
lens_npz_write(LensNpz *self, const char *path, GError **error)
{
  g_autoptr(GByteArray) out = g_byte_array_new();
  guint32 directory, size;

  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index(self->entries, i);

    entry->offset = out->len;
    put(out, 0x04034b50, 4);
    put_common(out, entry);
    g_byte_array_append(out, (const guint8 *)entry->name, strlen(entry->name));
    g_byte_array_append(out, entry->data->data, entry->data->len);
  }
  directory = out->len;
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index(self->entries, i);

    put(out, 0x02014b50, 4);
    put(out, 20, 2);
    put_common(out, entry);
    put(out, 0, 4); /* comment length, disk */
    put(out, 0, 2);
    put(out, 0, 4);
    put(out, entry->offset, 4);
    g_byte_array_append(out, (const guint8 *)entry->name, strlen(entry->name));
  }
  size = out->len - directory;
  put(out, 0x06054b50, 4);
  put(out, 0, 4);
  put(out, self->entries->len, 2);
  put(out, self->entries->len, 2);
  put(out, size, 4);
  put(out, directory, 4);
  put(out, 0, 2);
  return lens_write_file(path, (const char *)out->data, out->len, error);
}
