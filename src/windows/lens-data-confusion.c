#include "lens-data-confusion.h"

#include <inttypes.h>
#include <glib/gi18n.h>
#include <math.h>

#include "lens-tally.h"

#define MOST 12
#define EDGE 12.0
/* at the usual size of text */
#define LABELS 92.0
#define TOP 84.0
#define LEAST_CELL 26.0
#define MOST_CELL 54.0

struct _LensDataConfusion {
  LensCanvas parent_instance;

  GPtrArray *names; /* of char *: the answers drawn, the most frequent first */
  GArray *counts;   /* of gint64, [names, names]: right answer, given answer */
  gint64 greatest;
  double cell;
  int focused;
};

enum { PICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensDataConfusion, lens_data_confusion, LENS_TYPE_CANVAS)

/* ---- sizes ---- */

static double
scaled(LensDataConfusion *self, double length)
{
  return length * lens_canvas_get_text_scale(LENS_CANVAS(self));
}

static void
lens_data_confusion_measure(GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural, int *minimum_baseline,
                            int *natural_baseline)
{
  LensDataConfusion *self = LENS_DATA_CONFUSION(widget);
  double labels = orientation == GTK_ORIENTATION_HORIZONTAL ? LABELS : TOP;

  *minimum = *natural = (int)ceil(scaled(self, labels + self->names->len * LEAST_CELL) + EDGE);
}

/* ---- data ---- */

static int
find_name(LensDataConfusion *self, const char *name)
{
  for (guint i = 0; i < self->names->len; i++)
    if (g_strcmp0(self->names->pdata[i], name) == 0)
      return (int)i;
  return -1;
}

static gint64 *
count_at(LensDataConfusion *self, guint truth, guint answer)
{
  return &g_array_index(self->counts, gint64, truth * self->names->len + answer);
}

typedef struct {
  const char *name;
  gint64 n;
} Frequency;

static int
more_frequent(gconstpointer a, gconstpointer b)
{
  const Frequency *x = a, *y = b;

  return x->n != y->n ? (x->n < y->n ? 1 : -1) : g_strcmp0(x->name, y->name);
}

/* The answers that are right most often. */
static void
choose_names(LensDataConfusion *self, GPtrArray *pairs)
{
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Frequency));
  g_autoptr(GHashTable) at = g_hash_table_new(g_str_hash, g_str_equal);

  for (guint i = 0; i < pairs->len; i++) {
    const LensTally *pair = pairs->pdata[i];
    gpointer index;

    if (!pair->name)
      continue;
    if (g_hash_table_lookup_extended(at, pair->name, NULL, &index)) {
      g_array_index(all, Frequency, GPOINTER_TO_UINT(index)).n += pair->n;
    } else {
      const Frequency one = { pair->name, pair->n };

      g_hash_table_insert(at, pair->name, GUINT_TO_POINTER(all->len));
      g_array_append_val(all, one);
    }
  }
  g_array_sort(all, more_frequent);
  for (guint i = 0; i < MIN(all->len, MOST); i++)
    g_ptr_array_add(self->names, g_strdup(g_array_index(all, Frequency, i).name));
}

void
lens_data_confusion_set_pairs(LensDataConfusion *self, GPtrArray *pairs)
{
  guint n;

  g_ptr_array_set_size(self->names, 0);
  if (pairs)
    choose_names(self, pairs);
  n = self->names->len;
  g_array_set_size(self->counts, 0);
  g_array_set_size(self->counts, n * n);
  self->greatest = 0;
  for (guint i = 0; pairs && i < pairs->len; i++) {
    const LensTally *pair = pairs->pdata[i];
    int truth = find_name(self, pair->name), answer = find_name(self, pair->other);

    if (truth < 0 || answer < 0)
      continue;
    *count_at(self, (guint)truth, (guint)answer) = pair->n;
    self->greatest = MAX(self->greatest, pair->n);
  }
  self->focused = -1;
  lens_canvas_set_n_nodes(LENS_CANVAS(self), n * n);
  for (guint i = 0; i < n * n; i++) {
    g_autofree char *name
        = g_strdup_printf(_("Right answer “%s”, answered “%s”: %" PRId64),
                          (char *)self->names->pdata[i / n], (char *)self->names->pdata[i % n],
                          g_array_index(self->counts, gint64, i));

    lens_canvas_name_node(LENS_CANVAS(self), i, name);
  }
  gtk_widget_queue_resize(GTK_WIDGET(self));
  lens_canvas_invalidate(LENS_CANVAS(self));
}

