#include "lens-page-export.h"

#include <glib/gi18n.h>

#include "figure-export.h"

static void
paint(cairo_t *cr, void *node)
{
  gsk_render_node_draw(node, cr);
}

gboolean
lens_page_export(GtkWidget *page, const char *caption, gboolean dark, const char *path,
                 GError **error)
{
  g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(page);
  g_autoptr(GdkPaintable) now = gdk_paintable_get_current_image(paintable);
  GtkSnapshot *snapshot = gtk_snapshot_new();
  double width = gtk_widget_get_width(page), height = gtk_widget_get_height(page);
  GskRenderNode *node;
  FigureStyle style;
  FigureError problem = { { 0 } };
  gboolean done;

  gdk_paintable_snapshot(now, GDK_SNAPSHOT(snapshot), width, height);
  node = gtk_snapshot_free_to_node(snapshot);
  if (!node) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        _("There is nothing to save: the page was not shown yet."));
    return FALSE;
  }
  figure_style_init(&style, dark);
  done = figure_export(path, width, height, &style, caption, paint, node, &problem);
  gsk_render_node_unref(node);
  if (!done)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED, problem.message);
  return done;
}
