#include "lens-library.h"

#include "lens-shipped.h"
#include "lens-store-images.h"
#include "lens-thumbnail.h"
#include "lens-worker.h"

struct _LensLibrary {
  GObject parent_instance;
  /* owned */
  LensStore *store;
  GPtrArray *shipped;
  GListStore *images;
  LensWorker *worker;
  GCancellable *closing;
  GHashTable *removed; /* gint64 id -> LensImage */
};

static guint notice_signal;

G_DEFINE_FINAL_TYPE(LensLibrary, lens_library, G_TYPE_OBJECT)

/* ---- reading, in the worker ---- */

static LensImage *image_from_row(const LensStoreImage *row)
{
  g_autoptr(GdkPixbuf) thumbnail = row->thumbnail ? lens_thumbnail_from_png(row->thumbnail) : NULL;
  LensImage *image = lens_image_new(row->id, row->path, row->name, row->shipped, thumbnail);
  lens_image_set_favourite(image, row->favourite);
  lens_image_set_n_questions(image, row->n_questions);
  return image;
}

static gboolean seed(LensLibrary *self, GError **error)
{
  guint n = self->shipped->len;
  g_autofree LensStoreSeed *seeds = g_new0(LensStoreSeed, n + 1);
  for (guint i = 0; i < n; i++) {
    const LensShippedScene *scene = self->shipped->pdata[i];
    seeds[i] = (LensStoreSeed){scene->path, scene->name, (const char *const *)scene->questions};
  }
  return !n || lens_store_seed(self->store, seeds, n, error);
}

/* The rows as LensImages; what could not be seeded still lets the others be seen. */
static void read_in_worker(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensLibrary *self = source;
  GError *error = NULL;
  seed(self, NULL);
  g_autoptr(GPtrArray) rows = lens_store_list_images(self->store, &error);
  if (!rows) {
    g_task_return_error(task, error);
    return;
  }
  GPtrArray *images = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < rows->len && !g_cancellable_is_cancelled(cancellable); i++)
    g_ptr_array_add(images, image_from_row(rows->pdata[i]));
  g_task_return_pointer(task, images, (GDestroyNotify)g_ptr_array_unref);
}

typedef struct {
  gint64 id;
  char *path;
} ThumbnailArgs;

static void thumbnail_args_free(gpointer p)
{
  ThumbnailArgs *args = p;
  g_free(args->path);
  g_free(args);
}

static void thumbnail_in_worker(GTask *task, gpointer source, gpointer data,
                                GCancellable *cancellable)
{
  LensLibrary *self = source;
  const ThumbnailArgs *args = data;
  GError *error = NULL;
  g_autofree char *bytes = NULL;
  gsize size = 0;
  g_autoptr(GdkPixbuf) picture = NULL;
  if (g_file_get_contents(args->path, &bytes, &size, &error))
    picture = lens_picture_read(bytes, size, args->path, &error);
  if (!picture) {
    g_task_return_error(task, error);
    return;
  }
  GdkPixbuf *thumbnail = lens_thumbnail_make(picture);
  g_autoptr(GBytes) png = lens_thumbnail_to_png(thumbnail);
  if (png)
    lens_store_set_thumbnail(self->store, args->id, png, NULL);
  g_task_return_pointer(task, thumbnail, g_object_unref);
}

/* ---- showing, on the main thread ---- */

static LensImage *find_at(LensLibrary *self, gint64 id, guint *position)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->images));
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensImage) image = g_list_model_get_item(G_LIST_MODEL(self->images), i);
    if (lens_image_get_id(image) != id)
      continue;
    if (position)
      *position = i;
    return image; /* the list keeps it */
  }
  return NULL;
}

LensImage *lens_library_find(LensLibrary *self, gint64 id) { return find_at(self, id, NULL); }

static void on_thumbnail(GObject *source, GAsyncResult *result, gpointer data)
{
  LensLibrary *self = LENS_LIBRARY(source);
  const ThumbnailArgs *args = g_task_get_task_data(G_TASK(result));
  g_autoptr(GdkPixbuf) thumbnail = g_task_propagate_pointer(G_TASK(result), NULL);
  LensImage *image = find_at(self, args->id, NULL);
  /* A missing file keeps its row without a picture; opening it says why. */
  if (thumbnail && image)
    lens_image_set_thumbnail(image, thumbnail);
}

