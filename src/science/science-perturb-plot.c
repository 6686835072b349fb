#include "science-perturb-report.h"

#include "figure-export.h"

/* Panels of PANEL_W by PANEL_H, two a row; units of the figure. */
enum {
  PANEL_W = 260,
  PANEL_H = 190,
  LEFT = 56,
  TOP = 46,
  ACROSS = 330,
  DOWN = 254,
  WIDTH = 680,
  HEIGHT = 560,
};

typedef struct {
  const SciencePerturbation *self;
  const FigureStyle *style;
} Plot;

static const FigureColor colours[SCIENCE_N_ORDERS] = {{0.21, 0.52, 0.89},
                                                      {0.20, 0.60, 0.36},
                                                      {0.90, 0.38, 0.00},
                                                      {0.65, 0.16, 0.54},
                                                      {0.45, 0.45, 0.45}};

static void set_colour(cairo_t *cr, FigureColor c)
{
  cairo_set_source_rgb(cr, c.r, c.g, c.b);
}

/* Text whose left (0), middle (0.5) or right end (1) is at x. */
static void write_text(cairo_t *cr, double x, double y, double align, const char *text)
{
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text, &extents);
  cairo_move_to(cr, x - align * extents.x_advance, y);
  cairo_show_text(cr, text);
}

static double place_x(double share)
{
  return share * PANEL_W;
}

static double place_y(double value)
{
  return PANEL_H * (1 - value);
}

static void axes(cairo_t *cr, const Plot *plot, const char *title)
{
  char text[16];
  cairo_set_line_width(cr, 0.5);
  for (int i = 0; i <= 4; i++) {
    set_colour(cr, plot->style->muted);
    cairo_move_to(cr, 0, place_y(i / 4.0));
    cairo_line_to(cr, PANEL_W, place_y(i / 4.0));
    cairo_stroke(cr);
    snprintf(text, sizeof text, "%d%%", 25 * i);
    write_text(cr, -6, place_y(i / 4.0) + 4, 1, text);
  }
  for (int l = 0; l < SCIENCE_N_LEVELS; l++) {
    if (l == 4) /* 90% and 95% have no room for both */
      continue;
    snprintf(text, sizeof text, "%.0f%%", 100 * science_levels[l]);
    write_text(cr, place_x(science_levels[l]), PANEL_H + 16, 0.5, text);
  }
  set_colour(cr, plot->style->text);
  write_text(cr, 0, -14, 0, title);
}

static void curve(cairo_t *cr, const Plot *plot, const ScienceCurve *c)
{
  const double dashes[] = {4, 3};
  const ScienceEstimate *e = plot->self->labelled ? c->accuracy : c->probability;

  set_colour(cr, colours[c->order]);
  cairo_set_line_width(cr, 2);
  cairo_set_dash(cr, dashes, c->order == SCIENCE_BY_CHANCE ? 2 : 0, 0);
  cairo_new_path(cr); /* a text leaves its end as the current point */
  for (int l = 0; l < SCIENCE_N_LEVELS; l++)
    cairo_line_to(cr, place_x(science_levels[l]), place_y(e[l].value));
  cairo_stroke(cr);
  cairo_set_dash(cr, NULL, 0, 0);
  cairo_set_line_width(cr, 1);
  for (int l = 0; l < SCIENCE_N_LEVELS; l++) {
    /* a little apart, so that the intervals of all orders are seen */
    const double x = place_x(science_levels[l]) + 2 * ((int)c->order - 2);
    cairo_move_to(cr, x, place_y(e[l].low));
    cairo_line_to(cr, x, place_y(e[l].high));
    cairo_stroke(cr);
  }
}

static void legend(cairo_t *cr, const Plot *plot)
{
  double x = LEFT;
  const double y = HEIGHT - 16;
  for (int o = 0; o < SCIENCE_N_ORDERS; o++) {
    cairo_text_extents_t extents;
    const char *name = science_order_name((ScienceOrder)o);
    set_colour(cr, colours[o]);
    cairo_rectangle(cr, x, y - 6, 16, 4);
    cairo_fill(cr);
    set_colour(cr, plot->style->text);
    write_text(cr, x + 22, y, 0, name);
    cairo_text_extents(cr, name, &extents);
    x += 22 + extents.x_advance + 24;
  }
}

static void paint(cairo_t *cr, void *user_data)
{
  const Plot *plot = user_data;
  cairo_select_font_face(cr, plot->style->font, CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, 11);
  for (int side = 0; side < 4; side++) {
    const bool words = side / 2, positive = side % 2 == 0;
    char title[96];
    snprintf(title, sizeof title, "%s, %s relevant removed first", words ? "Words" : "Boxes",
             positive ? "most" : "least");
    cairo_save(cr);
    cairo_translate(cr, LEFT + side % 2 * ACROSS, TOP + side / 2 * DOWN);
    axes(cr, plot, title);
    for (int o = SCIENCE_N_ORDERS - 1; o >= 0; o--) {
      const ScienceCurve *c =
          science_perturbation_find(plot->self, words, positive, (ScienceOrder)o);
      if (c)
        curve(cr, plot, c);
    }
    cairo_restore(cr);
  }
  legend(cr, plot);
}

LxStatus science_perturb_plot(const SciencePerturbation *self, const char *path, LxError *error)
{
  FigureStyle style;
  FigureError failure = {""};
  Plot plot = {self, &style};
  char caption[200];

  figure_style_init(&style, false);
  snprintf(caption, sizeof caption,
           "%s after removing a share of the boxes or words, "
           "%lld questions; bars: 95%% intervals.",
           self->labelled ? "Accuracy" : "Probability of the full input's answer",
           (long long)self->examples);
  if (!figure_export(path, WIDTH, HEIGHT, &style, caption, paint, &plot, &failure))
    return lx_fail(error, LX_ERR_IO, "%s", failure.message);
  return LX_OK;
}
