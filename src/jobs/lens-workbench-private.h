#pragma once

#include "lens-library.h"
#include "lens-session.h"
#include "lens-store-images.h"
#include "lens-store.h"
#include "lens-train-queue.h"
#include "lens-workbench.h"
#include "lens-worker.h"

G_BEGIN_DECLS

struct _LensWorkbench {
  GObject parent_instance;
  /* owned */
  char *data_dir;
  char *state_dir;
  char *notice;
  LensStore *store;
  LensLibrary *library;
  GListStore *models;
  GPtrArray *shipped; /* of LensShippedScene */
  LensWorker *worker; /* the session thread */
  LensSession *session;
  LensTrainQueue *queue;
  LensWorker *estimator;      /* NULL until the first estimate */
  struct _LensDataDesk *desk; /* NULL until asked for */
  GCancellable *closing;
  LensGateway gateway;
  gboolean closed;
};

/* Emits "notice". Takes `text` (NULL is fine). */
void lens_workbench_tell(LensWorkbench *self, char *text);
/* Adds it, or replaces the one of the same id. */
void lens_workbench_add_model(LensWorkbench *self, LensModel *model);
/* Queues interactive work: training waits until it is done. `func` is run on the session thread
 * unless the task was cancelled. */
void lens_workbench_push(LensWorkbench *self, GTask *task, GTaskThreadFunc func);
/* Marks a row of the library; "notice" says when that fails. */
void lens_workbench_set_deleted(LensWorkbench *self, LensStoreKind kind, const char *target,
                                gboolean deleted);

G_END_DECLS
