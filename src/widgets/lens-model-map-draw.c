#include "lens-model-map-private.h"

#include <glib/gi18n.h>
#include <math.h>

#define BAR 96.0 /* the colour scale */
#define FAINT 0.25

static void
set_color(cairo_t *cr, FigureColor color, double alpha)
{
  cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

static void
rounded(cairo_t *cr, double x, double y, double w, double h, double r)
{
  r = MIN(r, MIN(w, h) / 2);
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + w - r, y + r, r, -G_PI / 2, 0);
  cairo_arc(cr, x + w - r, y + h - r, r, 0, G_PI / 2);
  cairo_arc(cr, x + r, y + h - r, r, G_PI / 2, G_PI);
  cairo_arc(cr, x + r, y + r, r, G_PI, 3 * G_PI / 2);
  cairo_close_path(cr);
}

/* Text in at most `width` from x on; align 0 where reading begins, 1 where it ends. */
static void
draw_text(LensModelMap *self, cairo_t *cr, const char *text, double x, double y, double width,
          double align, double scale, gboolean bold)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), text);
  g_autoptr(PangoAttrList) attrs = pango_attr_list_new();
  int w, h;

  pango_attr_list_insert(attrs, pango_attr_scale_new(scale));
  if (bold)
    pango_attr_list_insert(attrs, pango_attr_weight_new(PANGO_WEIGHT_SEMIBOLD));
  pango_layout_set_attributes(layout, attrs);
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width(layout, (int)(MAX(width, 4) * PANGO_SCALE));
  lens_canvas_align_layout(layout,
                           (align > 0) != style->mirrored ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
  pango_layout_get_pixel_size(layout, &w, &h);
  cairo_move_to(cr, x, y - h / 2.0);
  lens_canvas_show_layout(cr, layout);
}

static void
draw_titles(LensModelMap *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  static const char *const titles[LENS_N_MODULES]
      = { N_("words → words"), N_("boxes → boxes"), N_("words → boxes"),
          N_("boxes → words"), N_("words → words"), N_("boxes → boxes") };
  /* Where a column is too narrow for words. */
  static const char *const letters[LENS_N_MODULES]
      = { N_("w → w"), N_("b → b"), N_("w → b"), N_("b → w"), N_("w → w"), N_("b → b") };
  static const char *const groups[] = { N_("Language"), N_("Vision"), N_("Cross-modality") };
  double *x = self->column_x, *w = self->column_w;
  int lines = lens_model_map_n_lines(self);
  double scale = lens_canvas_get_text_scale(LENS_CANVAS(self)), gutter = scale * GUTTER;
  gboolean narrow = w[LENS_MODULE_LANG_TO_VIS] > 0 && w[LENS_MODULE_LANG_TO_VIS] < 76 * scale;

  set_color(cr, style->text, 1);
  for (int g = 0; g < 3; g++) {
    int last = g < 2 ? g : LENS_N_MODULES - 1;

    double wide = fabs(x[last] - x[g]) + w[style->mirrored ? g : last] + GROUP_GAP - 4;

    if (w[g] > 0)
      draw_text(self, cr, _(groups[g]), style->mirrored ? x[g] + w[g] - wide : x[g], 8 * scale,
                wide, 0, narrow ? 0.78 : 0.9, TRUE);
  }
  set_color(cr, style->muted, 1);
  for (int m = 0; m < LENS_N_MODULES; m++) {
    if (w[m] > 0)
      draw_text(self, cr, _(narrow ? letters[m] : titles[m]),
                style->mirrored ? x[m] - COLUMN_GAP + 2 : x[m], 25 * scale, w[m] + COLUMN_GAP - 2,
                0, 0.74, FALSE);
  }
  for (int line = 0; line < lines; line++) {
    g_autofree char *number = g_strdup_printf("%d", line + 1);
    LensStrip *strip = lens_model_map_find_strip(self, LENS_MODULE_LANGUAGE, line);

    for (int m = 0; m < LENS_N_MODULES && !strip; m++)
      strip = lens_model_map_find_strip(self, m, line);
    if (strip)
      draw_text(self, cr, number, style->mirrored ? x[0] + w[0] + 7 : x[0] - gutter,
                strip->rect.y + strip->rect.h / 2, gutter - 7, 1, 0.74, FALSE);
  }
}

