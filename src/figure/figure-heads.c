#include "figure-heads.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "figure-text.h"

#define GAP 8.0
#define TOP 4.0
#define LEAST_SIDE 30.0
#define MOST_SIDE 320.0
#define SCROLLED_SIDE 56.0 /* as large at least, before maps stand beside each other */
#define MOST_SCROLLED_SIDE 72.0
#define PIXELS_IN_FILE 3.0 /* for each unit */

void figure_heads_free(FigureHeads *self)
{
  if (!self)
    return;
  for (int i = 0; self->panels && i < self->n_panels; i++)
    free(self->panels[i].weights);
  for (int i = 0; self->titles && i < self->n_titles; i++)
    free(self->titles[i]);
  free(self->panels);
  free(self->titles);
  free(self->title_x);
  free(self->title_y);
  free(self);
}

static bool shown(const FigureMap *map, const FigureReading *reading, bool row, int i)
{
  const char *const *labels = row ? map->row_labels : map->col_labels;
  bool words = row ? map->query_is_words : map->key_is_words;
  return !(reading->hide_special && words && labels && figure_label_is_special(labels[i]));
}

/* One head's weights without the hidden rows and columns. */
static bool fill_panel(FigureHeadPanel *panel, const FigureMap *map, const FigureReading *reading)
{
  FigureReading one = *reading;
  size_t n = (size_t)map->rows * (size_t)map->cols, used = 0;

  one.head = panel->head;
  panel->weights = malloc(n * sizeof *panel->weights);
  if (!panel->weights || !figure_read(map, &one, panel->weights))
    return false;
  for (int r = 0; r < map->rows; r++) {
    if (!shown(map, reading, true, r))
      continue;
    panel->rows++;
    panel->cols = 0;
    for (int c = 0; c < map->cols; c++)
      if (shown(map, reading, false, c)) {
        double w = panel->weights[(size_t)r * (size_t)map->cols + (size_t)c];
        panel->weights[used++] = w; /* never ahead of the reading position */
        panel->max = fmax(panel->max, w);
        panel->cols++;
      }
  }
  if (!(panel->max > 0.0))
    panel->max = 1.0;
  return true;
}

/* Height of a picture for each unit of its width, of the tallest map; at most 1. */
static double tallness(const FigureMap *const *maps, int n_maps)
{
  double tall = 0.0;

  for (int i = 0; i < n_maps; i++)
    tall = fmax(tall, fmin(1.0, (double)maps[i]->rows / maps[i]->cols));
  return tall;
}

/* What all maps share. */
typedef struct {
  const FigureReading *reading;
  const FigureStyle *style;
  const FigureFont *font;
  int across, cols; /* maps beside each other; panels of each on a line */
  double side;      /* of a panel */
} Grid;

static int lines_of(int n, int in_line)
{
  return (n + in_line - 1) / in_line;
}

static double room_of_panel(const FigureHeads *self, int across, int cols)
{
  return (self->width / across - GAP * (cols + 1)) / cols;
}

/* Pictures as large as there is room for. Maps stand beside each other only with all heads of each on
 * one line. Where they were too small, it scrolls. */
static void choose_grid(const FigureHeads *self, const FigureMap *const *maps, int n_maps,
                        int heads, Grid *grid)
{
  double tall = tallness(maps, n_maps), line = grid->font->line;

  grid->side = 0.0;
  for (int across = 1; across <= n_maps; across++) {
    for (int cols = across > 1 ? heads : 1; cols <= heads; cols++) {
      int titles = lines_of(n_maps, across), lines = titles * lines_of(heads, cols);
      double h = (self->height - TOP - titles * (line + 2)) / lines - line - GAP;
      double side = fmin(fmin(room_of_panel(self, across, cols), h / tall), MOST_SIDE);
      if (across > 1 ? side > grid->side : side >= grid->side) /* rather one map on a long line */
        *grid = (Grid){grid->reading, grid->style, grid->font, across, cols, side};
    }
  }
  if (grid->side >= LEAST_SIDE)
    return;
  grid->across = (int)fmax(1.0, fmin(n_maps, floor(self->width / (heads * (SCROLLED_SIDE + GAP)))));
  grid->cols =
      (int)fmax(1.0, fmin(heads, floor((self->width / grid->across - GAP) / (LEAST_SIDE + GAP))));
  grid->side = fmin(room_of_panel(self, grid->across, grid->cols), MOST_SCROLLED_SIDE);
}

static void place_title(FigureHeads *self, const Grid *grid, int index, double x, double y)
{
  double width = self->titles[index] ? figure_text_width(grid->font, self->titles[index]) : 0.0;

  self->title_x[index] = figure_mirror(grid->style, self->width, x + GAP, width);
  self->title_y[index] = y + grid->font->line * 0.8;
}

