/* One measure of findings, drawn: every head as a dot with its interval. See figure-findings.h. */
#pragma once

#include "lens-canvas.h"
#include "lens-findings.h"

G_BEGIN_DECLS

#define LENS_TYPE_FINDINGS_PLOT (lens_findings_plot_get_type())
G_DECLARE_FINAL_TYPE(LensFindingsPlot, lens_findings_plot, LENS, FINDINGS_PLOT, LensCanvas)

/* Signal "picked" (LensFinding): clicked, or activated with the keyboard. NULL clears. */
void lens_findings_plot_show(LensFindingsPlot *self, LensFindings *findings,
                             const LensMeasure *measure);
/* What is drawn now, or NULL (tests). */
const char *lens_findings_plot_get_title(LensFindingsPlot *self);
/* Where a number (by its place in lens_findings_list) is drawn; FALSE before it was laid out. */
gboolean lens_findings_plot_locate(LensFindingsPlot *self, guint number, double *x, double *y);
/* As it is drawn, by the name's ending: .svg, .pdf, .png. */
gboolean lens_findings_plot_export(LensFindingsPlot *self, const char *path, gboolean dark,
                                   GError **error);

/* "Next word", "Mass, noun"; translated, free with g_free. */
char *lens_measure_format_title(const LensMeasure *measure);
/* "Language layer 1", "BERT: language layer 1", "Relevancy"; translated, free with g_free. */
char *lens_finding_format_map(LensFinding *number);
/* "Language layer 1, head 3: 12.4% (10.1% to 14.9%), by chance 9.0%"; likewise. */
char *lens_finding_format_whole(LensFinding *number);

G_END_DECLS
