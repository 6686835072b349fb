#include "lens-answer-bars.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <math.h>

#define ROW 28.0 /* at the usual size of text */
#define BAR 8.0
#define TOP 5 /* answers shown */

typedef struct {
  char *text;
  int index;
  double probability, before; /* before: NAN without a ghost */
  gboolean at_most;           /* the probability is a bound: it is not among those that are known */
  double from;                /* where the bar's glide starts */
} Bar;

struct _LensAnswerBars {
  LensCanvas parent_instance;

  GArray *bars; /* of Bar */
  AdwAnimation *animation;
  double progress;
  int places; /* bars that there is room for */
};

G_DEFINE_FINAL_TYPE(LensAnswerBars, lens_answer_bars, LENS_TYPE_CANVAS)

GtkWidget *
lens_answer_bars_new(void)
{
  return g_object_new(LENS_TYPE_ANSWER_BARS, NULL);
}

static void
bar_clear(gpointer data)
{
  g_free(((Bar *)data)->text);
}

/* By text: another model may number its answers otherwise. */
static double
find_probability(GListModel *answers, const char *text)
{
  guint n = answers ? g_list_model_get_n_items(answers) : 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(answers, i);

    if (g_strcmp0(lens_answer_get_text(answer), text) == 0)
      return lens_answer_get_probability(answer);
  }
  return NAN;
}

/* "12.5%", or "< 0.1%" */
static char *
format_probability(const Bar *bar)
{
  if (bar->at_most)
    return g_strdup_printf("< %.1f%%", MAX(100 * bar->probability, 0.1));
  return g_strdup_printf("%.1f%%", 100 * bar->probability);
}

static void
name_bar(LensAnswerBars *self, guint i, LensGhosts whose)
{
  Bar *bar = &g_array_index(self->bars, Bar, i);
  g_autofree char *number = format_probability(bar);
  g_autofree char *name = NULL;

  if (isnan(bar->before))
    name = g_strdup_printf("%s, %s", bar->text, number);
  else
    name = g_strdup_printf(whose == LENS_GHOSTS_A ? _("%s, %s, in A %.1f%%")
                                                  : _("%s, %s, before %.1f%%"),
                           bar->text, number, 100 * bar->before);
  lens_canvas_name_node(LENS_CANVAS(self), i, name);
}

static double
shown_probability(LensAnswerBars *self, int index)
{
  for (guint i = 0; i < self->bars->len; i++) {
    Bar *bar = &g_array_index(self->bars, Bar, i);

    if (bar->index == index)
      return bar->from + (bar->probability - bar->from) * self->progress;
  }
  return 0;
}

/* The answer and the ghost behind it; `index` beyond the answers: the last one's probability is as much
 * as it may have. */
static Bar
make_bar(LensAnswerBars *self, GListModel *answers, guint index, GListModel *ghosts,
         LensAnswer *ghost)
{
  guint n = g_list_model_get_n_items(answers);
  g_autoptr(LensAnswer) answer = g_list_model_get_item(answers, MIN(index, n - 1));
  LensAnswer *named = index < n ? answer : ghost;
  Bar bar = { .at_most = index >= n };

  bar.text = g_strdup(lens_answer_get_text(named));
  bar.index = index < n ? lens_answer_get_index(named) : -1;
  bar.probability = CLAMP(lens_answer_get_probability(answer), 0, 1);
  bar.before = ghosts ? find_probability(ghosts, bar.text) : NAN;
  bar.from = shown_probability(self, bar.index);
  return bar;
}

/* The place of an answer; the number of answers: it is not there. */
static guint
find_answer(GListModel *answers, const char *text)
{
  guint n = g_list_model_get_n_items(answers);

  for (guint i = 0; i < n; i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(answers, i);

    if (g_strcmp0(lens_answer_get_text(answer), text) == 0)
      return i;
  }
  return n;
}

void
lens_answer_bars_set_answers(LensAnswerBars *self, GListModel *answers, GListModel *ghosts,
                             LensGhosts whose)
{
  guint n = answers ? MIN(g_list_model_get_n_items(answers), TOP) : 0;
  g_autoptr(LensAnswer) best = ghosts ? g_list_model_get_item(ghosts, 0) : NULL;
  guint fallen = n && best ? find_answer(answers, lens_answer_get_text(best)) : 0;
  g_autoptr(GArray) bars = g_array_new(FALSE, TRUE, sizeof(Bar));

  g_array_set_clear_func(bars, bar_clear);
  for (guint i = 0; i < n; i++) {
    Bar bar = make_bar(self, answers, i == n - 1 && fallen > i ? fallen : i, ghosts, best);

    g_array_append_val(bars, bar);
  }
  g_array_unref(self->bars);
  self->bars = g_steal_pointer(&bars);
  self->places = n ? (int)n : self->places;
  lens_canvas_set_n_nodes(LENS_CANVAS(self), n);
  for (guint i = 0; i < n; i++)
    name_bar(self, i, whose);
  self->progress = 0;
  adw_animation_reset(self->animation);
  adw_animation_play(self->animation);
  gtk_widget_queue_resize(GTK_WIDGET(self));
}

