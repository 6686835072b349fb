/* Data: data sets with the scores of models, their questions, and where a model is wrong. */
#pragma once

#include <adwaita.h>

#include "lens-data-desk.h"
#include "lens-data-filters.h"
#include "lens-data-findings.h"

G_BEGIN_DECLS

#define LENS_TYPE_DATA_PAGE (lens_data_page_get_type())
G_DECLARE_FINAL_TYPE(LensDataPage, lens_data_page, LENS, DATA_PAGE, AdwBin)

/* Signals: "failed" (const char *message), "told" (const char *message), "removed" (LensDataSet),
 * "explore" (GStrv of one or two pictures, or NULL; GPtrArray of one or two LensScene, or NULL;
 * const char *question; LensModel or NULL): a row to look at; "look" (const char *map, int head): a
 * head to look at. Actions: data.open-folder, data.open-file, data.open-demo,
 * data.evaluate, data.stop, data.submit, data.remove, data.explore. */
void lens_data_page_set_workbench(LensDataPage *self, LensWorkbench *workbench);
LensDataDesk *lens_data_page_get_desk(LensDataPage *self);
/* Opens what the path holds; asks which when there are several. NULL: the demo world. */
void lens_data_page_open(LensDataPage *self, const char *path);
LensDataSet *lens_data_page_get_set(LensDataPage *self); /* the one that is shown, or NULL */
LensDataRows *lens_data_page_get_rows(LensDataPage *self);
LensDataFilters *lens_data_page_get_filters(LensDataPage *self);
LensDataFindings *lens_data_page_get_findings(LensDataPage *self);
/* "rows", "scores", "confusion", "findings" */
void lens_data_page_show(LensDataPage *self, const char *view);
LensModel *lens_data_page_get_model(LensDataPage *self); /* borrowed or NULL */
void lens_data_page_set_model(LensDataPage *self, LensModel *model);
/* Whether it is the page that is seen. */
gboolean lens_data_page_is_shown(LensDataPage *self);
void lens_data_page_search(LensDataPage *self); /* goes to the search entry */
void lens_data_page_select_row(LensDataPage *self, guint position);

/* ---- lens-data-open.c ---- */
/* A file chooser for data; the page opens what is chosen. */
void lens_data_page_choose(LensDataPage *self, gboolean folder);
/* Asks which of several LensDataSources to open. */
void lens_data_page_pick(LensDataPage *self, GPtrArray *sources);
/* Where to write the submission file, then writes it. */
void lens_data_page_submit(LensDataPage *self, LensDataSet *set, LensDataEvaluation *evaluation);

G_END_DECLS
