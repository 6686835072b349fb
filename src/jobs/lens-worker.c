#include "lens-worker.h"

#include <glib/gi18n.h>
#include <sys/resource.h>
#include <unistd.h>

#define MOMENT (100 * G_TIME_SPAN_MILLISECOND)

typedef struct {
  GTask *task; /* NULL: the end */
  GTaskThreadFunc func;
} Item;

struct _LensWorker {
  GAsyncQueue *queue;
  GThread *thread;
  gint closing;    /* atomic */
  gboolean orphan; /* freed on its own thread: nobody joins it */
};

static void do_item(LensWorker *self, Item *item)
{
  if (g_atomic_int_get(&self->closing))
    g_task_return_new_error(item->task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                            _("Crosslens is closing"));
  else if (!g_task_return_error_if_cancelled(item->task))
    item->func(item->task, g_task_get_source_object(item->task), g_task_get_task_data(item->task),
               g_task_get_cancellable(item->task));
}

static gboolean on_dropped(gpointer task)
{
  return G_SOURCE_REMOVE;
}

/* A task's data holds scenes, models and jobs that widgets watch: the last reference of those must
 * go on the thread that asked, behind the task's own answer. */
static void drop_task(GTask *task)
{
  g_autoptr(GSource) source = g_idle_source_new();
  g_source_set_priority(source, G_PRIORITY_DEFAULT);
  g_source_set_callback(source, on_dropped, task, g_object_unref);
  g_source_attach(source, g_task_get_context(task));
}

static void destroy(LensWorker *self)
{
  g_async_queue_unref(self->queue);
  g_free(self);
}

static gpointer work(gpointer data)
{
  LensWorker *self = data;
  /* The window goes first, then answers, then trainings: engine threads have their creator's. */
  setpriority(PRIO_PROCESS, (id_t)gettid(), 3);
  for (gboolean go_on = TRUE; go_on;) {
    Item *item = g_async_queue_pop(self->queue);
    go_on = item->task != NULL;
    if (item->task) {
      do_item(self, item);
      drop_task(item->task);
    }
    g_free(item);
  }
  if (self->orphan)
    destroy(self);
  return NULL;
}

LensWorker *lens_worker_new(const char *name)
{
  LensWorker *self = g_new0(LensWorker, 1);
  self->queue = g_async_queue_new();
  self->thread = g_thread_new(name, work, self);
  return self;
}

void lens_worker_push(LensWorker *self, GTask *task, GTaskThreadFunc func)
{
  Item *item = g_new0(Item, 1);
  item->task = g_object_ref(task);
  item->func = func;
  g_async_queue_push(self->queue, item);
}

void lens_worker_free(LensWorker *self)
{
  if (!self)
    return;
  g_atomic_int_set(&self->closing, 1);
  g_async_queue_push(self->queue, g_new0(Item, 1));
  /* A task can hold the last reference of the object that owns the worker. */
  if (g_thread_self() == self->thread) {
    self->orphan = TRUE;
    g_thread_unref(self->thread);
    return;
  }
  g_thread_join(self->thread);
  destroy(self);
}

void lens_gateway_init(LensGateway *self)
{
  g_mutex_init(&self->lock);
  g_cond_init(&self->cond);
  self->busy = 0;
}

void lens_gateway_clear(LensGateway *self)
{
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->cond);
}

void lens_gateway_enter(LensGateway *self)
{
  g_mutex_lock(&self->lock);
  if (self->busy++ == 0)
    self->busy_since = g_get_monotonic_time();
  g_mutex_unlock(&self->lock);
}

void lens_gateway_leave(LensGateway *self)
{
  g_mutex_lock(&self->lock);
  if (--self->busy == 0)
    g_cond_broadcast(&self->cond);
  g_mutex_unlock(&self->lock);
}

gboolean lens_gateway_yield(LensGateway *self, guint milliseconds)
{
  g_mutex_lock(&self->lock);
  const gint64 moment = g_get_monotonic_time() + MOMENT;
  while (self->busy > 0) {
    const gint64 end = self->busy_since + milliseconds * G_TIME_SPAN_MILLISECOND;
    if (!g_cond_wait_until(&self->cond, &self->lock, MIN(end, moment)))
      break;
  }
  const gboolean wait =
      self->busy > 0 &&
      g_get_monotonic_time() < self->busy_since + milliseconds * G_TIME_SPAN_MILLISECOND;
  g_mutex_unlock(&self->lock);
  return wait;
}
