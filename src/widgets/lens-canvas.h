/* The base of everything drawn: a layout made of numbers, drawn with Cairo, whose nodes the
 * pointer, the keyboard and a screen reader all find. A subclass says how many nodes it has, lays
 * them out, draws, and is told what the person does to them.
 *
 * Tab enters at the current node and leaves again; arrow keys move between nodes; Space or Return
 * activates one; the pointer hovers and clicks. */
#pragma once

#include <gtk/gtk.h>

#include "figure.h"

G_BEGIN_DECLS

#define LENS_TYPE_CANVAS (lens_canvas_get_type())
G_DECLARE_DERIVABLE_TYPE(LensCanvas, lens_canvas, LENS, CANVAS, GtkWidget)

struct _LensCanvasClass {
  GtkWidgetClass parent_class;

  /* Of the nodes; a subclass sets its own in class_init. */
  GtkAccessibleRole node_role;

  /* Makes the layout for this size and places the nodes (lens_canvas_place_node). Called at every
   * allocation; the number of nodes must not change here. */
  void (*layout)(LensCanvas *self, double width, double height);
  void (*draw)(LensCanvas *self, cairo_t *cr, double width, double height);
  /* The pointer moved here; x < 0: it left. */
  void (*hover)(LensCanvas *self, double x, double y);
  void (*click)(LensCanvas *self, double x, double y, guint button, int n_press);
  /* The keyboard is on this node; -1: it left the canvas. */
  void (*node_focused)(LensCanvas *self, int node);
  void (*node_activated)(LensCanvas *self, int node);
  /* The node an arrow key leads to, -1 for none. By default the nearest in that direction. */
  int (*move)(LensCanvas *self, int node, GtkDirectionType direction);
  /* Light or dark, or the font, changed; the layout is made again afterwards. */
  void (*style_changed)(LensCanvas *self);
  gpointer padding[4];
};

void lens_canvas_set_n_nodes(LensCanvas *self, guint n);
guint lens_canvas_get_n_nodes(LensCanvas *self);
void lens_canvas_name_node(LensCanvas *self, guint node, const char *name);
const char *lens_canvas_get_node_name(LensCanvas *self, guint node);
void lens_canvas_select_node(LensCanvas *self, guint node, gboolean selected);
/* An empty rectangle hides the node from keyboard and screen reader. */
void lens_canvas_place_node(LensCanvas *self, guint node, const FigureRect *rect);
void lens_canvas_get_node_rect(LensCanvas *self, guint node, FigureRect *rect);
/* The node's own widget, borrowed (tests, tooltips). */
GtkWidget *lens_canvas_get_node_widget(LensCanvas *self, guint node);

/* The node that Tab comes back to. */
int lens_canvas_get_current_node(LensCanvas *self);
void lens_canvas_set_current_node(LensCanvas *self, int node);
gboolean lens_canvas_focus_node(LensCanvas *self, int node);

/* The layout is out of date: made again before the next frame. */
void lens_canvas_invalidate(LensCanvas *self);

/* Keys held down during a click: of the event that is handled now. */
GdkModifierType lens_canvas_get_modifiers(LensCanvas *self);

/* The size that the last layout was made for; 0 before the first. */
double lens_canvas_get_width(LensCanvas *self);
double lens_canvas_get_height(LensCanvas *self);

/* Draws what is shown for a file: pictures unscaled, text as outlines where asked, and in light
 * colours where asked, whatever the theme. */
void lens_canvas_paint(LensCanvas *self, cairo_t *cr, gboolean text_as_paths, gboolean light);
/* The same for the next frame, as part of a window that is saved; until `printing` is FALSE. */
void lens_canvas_set_printing(LensCanvas *self, gboolean printing, gboolean text_as_paths);
/* The layout's text at the current point, as outlines where the drawing is to have them. */
void lens_canvas_show_layout(cairo_t *cr, PangoLayout *layout);

/* Left and right as on the screen: Pango turns them about where the text's direction is not the
 * widget's. After the text was set. */
void lens_canvas_align_layout(PangoLayout *layout, PangoAlignment alignment);

/* How much larger than usual the person wants text: 1.5 is half as large again. */
double lens_canvas_get_text_scale(LensCanvas *self);

/* Colours, font and reading direction that fit the theme and the language. */
const FigureStyle *lens_canvas_get_style(LensCanvas *self);

G_END_DECLS
