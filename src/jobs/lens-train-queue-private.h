/* What the parts of the queue share. Main thread. */
#pragma once

#include "lens-train-elsewhere.h"
#include "lens-train-job-private.h"
#include "lens-train-queue.h"

G_BEGIN_DECLS

struct _LensTrainQueue {
  LensTrainContext context;
  GListStore *jobs;   /* newest first */
  GPtrArray *waiting; /* of LensTrainJob, the next one first */
  LensTrainJob *running;
  LensWorker *worker;
  LensTrainElsewhere *elsewhere;
  guint idle;
  gboolean closed;
  int references; /* callbacks under way hold one */
};

LensTrainQueue *lens_train_queue_ref(LensTrainQueue *self);
void lens_train_queue_unref(LensTrainQueue *self);
void lens_train_queue_tell(LensTrainQueue *self, const char *text);
/* Puts it where its time of creation belongs. */
void lens_train_queue_insert(LensTrainQueue *self, LensTrainJob *job);
/* The folder is one of the library's own: not one that a person chose on the command line. */
gboolean lens_train_queue_owns_folder(LensTrainQueue *self, LensTrainJob *job);

/* lens-train-adopt.c: a LensTrainSeen; the queue is `queue`. */
void lens_train_queue_adopt(const LensTrainSighting *sighting, gpointer queue);
/* The models that a job of the command line left; `made` tells the program about them. */
void lens_train_queue_find_foreign(LensTrainQueue *self, LensTrainJob *job, gboolean made);

G_END_DECLS