static void want_thumbnail(LensLibrary *self, LensImage *image)
{
  g_autoptr(GTask) task = g_task_new(self, self->closing, on_thumbnail, NULL);
  ThumbnailArgs *args = g_new0(ThumbnailArgs, 1);
  args->id = lens_image_get_id(image);
  args->path = g_strdup(lens_image_get_path(image));
  g_task_set_task_data(task, args, thumbnail_args_free);
  lens_worker_push(self->worker, task, thumbnail_in_worker);
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  LensLibrary *self = LENS_LIBRARY(source);
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) read = g_task_propagate_pointer(G_TASK(result), &error);
  if (!read) {
    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      g_signal_emit(self, notice_signal, 0, error->message);
    return;
  }
  /* An image opened meanwhile has its row already. */
  g_autoptr(GPtrArray) fresh = g_ptr_array_new();
  for (guint i = 0; i < read->len; i++)
    if (!find_at(self, lens_image_get_id(read->pdata[i]), NULL))
      g_ptr_array_add(fresh, read->pdata[i]);
  g_list_store_splice(self->images, g_list_model_get_n_items(G_LIST_MODEL(self->images)), 0,
                      fresh->pdata, fresh->len);
  for (guint i = 0; i < fresh->len; i++)
    if (!lens_image_get_thumbnail(fresh->pdata[i]) && self->worker)
      want_thumbnail(self, fresh->pdata[i]);
}

LensLibrary *lens_library_new(LensStore *store, GPtrArray *shipped)
{
  LensLibrary *self = g_object_new(LENS_TYPE_LIBRARY, NULL);
  self->store = g_object_ref(store);
  self->shipped = g_ptr_array_ref(shipped);
  self->worker = lens_worker_new("library");
  g_autoptr(GTask) task = g_task_new(self, self->closing, on_read, NULL);
  lens_worker_push(self->worker, task, read_in_worker);
  return self;
}

void lens_library_close(LensLibrary *self)
{
  g_cancellable_cancel(self->closing);
  g_clear_pointer(&self->worker, lens_worker_free);
}

GListModel *lens_library_get_images(LensLibrary *self) { return G_LIST_MODEL(self->images); }

void lens_library_show(LensLibrary *self, gint64 id, const char *path, const char *name,
                       GdkPixbuf *thumbnail)
{
  LensImage *image = find_at(self, id, NULL);
  g_hash_table_remove(self->removed, &id);
  if (image) {
    lens_image_set_thumbnail(image, thumbnail);
    return;
  }
  g_autoptr(LensImage) fresh = lens_image_new(id, path, name, FALSE, thumbnail);
  g_list_store_insert(self->images, 0, fresh);
}

/* ---- changes ---- */

typedef struct {
  gint64 id;
  gboolean on;
} Change;

static gpointer store_favourite(LensStore *store, gpointer data, GError **error)
{
  const Change *change = data;
  lens_store_set_favourite(store, change->id, change->on, error);
  return NULL;
}

static gpointer store_deleted(LensStore *store, gpointer data, GError **error)
{
  const Change *change = data;
  g_autofree char *target = g_strdup_printf("%" G_GINT64_FORMAT, change->id);
  lens_store_set_deleted(store, LENS_STORE_KIND_IMAGE, target, change->on, error);
  return NULL;
}

static void on_changed(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensLibrary) self = data;
  g_autoptr(GError) error = NULL;
  lens_store_run_finish(LENS_STORE(source), result, &error);
  if (error)
    g_signal_emit(self, notice_signal, 0, error->message);
}

static void keep_change(LensLibrary *self, LensStoreWork work, gint64 id, gboolean on)
{
  Change *change = g_new0(Change, 1);
  *change = (Change){id, on};
  lens_store_run_async(self->store, work, change, g_free, NULL, NULL, on_changed,
                       g_object_ref(self));
}

void lens_library_remove(LensLibrary *self, gint64 id)
{
  guint at = 0;
  LensImage *image = find_at(self, id, &at);
  if (!image)
    return;
  g_hash_table_insert(self->removed, g_memdup2(&id, sizeof id), g_object_ref(image));
  g_list_store_remove(self->images, at);
  keep_change(self, store_deleted, id, TRUE);
}

void lens_library_restore(LensLibrary *self, gint64 id)
{
  LensImage *image = g_hash_table_lookup(self->removed, &id);
  if (!image)
    return;
  g_list_store_insert(self->images, 0, image);
  g_hash_table_remove(self->removed, &id);
  keep_change(self, store_deleted, id, FALSE);
}

void lens_library_set_favourite(LensLibrary *self, gint64 id, gboolean favourite)
{
  LensImage *image = find_at(self, id, NULL);
  if (image)
    lens_image_set_favourite(image, favourite);
  keep_change(self, store_favourite, id, favourite);
}

static void lens_library_finalize(GObject *object)
{
  LensLibrary *self = LENS_LIBRARY(object);
  lens_library_close(self);
  g_clear_object(&self->closing);
  g_clear_object(&self->images);
  g_clear_object(&self->store);
  g_clear_pointer(&self->shipped, g_ptr_array_unref);
  g_hash_table_unref(self->removed);
  G_OBJECT_CLASS(lens_library_parent_class)->finalize(object);
}

static void lens_library_class_init(LensLibraryClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_library_finalize;
  notice_signal = g_signal_new("notice", LENS_TYPE_LIBRARY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void lens_library_init(LensLibrary *self)
{
  self->images = g_list_store_new(LENS_TYPE_IMAGE);
  self->closing = g_cancellable_new();
  self->removed = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_object_unref);
}
