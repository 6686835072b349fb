#include "lens-library.h"

#include "lens-image-list.h"
#include "lens-shipped.h"
#include "lens-store-images.h"
#include "lens-store-search.h"
#include "lens-thumbnail.h"
#include "lens-worker.h"

/* Rows that are read with the list, so that the first screen is there at once. */
#define FIRST_ROWS 256

struct _LensLibrary {
  GObject parent_instance;
  /* owned */
  LensStore *store;
  GPtrArray *shipped;
  LensImageList *images;
  LensWorker *worker;
  GCancellable *closing;
  GHashTable *removed; /* gint64 id -> guint, where it was */
  guint search;        /* counts searches: only the last one's answer is shown */
  gboolean searching;  /* not everything is shown */
};

static guint notice_signal;

G_DEFINE_FINAL_TYPE(LensLibrary, lens_library, G_TYPE_OBJECT)

/* ---- reading, in the worker ---- */

/* A row with its picture. */
typedef struct {
  LensStoreImage *row;
  GdkPixbuf *thumbnail; /* NULL: none yet */
} Row;

static void row_free(gpointer p)
{
  Row *row = p;
  lens_store_image_free(row->row);
  g_clear_object(&row->thumbnail);
  g_free(row);
}

/* What was read: rows, and at the start the ids of all images. */
typedef struct {
  GArray *ids; /* or NULL */
  GPtrArray *rows;
} Reading;

static void reading_free(gpointer p)
{
  Reading *reading = p;
  g_clear_pointer(&reading->ids, g_array_unref);
  g_clear_pointer(&reading->rows, g_ptr_array_unref);
  g_free(reading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reading, reading_free)

static GPtrArray *read_rows(LensLibrary *self, GArray *ids, guint n, GCancellable *cancellable,
                            GError **error)
{
  g_autoptr(GPtrArray) found =
      lens_store_get_images(self->store, (const gint64 *)(gconstpointer)ids->data, n, error);
  if (!found)
    return NULL;
  GPtrArray *rows = g_ptr_array_new_with_free_func(row_free);
  g_ptr_array_set_free_func(found, NULL);
  for (guint i = 0; i < found->len; i++) {
    Row *row = g_new0(Row, 1);
    row->row = found->pdata[i];
    if (row->row->thumbnail && !g_cancellable_is_cancelled(cancellable))
      row->thumbnail = lens_thumbnail_from_png(row->row->thumbnail);
    g_ptr_array_add(rows, row);
  }
  return rows;
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

/* Which images there are, and the first rows; what could not be seeded still lets the others be
 * seen. */
static void read_in_worker(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensLibrary *self = source;
  GError *error = NULL;
  g_autoptr(Reading) reading = g_new0(Reading, 1);
  seed(self, NULL);
  reading->ids = lens_store_list_image_ids(self->store, NULL, &error);
  if (reading->ids)
    reading->rows = read_rows(self, reading->ids, MIN(reading->ids->len, FIRST_ROWS), cancellable,
                              &error);
  if (reading->rows)
    g_task_return_pointer(task, g_steal_pointer(&reading), reading_free);
  else
    g_task_return_error(task, error);
}

static void read_wanted_in_worker(GTask *task, gpointer source, gpointer data,
                                  GCancellable *cancellable)
{
  GArray *ids = data;
  GError *error = NULL;
  g_autoptr(Reading) reading = g_new0(Reading, 1);
  reading->rows = read_rows(source, ids, ids->len, cancellable, &error);
  if (reading->rows)
    g_task_return_pointer(task, g_steal_pointer(&reading), reading_free);
  else
    g_task_return_error(task, error);
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

LensImage *lens_library_find(LensLibrary *self, gint64 id)
{
  return lens_image_list_lookup(self->images, id);
}

static void on_thumbnail(GObject *source, GAsyncResult *result, gpointer data)
{
  LensLibrary *self = LENS_LIBRARY(source);
  const ThumbnailArgs *args = g_task_get_task_data(G_TASK(result));
  g_autoptr(GdkPixbuf) thumbnail = g_task_propagate_pointer(G_TASK(result), NULL);
  LensImage *image = lens_library_find(self, args->id);
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

static void show_rows(LensLibrary *self, GPtrArray *rows)
{
  for (guint i = 0; i < rows->len; i++) {
    const Row *row = rows->pdata[i];
    LensImage *image = lens_image_list_ensure(self->images, row->row->id);
    lens_image_fill(image, row->row->path, row->row->name, row->row->shipped);
    lens_image_set_favourite(image, row->row->favourite);
    lens_image_set_n_questions(image, row->row->n_questions);
    if (row->thumbnail)
      lens_image_set_thumbnail(image, row->thumbnail);
    else if (!lens_image_get_thumbnail(image) && self->worker)
      want_thumbnail(self, image);
  }
}

static Reading *finish_reading(LensLibrary *self, GAsyncResult *result)
{
  g_autoptr(GError) error = NULL;
  Reading *reading = g_task_propagate_pointer(G_TASK(result), &error);
  if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit(self, notice_signal, 0, error->message);
  return reading;
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  LensLibrary *self = LENS_LIBRARY(source);
  g_autoptr(Reading) reading = finish_reading(self, result);
  if (!reading)
    return;
  /* An image opened meanwhile is on top already. */
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(gint64));
  g_autoptr(GHashTable) known = g_hash_table_new(g_int64_hash, g_int64_equal);
  for (guint i = 0; i < lens_image_list_get_length(self->images); i++) {
    g_autoptr(LensImage) image = g_list_model_get_item(G_LIST_MODEL(self->images), i);
    gint64 id = lens_image_get_id(image);
    g_array_append_val(all, id);
  }
  for (guint i = 0; i < all->len; i++)
    g_hash_table_add(known, &g_array_index(all, gint64, i));
  g_autoptr(GArray) shown = g_array_copy(all);
  for (guint i = 0; i < reading->ids->len; i++)
    if (!g_hash_table_contains(known, &g_array_index(reading->ids, gint64, i)))
      g_array_append_val(shown, g_array_index(reading->ids, gint64, i));
  show_rows(self, reading->rows); /* before the list asks for them */
  if (!self->searching)
    lens_image_list_set_ids(self->images, shown);
}

static void on_wanted_read(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(Reading) reading = finish_reading(LENS_LIBRARY(source), result);
  if (reading)
    show_rows(LENS_LIBRARY(source), reading->rows);
}

/* Those that got their names meanwhile are left out. */
static void on_wanted(LensImageList *list, GArray *ids, LensLibrary *self)
{
  g_autoptr(GArray) nameless = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < ids->len; i++) {
    LensImage *image = lens_library_find(self, g_array_index(ids, gint64, i));
    if (image && !*lens_image_get_path(image))
      g_array_append_val(nameless, g_array_index(ids, gint64, i));
  }
  if (!nameless->len || !self->worker)
    return;
  g_autoptr(GTask) task = g_task_new(self, self->closing, on_wanted_read, NULL);
  g_task_set_task_data(task, g_steal_pointer(&nameless), (GDestroyNotify)g_array_unref);
  lens_worker_push(self->worker, task, read_wanted_in_worker);
}

/* ---- searching ---- */

typedef struct {
  char *needle;
  gboolean favourites;
  guint number;
} Search;

static void search_free(gpointer p)
{
  g_free(((Search *)p)->needle);
  g_free(p);
}

static gpointer search_in_store(LensStore *store, gpointer data, GError **error)
{
  const Search *search = data;
  LensStoreFilter filter = {search->needle, search->favourites};
  return lens_store_list_image_ids(store, &filter, error);
}

static void on_found(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensLibrary) self = ((gpointer *)data)[0];
  guint number = GPOINTER_TO_UINT(((gpointer *)data)[1]);
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) ids = lens_store_run_finish(LENS_STORE(source), result, &error);
  g_free(data);
  if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit(self, notice_signal, 0, error->message);
  if (ids && number == self->search)
    lens_image_list_set_ids(self->images, ids);
}

