/* The findings' plot as numbers: dots where their values are, lines apart, hits on what is drawn. */
#include <string.h>
#include <unistd.h>

#include "figure-export.h"
#include "figure-findings.h"
#include "figure-fixture.h"
#include "lx-test.h"

enum { MOST = 40 * 13 };

typedef struct {
  FigureFinding items[MOST];
  char lines[40][40];
  int n;
} Data;

/* `maps` lines of `heads` and their mean; every third line is of the model beside. */
static void make(Data *data, int maps, int heads, double scale)
{
  Fixture f;
  fixture_init(&f, 5);
  data->n = 0;
  for (int m = 0; m < maps; m++) {
    snprintf(data->lines[m], sizeof data->lines[m], "Cross layer %d: words to boxes", m + 1);
    for (int h = 0; h <= heads; h++) {
      const double value = scale * (0.05 + 0.9 * fixture_random(&f));
      data->items[data->n++] = (FigureFinding){
          .line = data->lines[m],
          .head = h == heads ? FIGURE_FINDINGS_MEAN : h,
          .value = value,
          .low = value - 0.04 * scale,
          .high = value + 0.04 * scale,
          .chance = 0.3 * scale,
          .second = m % 3 == 2,
      };
    }
  }
}

static FigureFindings *lay_out(const Data *data, bool share, double width, double height)
{
  FigureStyle style;
  FigureFindings *out = NULL;
  FigureError error = {""};
  const FigureFindingsInput input = {.items = data->items,
                                     .n = data->n,
                                     .share = share,
                                     .title = "Next word",
                                     .model = "ours",
                                     .second = "BERT",
                                     .head_text = "a head",
                                     .mean_text = "mean",
                                     .chance_text = "by chance"};
  figure_style_init(&style, false);
  CHECK(figure_findings_layout(&input, &style, width, height, &out, &error), "%s", error.message);
  return out;
}

static void check_places(const Data *data, const FigureFindings *f)
{
  const FigureRect p = f->plot;
  const FigureDot *first = &f->dots[0];
  /* the axis begins at zero: x tells the value */
  const double unit = (first->x - p.x) / data->items[0].value;
  for (int i = 0; i < f->n; i++) {
    const FigureDot *dot = &f->dots[i];
    CHECK(fabs(dot->x - (p.x + unit * data->items[i].value)) < 0.01, "dot %d", i);
    CHECK(fabs(dot->low - (p.x + unit * data->items[i].low)) < 0.01, "low of %d", i);
    CHECK(dot->x >= p.x && dot->high <= p.x + p.w + 0.01, "dot %d sticks out", i);
    CHECK(dot->y >= p.y && dot->y <= p.y + p.h, "dot %d lies at %g", i, dot->y);
  }
  for (int i = 1; i < f->n_lines; i++)
    CHECK(fabs(f->lines[i].y - f->lines[i - 1].y - f->lines[i - 1].h) < 0.01, "line %d", i);
  CHECK(p.y + p.h < f->height, "no room for the axis");
  CHECK(f->lines[2].second && !f->lines[1].second);
}

static void check_hits(const FigureFindings *f)
{
  for (int i = 0; i < f->n; i++) {
    const FigureDot *dot = &f->dots[i];
    const int hit = figure_findings_hit(f, dot->x, dot->mean ? dot->y - dot->bar : dot->y);
    /* a mean's bar may have a dot of its line on it */
    CHECK(hit == i || (hit >= 0 && dot->mean), "%d is hit as %d", i, hit);
  }
  CHECK(figure_findings_hit(f, f->plot.x + f->plot.w + 30, f->plot.y) == -1);
}

static void test_places(void)
{
  static Data data;
  const int sizes[][2] = {{9, 4}, {34, 12}, {1, 1}};
  const double widths[] = {320, 800, 1600};
  for (int s = 0; s < 3; s++)
    for (int w = 0; w < 3; w++) {
      make(&data, sizes[s][0], sizes[s][1], 1);
      FigureFindings *f = lay_out(&data, true, widths[w], 400);
      CHECK(f->n_lines == sizes[s][0], "%d lines", f->n_lines);
      if (sizes[s][0] > 2)
        check_places(&data, f);
      if (w > 0)
        check_hits(f);
      figure_findings_free(f);
    }
}

/* Shares end at 100%, other numbers at a round one that holds them all. */
static void test_ticks(void)
{
  static Data data;
  make(&data, 4, 4, 1);
  FigureFindings *f = lay_out(&data, true, 700, 300);
  CHECK(!strcmp(f->ticks[0].text, "0%") && !strcmp(f->ticks[f->n_ticks - 1].text, "100%"), "%s",
        f->ticks[f->n_ticks - 1].text);
  figure_findings_free(f);
  make(&data, 4, 4, 0.03);
  f = lay_out(&data, true, 700, 300);
  CHECK(strchr(f->ticks[1].text, '%') && f->n_ticks >= 3, "%d ticks", f->n_ticks);
  figure_findings_free(f);
  make(&data, 4, 4, 3);
  f = lay_out(&data, false, 700, 300);
  CHECK(!strchr(f->ticks[1].text, '%') &&
        f->ticks[f->n_ticks - 1].x <= f->plot.x + f->plot.w + 0.01);
  figure_findings_free(f);
}

static void test_nothing(void)
{
  static Data data;
  FigureStyle style;
  FigureFindings *out = NULL;
  FigureError error = {""};
  make(&data, 2, 2, 1);
  for (int i = 0; i < data.n; i++)
    data.items[i].value = data.items[i].low = data.items[i].high = data.items[i].chance = NAN;
  const FigureFindingsInput input = {.items = data.items,
                                     .n = data.n,
                                     .title = "",
                                     .model = "",
                                     .head_text = "",
                                     .mean_text = "",
                                     .chance_text = ""};
  figure_style_init(&style, true);
  CHECK(!figure_findings_layout(&input, &style, 400, 300, &out, &error) && error.message[0]);
}

static void paint(cairo_t *cr, void *user_data)
{
  FigureStyle style;
  figure_style_init(&style, false);
  figure_findings_draw(cr, user_data, &style, 3);
}

static int count(const char *text, const char *part)
{
  int n = 0;
  for (const char *at = text; (at = strstr(at, part)); at++)
    n++;
  return n;
}

/* The SVG has at least a shape for every dot, and the caption. */
static void test_svg(void)
{
  static Data data;
  static char text[1 << 20];
  char dir[] = "/tmp/crosslens-figure-XXXXXX", path[64];
  FigureStyle style;
  FigureError error = {""};
  CHECK(mkdtemp(dir) != NULL);
  snprintf(path, sizeof path, "%s/f.svg", dir);
  figure_style_init(&style, false);
  make(&data, 9, 4, 1);
  FigureFindings *f = lay_out(&data, true, 700, 300);
  CHECK(figure_export(path, f->width, f->height, &style, "a caption", paint, f, &error), "%s",
        error.message);
  FILE *file = fopen(path, "r");
  CHECK(file != NULL);
  text[fread(text, 1, sizeof text - 1, file)] = 0;
  fclose(file);
  CHECK(remove(path) == 0 && rmdir(dir) == 0);
  CHECK(strstr(text, "<svg") && count(text, "<path") >= data.n, "%d paths", count(text, "<path"));
  figure_findings_free(f);
}

int main(void)
{
  test_places();
  test_ticks();
  test_nothing();
  test_svg();
  return lx_test_end();
}
