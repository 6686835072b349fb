/* What the files of the Data page share. */
#pragma once

#include "lens-data-confusion.h"
#include "lens-data-details.h"
#include "lens-data-page.h"

G_BEGIN_DECLS

struct _LensDataPage {
  AdwBin parent_instance;

  LensWorkbench *workbench;
  LensDataDesk *desk;
  LensDataSet *set;
  gint64 n_shown;       /* rows of the set that the table knows of */
  gint64 evaluation_id; /* whose answers are shown; 0: none */
  LensDataRows *rows;
  LensDataRow *row; /* the one that is selected, or NULL */
  GtkSingleSelection *set_selection, *row_selection;
  GCancellable *summarizing;

  /* template widgets */
  GtkStack *stack, *views;
  GtkListView *set_list;
  GtkDropDown *model_drop;
  GtkButton *evaluate_button;
  GtkWidget *job_box;
  GtkLabel *job_label, *count_label, *headline, *problem_label, *confusion_label;
  GtkProgressBar *job_bar;
  LensDataFilters *filters;
  GtkColumnView *table;
  LensDataDetails *details;
  LensDataConfusion *confusion;
  GtkScrolledWindow *scores;
  LensDataFindings *findings;
};

/* The model that is chosen, and its answers to the set that is shown; borrowed or NULL. */
LensDataEvaluation *lens_data_page_get_evaluation(LensDataPage *self);
/* The model can answer what is shown: about one image, or two. */
gboolean lens_data_page_fits(LensDataPage *self, LensModel *model);
LensModel *lens_data_page_find_model(LensDataPage *self); /* the nearest, borrowed or NULL */
void lens_data_page_fail(LensDataPage *self, const char *message);

/* ---- lens-data-page-scores.c ---- */
/* Counts in the background and shows what came out. */
void lens_data_page_summarize(LensDataPage *self);

/* ---- lens-data-actions.c ---- */
void lens_data_page_class_add_actions(GtkWidgetClass *widget_class);
/* What is enabled now. */
void lens_data_page_update_actions(LensDataPage *self);

G_END_DECLS