void lens_library_search(LensLibrary *self, const char *needle, gboolean favourites)
{
  Search *search = g_new0(Search, 1);
  gpointer *who = g_new(gpointer, 2);
  search->needle = needle && *needle ? g_strdup(needle) : NULL;
  search->favourites = favourites;
  search->number = ++self->search;
  self->searching = search->needle || favourites;
  who[0] = g_object_ref(self);
  who[1] = GUINT_TO_POINTER(search->number);
  lens_store_run_async(self->store, search_in_store, search, search_free,
                       (GDestroyNotify)g_array_unref, self->closing, on_found, who);
}

/* ---- life ---- */

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
  LensImage *image = lens_image_list_ensure(self->images, id);
  g_hash_table_remove(self->removed, &id);
  lens_image_fill(image, path, name, lens_image_is_shipped(image));
  lens_image_set_thumbnail(image, thumbnail);
  if (!self->searching && !lens_image_list_find(self->images, id, NULL))
    lens_image_list_insert(self->images, 0, id);
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
  if (!lens_image_list_find(self->images, id, &at))
    return;
  g_hash_table_insert(self->removed, g_memdup2(&id, sizeof id), GUINT_TO_POINTER(at));
  lens_image_list_remove(self->images, at);
  keep_change(self, store_deleted, id, TRUE);
}

void lens_library_restore(LensLibrary *self, gint64 id)
{
  gpointer at;
  if (!g_hash_table_lookup_extended(self->removed, &id, NULL, &at))
    return;
  g_hash_table_remove(self->removed, &id);
  lens_image_list_insert(self->images, GPOINTER_TO_UINT(at), id);
  keep_change(self, store_deleted, id, FALSE);
}

void lens_library_set_favourite(LensLibrary *self, gint64 id, gboolean favourite)
{
  LensImage *image = lens_library_find(self, id);
  if (image)
    lens_image_set_favourite(image, favourite);
  keep_change(self, store_favourite, id, favourite);
}

static void lens_library_finalize(GObject *object)
{
  LensLibrary *self = LENS_LIBRARY(object);
  lens_library_close(self);
  g_clear_object(&self->closing);
  g_signal_handlers_disconnect_by_data(self->images, self);
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
  self->images = lens_image_list_new();
  g_signal_connect(self->images, "wanted", G_CALLBACK(on_wanted), self);
  self->closing = g_cancellable_new();
  self->removed = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}
