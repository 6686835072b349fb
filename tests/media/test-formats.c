/* The formats that GdkPixbuf opens, JPEGs above all: orientation, CMYK, progressive, huge; GIFs. */
#include "lx-test.h"
#include "media-image.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <sys/resource.h>

static MediaImage *read_bytes(const char *name, const void *bytes, size_t size)
{
  MediaImage *image = NULL;
  MediaError error = {""};

  CHECK(media_image_read_bytes(bytes, size, name, 0, &image, &error), "%s", error.message);
  return image;
}

static bool is_color(const MediaImage *image, int x, int y, int r, int g, int b)
{
  const uint8_t *p = image->pixels + (size_t)y * image->stride + 3 * (size_t)x;
  return abs(p[0] - r) < 12 && abs(p[1] - g) < 12 && abs(p[2] - b) < 12;
}

/* 40 x 20: the corners are red, green, blue and white, in the order of reading. */
static GdkPixbuf *quarters(bool alpha)
{
  static const uint8_t colors[4][3] = {{250, 5, 5}, {5, 250, 5}, {5, 5, 250}, {250, 250, 250}};
  GdkPixbuf *pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, alpha, 8, 40, 20);
  uint8_t *pixels = gdk_pixbuf_get_pixels(pixbuf);

  for (int y = 0; y < 20; y++)
    for (int x = 0; x < 40; x++) {
      uint8_t *q = pixels + y * gdk_pixbuf_get_rowstride(pixbuf) + (alpha ? 4 : 3) * x;
      memcpy(q, colors[2 * (y >= 10) + (x >= 20)], 3);
      if (alpha)
        q[3] = 255;
    }
  return pixbuf;
}

static void test_saved(void)
{
  static const char *const formats[] = {"png", "jpeg", "bmp", "tiff", "ico"};
  GdkPixbuf *pixbuf = quarters(false);

  for (int i = 0; i < 5; i++) {
    gchar *bytes = NULL;
    gsize size = 0;
    CHECK(gdk_pixbuf_save_to_buffer(pixbuf, &bytes, &size, formats[i], NULL, NULL), "%s",
          formats[i]);
    MediaImage *image = read_bytes(formats[i], bytes, size);
    if (image)
      CHECK(image->width == 40 && image->height == 20 && is_color(image, 5, 5, 250, 5, 5) &&
                is_color(image, 35, 5, 5, 250, 5) && is_color(image, 5, 15, 5, 5, 250) &&
                is_color(image, 35, 15, 250, 250, 250),
            "%s", formats[i]);
    media_image_free(image);
    g_free(bytes);
  }
  g_object_unref(pixbuf);
}

/* Half transparent red is pink, in whichever way a format keeps the alpha. */
static void test_alpha(void)
{
  static const char *const formats[] = {"png", "tiff"};
  GdkPixbuf *pixbuf = quarters(true);

  gdk_pixbuf_fill(pixbuf, 0xff000080);
  for (int i = 0; i < 2; i++) {
    gchar *bytes = NULL;
    gsize size = 0;
    CHECK(gdk_pixbuf_save_to_buffer(pixbuf, &bytes, &size, formats[i], NULL, NULL), "%s",
          formats[i]);
    MediaImage *image = read_bytes(formats[i], bytes, size);
    if (image)
      CHECK(is_color(image, 3, 3, 255, 127, 127), "%s: %d %d %d", formats[i], image->pixels[0],
            image->pixels[1], image->pixels[2]);
    media_image_free(image);
    g_free(bytes);
  }
  g_object_unref(pixbuf);
}

/* ---- EXIF ---- */

static MediaImage *read_turned(const gchar *jpeg, gsize size, uint8_t orientation)
{
  uint8_t exif[] = {0xff, 0xe1, 0, 34, 'E',         'x', 'i', 'f', 0,    0,    'I', 'I',
                    42,   0,    8, 0,  0,           0,   1,   0,   0x12, 0x01, 3,   0,
                    1,    0,    0, 0,  orientation, 0,   0,   0,   0,    0,    0,   0};
  uint8_t *turned = malloc(size + sizeof exif);

  memcpy(turned, jpeg, 2);
  memcpy(turned + 2, exif, sizeof exif);
  memcpy(turned + 2 + sizeof exif, jpeg + 2, size - 2);
  MediaImage *image = read_bytes("turned.jpg", turned, size + sizeof exif);
  free(turned);
  return image;
}