/* ---- drawing ---- */

/* The right answers' names stand where reading begins, and the cells beside them. */
static double
cell_x(LensDataConfusion *self, guint column)
{
  LensCanvas *canvas = LENS_CANVAS(self);
  double width = lens_canvas_get_width(canvas), all = self->names->len * self->cell;

  return figure_mirror(lens_canvas_get_style(canvas), width, scaled(self, LABELS), all)
         + column * self->cell;
}

static void
lens_data_confusion_layout(LensCanvas *canvas, double width, double height)
{
  LensDataConfusion *self = LENS_DATA_CONFUSION(canvas);
  guint n = self->names->len;

  if (!n)
    return;
  self->cell = CLAMP(MIN((width - scaled(self, LABELS) - EDGE) / n,
                         (height - scaled(self, TOP) - EDGE) / n),
                     scaled(self, LEAST_CELL), scaled(self, MOST_CELL));
  for (guint i = 0; i < n * n; i++) {
    gboolean used = g_array_index(self->counts, gint64, i) > 0;
    const FigureRect rect
        = { cell_x(self, i % n), scaled(self, TOP) + (i / n) * self->cell, self->cell, self->cell };
    const FigureRect none = { 0, 0, 0, 0 };

    lens_canvas_place_node(canvas, i, used ? &rect : &none);
  }
}

static void
draw_text(LensDataConfusion *self, cairo_t *cr, const char *text, double x, double y, double wide,
          PangoAlignment align, double angle)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), text);
  int height;

  pango_layout_set_width(layout, (int)(wide * PANGO_SCALE));
  pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
  lens_canvas_align_layout(layout, align);
  pango_layout_get_pixel_size(layout, NULL, &height);
  cairo_save(cr);
  cairo_move_to(cr, x, y);
  cairo_rotate(cr, angle);
  cairo_rel_move_to(cr, 0, -height / 2.0);
  lens_canvas_show_layout(cr, layout);
  cairo_restore(cr);
}

static void
draw_cell(LensDataConfusion *self, cairo_t *cr, guint truth, guint answer, const GdkRGBA *ink)
{
  gint64 count = *count_at(self, truth, answer);
  double x = cell_x(self, answer), y = scaled(self, TOP) + truth * self->cell;
  double share = self->greatest ? (double)count / (double)self->greatest : 0;
  g_autofree char *text = g_strdup_printf("%" G_GINT64_FORMAT, count);

  /* right ones in blue, wrong ones in orange: told apart without red and green */
  if (count && truth == answer)
    cairo_set_source_rgba(cr, 0.21, 0.52, 0.89, 0.15 + 0.6 * share);
  else if (count)
    cairo_set_source_rgba(cr, 0.90, 0.45, 0.05, 0.18 + 0.6 * share);
  else
    cairo_set_source_rgba(cr, ink->red, ink->green, ink->blue, 0.04);
  cairo_rectangle(cr, x + 1, y + 1, self->cell - 2, self->cell - 2);
  cairo_fill(cr);
  cairo_set_source_rgba(cr, ink->red, ink->green, ink->blue, ink->alpha);
  if (count)
    draw_text(self, cr, text, x, y + self->cell / 2, self->cell, PANGO_ALIGN_CENTER, 0);
}

