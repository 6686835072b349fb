#include "lens-library-private.h"

#include "lens-shipped.h"
#include "lens-store-images.h"
#include "lens-store-search.h"
#include "lens-thumbnail.h"

/* Rows that are read with the list, so that the first screen is there at once. */
#define FIRST_ROWS 32
/* Pictures that are read at a time: in between names are read that were looked at meanwhile. */
#define PICTURES 12
/* Those that wait for it: rows leapt over long ago are left out. */
#define WAITING 400

static guint notice_signal;

G_DEFINE_FINAL_TYPE(LensLibrary, lens_library, G_TYPE_OBJECT)

/* ---- reading, in the worker ---- */

typedef struct {
  gint64 id;
  GdkPixbuf *pixbuf; /* NULL: none yet, or damaged */
} Picture;

static void picture_free(gpointer p)
{
  Picture *picture = p;
  g_clear_object(&picture->pixbuf);
  g_free(picture);
}

/* What was read; each may be NULL. */
typedef struct {
  GArray *ids;         /* of all images */
  GPtrArray *rows;     /* of LensStoreImage */
  GPtrArray *pictures; /* of Picture */
} Reading;

static void reading_free(gpointer p)
{
  Reading *reading = p;
  g_clear_pointer(&reading->ids, g_array_unref);
  g_clear_pointer(&reading->rows, g_ptr_array_unref);
  g_clear_pointer(&reading->pictures, g_ptr_array_unref);
  g_free(reading);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reading, reading_free)

static GPtrArray *read_rows(LensLibrary *self, GArray *ids, guint n, GError **error)
{
  return lens_store_get_images(self->store, (const gint64 *)(gconstpointer)ids->data, n, error);
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
    reading->rows = read_rows(self, reading->ids, MIN(reading->ids->len, FIRST_ROWS), &error);
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
  reading->rows = read_rows(source, ids, ids->len, &error);
  if (reading->rows)
    g_task_return_pointer(task, g_steal_pointer(&reading), reading_free);
  else
    g_task_return_error(task, error);
}

static void read_pictures_in_worker(GTask *task, gpointer source, gpointer data,
                                    GCancellable *cancellable)
{
  LensLibrary *self = source;
  GArray *ids = data;
  Reading *reading = g_new0(Reading, 1);
  reading->pictures = g_ptr_array_new_with_free_func(picture_free);
  for (guint i = 0; i < ids->len && !g_cancellable_is_cancelled(cancellable); i++) {
    Picture *picture = g_new0(Picture, 1);
    picture->id = g_array_index(ids, gint64, i);
    g_autoptr(GBytes) png = lens_store_get_thumbnail(self->store, picture->id, NULL);
    picture->pixbuf = png ? lens_thumbnail_from_png(png) : NULL;
    g_ptr_array_add(reading->pictures, picture);
  }
  g_task_return_pointer(task, reading, reading_free);
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
    const LensStoreImage *row = rows->pdata[i];
    LensImage *image = lens_image_list_ensure(self->images, row->id);
    lens_image_fill(image, row->path, row->name, row->shipped);
    lens_image_set_favourite(image, row->favourite);
    lens_image_set_n_questions(image, row->n_questions);
  }
}

static void want_pictures(LensLibrary *self, GPtrArray *rows)
{
  for (guint i = rows->len; i-- > 0;) {
    const LensStoreImage *row = rows->pdata[i];
    LensImage *image = lens_library_find(self, row->id);
    if (image && !lens_image_get_thumbnail(image))
      g_array_append_val(self->waiting, row->id);
  }
  if (self->waiting->len <= WAITING)
    return;
  guint gone = self->waiting->len - WAITING;
  for (guint i = 0; i < gone; i++)
    lens_image_list_forget_wanted(self->images, g_array_index(self->waiting, gint64, i));
  g_array_remove_range(self->waiting, 0, gone);
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
  lens_library_prepare_search(self);
}

static void read_more(LensLibrary *self);

static void on_pictures_read(GObject *source, GAsyncResult *result, gpointer data)
{
  LensLibrary *self = LENS_LIBRARY(source);
  g_autoptr(Reading) reading = finish_reading(self, result);
  self->reading = FALSE;
  for (guint i = 0; reading && i < reading->pictures->len; i++) {
    const Picture *picture = reading->pictures->pdata[i];
    LensImage *image = lens_library_find(self, picture->id);
    if (image && picture->pixbuf)
      lens_image_set_thumbnail(image, picture->pixbuf);
    else if (image && self->worker)
      want_thumbnail(self, image);
  }
  read_more(self);
}

static void on_wanted_read(GObject *source, GAsyncResult *result, gpointer data)
{
  LensLibrary *self = LENS_LIBRARY(source);
  g_autoptr(Reading) reading = finish_reading(self, result);
  self->reading = FALSE;
  if (reading) {
    show_rows(self, reading->rows);
    want_pictures(self, reading->rows);
  }
  read_more(self);
}

/* Those that got their names meanwhile are left out. */
static GArray *take_nameless(LensLibrary *self)
{
  g_autoptr(GArray) ids = lens_image_list_take_wanted(self->images);
  GArray *nameless = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = 0; i < ids->len; i++) {
    LensImage *image = lens_library_find(self, g_array_index(ids, gint64, i));
    if (image && (!*lens_image_get_path(image) || !lens_image_get_thumbnail(image)))
      g_array_append_val(nameless, g_array_index(ids, gint64, i));
  }
  return nameless;
}

/* Those that are still looked at. */
static GArray *take_waiting(LensLibrary *self)
{
  GArray *ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = self->waiting->len; ids->len < PICTURES && i-- > 0;) {
    gint64 id = g_array_index(self->waiting, gint64, i);
    g_array_set_size(self->waiting, i);
    if (lens_library_find(self, id))
      g_array_append_val(ids, id);
  }
  return ids;
}

/* Names of what was looked at, else the next pictures. */
static void read_more(LensLibrary *self)
{
  if (self->reading || !self->worker)
    return;
  GArray *names = take_nameless(self);
  GArray *ids = names->len ? names : take_waiting(self);
  self->reading = ids->len > 0;
  if (self->reading) {
    g_autoptr(GTask) task =
        g_task_new(self, self->closing, ids == names ? on_wanted_read : on_pictures_read, NULL);
    g_task_set_task_data(task, g_array_ref(ids), (GDestroyNotify)g_array_unref);
    lens_worker_push(self->worker, task,
                     ids == names ? read_wanted_in_worker : read_pictures_in_worker);
  }
  if (ids != names)
    g_array_unref(names);
  g_array_unref(ids);
}

void lens_library_tell(LensLibrary *self, const char *message)
{
  g_signal_emit(self, notice_signal, 0, message);
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
  g_clear_handle_id(&self->preparing, g_source_remove);
  g_cancellable_cancel(self->finding); /* NULL is fine */
  g_clear_pointer(&self->worker, lens_worker_free);
}

GListModel *lens_library_get_images(LensLibrary *self)
{
  return G_LIST_MODEL(self->images);
}

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
  g_clear_object(&self->finding);
  g_signal_handlers_disconnect_by_data(self->images, self);
  g_clear_object(&self->images);
  g_clear_object(&self->store);
  g_clear_pointer(&self->shipped, g_ptr_array_unref);
  g_array_unref(self->waiting);
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
  g_signal_connect_swapped(self->images, "wanted", G_CALLBACK(read_more), self);
  self->waiting = g_array_new(FALSE, FALSE, sizeof(gint64));
  self->closing = g_cancellable_new();
  self->removed = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}
