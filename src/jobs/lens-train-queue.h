/* The training jobs: one runs in a thread of its own, the others wait; all are in the store, so
 * that they are there after a restart or a crash. Main thread only. */
#pragma once

#include <gio/gio.h>

#include "lens-store.h"
#include "lens-train-job.h"
#include "lens-worker.h"

G_BEGIN_DECLS

typedef struct _LensTrainQueue LensTrainQueue;

/* What the jobs need; strings and objects are borrowed and live longer than the queue. */
typedef struct {
  const char *data_dir;
  const char *state_dir;
  LensStore *store;
  LensGateway *gateway;
  /* The base model of an id, borrowed or NULL. */
  LensModel *(*find_model)(const char *id, gpointer user_data);
  /* A training left a model: main thread. */
  void (*model_made)(LensModel *model, gpointer user_data);
  void (*notice)(const char *text, gpointer user_data);
  gpointer user_data;
} LensTrainContext;

/* Reads the stored jobs: those that a process which is gone was running are interrupted now;
 * waiting ones wait on, and the first of them is begun from the next turn of the main loop. */
LensTrainQueue *lens_train_queue_new(const LensTrainContext *context);
/* A running job writes a checkpoint and is interrupted; its thread is joined. Nothing is begun
 * after this. Idempotent. */
void lens_train_queue_close(LensTrainQueue *self);
void lens_train_queue_free(LensTrainQueue *self); /* NULL is fine */

GListModel *lens_train_queue_get_jobs(LensTrainQueue *self); /* of LensJob, newest first */
/* Borrowed. */
LensTrainJob *lens_train_queue_add(LensTrainQueue *self, const LensTrainSettings *settings,
                                   GError **error);
gboolean lens_train_queue_resume(LensTrainQueue *self, LensTrainJob *job, GError **error);

/* A finished job with its models leaves the list and can be brought back; what was removed a month
 * ago is deleted for good at a start. */
gboolean lens_train_queue_remove(LensTrainQueue *self, LensTrainJob *job, GError **error);
gboolean lens_train_queue_restore(LensTrainQueue *self, LensTrainJob *job, GError **error);
/* Of a finished job: itself and its models' cards. */
gboolean lens_train_queue_rename(LensTrainQueue *self, LensTrainJob *job, const char *name,
                                 GError **error);

G_END_DECLS