static void place_panel(const FigureHeads *self, const Grid *grid, FigureHeadPanel *panel,
                        double left, double top)
{
  double shape = panel->rows > 0 ? (double)panel->cols / panel->rows : 1.0, side = grid->side;
  double w = fmax(shape >= 1.0 ? side : side * shape, 2.0);
  double h = fmax(shape >= 1.0 ? side / shape : side, 2.0);
  double x = left + GAP + (panel->head % grid->cols) * (side + GAP), line = grid->font->line;

  panel->cells = (FigureRect){figure_mirror(grid->style, self->width, x, w), top + line, w, h};
  panel->label_x = panel->cells.x;
  panel->label_y = top + line * 0.78;
}

/* With its corner at (x, y); *bottom is moved to where it ends. */
static bool place_map(FigureHeads *self, const FigureMap *map, int index, const bool *off,
                      const Grid *grid, double x, double y, double *bottom)
{
  double pitch = grid->side * tallness(&map, 1) + grid->font->line + GAP;
  char buffer[80];

  snprintf(buffer, sizeof buffer, "%.70s", map->title ? map->title : "");
  self->titles[index] = figure_text_clean(buffer);
  place_title(self, grid, index, x, y);
  y += self->titles[index] && *self->titles[index] ? grid->font->line + 2 : 0.0;
  for (int h = 0; h < map->heads; h++) {
    FigureHeadPanel *panel = &self->panels[self->n_panels++];
    *panel = (FigureHeadPanel){.map = index, .head = h, .off = off && off[h]};
    if (!fill_panel(panel, map, grid->reading))
      return false;
    place_panel(self, grid, panel, x, y + (h / grid->cols) * pitch);
  }
  *bottom = fmax(*bottom, y + lines_of(map->heads, grid->cols) * pitch);
  return self->titles[index] != NULL;
}

static bool place(FigureHeads *self, const FigureMap *const *maps, int n_maps,
                  const bool *const *off, const FigureReading *reading, const FigureStyle *style)
{
  int heads = 0, total = 0;
  double y = TOP, bottom = y;
  FigureFont font;
  Grid grid = {.reading = reading, .style = style, .font = &font};
  bool ok = true;

  for (int i = 0; i < n_maps; i++) {
    heads = maps[i]->heads > heads ? maps[i]->heads : heads;
    total += maps[i]->heads;
  }
  self->panels = calloc((size_t)total, sizeof *self->panels);
  self->titles = calloc((size_t)n_maps, sizeof *self->titles);
  self->title_x = calloc((size_t)n_maps, sizeof *self->title_x);
  self->title_y = calloc((size_t)n_maps, sizeof *self->title_y);
  if (!self->panels || !self->titles || !self->title_x || !self->title_y)
    return false;
  self->n_titles = n_maps;
  self->font_size = style->font_size * 0.85;
  figure_font_init(&font, style->font, self->font_size);
  choose_grid(self, maps, n_maps, heads, &grid);
  for (int i = 0; i < n_maps && ok; i++) {
    y = i % grid.across ? y : bottom;
    ok = place_map(self, maps[i], i, off ? off[i] : NULL, &grid,
                   i % grid.across * self->width / grid.across, y, &bottom);
  }
  self->height = fmax(self->height, bottom);
  figure_font_done(&font);
  return ok;
}

bool figure_heads_layout(const FigureMap *const *maps, int n_maps, const bool *const *off,
                         const FigureReading *reading, const FigureStyle *style, double width,
                         double height, FigureHeads **out, FigureError *error)
{
  FigureHeads *self;

  *out = NULL;
  if (n_maps <= 0)
    return figure_fail(error, "There is no attention map to show.");
  for (int i = 0; i < n_maps; i++)
    if (maps[i]->rows <= 0 || maps[i]->cols <= 0 || maps[i]->heads <= 0 || !maps[i]->values)
      return figure_fail(error, "The attention map is empty.");
  if (!(width >= 40.0 && height >= 40.0))
    return figure_fail(error, "The figure needs at least 40 by 40 units.");
  self = calloc(1, sizeof *self);
  if (!self)
    return figure_fail(error, "Not enough memory to lay out the heads.");
  self->width = width;
  self->height = height;
  if (!place(self, maps, n_maps, off, reading, style)) {
    figure_heads_free(self);
    return figure_fail(error, "Not enough memory to lay out the heads.");
  }
  *out = self;
  return true;
}

