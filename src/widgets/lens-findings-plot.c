#include "lens-findings-plot.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>

#include "figure-export.h"
#include "figure-findings.h"
#include "lens-map.h"

struct _LensFindingsPlot {
  LensCanvas parent_instance;

  GListModel *numbers; /* of LensFinding */
  char *title, *caption, *model, *second;
  FigureFindings *figure;
  int hovered;
};

enum { PICKED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensFindingsPlot, lens_findings_plot, LENS_TYPE_CANVAS)

/* ---- words ---- */

/* The table's words begin with small letters. */
static char *
begin_with_capital(const char *text)
{
  char first[8];
  const char *rest = *text ? g_utf8_next_char(text) : text;

  first[g_unichar_to_utf8(g_unichar_toupper(g_utf8_get_char(text)), first)] = 0;
  return *text ? g_strconcat(first, rest, NULL) : g_strdup("");
}

/* The kinds of words and nouns that numbers are about. */
static const char *
group_text(const char *group)
{
  static const char *const groups[] = { N_("noun"),  N_("pronoun"), N_("article"),  N_("verb"),
                                        N_("other"), N_("special"), N_("singular"), N_("plural") };

  for (gsize i = 0; i < G_N_ELEMENTS(groups); i++)
    if (g_str_equal(groups[i], group))
      return _(groups[i]);
  return group;
}

char *
lens_measure_format_title(const LensMeasure *measure)
{
  g_autofree char *title = begin_with_capital(_(measure->title));

  return *measure->group ? g_strdup_printf("%s, %s", title, group_text(measure->group))
                         : g_steal_pointer(&title);
}

char *
lens_finding_format_map(LensFinding *number)
{
  const LensFindingInfo *info = lens_finding_get_info(number);
  LensModule module;
  int layer;
  g_autofree char *title = NULL;

  if (!lens_map_parse_name(info->map, &module, &layer))
    return begin_with_capital(g_str_equal(info->map, "relevancy") ? _("relevancy") : info->map);
  title = lens_map_format_title(info->map);
  return info->bert ? g_strdup_printf(_("BERT: %s"), title) : g_steal_pointer(&title);
}

static char *
head_text(const LensFindingInfo *info)
{
  return info->head == LENS_FINDING_MEAN ? g_strdup(_("mean of the heads"))
                                         : g_strdup_printf(_("head %d"), info->head + 1);
}

char *
lens_finding_format_whole(LensFinding *number)
{
  const LensFindingInfo *info = lens_finding_get_info(number);
  g_autofree char *map = lens_finding_format_map(number), *head = head_text(info);
  g_autofree char *value = lens_finding_format(number, info->value);
  g_autofree char *low = lens_finding_format(number, info->low);
  g_autofree char *high = lens_finding_format(number, info->high);
  g_autofree char *chance = lens_finding_format(number, info->chance);

  return g_strdup_printf(_("%s, %s: %s (%s to %s), by chance %s"), map, head, value, low, high,
                         chance);
}

/* ---- layout ---- */

static FigureFindings *
make_figure(LensFindingsPlot *self, const FigureStyle *style, double width, double height)
{
  guint n = self->numbers ? g_list_model_get_n_items(self->numbers) : 0;
  g_autofree FigureFinding *items = g_new0(FigureFinding, MAX(n, 1));
  g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
  FigureFindings *figure = NULL;
  FigureError error;
  FigureFindingsInput input = { .items = items,
                                .n = (int)n,
                                .title = self->title,
                                .model = self->model,
                                .second = self->second,
                                /* xgettext:no-c-format */
                                .head_text = _("a head, with its 95% interval"),
                                .mean_text = _("mean of the heads"),
                                .chance_text = _("by chance") };

  for (guint i = 0; i < n; i++) {
    g_autoptr(LensFinding) number = g_list_model_get_item(self->numbers, i);
    const LensFindingInfo *info = lens_finding_get_info(number);

    g_ptr_array_add(lines, lens_finding_format_map(number));
    items[i] = (FigureFinding){ lines->pdata[i], info->head,   info->value, info->low,
                                info->high,      info->chance, info->bert };
    input.share = info->is_share;
  }
  return figure_findings_layout(&input, style, MAX(width, 160), MAX(height, 40), &figure, &error)
             ? figure
             : NULL;
}

static void
lens_findings_plot_layout(LensCanvas *canvas, double width, double height)
{
  LensFindingsPlot *self = LENS_FINDINGS_PLOT(canvas);

  g_clear_pointer(&self->figure, figure_findings_free);
  self->figure = make_figure(self, lens_canvas_get_style(canvas), width, height);
  for (int i = 0; self->figure && i < self->figure->n; i++) {
    FigureRect rect = self->figure->dots[i].rect;

    lens_canvas_place_node(canvas, (guint)i, &rect);
  }
}

