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
  GPtrArray *jobs; /* of LensDataJob: the running one first, then those that wait */
  gboolean closed;
};

G_END_DECLS
