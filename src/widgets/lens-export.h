/* The figure as it is shown, as a file. */
#pragma once

#include "figure.h"
#include "lens-run.h"
#include "lens-selection.h"

G_BEGIN_DECLS

typedef enum {
  LENS_EXPORT_GRAPH,
  LENS_EXPORT_MATRIX,
  LENS_EXPORT_HEADS,
} LensExportView;

typedef struct {
  LensRun *run;
  LensSelection *selection;
  LensExportView view;
  double width, height; /* of the figure as shown */
  gboolean dark;
} LensExport;

/* By the name's ending: .svg, .pdf, .png the figure with a caption, .csv its numbers. */
gboolean lens_export_write(const LensExport *self, const char *path, GError **error);

/* "Crosslens · model · “question” · Cross layer 2: words → boxes, head 3"; free with g_free. */
char *lens_export_caption(LensRun *run, LensSelection *selection);

/* "what-color-is-the-cat-x1-lang-to-vis-head-3"; free with g_free. */
char *lens_export_suggest_name(LensRun *run, LensSelection *selection);

G_END_DECLS
