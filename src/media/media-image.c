#include "media-image.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <gdk-pixbuf/gdk-pixbuf.h>

#include "media-png.h"

/* What formats may hold that must be decoded whole: 100 megapixels, at most 400 MB. */
#define MOST_WHOLE ((int64_t)100 * 1000 * 1000)
#define CHUNK 16384

typedef enum {
  MODE_WHOLE,  /* decode, then copy */
  MODE_SCALED, /* the decoder scales (JPEG, SVG) */
  MODE_SHRINK, /* too large a PNG: media-png.c reads it row by row */
  MODE_REFUSED,
} Mode;

typedef struct {
  const char *name;
  FILE *file;
  int64_t most;
  Mode mode;
  int width, height; /* in the file */
  int covered;       /* rows that the decoder has reported */
  bool frames;       /* GIF: the first frame may be smaller than the image */
  bool multiplied;   /* TIFF: colours come multiplied by their alpha */
  bool any;          /* the file has at least one byte */
} Reader;

static bool fail(MediaError *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

static bool fail(MediaError *error, const char *format, ...)
{
  va_list args;
  if (error) {
    va_start(args, format);
    vsnprintf(error->message, sizeof error->message, format, args);
    va_end(args);
  }
  return false;
}

void media_image_free(MediaImage *self)
{
  if (!self)
    return;
  free(self->pixels);
  free(self);
}

/* Progressive JPEGs are held whole while they are decoded, six bytes a pixel. */
static bool is_progressive(FILE *file)
{
  long at = ftell(file);
  uint8_t m[4];
  bool found = false;

  if (fseek(file, 2, SEEK_SET) == 0)
    while (!found && fread(m, 1, 4, file) == 4 && m[0] == 0xff && m[1] != 0xda) {
      found = m[1] == 0xc2;
      if (fseek(file, (m[2] << 8 | m[3]) - 2, SEEK_CUR) != 0)
        break;
    }
  fseek(file, at, SEEK_SET);
  return found;
}

static void on_size_prepared(GdkPixbufLoader *loader, int width, int height, gpointer user_data)
{
  Reader *r = user_data;
  GdkPixbufFormat *format = gdk_pixbuf_loader_get_format(loader);
  char *kind = format ? gdk_pixbuf_format_get_name(format) : NULL;
  int64_t pixels = (int64_t)width * height;
  double scale = sqrt((double)r->most / (double)(pixels > 0 ? pixels : 1));

  r->width = width;
  r->height = height;
  r->frames = kind && !strcmp(kind, "gif");
  r->multiplied = kind && !strcmp(kind, "tiff");
  if (kind && !strcmp(kind, "jpeg") && pixels > MOST_WHOLE && is_progressive(r->file))
    r->mode = MODE_REFUSED;
  else if (pixels <= r->most)
    r->mode = MODE_WHOLE;
  else if (kind && (!strcmp(kind, "jpeg") || !strncmp(kind, "svg", 3)))
    r->mode = MODE_SCALED;
  else if (kind && !strcmp(kind, "png"))
    r->mode = MODE_SHRINK;
  else
    r->mode = pixels <= MOST_WHOLE ? MODE_WHOLE : MODE_REFUSED;
  if (r->mode == MODE_SCALED)
    gdk_pixbuf_loader_set_size(loader, (int)fmax(width * scale, 1), (int)fmax(height * scale, 1));
  else if (r->mode != MODE_WHOLE)
    gdk_pixbuf_loader_set_size(loader, 0, 0); /* makes the decoder stop before it allocates */
  g_free(kind);
}

static void on_area_updated(GdkPixbufLoader *loader, int x, int y, int width, int height,
                            gpointer user_data)
{
  Reader *r = user_data;
  if (y + height > r->covered)
    r->covered = y + height;
}

static inline uint32_t over_white(uint32_t value, uint32_t alpha)
{
  return (value * alpha + 255 * (255 - alpha) + 127) / 255;
}

static inline uint8_t add_white(uint32_t value, uint32_t alpha)
{
  return (uint8_t)(value + 255 - alpha < 255 ? value + 255 - alpha : 255);
}

/* Copies a decoded image, alpha over white. */
static bool take_pixbuf(GdkPixbuf *pixbuf, bool multiplied, MediaImage *image)
{
  int channels = gdk_pixbuf_get_n_channels(pixbuf);
  size_t stride = (size_t)gdk_pixbuf_get_rowstride(pixbuf);
  const uint8_t *pixels = gdk_pixbuf_read_pixels(pixbuf);

  image->width = gdk_pixbuf_get_width(pixbuf);
  image->height = gdk_pixbuf_get_height(pixbuf);
  image->stride = 3 * (size_t)image->width;
  image->pixels = malloc(image->stride * (size_t)image->height);
  if (!image->pixels)
    return false;
  for (int y = 0; y < image->height; y++) {
    const uint8_t *from = pixels + (size_t)y * stride;
    uint8_t *to = image->pixels + (size_t)y * image->stride;
    for (int x = 0; x < image->width; x++, from += channels, to += 3)
      for (int c = 0; c < 3; c++)
        to[c] = channels != 4 ? from[c]
                : multiplied  ? add_white(from[c], from[3])
                              : (uint8_t)over_white(from[c], from[3]);
  }
  return true;
}

/* Turns the image upright and fills `image`. */
static bool finish(const Reader *r, GdkPixbuf *decoded, MediaImage *image)
{
  const char *orientation = gdk_pixbuf_get_option(decoded, "orientation");
  bool turned = orientation && orientation[0] >= '5' && orientation[0] <= '8';
  GdkPixbuf *upright = gdk_pixbuf_apply_embedded_orientation(decoded);
  bool ok = upright && take_pixbuf(upright, r->multiplied, image);

  image->original_width = turned ? r->height : r->width;
  image->original_height = turned ? r->width : r->height;
  g_clear_object(&upright);
  return ok;
}

static bool feed(Reader *r, GdkPixbufLoader *loader, GError **error)
{
  uint8_t buffer[CHUNK];
  size_t n;

  while ((n = fread(buffer, 1, sizeof buffer, r->file)) > 0) {
    r->any = true;
    if (!gdk_pixbuf_loader_write(loader, buffer, n, error) || r->mode == MODE_REFUSED)
      return false;
  }
  return true;
}

static bool explain(const Reader *r, const GError *error, MediaError *out)
{
  if (ferror(r->file))
    return fail(out, "Cannot read %s: %s.", r->name, strerror(errno));
  if (!r->any)
    return fail(out, "%s is empty.", r->name);
  if (r->mode == MODE_REFUSED)
    return fail(out,
                "%s: %d x %d pixels are too many for this file format (at most 100 million); "
                "save it as an ordinary (not progressive) JPEG or as PNG, or make it smaller.",
                r->name, r->width, r->height);
  return fail(out, "%s is not an image that can be read: %s.", r->name,
              error ? error->message : "the file is cut off");
}

static bool shrink(const Reader *r, MediaImage *image, MediaError *error)
{
  char reason[200];

  rewind(r->file);
  return media_png_shrink(r->file, r->most, image, reason, sizeof reason) ||
         fail(error, "%s is not an image that can be read: %s.", r->name, reason);
}

/* Decodes with GdkPixbuf, or leaves r->mode at MODE_SHRINK. */
static bool decode(Reader *r, MediaImage *image, MediaError *error)
{
  GdkPixbufLoader *loader = gdk_pixbuf_loader_new();
  GdkPixbuf *decoded;
  GError *gerror = NULL;
  bool fed, closed, ok = false;

  g_signal_connect(loader, "size-prepared", G_CALLBACK(on_size_prepared), r);
  g_signal_connect(loader, "area-updated", G_CALLBACK(on_area_updated), r);
  fed = feed(r, loader, &gerror);
  closed = gdk_pixbuf_loader_close(loader, fed ? &gerror : NULL);
  decoded = fed && closed ? gdk_pixbuf_loader_get_pixbuf(loader) : NULL;
  if (!decoded || (r->mode != MODE_SCALED && !r->frames && r->covered < r->height))
    explain(r, gerror, error);
  else if (!finish(r, decoded, image))
    fail(error, "%s: not enough memory for an image of %d x %d pixels.", r->name, r->width,
         r->height);
  else
    ok = true;
  g_clear_error(&gerror);
  g_object_unref(loader);
  return ok;
}

static bool read_file(FILE *file, const char *name, int64_t most, MediaImage **out,
                      MediaError *error)
{
  Reader r = {.name = name, .file = file, .most = most > 0 ? most : MEDIA_MOST_PIXELS};
  MediaImage *image = calloc(1, sizeof *image);
  bool ok;

  if (!image)
    return fail(error, "%s: not enough memory.", name);
  ok = decode(&r, image, error);
  if (!ok && r.mode == MODE_SHRINK)
    ok = shrink(&r, image, error);
  if (!ok) {
    media_image_free(image);
    image = NULL;
  }
  *out = image;
  return ok;
}

bool media_image_read(const char *path, int64_t most_pixels, MediaImage **out, MediaError *error)
{
  FILE *file = fopen(path, "rb");
  struct stat st;
  bool ok;

  *out = NULL;
  if (!file)
    return fail(error, "Cannot open %s: %s.", path, strerror(errno));
  if (fstat(fileno(file), &st) == 0 && S_ISDIR(st.st_mode))
    ok = fail(error, "%s is a folder, not an image.", path);
  else
    ok = read_file(file, path, most_pixels, out, error);
  fclose(file);
  return ok;
}

bool media_image_read_bytes(const void *bytes, size_t size, const char *name, int64_t most_pixels,
                            MediaImage **out, MediaError *error)
{
  FILE *file;
  bool ok;

  *out = NULL;
  if (size == 0)
    return fail(error, "%s is empty.", name);
  file = fmemopen((void *)(uintptr_t)bytes, size, "rb");
  if (!file)
    return fail(error, "%s: %s.", name, strerror(errno));
  ok = read_file(file, name, most_pixels, out, error);
  fclose(file);
  return ok;
}
