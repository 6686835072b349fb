#include "figure-export.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include <cairo-pdf.h>
#include <cairo-svg.h>

#include "figure-graph.h"
#include "figure-heads.h"
#include "figure-matrix.h"
#include "figure-text.h"

#define PNG_SCALE 2
#define LARGEST 15000.0 /* Cairo's images end at 32767 pixels */
#define MARGIN 8.0

typedef enum { KIND_NONE, KIND_SVG, KIND_PDF, KIND_PNG } Kind;

static Kind kind_of(const char *path)
{
  const char *dot = strrchr(path, '.');
  if (!dot)
    return KIND_NONE;
  return !strcasecmp(dot, ".svg")   ? KIND_SVG
         : !strcasecmp(dot, ".pdf") ? KIND_PDF
         : !strcasecmp(dot, ".png") ? KIND_PNG
                                    : KIND_NONE;
}

bool figure_export_knows(const char *path)
{
  return kind_of(path) != KIND_NONE;
}

/* Draws the caption's lines, or only counts them when cr is NULL. Returns their number. */
static int caption_lines(cairo_t *cr, const FigureStyle *style, const char *clean, double width,
                         double y)
{
  char *line = malloc(strlen(clean) + 1);
  FigureFont font;
  int n = 0;

  figure_font_init(&font, style->font, style->font_size);
  for (const char *at = clean; line && *at; n++) {
    size_t used = 0, next = strcspn(at, " ");
    do { /* words while they fit; at least one */
      used = next;
      next = used + (at[used] ? 1 + strcspn(at + used + 1, " ") : 0);
      memcpy(line, at, next);
      line[next] = '\0';
    } while (next > used && figure_text_width(&font, line) <= width);
    line[used] = '\0';
    if (cr)
      figure_text_draw(cr, style->font, style->font_size, line, MARGIN, y + (n + 0.8) * font.line,
                       0);
    at += used;
    at += strspn(at, " ");
  }
  figure_font_done(&font);
  free(line);
  return n;
}

/* Cairo takes what a full disk did not write for written; here it is noticed. */
static cairo_status_t write_bytes(void *file, const unsigned char *data, unsigned size)
{
  return fwrite(data, 1, size, file) == size ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *make_surface(Kind kind, FILE *file, double width, double height)
{
  cairo_surface_t *s;

  if (kind == KIND_PDF)
    return cairo_pdf_surface_create_for_stream(write_bytes, file, width, height);
  if (kind == KIND_PNG)
    return cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)ceil(width * PNG_SCALE),
                                      (int)ceil(height * PNG_SCALE));
  s = cairo_svg_surface_create_for_stream(write_bytes, file, width, height);
  cairo_svg_surface_set_document_unit(s, CAIRO_SVG_UNIT_PX);
  return s;
}

typedef struct {
  Kind kind;
  double width, height, total; /* total: with the caption */
  const FigureStyle *style;
  const char *caption;
  FigurePainter paint;
  void *user_data;
} Sheet;