static void
on_animation(double value, gpointer data)
{
  LensAnswerBars *self = data;

  self->progress = value;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static double
row_height(LensAnswerBars *self)
{
  return round(ROW * lens_canvas_get_text_scale(LENS_CANVAS(self)));
}

static void
lens_answer_bars_layout(LensCanvas *canvas, double width, double height)
{
  double row = row_height(LENS_ANSWER_BARS(canvas));

  for (guint i = 0; i < lens_canvas_get_n_nodes(canvas); i++) {
    FigureRect rect = { 3, i * row + 3, width - 6, row - 6 }; /* with room for the ring */

    lens_canvas_place_node(canvas, i, &rect);
  }
}

static void
set_color(cairo_t *cr, FigureColor color, double alpha)
{
  cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

static void
pill(cairo_t *cr, double x, double y, double w, double h)
{
  double r = h / 2;

  w = MAX(w, h);
  cairo_new_sub_path(cr);
  cairo_arc(cr, x + w - r, y + r, r, -G_PI / 2, G_PI / 2);
  cairo_arc(cr, x + r, y + r, r, G_PI / 2, 3 * G_PI / 2);
  cairo_close_path(cr);
}

static void
draw_label(LensAnswerBars *self, cairo_t *cr, const char *text, double x, double y, double width,
           PangoAlignment alignment, gboolean bold)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), text);
  int w, h;

  if (bold) {
    g_autoptr(PangoAttrList) attrs = pango_attr_list_new();

    pango_attr_list_insert(attrs, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
    pango_layout_set_attributes(layout, attrs);
  }
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
  lens_canvas_align_layout(layout, alignment);
  pango_layout_get_pixel_size(layout, &w, &h);
  cairo_move_to(cr, x, y + (row_height(self) - h) / 2);
  lens_canvas_show_layout(cr, layout);
}

static double
name_width(LensAnswerBars *self, double width)
{
  double scale = lens_canvas_get_text_scale(LENS_CANVAS(self));

  return CLAMP(width * 0.26, 72 * scale, MAX(160, 72 * scale));
}

static double
number_width(LensAnswerBars *self)
{
  return 56 * lens_canvas_get_text_scale(LENS_CANVAS(self));
}

void
lens_answer_bars_get_places(LensAnswerBars *self, double *name, double *bar, double *number,
                            double *bar_width)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double width = lens_canvas_get_width(LENS_CANVAS(self));
  double text_w = name_width(self, width), number_w = number_width(self);

  *bar_width = MAX(width - text_w - number_w - 16, 20);
  *name = figure_mirror(style, width, 2, text_w);
  *bar = figure_mirror(style, width, text_w + 8, *bar_width);
  *number = figure_mirror(style, width, width - number_w - 2, number_w);
}

/* A bar of this share; it grows from where reading begins. */
static void
fill_bar(LensAnswerBars *self, cairo_t *cr, double x, double y, double w, double share, double h)
{
  double length = MAX(w * share, h);

  pill(cr, lens_canvas_get_style(LENS_CANVAS(self))->mirrored ? x + w - length : x, y, length, h);
  cairo_fill(cr);
}

static void
draw_bar(LensAnswerBars *self, cairo_t *cr, guint i, double width)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  Bar *bar = &g_array_index(self->bars, Bar, i);
  PangoAlignment end = style->mirrored ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT;
  double name_x, x, number_x, w, row = row_height(self), y = i * row;
  double now = bar->from + (bar->probability - bar->from) * self->progress;
  g_autofree char *number = format_probability(bar);

  lens_answer_bars_get_places(self, &name_x, &x, &number_x, &w);
  set_color(cr, style->text, i == 0 ? 1 : 0.82);
  draw_label(self, cr, bar->text, name_x, y, name_width(self, width), end, i == 0);
  draw_label(self, cr, number, number_x, y, number_width(self), end, i == 0);

  y += (row - BAR) / 2;
  set_color(cr, style->muted, 0.16);
  fill_bar(self, cr, x, y, w, 1, BAR);
  if (!isnan(bar->before)) {
    set_color(cr, style->muted, 0.45);
    fill_bar(self, cr, x, y - 3, w, bar->before, BAR + 6);
  }
  set_color(cr, style->word, i == 0 ? 1 : 0.55);
  if (now > 0.0005)
    fill_bar(self, cr, x, y, w, now, BAR);
}

static void
lens_answer_bars_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensAnswerBars *self = LENS_ANSWER_BARS(canvas);

  for (guint i = 0; i < self->bars->len; i++)
    draw_bar(self, cr, i, width);
}

static void
lens_answer_bars_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  LensAnswerBars *self = LENS_ANSWER_BARS(widget);

  /* The place of the last answers' bars is kept, so that nothing jumps while none are there. */
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural = self->places * (int)row_height(self);
  else
    *minimum = 220, *natural = 400;
}

static void
lens_answer_bars_dispose(GObject *object)
{
  LensAnswerBars *self = LENS_ANSWER_BARS(object);

  g_clear_object(&self->animation);
  G_OBJECT_CLASS(lens_answer_bars_parent_class)->dispose(object);
}

static void
lens_answer_bars_finalize(GObject *object)
{
  g_array_unref(LENS_ANSWER_BARS(object)->bars);
  G_OBJECT_CLASS(lens_answer_bars_parent_class)->finalize(object);
}

static void
lens_answer_bars_class_init(LensAnswerBarsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_answer_bars_dispose;
  G_OBJECT_CLASS(klass)->finalize = lens_answer_bars_finalize;
  widget_class->measure = lens_answer_bars_measure;
  canvas_class->layout = lens_answer_bars_layout;
  canvas_class->draw = lens_answer_bars_draw;
  canvas_class->node_role = GTK_ACCESSIBLE_ROLE_LIST_ITEM;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
lens_answer_bars_init(LensAnswerBars *self)
{
  AdwAnimationTarget *target = adw_callback_animation_target_new(on_animation, self, NULL);

  self->bars = g_array_new(FALSE, TRUE, sizeof(Bar));
  g_array_set_clear_func(self->bars, bar_clear);
  self->progress = 1;
  self->places = TOP;
  self->animation = adw_timed_animation_new(GTK_WIDGET(self), 0, 1, 250, target);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Answers"),
                                 -1);
}
