/* Heads merged, special words hidden, small weights dropped; and figures as files. */
#include "figure-export.h"
#include "figure-fixture.h"
#include "lx-test.h"

#include <sys/stat.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *const words[] = {"[CLS]", "a", "b", "[SEP]"};
static const float values[] = {
    /* 2 heads of 4 x 4 */
    0.1f, 0.2f, 0.3f, 0.4f, 0.7f, 0.1f, 0.1f, 0.1f, 0.25f, 0.25f, 0.25f, 0.25f, 0, 0, 1, 0,
    0.3f, 0.2f, 0.1f, 0.4f, 0.1f, 0.7f, 0.1f, 0.1f, 0.25f, 0.25f, 0.25f, 0.25f, 1, 0, 0, 0,
};

static FigureMap small_map(void)
{
  return (FigureMap){.heads = 2,
                     .rows = 4,
                     .cols = 4,
                     .values = values,
                     .row_labels = words,
                     .col_labels = words,
                     .query_is_words = true,
                     .key_is_words = true};
}

static void test_reading(void)
{
  FigureMap map = small_map();
  FigureReading r;
  double w[16];

  figure_reading_init(&r);
  CHECK(figure_read(&map, &r, w) && fabs(w[0] - 0.2) < 1e-6 && fabs(w[15]) < 1e-6);
  r.head = FIGURE_MAX;
  CHECK(figure_read(&map, &r, w) && fabs(w[0] - 0.3) < 1e-6 && fabs(w[5] - 0.7) < 1e-6);
  r.head = 1;
  CHECK(figure_read(&map, &r, w) && fabs(w[12] - 1.0) < 1e-6);
  r.head = 2;
  CHECK(!figure_read(&map, &r, w));

  figure_reading_init(&r);
  r.head = 0;
  r.hide_special = true;
  CHECK(figure_read(&map, &r, w) && w[0] == 0 && w[1] == 0 && w[4] == 0 && w[7] == 0);
  CHECK(fabs(w[5] - 0.1) < 1e-6);
  r.renormalise = true;
  CHECK(figure_read(&map, &r, w) && fabs(w[5] - 0.5) < 1e-6 && fabs(w[5] + w[6] - 1.0) < 1e-6);

  figure_reading_init(&r);
  r.head = 0;
  r.top_p = 0.6; /* 0.4 + 0.3 */
  CHECK(figure_read(&map, &r, w) && w[0] == 0 && w[1] == 0 && w[2] > 0.29 && w[3] > 0.39);
  CHECK(w[4] > 0.69 && w[5] == 0);
}

