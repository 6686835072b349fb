#pragma once

#include "lens-data-desk.h"
#include "lens-store-data.h"
#include "lens-worker.h"

G_BEGIN_DECLS

struct _LensDataDesk {
  GObject parent_instance;
  /* borrowed: the workbench closes the desk before it goes */
  LensWorkbench *bench;
  LensStore *library;
  LensGateway *gateway;
  /* owned */
  char *data_dir, *state_dir;
  LensStore *store;
  LensWorker *worker; /* the data thread */
  GListStore *sets;
  GPtrArray *jobs;  /* of LensDataJob: the running one first, then those that wait */
  gint64 refreshed; /* monotonic time of the last look while a job runs */
  gboolean closed;
};

typedef enum {
  LENS_DATA_OPEN,     /* read the questions */
  LENS_DATA_EVALUATE, /* run the model over them */
  LENS_DATA_MEASURE,  /* and look at its attention */
} LensDataWork;

typedef struct {
  LensDataWork kind;
  LensDataSet *set;
  LensModel *model, *bert; /* or NULL */
  gint64 examples;
  const LensDataFilter *filter; /* or NULL */
} LensDataOrder;

LensDataRows *lens_data_rows_new(LensStore *store);

/* Queues it; the job is borrowed. */
LensDataJob *lens_data_desk_start(LensDataDesk *self, const LensDataOrder *order,
                                  const char *title);
/* Tells, but for what was given up. */
void lens_data_desk_fail(LensDataDesk *self, const GError *error);

G_END_DECLS