/* The colour of each corner of the upright picture, in the order of reading, for EXIF 1 to 8. */
static void test_orientation(void)
{
  static const char *const corners[] = {"RGBW", "GRWB", "WBGR", "BWRG",
                                        "RBGW", "BRWG", "WGBR", "GWRB"};
  GdkPixbuf *pixbuf = quarters(false);
  gchar *jpeg = NULL;
  gsize size = 0;

  CHECK(gdk_pixbuf_save_to_buffer(pixbuf, &jpeg, &size, "jpeg", NULL, "quality", "95", NULL));
  for (int i = 0; i < 8; i++) {
    MediaImage *image = read_turned(jpeg, size, (uint8_t)(i + 1));
    char seen[5] = "";
    if (!image)
      continue;
    int width = i < 4 ? 40 : 20, height = i < 4 ? 20 : 40;
    CHECK(image->width == width && image->height == height && image->original_width == width &&
              image->original_height == height,
          "%d: %d x %d", i + 1, image->width, image->height);
    for (int k = 0; k < 4; k++) {
      int x = (k & 1 ? 3 : 1) * image->width / 4, y = (k & 2 ? 3 : 1) * image->height / 4;
      seen[k] = is_color(image, x, y, 250, 5, 5)   ? 'R'
                : is_color(image, x, y, 5, 250, 5) ? 'G'
                : is_color(image, x, y, 5, 5, 250) ? 'B'
                                                   : 'W';
    }
    CHECK(!strcmp(seen, corners[i]), "orientation %d: %s, not %s", i + 1, seen, corners[i]);
    media_image_free(image);
  }
  g_free(jpeg);
  g_object_unref(pixbuf);
}

/* ---- JPEGs written by hand: every coefficient is 0, which takes one bit ---- */

static size_t put(uint8_t *to, size_t at, const void *bytes, size_t n)
{
  memcpy(to + at, bytes, n);
  return at + n;
}

/* A medium grey square; *size is the file's. Owned. */
static uint8_t *grey_jpeg(int side, int components, bool progressive, size_t *size)
{
  size_t blocks = (size_t)((side + 7) / 8) * (size_t)((side + 7) / 8) * (size_t)components;
  size_t scan = (blocks * (progressive ? 1 : 2) + 7) / 8, at = 0;
  uint8_t *to = calloc(1, scan + 300), n = (uint8_t)components;
  uint8_t quants[69] = {0xff, 0xdb, 0, 67, 0}, codes[22] = {0xff, 0xc4, 0, 20, 0, 1};
  uint8_t frame[] = {0xff,
                     progressive ? 0xc2 : 0xc0,
                     0,
                     (uint8_t)(8 + 3 * n),
                     8,
                     (uint8_t)(side >> 8),
                     (uint8_t)side,
                     (uint8_t)(side >> 8),
                     (uint8_t)side,
                     n};
  uint8_t start[] = {0xff, 0xda, 0, (uint8_t)(6 + 2 * n), n}, all[] = {0, progressive ? 0 : 63, 0};

  memset(quants + 5, 8, 64);
  at = put(to, at, "\xff\xd8", 2);
  at = put(to, at, quants, sizeof quants);
  at = put(to, at, frame, sizeof frame);
  for (uint8_t c = 1; c <= n; c++)
    at = put(to, at, (uint8_t[]){c, 0x11, 0}, 3);
  at = put(to, at, codes, sizeof codes);
  codes[4] = 0x10;
  at = put(to, at, codes, sizeof codes);
  at = put(to, at, start, sizeof start);
  for (uint8_t c = 1; c <= n; c++)
    at = put(to, at, (uint8_t[]){c, 0}, 2);
  at = put(to, at, all, sizeof all) + scan;
  *size = put(to, at, "\xff\xd9", 2);
  return to;
}

