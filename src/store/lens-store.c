#include "lens-store-private.h"

#include <glib/gi18n.h>

typedef struct {
  LensStoreCall call;
  gpointer args;
  GError **error;
  gboolean ok;
  gboolean done;
  GMutex lock;
  GCond cond;
} Wait;

typedef struct {
  LensStoreWork work;
  gpointer data;
  GDestroyNotify free_data;
  GDestroyNotify free_result;
} Work;

/* One of the three, or none: the end. */
typedef struct {
  Wait *wait;
  GTask *task;
} Request;

struct _LensStore {
  GObject parent_instance;
  /* owned */
  char *path;
  char *notice;
  GAsyncQueue *queue;
  GThread *thread;
  /* the owning thread's */
  LensStoreDb *db;
  /* shared */
  GMutex lock;
  gboolean closed;
  gboolean writable;
};

G_DEFINE_FINAL_TYPE(LensStore, lens_store, G_TYPE_OBJECT)

static void work_free(gpointer p)
{
  Work *work = p;
  if (work->free_data)
    work->free_data(work->data);
  g_free(work);
}

/* A broken page is looked for at the next start even in a library too large to check always. */
static void note_damage(LensStore *self, const GError *error)
{
  if (!g_error_matches(error, LENS_STORE_ERROR, LENS_STORE_ERROR_DAMAGED))
    return;
  g_autofree char *suspect = g_strconcat(self->path, "-suspect", NULL);
  g_file_set_contents(suspect, "", 0, NULL);
}

static void serve_wait(LensStore *self, Wait *wait)
{
  gboolean ok = wait->call(self->db, wait->args, wait->error);
  if (!ok && wait->error)
    note_damage(self, *wait->error);
  g_mutex_lock(&wait->lock);
  wait->ok = ok;
  wait->done = TRUE;
  g_cond_signal(&wait->cond);
  g_mutex_unlock(&wait->lock);
}

static void serve_task(LensStore *self, GTask *task)
{
  Work *work = g_task_get_task_data(task);
  GError *error = NULL;
  if (g_task_return_error_if_cancelled(task))
    return;
  gpointer result = work->work(self, work->data, &error);
  if (error) {
    note_damage(self, error);
    if (result && work->free_result)
      work->free_result(result);
    g_task_return_error(task, error);
  } else {
    g_task_return_pointer(task, result, work->free_result);
  }
}

typedef struct {
  LensStore *store;
  GError *error;
  gboolean done;
  GMutex lock;
  GCond cond;
} Opening;

static gpointer owning_thread(gpointer data)
{
  Opening *opening = data;
  LensStore *self = opening->store;
  LensStoreDb *db = lens_store_db_open(self->path, &self->notice, &opening->error);
  GAsyncQueue *queue = g_async_queue_ref(self->queue);

  g_mutex_lock(&opening->lock);
  self->db = db;
  self->writable = db && db->mode == LENS_STORE_WRITABLE;
  opening->done = TRUE;
  g_cond_signal(&opening->cond);
  g_mutex_unlock(&opening->lock);

  for (gboolean go_on = db != NULL; go_on;) {
    Request *request = g_async_queue_pop(queue);
    go_on = request->wait || request->task;
    if (request->wait)
      serve_wait(self, request->wait);
    if (request->task)
      serve_task(self, request->task);
    g_clear_object(&request->task);
    g_free(request);
  }
  lens_store_db_close(db);
  g_async_queue_unref(queue);
  return NULL;
}

LensStore *lens_store_open(const char *path, GError **error)
{
  LensStore *self = g_object_new(LENS_TYPE_STORE, NULL);
  Opening opening = {.store = self};
  g_mutex_init(&opening.lock);
  g_cond_init(&opening.cond);
  self->path = g_strdup(path);
  self->thread = g_thread_new("store", owning_thread, &opening);

  g_mutex_lock(&opening.lock);
  while (!opening.done)
    g_cond_wait(&opening.cond, &opening.lock);
  g_mutex_unlock(&opening.lock);
  g_mutex_clear(&opening.lock);
  g_cond_clear(&opening.cond);

  if (!opening.error)
    return self;
  g_propagate_error(error, opening.error);
  g_object_unref(self);
  return NULL;
}

