#include "lens-print.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "figure-export.h"
#include "lens-print-node.h"

static gboolean
write_figure(const char *path, double width, double height, const LensPrint *print,
             FigurePainter paint, gpointer data, GError **error)
{
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());
  FigureError problem = { { 0 } };
  FigureStyle style;

  if (width <= 0 || height <= 0) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        _("There is nothing to save: it was not shown yet."));
    return FALSE;
  }
  figure_style_init(&style, dark && !print->light);
  if (figure_export(path, width, height, &style, print->caption, paint, data, &problem))
    return TRUE;
  g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, problem.message);
  return FALSE;
}

/* ---- a drawing ---- */

typedef struct {
  LensCanvas *canvas;
  const LensPrint *print;
} Drawing;

static void
paint_canvas(cairo_t *cr, void *data)
{
  const Drawing *drawing = data;

  lens_canvas_paint(drawing->canvas, cr, drawing->print->paths, drawing->print->light);
}

gboolean
lens_print_canvas(LensCanvas *canvas, const LensPrint *print, const char *path, GError **error)
{
  Drawing drawing = { canvas, print };

  return write_figure(path, lens_canvas_get_width(canvas), lens_canvas_get_height(canvas), print,
                      paint_canvas, &drawing, error);
}

/* ---- a widget ---- */

typedef struct {
  GskRenderNode *node;
  gboolean paths;
} Page;

static void
paint_page(cairo_t *cr, void *data)
{
  const Page *page = data;

  figure_text_as_paths(cr, page->paths); /* the caption's too */
  lens_print_node(page->node, cr, page->paths);
}

static void
set_printing(GtkWidget *widget, gboolean printing, gboolean paths)
{
  if (!gtk_widget_get_mapped(widget))
    return;
  if (LENS_IS_CANVAS(widget))
    lens_canvas_set_printing(LENS_CANVAS(widget), printing, paths);
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    set_printing(child, printing, paths);
}

gboolean
lens_print_widget(GtkWidget *widget, const LensPrint *print, const char *path, GError **error)
{
  LensPrint kept = *print;
  Page page = { NULL, print->paths };
  GtkSnapshot *snapshot = gtk_snapshot_new();
  gboolean done;

  kept.light = FALSE;
  set_printing(widget, TRUE, print->paths);
  GTK_WIDGET_GET_CLASS(widget)->snapshot(widget, snapshot);
  page.node = gtk_snapshot_free_to_node(snapshot);
  done = write_figure(path, page.node ? gtk_widget_get_width(widget) : 0,
                      gtk_widget_get_height(widget), &kept, paint_page, &page, error);
  set_printing(widget, FALSE, FALSE);
  g_clear_pointer(&page.node, gsk_render_node_unref);
  return done;
}
