#include "science-ablation-report.h"

#include <stdio.h>

#include <cairo-svg.h>

enum { LEFT = 150, PANEL = 230, GAP = 24, TOP = 46, STEP = 24, BAR = 14 };

static void text(cairo_t *cr, double x, double y, double align, const char *string)
{
  cairo_text_extents_t extents;
  cairo_text_extents(cr, string, &extents);
  cairo_move_to(cr, x - align * extents.x_advance, y);
  cairo_show_text(cr, string);
}

/* Rows in three kinds: question and pooled image, layers on BERT, whole models. */
static void colour_of(cairo_t *cr, int row)
{
  if (row <= SCIENCE_BERT_BUTD)
    cairo_set_source_rgb(cr, 0.56, 0.56, 0.60);
  else if (row <= SCIENCE_BERT_CROSS_5)
    cairo_set_source_rgb(cr, 0.37, 0.62, 0.85);
  else if (row <= SCIENCE_TRAIN_SCRATCH)
    cairo_set_source_rgb(cr, 0.20, 0.43, 0.70);
  else
    cairo_set_source_rgb(cr, 0.90, 0.52, 0.16);
}

static void bar(cairo_t *cr, double x, double y, int row, int task, const ScienceSpread *s)
{
  double scale = PANEL / 100.0, end = x + 100 * s->mean * scale;
  double spread = 100 * s->deviation * scale, paper = x + science_row(row)->paper[task] * scale;
  char label[32];

  colour_of(cr, row);
  cairo_rectangle(cr, x, y, end - x, BAR);
  cairo_fill(cr);
  cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
  if (s->n > 1) {
    cairo_move_to(cr, end - spread, y + BAR / 2.0);
    cairo_line_to(cr, end + spread, y + BAR / 2.0);
    cairo_stroke(cr);
  }
  cairo_move_to(cr, paper, y - 2);
  cairo_line_to(cr, paper, y + BAR + 2);
  cairo_set_line_width(cr, 2);
  cairo_stroke(cr);
  cairo_set_line_width(cr, 1);
  snprintf(label, sizeof label, "%.1f", 100 * s->mean);
  cairo_set_source_rgb(cr, 1, 1, 1);
  text(cr, x + 5, y + BAR - 3, 0, label); /* where neither the spread nor the paper's mark is */
}

static void panel(cairo_t *cr, const ScienceCell *cells, int n, const int *rows, int n_rows,
                  int task)
{
  static const char *const names[] = {"VQA", "GQA", "NLVR2"};
  double x = LEFT + task * (PANEL + GAP), bottom = TOP + n_rows * STEP;

  cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
  text(cr, x, TOP - 14, 0, names[task]);
  for (int tick = 0; tick <= 100; tick += 25) {
    char label[8];
    cairo_set_source_rgb(cr, 0.85, 0.85, 0.85);
    cairo_move_to(cr, x + tick * PANEL / 100.0, TOP - 4);
    cairo_line_to(cr, x + tick * PANEL / 100.0, bottom);
    cairo_stroke(cr);
    cairo_set_source_rgb(cr, 0.35, 0.35, 0.35);
    snprintf(label, sizeof label, "%d", tick);
    text(cr, x + tick * PANEL / 100.0, bottom + 14, 0.5, label);
  }
  for (int i = 0; i < n_rows; i++) {
    ScienceSpread s;
    if (science_spread(cells, n, rows[i], task, &s))
      bar(cr, x, TOP + i * STEP + (STEP - BAR) / 2.0, rows[i], task, &s);
  }
}

LxStatus science_ablation_plot(const char *path, const ScienceCell *cells, int n, LxError *error)
{
  int rows[SCIENCE_ROWS], n_rows = 0;

  for (int row = 0; row < SCIENCE_ROWS; row++) {
    ScienceSpread s;
    bool any = false;
    for (int task = 0; task < SCIENCE_TASKS; task++)
      any |= science_spread(cells, n, row, task, &s);
    if (any)
      rows[n_rows++] = row;
  }
  double width = LEFT + SCIENCE_TASKS * (PANEL + GAP), height = TOP + n_rows * STEP + 48;
  cairo_surface_t *surface = cairo_svg_surface_create(path, width, height);
  cairo_t *cr = cairo_create(surface);
  cairo_set_source_rgb(cr, 1, 1, 1);
  cairo_paint(cr);
  cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(cr, 11);
  cairo_set_line_width(cr, 1);
  cairo_set_source_rgb(cr, 0.1, 0.1, 0.1);
  for (int i = 0; i < n_rows; i++)
    text(cr, LEFT - 8, TOP + i * STEP + STEP / 2.0 + 4, 1, science_row(rows[i])->label);
  for (int task = 0; task < SCIENCE_TASKS; task++)
    panel(cr, cells, n, rows, n_rows, task);
  cairo_set_source_rgb(cr, 0.35, 0.35, 0.35);
  text(cr, LEFT, height - 10, 0,
       "accuracy in per cent on unseen scenes; dark marks: the paper's Table 3");
  cairo_destroy(cr);
  cairo_surface_finish(surface);
  cairo_status_t status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  return status == CAIRO_STATUS_SUCCESS ? LX_OK
                                        : lx_fail(error, LX_ERR_IO, "Cannot write “%s”: %s.", path,
                                                  cairo_status_to_string(status));
}