static long size_of(const char *path)
{
  struct stat st;
  return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

static bool starts_with(const char *path, const char *magic)
{
  char head[16] = "";
  FILE *f = fopen(path, "rb");
  bool same = f && fread(head, 1, strlen(magic), f) == strlen(magic) && !strcmp(head, magic);
  if (f)
    fclose(f);
  return same;
}

static void test_export(const char *dir)
{
  static const struct {
    const char *ending, *magic;
  } kinds[] = {{"svg", "<?xml"}, {"pdf", "%PDF"}, {"png", "\x89PNG"}};
  FigureReading reading;
  FigureStyle style;
  FigureError error = {""};
  char path[600];
  Fixture f;

  figure_reading_init(&reading);
  fixture_init(&f, 2);
  FigureMap map = fixture_map(&f, 12, 14, 36, true, false);
  for (int k = 0; k < 3; k++)
    for (int view = 0; view < 3; view++)
      for (int dark = 0; dark < 2; dark++) {
        figure_style_init(&style, dark);
        snprintf(path, sizeof path, "%s/figure.%s", dir, kinds[k].ending);
        CHECK(figure_export_map(
                  path, &map, &reading, (FigureView)view, &style, NULL, 640, 480,
                  "A caption that is long enough to need a second line below the figure, "
                  "with bytes that are no UTF-8: \xff\xfe.",
                  &error),
              "%s", error.message);
        CHECK(starts_with(path, kinds[k].magic) && size_of(path) > 1000, "%s: %ld bytes", path,
              size_of(path));
        unlink(path);
      }
  CHECK(!figure_export_map("/nowhere/at/all.svg", &map, &reading, FIGURE_VIEW_GRAPH, &style, NULL,
                           640, 480, NULL, &error) &&
            strstr(error.message, "/nowhere/at/all.svg"),
        "%s", error.message);
  CHECK(!figure_export_map("figure.gif", &map, &reading, FIGURE_VIEW_GRAPH, &style, NULL, 640, 480,
                           NULL, &error) &&
            strstr(error.message, ".svg"),
        "%s", error.message);
  free(f.values);
}

/* Both kinds' colours are on the picture, and a hovered word leaves only its own edges. */
static void test_drawing(const char *dir)
{
  FigureHighlight hover = FIGURE_NO_HIGHLIGHT;
  FigureReading reading;
  FigureStyle style;
  FigureError error = {""};
  long orange[2] = {0, 0}, blue[2] = {0, 0};
  char path[600];
  Fixture f;

  figure_reading_init(&reading);
  figure_style_init(&style, false);
  fixture_init(&f, 2);
  FigureMap map = fixture_map(&f, 12, 14, 36, true, false);
  snprintf(path, sizeof path, "%s/drawing.png", dir);
  for (int k = 0; k < 2; k++) {
    hover.word = k ? 4 : -1;
    CHECK(figure_export_map(path, &map, &reading, FIGURE_VIEW_GRAPH, &style, &hover, 640, 480, NULL,
                            &error));
    cairo_surface_t *s = cairo_image_surface_create_from_png(path);
    CHECK(cairo_image_surface_get_width(s) == 1280 && cairo_image_surface_get_height(s) == 960);
    for (int y = 0; y < cairo_image_surface_get_height(s); y++)
      for (int x = 0; x < cairo_image_surface_get_width(s); x++) {
        const unsigned char *p = cairo_image_surface_get_data(s) +
                                 y * cairo_image_surface_get_stride(s) + 4 * x; /* B G R */
        orange[k] += p[2] > p[0] + 60;
        blue[k] += p[0] > p[2] + 60;
      }
    cairo_surface_destroy(s);
  }
  CHECK(orange[0] > 2000 && blue[0] > 2000, "%ld orange, %ld blue", orange[0], blue[0]);
  CHECK(blue[1] > 100 && blue[1] < blue[0] / 2, "%ld blue of %ld", blue[1], blue[0]);
  unlink(path);
  free(f.values);
}

static void test_csv(const char *dir)
{
  static const char *const odd[] = {"[CLS]", "a,b", "\"", "?"};
  FigureMap map = small_map();
  FigureReading reading;
  FigureError error;
  char path[600], text[400] = "";

  figure_reading_init(&reading);
  reading.head = 0;
  map.col_labels = odd;
  snprintf(path, sizeof path, "%s/map.csv", dir);
  CHECK(figure_export_csv(path, &map, &reading, &error));
  FILE *file = fopen(path, "rb");
  CHECK(file && fread(text, 1, sizeof text - 1, file) > 0);
  if (file)
    fclose(file);
  CHECK(!strncmp(text, "query \\ key,[CLS],\"a,b\",\"\"\"\",?\r\n[CLS],0.1", 41), "%s", text);
  CHECK(!figure_export_csv("/nowhere/map.csv", &map, &reading, &error));
  unlink(path);
}

/* The width in pixels of each picture in an SVG file; returns how many there are. */
static int picture_widths(const char *path, int *widths, int most)
{
  static const char mark[] = "<image id=\"", width[] = "width=\"";
  char *text = calloc(1, 1 << 22);
  FILE *file = fopen(path, "rb");
  int n = 0;

  CHECK(text && file && fread(text, 1, (1 << 22) - 1, file) > 0);
  for (const char *at = text; at && (at = strstr(at, mark)) && n < most; n++) {
    at = strstr(at, width);
    widths[n] = at ? atoi(at + strlen(width)) : 0;
  }
  if (file)
    fclose(file);
  free(text);
  return n;
}

/* Programs that show SVG smooth what they blow up: a cell must be many pixels to stay a square. */
static void test_cells_in_file(const char *dir)
{
  FigureReading reading;
  FigureStyle style;
  FigureError error;
  Fixture f;
  FigureMap map;
  char path[600];
  int widths[8];

  figure_reading_init(&reading);
  figure_style_init(&style, false);
  fixture_init(&f, 3);
  map = fixture_map(&f, 4, 6, 11, true, false);
  snprintf(path, sizeof path, "%s/heads.svg", dir);
  CHECK(figure_export_map(path, &map, &reading, FIGURE_VIEW_HEADS, &style, NULL, 640, 480, NULL,
                          &error),
        "%s", error.message);
  CHECK(picture_widths(path, widths, 8) == 4);
  for (int i = 0; i < 4; i++)
    CHECK(widths[i] >= 30 * map.cols && widths[i] % map.cols == 0, "%d pixels", widths[i]);
  unlink(path);
  free(f.values);
}

/* No room for the file: what was there before stays, and nothing is left behind. */
static void test_full_disk(const char *dir)
{
  static const char *const names[] = {"a.svg", "a.pdf", "a.png", "a.csv"};
  struct rlimit before, tight;
  FigureMap map = small_map();
  FigureReading reading;
  FigureStyle style;

  figure_reading_init(&reading);
  figure_style_init(&style, false);
  signal(SIGXFSZ, SIG_IGN);
  CHECK(getrlimit(RLIMIT_FSIZE, &before) == 0);
  tight = (struct rlimit){.rlim_cur = 16, .rlim_max = before.rlim_max};
  for (int i = 0; i < 4; i++) {
    FigureError error = {""};
    char path[600], part[640], text[16] = "";
    FILE *file;
    bool done;

    snprintf(path, sizeof path, "%s/%s", dir, names[i]);
    file = fopen(path, "w");
    CHECK(file && fputs("before", file) >= 0 && fclose(file) == 0);
    CHECK(setrlimit(RLIMIT_FSIZE, &tight) == 0);
    done = i < 3 ? figure_export_map(path, &map, &reading, FIGURE_VIEW_GRAPH, &style, NULL, 640,
                                     480, NULL, &error)
                 : figure_export_csv(path, &map, &reading, &error);
    CHECK(setrlimit(RLIMIT_FSIZE, &before) == 0);
    CHECK(!done && strstr(error.message, "Cannot write") && strstr(error.message, path), "%s",
          error.message);
    snprintf(part, sizeof part, "%s.part%d", path, (int)(getpid() % 100000));
    CHECK(access(part, F_OK) != 0, "%s is left", part);
    file = fopen(path, "r");
    CHECK(file && fgets(text, sizeof text, file) && !strcmp(text, "before"), "%s", text);
    if (file)
      fclose(file);
    unlink(path);
  }
}

/* WCAG's relative luminance and contrast. */
static double luminance(FigureColor c)
{
  double v[3] = {c.r, c.g, c.b};
  for (int i = 0; i < 3; i++)
    v[i] = v[i] <= 0.03928 ? v[i] / 12.92 : pow((v[i] + 0.055) / 1.055, 2.4);
  return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2];
}

static double contrast(FigureColor a, FigureColor b)
{
  double x = luminance(a), y = luminance(b);
  return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static void test_contrast(void)
{
  for (int i = 0; i < 4; i++) {
    FigureStyle s;
    bool high = i & 1;
    figure_style_init(&s, i & 2);
    if (high)
      figure_style_raise_contrast(&s);
    CHECK(contrast(s.text, s.background) >= (high ? 12 : 7));
    CHECK(contrast(s.muted, s.background) >= (high ? 7 : 4.5));
    CHECK(contrast(s.word, s.background) >= (high ? 7 : 4.4));
    CHECK(contrast(s.box, s.background) >= (high ? 7 : 3.9));
    CHECK(contrast(s.accent, s.background) >= (high ? 7 : 4.5));
  }
}

int main(void)
{
  char dir[] = "/tmp/crosslens-figure-XXXXXX";

  lx_test_comma();
  if (!mkdtemp(dir))
    return 1;
  test_reading();
  test_contrast();
  test_export(dir);
  test_drawing(dir);
  test_csv(dir);
  test_cells_in_file(dir);
  test_full_disk(dir);
  CHECK(rmdir(dir) == 0, "something was left behind in %s", dir);
  return lx_test_end();
}