/* FALSE and `error` after close; the request is then not taken. */
static gboolean push(LensStore *self, Wait *wait, GTask *task, GError **error)
{
  g_mutex_lock(&self->lock);
  gboolean open = !self->closed;
  if (open) {
    Request *request = g_new0(Request, 1);
    request->wait = wait;
    request->task = task;
    g_async_queue_push(self->queue, request);
  }
  g_mutex_unlock(&self->lock);
  if (!open)
    g_set_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_CLOSED,
                _("The library %s is closed already."), self->path);
  return open;
}

gboolean lens_store_call(LensStore *self, LensStoreCall call, gpointer args, GError **error)
{
  GError *own = NULL;
  if (g_thread_self() == self->thread)
    return call(self->db, args, error);

  Wait wait = {.call = call, .args = args, .error = &own};
  g_mutex_init(&wait.lock);
  g_cond_init(&wait.cond);
  if (push(self, &wait, NULL, &own)) {
    g_mutex_lock(&wait.lock);
    while (!wait.done)
      g_cond_wait(&wait.cond, &wait.lock);
    g_mutex_unlock(&wait.lock);
  }
  g_mutex_clear(&wait.lock);
  g_cond_clear(&wait.cond);
  if (own)
    g_propagate_error(error, own);
  return wait.ok;
}

void lens_store_run_async(LensStore *self, LensStoreWork work, gpointer data,
                          GDestroyNotify free_data, GDestroyNotify free_result,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GError *error = NULL;
  GTask *task = g_task_new(self, cancellable, callback, user_data);
  Work *packed = g_new0(Work, 1);
  *packed = (Work){work, data, free_data, free_result};
  g_task_set_source_tag(task, lens_store_run_async);
  g_task_set_task_data(task, packed, work_free);
  if (!push(self, NULL, task, &error)) {
    g_task_return_error(task, error);
    g_object_unref(task);
  }
}

gpointer lens_store_run_finish(LensStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  return g_task_propagate_pointer(G_TASK(result), error);
}

void lens_store_close(LensStore *self)
{
  g_mutex_lock(&self->lock);
  gboolean first = !self->closed;
  self->closed = TRUE;
  if (first)
    g_async_queue_push(self->queue, g_new0(Request, 1));
  g_mutex_unlock(&self->lock);
  if (!first)
    return;
  /* The last reference can be dropped by the owning thread itself, with the task that held it. */
  if (g_thread_self() == self->thread)
    g_thread_unref(self->thread);
  else
    g_thread_join(self->thread);
}

const char *lens_store_get_notice(LensStore *self)
{
  return self->notice;
}

gboolean lens_store_is_writable(LensStore *self)
{
  return self->writable;
}

char *lens_store_column_text(sqlite3_stmt *stmt, int column)
{
  return g_strdup((const char *)sqlite3_column_text(stmt, column));
}

GBytes *lens_store_column_bytes(sqlite3_stmt *stmt, int column)
{
  if (sqlite3_column_type(stmt, column) == SQLITE_NULL)
    return NULL;
  const void *data = sqlite3_column_blob(stmt, column);
  return g_bytes_new(data, (gsize)sqlite3_column_bytes(stmt, column));
}

static void lens_store_finalize(GObject *object)
{
  LensStore *self = LENS_STORE(object);
  lens_store_close(self);
  g_async_queue_unref(self->queue);
  g_mutex_clear(&self->lock);
  g_free(self->path);
  g_free(self->notice);
  G_OBJECT_CLASS(lens_store_parent_class)->finalize(object);
}

static void lens_store_class_init(LensStoreClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_store_finalize;
}

static void lens_store_init(LensStore *self)
{
  g_mutex_init(&self->lock);
  self->queue = g_async_queue_new_full(g_free);
}
