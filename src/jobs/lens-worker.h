/* A thread that does one thing after the other, and the gate by which interactive work goes
 * before training. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _LensWorker LensWorker;

LensWorker *lens_worker_new(const char *name);
/* Lets what runs end, answers what waits with G_IO_ERROR_CANCELLED, joins. NULL is fine. */
void lens_worker_free(LensWorker *self);
/* Queues `func` for `task` (a reference is taken); it returns the task's result, as with
 * g_task_run_in_thread. A task that was cancelled while it waited is not begun. */
void lens_worker_push(LensWorker *self, GTask *task, GTaskThreadFunc func);

/* Held open while nobody waits for an answer. */
typedef struct {
  GMutex lock;
  GCond cond;
  guint busy;
  gint64 busy_since; /* monotonic microseconds */
} LensGateway;

void lens_gateway_init(LensGateway *self);
void lens_gateway_clear(LensGateway *self);
/* Around each piece of interactive work, any thread. */
void lens_gateway_enter(LensGateway *self);
void lens_gateway_leave(LensGateway *self);
/* Training, between operations: waits until no interactive work is going on, at most until that has
 * lasted `milliseconds`, but only for a moment, so that a wish to stop is seen. TRUE: not yet. */
gboolean lens_gateway_yield(LensGateway *self, guint milliseconds);

G_END_DECLS