/* What the rows are, and below it the columns: beside each other they would reach into the turned names. */
static void
draw_corner(LensDataConfusion *self, cairo_t *cr, const char *text, double width)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  g_auto(GStrv) parts = g_strsplit(text, "  ", 2);
  double wide = MIN(width - 8, scaled(self, LABELS + 30));

  for (guint i = 0; parts[i]; i++)
    draw_text(self, cr, parts[i], figure_mirror(style, width, 4, wide), scaled(self, 12 + 18 * i),
              wide, style->mirrored ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT, 0);
}

static void
lens_data_confusion_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensDataConfusion *self = LENS_DATA_CONFUSION(canvas);
  guint n = self->names->len;
  const FigureStyle *style = lens_canvas_get_style(canvas);
  double top = scaled(self, TOP), labels = scaled(self, LABELS - 10);
  GdkRGBA ink;

  gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(self)), &ink);
  cairo_set_source_rgba(cr, ink.red, ink.green, ink.blue, 0.6 * ink.alpha);
  if (n)
    draw_corner(self, cr, _("Right ↓  Answered →"), width);
  for (guint i = 0; i < n; i++) {
    cairo_set_source_rgba(cr, ink.red, ink.green, ink.blue, ink.alpha);
    draw_text(self, cr, self->names->pdata[i], figure_mirror(style, width, 4, labels),
              top + (i + 0.5) * self->cell, labels,
              style->mirrored ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT, 0);
    draw_text(self, cr, self->names->pdata[i], cell_x(self, i) + 0.4 * self->cell, top - 6, top + 6,
              PANGO_ALIGN_LEFT, -G_PI / 4);
    for (guint j = 0; j < n; j++)
      draw_cell(self, cr, i, j, &ink);
  }
}

/* ---- input ---- */

static void
pick(LensDataConfusion *self, int node)
{
  int n = (int)self->names->len;

  if (node >= 0 && node < n * n && g_array_index(self->counts, gint64, node) > 0)
    g_signal_emit(self, signals[PICKED], 0, self->names->pdata[node / n],
                  self->names->pdata[node % n]);
}

static void
lens_data_confusion_click(LensCanvas *canvas, double x, double y, guint button, int n_press)
{
  LensDataConfusion *self = LENS_DATA_CONFUSION(canvas);
  int n = (int)self->names->len;
  double left = cell_x(self, 0);
  int column = self->cell > 0 ? (int)((x - left) / self->cell) : -1;
  int row = self->cell > 0 ? (int)((y - scaled(self, TOP)) / self->cell) : -1;

  if (x >= left && y >= scaled(self, TOP) && column < n && row < n)
    pick(self, row * n + column);
}

static void
lens_data_confusion_node_activated(LensCanvas *canvas, int node)
{
  pick(LENS_DATA_CONFUSION(canvas), node);
}

static void
lens_data_confusion_finalize(GObject *object)
{
  LensDataConfusion *self = LENS_DATA_CONFUSION(object);

  g_ptr_array_unref(self->names);
  g_array_unref(self->counts);
  G_OBJECT_CLASS(lens_data_confusion_parent_class)->finalize(object);
}

static void
lens_data_confusion_class_init(LensDataConfusionClass *klass)
{
  LensCanvasClass *canvas = LENS_CANVAS_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = lens_data_confusion_finalize;
  GTK_WIDGET_CLASS(klass)->measure = lens_data_confusion_measure;
  canvas->node_role = GTK_ACCESSIBLE_ROLE_GRID_CELL;
  canvas->layout = lens_data_confusion_layout;
  canvas->draw = lens_data_confusion_draw;
  canvas->click = lens_data_confusion_click;
  canvas->node_activated = lens_data_confusion_node_activated;
  signals[PICKED] = g_signal_new("picked", LENS_TYPE_DATA_CONFUSION, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_GRID);
}

static void
lens_data_confusion_init(LensDataConfusion *self)
{
  self->names = g_ptr_array_new_with_free_func(g_free);
  self->counts = g_array_new(FALSE, TRUE, sizeof(gint64));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Right answers against given answers"), -1);
}