static void
draw_gate(cairo_t *cr, const FigureStyle *style, const FigureRect *cell, LensGate gate)
{
  double x = cell->x + cell->w / 2, y = cell->y + cell->h / 2;
  double r = MIN(cell->w, cell->h) * 0.3;

  set_color(cr, style->background, 1);
  cairo_rectangle(cr, cell->x + 0.5, cell->y + 0.5, cell->w - 1.5, cell->h - 1);
  cairo_fill_preserve(cr);
  set_color(cr, style->muted, 1);
  cairo_set_line_width(cr, 1);
  cairo_stroke(cr);
  set_color(cr, style->text, 1);
  cairo_set_line_width(cr, 1.5);
  if (gate == LENS_GATE_ZERO) {
    cairo_move_to(cr, x - r, y - r);
    cairo_line_to(cr, x + r, y + r);
    cairo_move_to(cr, x + r, y - r);
    cairo_line_to(cr, x - r, y + r);
  } else {
    cairo_move_to(cr, x - r, y - r / 2);
    cairo_line_to(cr, x + r, y - r / 2);
    cairo_move_to(cr, x - r, y + r / 2);
    cairo_line_to(cr, x + r, y + r / 2);
  }
  cairo_stroke(cr);
}

/* Of the scale's length: 0 at its lower end; NAN without a value. */
static double
share_of(LensModelMap *self, guint node)
{
  double value = g_array_index(self->values, double, node);

  if (self->stat == LENS_STAT_EFFECT || lens_model_map_is_difference(self))
    value = fabs(value);
  return (value - self->low) / MAX(self->high - self->low, 1e-9);
}

/* The low end of the colours is near the background: what is there has an edge. */
static void
draw_edges(LensModelMap *self, cairo_t *cr, LensStrip *strip)
{
  cairo_new_path(cr);
  for (int head = 0; head < strip->heads; head++) {
    FigureRect rect;

    if (!(share_of(self, strip->first_node + head) < FAINT)
        || lens_edits_get_gate(self->edits, strip->map, head) != LENS_GATE_ON)
      continue;
    lens_canvas_get_node_rect(LENS_CANVAS(self), strip->first_node + head, &rect);
    rounded(cr, rect.x + 0.5, rect.y + 0.5, rect.w - 2, rect.h - 1, 2);
  }
  set_color(cr, lens_canvas_get_style(LENS_CANVAS(self))->muted, 0.4);
  cairo_set_line_width(cr, 1);
  cairo_stroke(cr);
}

static void
draw_strip(LensModelMap *self, cairo_t *cr, LensStrip *strip)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));

  for (int head = 0; head < strip->heads; head++) {
    double t = share_of(self, strip->first_node + head);
    FigureRect rect;
    LensGate gate = lens_edits_get_gate(self->edits, strip->map, head);

    lens_canvas_get_node_rect(LENS_CANVAS(self), strip->first_node + head, &rect);
    if (gate != LENS_GATE_ON) {
      draw_gate(cr, style, &rect, gate);
      continue;
    }
    rounded(cr, rect.x, rect.y, rect.w - 1, rect.h, 2.5);
    if (isnan(t)) {
      set_color(cr, style->muted, 0.22);
    } else {
      FigureColor color = figure_style_scale(style, 0.06 + 0.94 * CLAMP(t, 0, 1));

      set_color(cr, color, 1);
    }
    cairo_fill(cr);
  }
  draw_edges(self, cr, strip);
}

static void
draw_selected(LensModelMap *self, cairo_t *cr)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  int picked;
  const char *map = self->selection ? lens_selection_get_picked(self->selection, &picked) : NULL;
  int node = map ? lens_model_map_find_node(self, map, 0) : -1, head;
  LensStrip *strip = node >= 0 ? lens_model_map_strip_of_node(self, node, &head) : NULL;

  if (!strip)
    return;
  set_color(cr, style->accent, 1);
  cairo_set_line_width(cr, 1.5);
  rounded(cr, strip->rect.x - 2.5, strip->rect.y - 2, strip->rect.w + 4, strip->rect.h + 4, 4);
  cairo_stroke(cr);
  for (head = 0; head < strip->heads; head++) {
    FigureRect rect;

    if (lens_selection_get_reading(self->selection) == LENS_READING_HEAD
            ? head != MIN(picked, strip->heads - 1)
            : !lens_selection_reads_head(self->selection, head))
      continue;
    lens_canvas_get_node_rect(LENS_CANVAS(self), strip->first_node + head, &rect);
    set_color(cr, style->background, 1);
    cairo_set_line_width(cr, 4.5);
    rounded(cr, rect.x - 0.5, rect.y, rect.w, rect.h, 3);
    cairo_stroke_preserve(cr);
    set_color(cr, style->accent, 1);
    cairo_set_line_width(cr, 2.5);
    cairo_stroke(cr);
  }
}

