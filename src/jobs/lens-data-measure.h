/* Measuring what a model's attention does over a data set, on the data thread. */
#pragma once

#include "lens-data-run.h"
#include "lens-findings.h"

G_BEGIN_DECLS

typedef struct {
  LensDataRun run;        /* model and data */
  LensModel *bert;        /* a language encoder to compare with, or NULL */
  gint64 examples;        /* so many questions, evenly spread; 0: all */
  LensDataFilter *filter; /* of these rows, owned */
  gint64 evaluation_id;   /* whose answers the filter is about; 0: only the questions */
} LensDataMeasuring;

/* Keeps the report in the store, in place of the model's older one over the same rows. What is stopped leaves the
 * older one there. */
gboolean lens_data_measure(const LensDataMeasuring *measuring, GError **error);

/* A stored report; owned, NULL with `error`. */
LensFindings *lens_data_read_report(const char *report, GError **error);
/* The report as a file, by the name's ending: .md, .csv, .json. */
gboolean lens_data_write_report(const char *report, const char *path, GError **error);

G_END_DECLS
