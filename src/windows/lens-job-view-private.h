#pragma once

#include "lens-curve.h"
#include "lens-job-view.h"
#include "lens-train-example.h"

G_BEGIN_DECLS

enum {
  LENS_FACT_STEP,
  LENS_FACT_LOSS,
  LENS_FACT_ACCURACY,
  LENS_FACT_BEST,
  LENS_FACT_SPEED,
  LENS_FACT_LEFT,
  LENS_N_FACTS
};

struct _LensJobView {
  AdwBin parent_instance;

  LensWorkbench *workbench;
  LensJob *job;
  GPtrArray *compared; /* of LensTrainJob */

  /* template widgets */
  GtkLabel *title_label, *state_label, *error_label, *settings_label, *report_label, *lineage_label,
      *zoom_hint;
  GtkButton *pause_button, *stop_button, *use_button, *zoom_button, *rate_button;
  GtkMenuButton *menu_button, *compare_button;
  GtkEntry *rate_entry;
  GtkAdjustment *smoothing_adjustment;
  GtkProgressBar *progress_bar;
  GtkWidget *error_box, *rate_bar, *curve_bar, *compare_box;
  LensCurve *curve;
  LensTrainExample *example;
  GtkFlowBox *facts;
  GtkLabel *fact_values[LENS_N_FACTS];
};

void lens_job_view_fail(LensJobView *self, const char *text);
void lens_job_view_tell(LensJobView *self, const char *text);
void lens_job_view_emit_removed(LensJobView *self, LensJob *job);

/* lens-job-view-actions.c */
void lens_job_view_add_actions(GtkWidgetClass *widget_class);
void lens_job_view_update_actions(LensJobView *self);

/* lens-job-view-text.c: all owned */
char *lens_job_view_describe_settings(LensJobView *self, const LensTrainSettings *settings);
/* "lxmert-world-base 3f2a91bc → My model 77ab01cd → this": the parents, as commits. */
char *lens_job_view_describe_lineage(LensJobView *self, LensTrainJob *job);
/* The last value of a curve, of its running mean where `smooth`; NULL when there is none. */
char *lens_job_view_last_value(LensSeries *series, double smoothing, gboolean percent);

G_END_DECLS
