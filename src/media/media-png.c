#include "media-png.h"

#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

typedef struct {
  png_structp png;
  png_infop info;
  MediaImage *image;
  int width, height, channels; /* of the file, after libpng's conversions */
  int factor;                  /* factor x factor pixels become one */
  uint8_t *row;                /* [width][channels] */
  uint32_t *sums;              /* [image width][3] of the current line of blocks */
  char *reason;
  size_t reason_size;
} Shrink;

static void on_error(png_structp png, png_const_charp message)
{
  Shrink *s = png_get_error_ptr(png);
  snprintf(s->reason, s->reason_size, "%s", message);
  longjmp(png_jmpbuf(png), 1);
}

static void on_warning(png_structp png, png_const_charp message)
{
  (void)png;
  (void)message;
}

/* 8 bits, RGB or RGBA. */
static void ask_for_rgb(Shrink *s)
{
  png_set_expand(s->png);
  png_set_scale_16(s->png);
  png_set_packing(s->png);
  png_set_gray_to_rgb(s->png);
  png_read_update_info(s->png, s->info);
  s->channels = png_get_channels(s->png, s->info);
}

static void add_row(Shrink *s)
{
  const uint8_t *p = s->row;

  for (int x = 0; x < s->width; x++, p += s->channels) {
    uint32_t *sum = s->sums + 3 * (size_t)(x / s->factor);
    uint32_t alpha = s->channels == 4 ? p[3] : 255;
    for (int c = 0; c < 3; c++)
      sum[c] += (p[c] * alpha + 255 * (255 - alpha) + 127) / 255;
  }
}

static void finish_line(Shrink *s, int line, int rows)
{
  uint8_t *to = s->image->pixels + (size_t)line * s->image->stride;

  for (int x = 0; x < s->image->width; x++) {
    int left = s->width - x * s->factor;
    uint32_t n = (uint32_t)(rows * (left < s->factor ? left : s->factor));
    for (int c = 0; c < 3; c++)
      to[3 * x + c] = (uint8_t)((s->sums[3 * x + c] + n / 2) / n);
  }
  memset(s->sums, 0, 3 * (size_t)s->image->width * sizeof *s->sums);
}

static bool allocate(Shrink *s, int64_t most)
{
  MediaImage *image = s->image;

  s->factor = (int)ceil(sqrt((double)s->width * s->height / (double)most));
  image->original_width = s->width;
  image->original_height = s->height;
  image->width = (s->width + s->factor - 1) / s->factor;
  image->height = (s->height + s->factor - 1) / s->factor;
  image->stride = 3 * (size_t)image->width;
  image->pixels = malloc(image->stride * (size_t)image->height);
  s->sums = calloc(3 * (size_t)image->width, sizeof *s->sums);
  s->row = malloc((size_t)s->width * (size_t)s->channels);
  return image->pixels && s->sums && s->row;
}

static bool read_rows(Shrink *s, FILE *file, int64_t most)
{
  if (setjmp(png_jmpbuf(s->png)))
    return false;
  png_init_io(s->png, file);
  png_read_info(s->png, s->info);
  s->width = (int)png_get_image_width(s->png, s->info);
  s->height = (int)png_get_image_height(s->png, s->info);
  if (png_get_interlace_type(s->png, s->info) != PNG_INTERLACE_NONE)
    png_error(s->png, "it is interlaced and too large to hold; save it without interlacing");
  ask_for_rgb(s);
  if ((s->channels != 3 && s->channels != 4) || !allocate(s, most))
    png_error(s->png, "not enough memory");
  for (int y = 0; y < s->height; y++) {
    png_read_row(s->png, s->row, NULL);
    add_row(s);
    if (y % s->factor == s->factor - 1 || y == s->height - 1)
      finish_line(s, y / s->factor, y % s->factor + 1);
  }
  png_read_end(s->png, NULL);
  return true;
}

bool media_png_shrink(FILE *file, int64_t most_pixels, MediaImage *image, char *reason,
                      size_t reason_size)
{
  Shrink s = {.image = image, .reason = reason, .reason_size = reason_size};
  bool ok = false;

  snprintf(reason, reason_size, "not enough memory");
  s.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &s, on_error, on_warning);
  s.info = s.png ? png_create_info_struct(s.png) : NULL;
  if (s.info)
    ok = read_rows(&s, file, most_pixels);
  png_destroy_read_struct(&s.png, &s.info, NULL);
  free(s.row);
  free(s.sums);
  return ok;
}