FigureHit figure_heads_hit(const FigureHeads *self, double x, double y)
{
  FigureHit hit = FIGURE_NO_HIT;

  for (int i = 0; i < self->n_panels; i++) {
    const FigureHeadPanel *p = &self->panels[i];
    FigureRect r = {p->cells.x - 2, p->label_y - self->font_size, p->cells.w + 4,
                    p->cells.y + p->cells.h - p->label_y + self->font_size + 2};
    if (!figure_rect_holds(r, x, y))
      continue;
    hit.kind = FIGURE_HIT_HEAD;
    hit.map = p->map;
    hit.head = p->head;
    break;
  }
  return hit;
}

/* One cell, side by side pixels at data. */
static void fill_cell(unsigned char *data, int stride, int side, FigureColor k)
{
  unsigned pixel = (unsigned)(k.r * 255 + 0.5) << 16 | (unsigned)(k.g * 255 + 0.5) << 8 |
                   (unsigned)(k.b * 255 + 0.5);

  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      memcpy(data + (ptrdiff_t)y * stride + 4 * x, &pixel, 4);
}

/* The cells as a small picture blown up without smoothing, one pixel a cell on a screen. Programs
 * that show SVG or PDF files do smooth; there a cell is so many pixels that it stays a square. */
static void draw_cells(cairo_t *cr, const FigureHeadPanel *p, const FigureStyle *style)
{
  int side = style->pixels_per_unit > 0 ? 1 : (int)ceil(PIXELS_IN_FILE * p->cells.w / p->cols);
  cairo_surface_t *s =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, side * p->cols, side * p->rows);
  unsigned char *data = cairo_image_surface_get_data(s);
  int stride = cairo_image_surface_get_stride(s);

  if (data) {
    cairo_surface_flush(s);
    for (int r = 0; r < p->rows; r++)
      for (int c = 0; c < p->cols; c++) {
        double t = p->weights[(size_t)r * (size_t)p->cols + (size_t)c] / p->max;
        fill_cell(data + (ptrdiff_t)side * (r * stride + 4 * c), stride, side,
                  figure_style_scale(style, t));
      }
    cairo_surface_mark_dirty(s);
    cairo_save(cr);
    cairo_translate(cr, p->cells.x, p->cells.y);
    cairo_scale(cr, p->cells.w / (side * p->cols), p->cells.h / (side * p->rows));
    cairo_set_source_surface(cr, s, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_rectangle(cr, 0, 0, side * p->cols, side * p->rows);
    cairo_fill(cr);
    cairo_restore(cr);
  }
  cairo_surface_destroy(s);
}

static void draw_panel(cairo_t *cr, const FigureHeads *self, const FigureHeadPanel *p,
                       const FigureStyle *style, bool picked)
{
  FigureRect r = p->cells;
  char text[32];

  draw_cells(cr, p, style);
  cairo_rectangle(cr, r.x - 1, r.y - 1, r.w + 2, r.h + 2);
  cairo_set_line_width(cr, picked ? 2.5 : 1.0);
  figure_set_color(cr, picked ? style->accent : style->muted, picked ? 1.0 : 0.35);
  cairo_stroke(cr);
  if (p->off) {
    cairo_rectangle(cr, r.x, r.y, r.w, r.h);
    figure_set_color(cr, style->background, 0.65);
    cairo_fill(cr);
    cairo_move_to(cr, r.x, r.y);
    cairo_line_to(cr, r.x + r.w, r.y + r.h);
    cairo_set_line_width(cr, 1.5);
    figure_set_color(cr, style->text, 0.8);
    cairo_stroke(cr);
  }
  snprintf(text, sizeof text, "%s%s%d", p->cells.w >= 48.0 ? figure_words()->head : "",
           p->cells.w >= 48.0 ? " " : "", p->head + 1);
  double x = p->label_x;
  if (style->mirrored) {
    FigureFont font;

    figure_font_init(&font, style->font, self->font_size);
    x = p->cells.x + p->cells.w - figure_text_width(&font, text);
    figure_font_done(&font);
  }
  figure_set_color(cr, picked ? style->accent : style->muted, 1.0);
  figure_text_draw(cr, style->font, self->font_size, text, x, p->label_y, 0);
}

void figure_heads_draw(cairo_t *cr, const FigureHeads *self, const FigureStyle *style, int map,
                       int head)
{
  cairo_save(cr);
  for (int i = 0; i < self->n_titles; i++) {
    figure_set_color(cr, style->text, 1.0);
    figure_text_draw(cr, style->font, style->font_size, self->titles[i], self->title_x[i],
                     self->title_y[i], 0);
  }
  for (int i = 0; i < self->n_panels; i++) {
    const FigureHeadPanel *p = &self->panels[i];
    draw_panel(cr, self, p, style, p->map == map && p->head == head);
  }
  cairo_restore(cr);
}