static void test_small_jpegs(void)
{
  static const struct {
    int components;
    bool progressive;
    int value;
  } cases[] = {{1, false, 128}, {3, false, 128}, {4, false, 64}, {1, true, 128}, {3, true, 128}};

  for (int i = 0; i < 5; i++) {
    size_t size;
    uint8_t *bytes = grey_jpeg(33, cases[i].components, cases[i].progressive, &size);
    MediaImage *image = read_bytes("grey.jpg", bytes, size);
    int v = cases[i].value;
    if (image)
      CHECK(image->width == 33 && is_color(image, 32, 32, v, v, v), "%d components: %d",
            cases[i].components, image->pixels[0]);
    media_image_free(image);
    free(bytes);
  }
}

static void test_huge_jpeg(void)
{
  MediaImage *image = NULL;
  MediaError error = {""};
  struct rusage before, after;
  size_t size;
  uint8_t *bytes = grey_jpeg(20000, 3, false, &size);

  getrusage(RUSAGE_SELF, &before);
  image = read_bytes("huge.jpg", bytes, size);
  getrusage(RUSAGE_SELF, &after);
  if (image)
    CHECK(image->original_width == 20000 && image->original_height == 20000 &&
              image->width > 4000 && (int64_t)image->width * image->height <= MEDIA_MOST_PIXELS &&
              is_color(image, image->width - 1, image->height - 1, 128, 128, 128),
          "%d", image->width);
  CHECK(after.ru_maxrss - before.ru_maxrss < 250 * 1024, "%ld kB more",
        after.ru_maxrss - before.ru_maxrss);
  media_image_free(image);
  free(bytes);
  bytes = grey_jpeg(20000, 3, true, &size); /* would be held whole: 2.4 GB */
  CHECK(!media_image_read_bytes(bytes, size, "huge.jpg", 0, &image, &error) &&
            strstr(error.message, "not progressive"),
        "%s", error.message);
  free(bytes);
}

/* ---- GIF ---- */

/* Two frames of 4 x 4, red and blue, in an image of `side`; each pixel is its own code. */
static void gif(int side, uint8_t left, uint8_t *to, size_t *size)
{
  const uint8_t head[] = {
      'G', 'I', 'F', '8', '9', 'a', (uint8_t)side, 0, (uint8_t)side, 0, 0x80, 0, 0,
      255, 0,   0,   0,   0,   255};
  size_t at = put(to, 0, head, sizeof head);

  for (uint8_t color = 0; color < 2; color++) {
    const uint8_t frame[] = {0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, left,
                             0,    left, 0, 4, 0,  4, 0, 0, 2};
    at = put(to, at, frame, sizeof frame);
    uint8_t codes[16] = {0};
    int bits = 0;
    for (int i = 0; i < 25; i++) { /* a clear code (4) before every pair keeps codes at 3 bits */
      int code = i == 24 ? 5 : i % 3 == 0 ? 4 : color;
      codes[bits / 8] |= (uint8_t)(code << bits % 8);
      if (bits % 8 > 5)
        codes[bits / 8 + 1] |= (uint8_t)(code >> (8 - bits % 8));
      bits += 3;
    }
    to[at++] = (uint8_t)((bits + 7) / 8);
    at = put(to, at, codes, (size_t)(bits + 7) / 8);
    to[at++] = 0;
  }
  to[at++] = 0x3b;
  *size = at;
}

static void test_gif(void)
{
  uint8_t bytes[200];
  size_t size;

  gif(4, 0, bytes, &size);
  MediaImage *image = read_bytes("moving.gif", bytes, size);
  if (image)
    CHECK(image->width == 4 && is_color(image, 0, 0, 255, 0, 0) &&
          is_color(image, 3, 3, 255, 0, 0));
  media_image_free(image);
  gif(10, 3, bytes, &size);
  image = read_bytes("small first frame.gif", bytes, size);
  if (image)
    CHECK(image->width == 10 && is_color(image, 4, 4, 255, 0, 0) &&
          is_color(image, 9, 9, 255, 255, 255));
  media_image_free(image);
}

int main(void)
{
  test_saved();
  test_alpha();
  test_orientation();
  test_small_jpegs();
  test_huge_jpeg();
  test_gif();
  return lx_test_end();
}
