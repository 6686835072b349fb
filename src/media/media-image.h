/* Any image file as 8-bit RGB: what the detector and the canvas take. GdkPixbuf reads the file;
 * callers need no GLib. Safe to call from any thread. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The default bound of pixels held in memory: 4096 x 4096. */
#define MEDIA_MOST_PIXELS ((int64_t)4096 * 4096)

typedef struct {
  uint8_t *pixels;   /* [height][stride], RGB, upright (EXIF applied), alpha over white */
  int width, height; /* of `pixels` */
  size_t stride;     /* bytes of a row: 3 * width */
  int original_width, original_height; /* in the file, upright; larger when scaled while loading */
} MediaImage;

typedef struct {
  char message[512]; /* names the file and what is wrong with it */
} MediaError;

/* Reads `path`. An image of more than most_pixels pixels (0 = MEDIA_MOST_PIXELS) is scaled down
 * while it is read, keeping its shape. *out is owned: media_image_free. */
bool media_image_read(const char *path, int64_t most_pixels, MediaImage **out, MediaError *error);

/* The same from a file's bytes; `name` stands for it in messages. */
bool media_image_read_bytes(const void *bytes, size_t size, const char *name, int64_t most_pixels,
                            MediaImage **out, MediaError *error);

void media_image_free(MediaImage *self); /* NULL is fine */

#ifdef __cplusplus
}
#endif
