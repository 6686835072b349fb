/* What is shown, as a file: one drawing, or a whole widget with everything in it. */
#pragma once

#include "lens-canvas.h"

G_BEGIN_DECLS

typedef struct {
  gboolean paths;      /* text as outlines */
  gboolean light;      /* in light colours, whatever the theme; of a drawing only */
  const char *caption; /* NULL: none */
} LensPrint;

/* By the name's ending: .svg, .pdf, .png (two pixels for one). The size is the drawing's on the
 * screen. */
gboolean lens_print_canvas(LensCanvas *canvas, const LensPrint *print, const char *path,
                           GError **error);
/* As it stands in the window; the widget must be shown. */
gboolean lens_print_widget(GtkWidget *widget, const LensPrint *print, const char *path,
                           GError **error);

G_END_DECLS