/* The line below: as wide as the columns, or as the widget where they are few. */
static void
footer_ends(LensModelMap *self, double width, double *left, double *right)
{
  int first = lens_canvas_get_style(LENS_CANVAS(self))->mirrored ? LENS_N_MODULES - 1 : 0;
  int last = LENS_N_MODULES - 1 - first;

  *left = self->column_x[first];
  *right = self->column_x[last] + self->column_w[last];
  if (*right - *left < 360) {
    *left = 0;
    *right = width;
  }
}

static void
draw_scale(LensModelMap *self, cairo_t *cr, double width, double height)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  gboolean fine = self->high - self->low < 10;
  g_autofree char *low = g_strdup_printf(fine ? "%.2f" : "%.0f", self->low);
  g_autofree char *high = g_strdup_printf(fine ? "%.2f" : "%.0f", self->high);
  double scale = lens_canvas_get_text_scale(LENS_CANVAS(self)), side = 40 * scale;
  double left, right, x, y = height - scale * FOOTER / 2 + 2;
  cairo_pattern_t *gradient;

  footer_ends(self, width, &left, &right);
  x = style->mirrored ? left + side + 6 : MAX(right - BAR - side, 0);
  gradient = cairo_pattern_create_linear(style->mirrored ? x + BAR : x, 0,
                                         style->mirrored ? x : x + BAR, 0);
  for (int i = 0; i <= 8; i++) {
    FigureColor color = figure_style_scale(style, 0.06 + 0.94 * i / 8.0);

    cairo_pattern_add_color_stop_rgb(gradient, i / 8.0, color.r, color.g, color.b);
  }
  rounded(cr, x, y - 4, BAR, 8, 4);
  cairo_set_source(cr, gradient);
  cairo_fill(cr);
  cairo_pattern_destroy(gradient);
  set_color(cr, style->muted, 1);
  draw_text(self, cr, high, style->mirrored ? x - side - 6 : x + BAR + 6, y, side, 0, 0.74, FALSE);
  draw_text(self, cr, low, style->mirrored ? x + BAR + 6 : x - side - 6, y, side, 1, 0.74, FALSE);
}

/* The hovered head in words, else what the colour means. */
static void
draw_caption(LensModelMap *self, cairo_t *cr, double width, double height)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double scale = lens_canvas_get_text_scale(LENS_CANVAS(self)), taken = BAR + 90 * scale;
  double left, right;
  g_autofree char *meaning = lens_model_map_describe(self);
  int hovered = lens_model_map_get_previewed(self);
  const char *text = hovered >= 0 ? lens_canvas_get_node_name(LENS_CANVAS(self), hovered) : meaning;

  taken = self->known ? taken : 0; /* else there is no scale */
  footer_ends(self, width, &left, &right);
  set_color(cr, style->muted, 1);
  draw_text(self, cr, text, style->mirrored ? left + taken : left, height - scale * FOOTER / 2 + 2,
            right - left - taken, 0, 0.78, FALSE);
}

void
lens_model_map_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensModelMap *self = LENS_MODEL_MAP(canvas);
  int hovered = lens_model_map_get_previewed(self);

  if (!self->strips->len)
    return;
  draw_titles(self, cr);
  for (guint i = 0; i < self->strips->len; i++)
    draw_strip(self, cr, &g_array_index(self->strips, LensStrip, i));
  draw_selected(self, cr);
  if (hovered >= 0) {
    FigureRect rect;

    lens_canvas_get_node_rect(canvas, hovered, &rect);
    set_color(cr, lens_canvas_get_style(canvas)->text, 0.8);
    cairo_set_line_width(cr, 1);
    rounded(cr, rect.x - 0.5, rect.y - 0.5, rect.w, rect.h + 1, 2.5);
    cairo_stroke(cr);
  }
  if (!self->run)
    return;
  if (self->known)
    draw_scale(self, cr, width, height);
  draw_caption(self, cr, width, height);
}
