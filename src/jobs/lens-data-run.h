/* Running a model over a data set, on the data thread. */
#pragma once

#include "lens-data-job.h"
#include "lens-model.h"
#include "lens-store-data.h"
#include "lens-worker.h"
#include "lx-features.h"

G_BEGIN_DECLS

typedef struct {
  LensDataJob *job;
  LensModel *model;
  LensStore *store;   /* the data sets' */
  LensStore *library; /* regions that were found before */
  const char *data_dir;
  const char *state_dir;
  LensGateway *gateway;
  GPtrArray
      *unreadable; /* of char *: what was wrong with a picture; filled by the run, may be NULL */
} LensDataRun;

/* Goes on where a stopped one of the same weights ended. What was answered is kept in every case;
 * being cancelled is an error of G_IO_ERROR_CANCELLED. */
gboolean lens_data_run(const LensDataRun *run, GError **error);

/* ---- lens-data-features.c ---- */
/* The set's feature files, indexed; those of a folder of pictures are made by the detector first
 * (once, continued when it was stopped). Owned: lx_features_free. */
LxFeatures *lens_data_open_features(const LensDataRun *run, GError **error);
/* The file that those are kept in that the detector in that folder made (NULL: the shipped one); owned. */
char *lens_data_made_features(const char *state_dir, const char *detector, gint64 set_id);

G_END_DECLS
