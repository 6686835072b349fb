/* Findings: what a model's attention does over a data set, measured in the background; which of the
 * paper's findings hold, a plot and a table of every measure. */
#pragma once

#include <adwaita.h>

#include "lens-data-desk.h"

G_BEGIN_DECLS

#define LENS_TYPE_DATA_FINDINGS (lens_data_findings_get_type())
G_DECLARE_FINAL_TYPE(LensDataFindings, lens_data_findings, LENS, DATA_FINDINGS, AdwBin)

/* Signals: "failed" (const char *message), "told" (const char *message), "look" (const char *map,
 * int head): a head to look at in Explore. Actions: findings.measure, findings.export. */
void lens_data_findings_set_desk(LensDataFindings *self, LensDataDesk *desk, GListModel *models);
/* What was measured of `model` over `set`; either may be NULL. */
void lens_data_findings_show(LensDataFindings *self, LensDataSet *set, LensModel *model);
/* Which rows the page shows: they can be measured alone. Copied. */
void lens_data_findings_set_filter(LensDataFindings *self, const LensDataFilter *filter);
/* Looks at those, or at the whole data set. */
void lens_data_findings_set_filtered(LensDataFindings *self, gboolean filtered);
/* What is shown, or NULL. */
LensFindings *lens_data_findings_get(LensDataFindings *self);

void lens_data_findings_set_examples(LensDataFindings *self, gint64 examples); /* 0: all */
/* "claims", "plot", "numbers" */
void lens_data_findings_show_view(LensDataFindings *self, const char *view);
void lens_data_findings_pick_measure(LensDataFindings *self, const char *key, const char *group);
/* Figure (.svg, .pdf, .png) or numbers (.md, .csv, .json), by the name's ending; "told" or "failed"
 * comes when it is done. */
void lens_data_findings_export(LensDataFindings *self, const char *path);

G_END_DECLS
