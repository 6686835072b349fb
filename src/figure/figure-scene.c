#include "figure-scene.h"

#include <math.h>
#include <stdlib.h>

#include "figure-labels.h"
#include "figure-text.h"

void figure_scene_free(FigureScene *self)
{
  if (!self)
    return;
  for (int i = 0; self->boxes && i < self->n; i++)
    free(self->boxes[i].label);
  free(self->boxes);
  if (self->image)
    cairo_surface_destroy(self->image);
  free(self);
}

static bool add_box(FigureSceneBox *box, const FigureSceneInput *input, int i, FigureRect image,
                    const FigureFont *font)
{
  const float *b = input->boxes + 4 * (size_t)i;
  double x1 = fmin(fmax((double)b[0], 0.0), 1.0), y1 = fmin(fmax((double)b[1], 0.0), 1.0);
  double x2 = fmin(fmax((double)b[2], x1), 1.0), y2 = fmin(fmax((double)b[3], y1), 1.0);
  char *clean = figure_text_clean(input->labels ? input->labels[i] : NULL);

  if (!clean)
    return false;
  box->rect = (FigureRect){image.x + x1 * image.w, image.y + y1 * image.h,
                           fmax((x2 - x1) * image.w, 1.0), fmax((y2 - y1) * image.h, 1.0)};
  box->removed = input->removed && input->removed[i];
  box->weight = input->weights ? (double)input->weights[i] : -1.0;
  box->label = figure_text_elide(font, clean, image.w * 0.6);
  free(clean);
  return box->label != NULL;
}

static bool place_labels(FigureScene *self, const FigureFont *font)
{
  FigureLabel *labels = calloc((size_t)self->n + 1, sizeof *labels);

  if (!labels)
    return false;
  for (int i = 0; i < self->n; i++) {
    FigureSceneBox *box = &self->boxes[i];
    labels[i].box = box->rect;
    labels[i].w = box->label[0] ? figure_text_width(font, box->label) + 8 : 0.0;
    labels[i].h = font->line + 3;
    if (box->removed)
      labels[i].w = 0.0;
  }
  figure_labels_place(labels, self->n, self->image_rect);
  for (int i = 0; i < self->n; i++) {
    FigureSceneBox *box = &self->boxes[i];
    box->label_shown = labels[i].placed;
    box->label_rect = labels[i].place;
    box->label_rect.w = figure_text_width(font, box->label) + 8;
    box->label_x = box->label_rect.x + 4;
    box->label_y = box->label_rect.y + 1.5 + font->ascent;
  }
  free(labels);
  return true;
}

bool figure_scene_layout(const FigureSceneInput *input, const FigureStyle *style, double width,
                         double height, FigureScene **out, FigureError *error)
{
  FigureScene *self = calloc(1, sizeof *self);
  FigureFont font;
  bool ok;

  *out = NULL;
  if (!self)
    return figure_fail(error, "Not enough memory to lay out the scene.");
  self->width = width;
  self->height = height;
  self->image = input->image ? cairo_surface_reference(input->image) : NULL;
  self->image_width = input->image_width;
  self->image_height = input->image_height;
  self->image_rect = figure_fit_image(input->image_width, input->image_height,
                                      (FigureRect){0, 0, fmax(width, 1.0), fmax(height, 1.0)});
  self->font_size = style->font_size * 0.92;
  self->n = input->n > 0 ? input->n : 0;
  self->boxes = calloc((size_t)self->n + 1, sizeof *self->boxes);
  figure_font_init(&font, style->font, self->font_size);
  ok = self->boxes != NULL;
  for (int i = 0; i < self->n && ok; i++)
    ok = add_box(&self->boxes[i], input, i, self->image_rect, &font);
  ok = ok && place_labels(self, &font);
  figure_font_done(&font);
  if (!ok) {
    figure_scene_free(self);
    return figure_fail(error, "Not enough memory to lay out the scene.");
  }
  *out = self;
  return true;
}

FigureHit figure_scene_hit(const FigureScene *self, double x, double y)
{
  FigureHit hit = FIGURE_NO_HIT;
  double smallest = 1e18;

  for (int i = 0; i < self->n; i++) {
    const FigureSceneBox *box = &self->boxes[i];
    bool on_label = box->label_shown && figure_rect_holds(box->label_rect, x, y);
    double area = on_label ? 0.0 : box->rect.w * box->rect.h;
    if (area >= smallest || !(on_label || figure_rect_holds(box->rect, x, y)))
      continue;
    smallest = area;
    hit.kind = FIGURE_HIT_BOX;
    hit.box = i;
  }
  return hit;
}

static void draw_box(cairo_t *cr, const FigureSceneBox *box, const FigureStyle *style, bool lit,
                     bool pinned, bool faded)
{
  static const double dashes[] = {4, 3};
  FigureRect r = box->rect;
  double line = lit || pinned ? 2.6 : 1.5;

  if (box->weight >= 0.0 && !box->removed) {
    FigureColor fill = style->box; /* the scale's dark end would hide what is in the box */
    cairo_rectangle(cr, r.x, r.y, r.w, r.h);
    figure_set_color(cr, fill, 0.55 * fmin(box->weight, 1.0));
    cairo_fill(cr);
  }
  if (box->removed)
    cairo_set_dash(cr, dashes, 2, 0);
  cairo_rectangle(cr, r.x, r.y, r.w, r.h);
  cairo_set_line_width(cr, line + 1.6); /* a dark or light casing: legible on any image */
  figure_set_color(cr, style->background, faded ? 0.25 : 0.6);
  cairo_stroke_preserve(cr);
  cairo_set_line_width(cr, line);
  figure_set_color(cr, pinned ? style->accent : style->box,
                   box->removed ? 0.6
                   : faded      ? 0.45
                                : 1.0);
  cairo_stroke(cr);
  cairo_set_dash(cr, NULL, 0, 0);
}

static void draw_label(cairo_t *cr, const FigureScene *self, const FigureSceneBox *box,
                       const FigureStyle *style, bool lit, bool pinned)
{
  FigureRect r = box->label_rect;

  if (!box->label[0])
    return;
  figure_rounded_rect(cr, r, 3);
  figure_set_color(cr,
                   pinned ? style->accent
                   : lit  ? style->box
                          : style->background,
                   lit || pinned ? 1.0 : 0.85);
  cairo_fill(cr);
  figure_set_color(cr, lit || pinned ? style->background : style->text, 1.0);
  figure_text_draw(cr, style->font, self->font_size, box->label, box->label_x, box->label_y, 0);
}

void figure_scene_draw(cairo_t *cr, const FigureScene *self, const FigureStyle *style,
                       const FigureHighlight *highlight)
{
  int lit = highlight ? highlight->box : -1, pinned = highlight ? highlight->pinned_box : -1;
  bool picking = lit >= 0 || pinned >= 0;

  cairo_save(cr);
  figure_paint_image(cr, self->image, self->image_rect, style);
  for (int pass = 0; pass < 2; pass++) /* what is highlighted lies on top */
    for (int i = 0; i < self->n; i++) {
      const FigureSceneBox *box = &self->boxes[i];
      bool top = i == lit || i == pinned;
      if (top == (pass == 1))
        draw_box(cr, box, style, i == lit, i == pinned, picking && !top);
    }
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < self->n; i++) {
      bool top = i == lit || i == pinned;
      if (top == (pass == 1) && (top || self->boxes[i].label_shown))
        draw_label(cr, self, &self->boxes[i], style, i == lit, i == pinned);
    }
  cairo_restore(cr);
}