static cairo_status_t paint_sheet(const Sheet *sheet, FILE *file)
{
  cairo_surface_t *surface = make_surface(sheet->kind, file, sheet->width, sheet->total);
  cairo_t *cr = cairo_create(surface);
  cairo_status_t status;

  if (sheet->kind == KIND_PNG)
    cairo_scale(cr, PNG_SCALE, PNG_SCALE);
  figure_set_color(cr, sheet->style->background, 1.0);
  cairo_paint(cr);
  cairo_save(cr);
  sheet->paint(cr, sheet->user_data);
  cairo_restore(cr);
  if (sheet->caption) {
    figure_set_color(cr, sheet->style->text, 1.0);
    caption_lines(cr, sheet->style, sheet->caption, sheet->width - 2 * MARGIN,
                  sheet->height + MARGIN / 2);
  }
  cairo_show_page(cr);
  status = cairo_status(cr);
  if (status == CAIRO_STATUS_SUCCESS && sheet->kind == KIND_PNG)
    status = cairo_surface_write_to_png_stream(surface, write_bytes, file);
  cairo_destroy(cr);
  cairo_surface_finish(surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status(surface);
  cairo_surface_destroy(surface);
  return status;
}

/* Writes the file beside and renames it. */
static bool write_sheet(const Sheet *sheet, const char *part, const char *path, FigureError *error)
{
  FILE *file = fopen(part, "wb");
  cairo_status_t status;
  bool written;

  if (!file)
    return figure_fail(error, "Cannot write %s: %s.", path, strerror(errno));
  errno = 0;
  status = paint_sheet(sheet, file);
  written = !ferror(file);
  if (fclose(file) == 0 && written && status == CAIRO_STATUS_SUCCESS && rename(part, path) == 0)
    return true;
  figure_fail(error, "Cannot write %s: %s.", path,
              errno ? strerror(errno) : cairo_status_to_string(status));
  unlink(part);
  return false;
}

char *figure_part_name(const char *path)
{
  size_t size = strlen(path) + 16;
  char *part = malloc(size);

  if (part)
    snprintf(part, size, "%s.part%d", path, (int)(getpid() % 100000));
  return part;
}

bool figure_export(const char *path, double width, double height, const FigureStyle *style,
                   const char *caption, FigurePainter paint, void *user_data, FigureError *error)
{
  char *clean = caption && *caption ? figure_text_clean(caption) : NULL;
  char *part = figure_part_name(path);
  Sheet sheet = {kind_of(path), width, height, height, style, clean, paint, user_data};
  bool ok = false;

  if (sheet.kind == KIND_NONE)
    figure_fail(error, "%s: figures are written as .svg, .pdf or .png.", path);
  else if (!part || (caption && *caption && !clean))
    figure_fail(error, "Not enough memory to write %s.", path);
  else if (!(width > 0 && height > 0 && width <= LARGEST && height <= LARGEST))
    figure_fail(error, "A figure of %.0f by %.0f units is too large; at most %.0f.", width, height,
                LARGEST);
  else {
    if (clean) /* a line is at most 1.4 times the font size */
      sheet.total += MARGIN + 1.4 * style->font_size *
                                  caption_lines(NULL, style, clean, width - 2 * MARGIN, 0);
    ok = write_sheet(&sheet, part, path, error);
  }
  free(part);
  free(clean);
  return ok;
}

typedef struct {
  FigureGraph *graph;
  FigureMatrix *matrix;
  FigureHeads *heads;
  const FigureStyle *style;
  const FigureHighlight *highlight;
  int head;
} MapPainting;

static void paint_map(cairo_t *cr, void *user_data)
{
  const MapPainting *p = user_data;
  if (p->graph)
    figure_graph_draw(cr, p->graph, p->style, p->highlight);
  if (p->matrix)
    figure_matrix_draw(cr, p->matrix, p->style, p->highlight, -1, -1);
  if (p->heads)
    figure_heads_draw(cr, p->heads, p->style, p->head >= 0 ? 0 : -1, p->head);
}

bool figure_export_map(const char *path, const FigureMap *map, const FigureReading *reading,
                       FigureView view, const FigureStyle *style, const FigureHighlight *highlight,
                       double width, double height, const char *caption, FigureError *error)
{
  MapPainting p = {NULL, NULL, NULL, style, highlight, reading->head};
  bool ok;

  if (view == FIGURE_VIEW_GRAPH)
    ok = figure_graph_layout(map, reading, style, width, height, &p.graph, error);
  else if (view == FIGURE_VIEW_MATRIX)
    ok = figure_matrix_layout(map, reading, style, width, height, &p.matrix, error);
  else
    ok = figure_heads_layout(&map, 1, NULL, reading, style, width, height, &p.heads, error);
  if (ok)
    ok = figure_export(path, width, p.heads ? p.heads->height : height, style, caption, paint_map,
                       &p, error);
  figure_graph_free(p.graph);
  figure_matrix_free(p.matrix);
  figure_heads_free(p.heads);
  return ok;
}
