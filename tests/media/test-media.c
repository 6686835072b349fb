/* PNGs of every kind that people have: transparent, grey, 16-bit, tiny, huge; and broken files. */
#include "lx-test.h"
#include "media-image.h"

#include <png.h>
#include <sys/resource.h>
#include <unistd.h>

static char dir[] = "/tmp/crosslens-media-XXXXXX";

static const char *in_dir(const char *name)
{
  static char path[4][300];
  static int turn;
  char *out = path[turn++ & 3];
  snprintf(out, sizeof path[0], "%s/%s", dir, name);
  return out;
}

/* A PNG whose rows all are `row`. */
static void write_png(const char *path, int width, int height, int color, int bits, int interlace,
                      png_bytep row)
{
  FILE *f = fopen(path, "wb");
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct(png);

  png_init_io(png, f);
  png_set_compression_level(png, 1);
  png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, bits, color, interlace,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_filter(png, 0, PNG_FILTER_NONE);
  png_write_info(png, info);
  for (int pass = interlace ? png_set_interlace_handling(png) : 1; pass > 0; pass--)
    for (int y = 0; y < height; y++)
      png_write_row(png, row);
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  fclose(f);
}

static void check_pixel(const char *name, int width, int height, int r, int g, int b)
{
  MediaImage *image = NULL;
  MediaError error = {""};

  CHECK(media_image_read(in_dir(name), 0, &image, &error), "%s", error.message);
  if (!image)
    return;
  CHECK(image->width == width && image->height == height && image->original_width == width &&
            image->stride == 3 * (size_t)width,
        "%s: %d x %d", name, image->width, image->height);
  const uint8_t *p = image->pixels + (size_t)(height - 1) * image->stride;
  CHECK(abs(p[0] - r) <= 1 && abs(p[1] - g) <= 1 && abs(p[2] - b) <= 1, "%s: %d %d %d", name, p[0],
        p[1], p[2]);
  media_image_free(image);
}

static void test_kinds(void)
{
  uint8_t rgb[12] = {10, 20, 30, 10, 20, 30, 10, 20, 30, 10, 20, 30};
  uint8_t rgba[8] = {255, 0, 0, 128, 255, 0, 0, 128}, grey[4] = {77, 77, 77, 77};
  uint8_t grey16[8] = {0x80, 0x12, 0x80, 0x12, 0x80, 0x12, 0x80, 0x12};

  write_png(in_dir("one.png"), 1, 1, PNG_COLOR_TYPE_RGB, 8, 0, rgb);
  check_pixel("one.png", 1, 1, 10, 20, 30);
  write_png(in_dir("alpha.png"), 2, 3, PNG_COLOR_TYPE_RGBA, 8, 0, rgba);
  check_pixel("alpha.png", 2, 3, 255, 127, 127);
  write_png(in_dir("grey.png"), 4, 2, PNG_COLOR_TYPE_GRAY, 8, 0, grey);
  check_pixel("grey.png", 4, 2, 77, 77, 77);
  write_png(in_dir("deep.png"), 4, 2, PNG_COLOR_TYPE_GRAY, 16, 0, grey16);
  check_pixel("deep.png", 4, 2, 128, 128, 128);
  write_png(in_dir("woven.png"), 4, 4, PNG_COLOR_TYPE_RGB, 8, 1, rgb);
  check_pixel("woven.png", 4, 4, 10, 20, 30);
}

static void test_broken(void)
{
  static const char text[] = "this is no image at all, only some text in a file called so";
  uint8_t rgb[300];
  MediaImage *image = NULL;
  MediaError error = {""};
  FILE *f;

  for (int i = 0; i < 300; i++)
    rgb[i] = (uint8_t)(i * 37);
  f = fopen(in_dir("text.png"), "wb");
  fwrite(text, 1, sizeof text, f);
  fclose(f);
  CHECK(!media_image_read(in_dir("text.png"), 0, &image, &error) && !image &&
            strstr(error.message, "text.png"),
        "%s", error.message);
  f = fopen(in_dir("empty.png"), "wb");
  fclose(f);
  CHECK(!media_image_read(in_dir("empty.png"), 0, &image, &error) && strstr(error.message, "empty"),
        "%s", error.message);
  CHECK(!media_image_read(in_dir("nowhere.png"), 0, &image, &error) &&
            strstr(error.message, "No such file"),
        "%s", error.message);
  CHECK(!media_image_read(dir, 0, &image, &error) && strstr(error.message, "folder"), "%s",
        error.message);

  write_png(in_dir("whole.png"), 100, 100, PNG_COLOR_TYPE_RGB, 8, 0, rgb);
  f = fopen(in_dir("whole.png"), "rb");
  static uint8_t bytes[60000];
  size_t n = fread(bytes, 1, sizeof bytes, f);
  fclose(f);
  int taken = 0;
  for (size_t cut = 0; cut < n; cut += 7) /* every cut is an error or, past the pixels, the image */
    if (media_image_read_bytes(bytes, cut, "cut.png", 0, &image, &error)) {
      CHECK(cut + 40 > n && image->width == 100, "cut at %zu of %zu was taken", cut, n);
      media_image_free(image);
      taken++;
    }
  CHECK(taken < 8, "%d", taken);
}

static void test_huge(void)
{
  int side = 20000;
  uint8_t *row = malloc(3 * (size_t)side);
  MediaImage *image = NULL;
  MediaError error = {""};
  struct rusage before, after;

  for (int x = 0; x < side; x++) {
    row[3 * x] = 10;
    row[3 * x + 1] = (uint8_t)(x < side / 2 ? 0 : 200);
    row[3 * x + 2] = 30;
  }
  write_png(in_dir("huge.png"), side, side, PNG_COLOR_TYPE_RGB, 8, 0, row);
  free(row);
  getrusage(RUSAGE_SELF, &before);
  CHECK(media_image_read(in_dir("huge.png"), 0, &image, &error), "%s", error.message);
  getrusage(RUSAGE_SELF, &after);
  if (image) {
    CHECK(image->original_width == side && image->original_height == side);
    CHECK((int64_t)image->width * image->height <= MEDIA_MOST_PIXELS && image->width == 4000,
          "%d x %d", image->width, image->height);
    const uint8_t *p = image->pixels + 2000 * image->stride;
    CHECK(p[3 * 100 + 1] == 0 && p[3 * 3900 + 1] == 200 && p[0] == 10);
  }
  CHECK(after.ru_maxrss - before.ru_maxrss < 120 * 1024, "%ld kB more",
        after.ru_maxrss - before.ru_maxrss);
  media_image_free(image);
  unlink(in_dir("huge.png"));
}

int main(void)
{
  if (!mkdtemp(dir))
    return 1;
  test_kinds();
  test_broken();
  test_huge();
  static const char *const made[] = {"one.png",   "alpha.png", "grey.png",  "deep.png",
                                     "woven.png", "text.png",  "empty.png", "whole.png"};
  for (size_t i = 0; i < sizeof made / sizeof *made; i++)
    unlink(in_dir(made[i]));
  rmdir(dir);
  return lx_test_end();
}