void
lens_findings_plot_show(LensFindingsPlot *self, LensFindings *findings, const LensMeasure *measure)
{
  guint n;
  FigureFindings *figure;

  g_clear_object(&self->numbers);
  g_clear_pointer(&self->title, g_free);
  g_clear_pointer(&self->caption, g_free);
  g_clear_pointer(&self->model, g_free);
  g_clear_pointer(&self->second, g_free);
  self->hovered = -1;
  if (findings && measure) {
    g_autofree char *title = lens_measure_format_title(measure);

    self->numbers = lens_findings_list(findings, measure);
    self->title = g_strdup_printf("%s: %s", title, _(measure->meaning));
    self->model = g_strdup(lens_findings_get_model(findings));
    self->second = g_strdup(lens_findings_get_bert(findings));
    self->caption = g_strdup_printf(ngettext("Crosslens · %s · %s, %" PRId64 " question",
                                             "Crosslens · %s · %s, %" PRId64 " questions",
                                             (gulong)lens_findings_get_examples(findings)),
                                    self->model, lens_findings_get_data(findings),
                                    lens_findings_get_examples(findings));
    if (lens_findings_get_rows(findings)) {
      g_autofree char *all = g_steal_pointer(&self->caption);

      self->caption = g_strdup_printf("%s (%s)", all, lens_findings_get_rows(findings));
    }
  }
  n = self->numbers ? g_list_model_get_n_items(self->numbers) : 0;
  lens_canvas_set_n_nodes(LENS_CANVAS(self), n);
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensFinding) number = g_list_model_get_item(self->numbers, i);
    g_autofree char *name = lens_finding_format_whole(number);

    lens_canvas_name_node(LENS_CANVAS(self), i, name);
  }
  figure = make_figure(self, lens_canvas_get_style(LENS_CANVAS(self)), 480, 120);
  gtk_widget_set_size_request(GTK_WIDGET(self), 320, figure ? (int)ceil(figure->height) : -1);
  figure_findings_free(figure);
  lens_canvas_invalidate(LENS_CANVAS(self));
}

const char *
lens_findings_plot_get_title(LensFindingsPlot *self)
{
  return self->title;
}

gboolean
lens_findings_plot_locate(LensFindingsPlot *self, guint number, double *x, double *y)
{
  if (!self->figure || number >= (guint)self->figure->n)
    return FALSE;
  *x = self->figure->dots[number].x;
  *y = self->figure->dots[number].y;
  return TRUE;
}

/* ---- drawing and export ---- */

static void
lens_findings_plot_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensFindingsPlot *self = LENS_FINDINGS_PLOT(canvas);

  if (self->figure)
    figure_findings_draw(cr, self->figure, lens_canvas_get_style(canvas), self->hovered);
}

typedef struct {
  const FigureFindings *figure;
  const FigureStyle *style;
} Painting;

static void
paint(cairo_t *cr, void *user_data)
{
  const Painting *painting = user_data;

  figure_findings_draw(cr, painting->figure, painting->style, -1);
}

gboolean
lens_findings_plot_export(LensFindingsPlot *self, const char *path, gboolean dark, GError **error)
{
  FigureStyle style;
  FigureError failure = { "" };
  FigureFindings *figure;
  gboolean ok;

  figure_style_init(&style, dark);
  figure = make_figure(self, &style, MAX(lens_canvas_get_width(LENS_CANVAS(self)), 480), 120);
  if (!figure) {
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s",
                _("There is nothing to draw yet."));
    return FALSE;
  }
  ok = figure_export(path, figure->width, figure->height, &style, self->caption, paint,
                     &(Painting){ figure, &style }, &failure);
  if (!ok)
    g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s", failure.message);
  figure_findings_free(figure);
  return ok;
}

/* ---- input ---- */

static void
hover(LensFindingsPlot *self, int dot)
{
  if (self->hovered == dot)
    return;
  self->hovered = dot;
  gtk_widget_set_tooltip_text(GTK_WIDGET(self),
                              dot >= 0 ? lens_canvas_get_node_name(LENS_CANVAS(self), (guint)dot)
                                       : NULL);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void
lens_findings_plot_hover(LensCanvas *canvas, double x, double y)
{
  LensFindingsPlot *self = LENS_FINDINGS_PLOT(canvas);

  hover(self, self->figure && x >= 0 ? figure_findings_hit(self->figure, x, y) : -1);
}

static void
lens_findings_plot_node_focused(LensCanvas *canvas, int node)
{
  hover(LENS_FINDINGS_PLOT(canvas), node);
}

static void
lens_findings_plot_node_activated(LensCanvas *canvas, int node)
{
  LensFindingsPlot *self = LENS_FINDINGS_PLOT(canvas);
  g_autoptr(LensFinding) number
      = self->numbers ? g_list_model_get_item(self->numbers, (guint)node) : NULL;

  if (number)
    g_signal_emit(self, signals[PICKED], 0, number);
}

static void
lens_findings_plot_click(LensCanvas *canvas, double x, double y, guint button, int n_press)
{
  LensFindingsPlot *self = LENS_FINDINGS_PLOT(canvas);
  int dot = self->figure ? figure_findings_hit(self->figure, x, y) : -1;

  if (dot >= 0)
    lens_findings_plot_node_activated(canvas, dot);
}

/* ---- object ---- */

static void
lens_findings_plot_finalize(GObject *object)
{
  LensFindingsPlot *self = LENS_FINDINGS_PLOT(object);

  g_clear_object(&self->numbers);
  figure_findings_free(self->figure);
  g_free(self->title);
  g_free(self->caption);
  g_free(self->model);
  g_free(self->second);
  G_OBJECT_CLASS(lens_findings_plot_parent_class)->finalize(object);
}

static void
lens_findings_plot_class_init(LensFindingsPlotClass *klass)
{
  LensCanvasClass *canvas = LENS_CANVAS_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = lens_findings_plot_finalize;
  canvas->node_role = GTK_ACCESSIBLE_ROLE_IMG;
  canvas->layout = lens_findings_plot_layout;
  canvas->draw = lens_findings_plot_draw;
  canvas->hover = lens_findings_plot_hover;
  canvas->click = lens_findings_plot_click;
  canvas->node_focused = lens_findings_plot_node_focused;
  canvas->node_activated = lens_findings_plot_node_activated;
  signals[PICKED] = g_signal_new("picked", LENS_TYPE_FINDINGS_PLOT, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_FINDING);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
lens_findings_plot_init(LensFindingsPlot *self)
{
  self->hovered = -1;
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("The measure of every head"), -1);
}
