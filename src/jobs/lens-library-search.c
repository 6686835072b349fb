/* Looking for images by their names, questions and answers. */
#include "lens-library-private.h"
#include "lens-store-search.h"

/* Seconds after the start, when the window and its first answer are there. */
#define CALM 2

typedef struct {
  char *needle;
  gboolean favourites;
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
  g_autoptr(LensLibrary) self = data;
  gboolean last = g_task_get_cancellable(G_TASK(result)) == self->finding;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) ids = lens_store_run_finish(LENS_STORE(source), result, &error);
  if (error && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    lens_library_tell(self, error->message);
  if (ids && last)
    lens_image_list_set_ids(self->images, ids);
}

void lens_library_search(LensLibrary *self, const char *needle, gboolean favourites)
{
  Search *search = g_new0(Search, 1);
  search->needle = needle && *needle ? g_strdup(needle) : NULL;
  search->favourites = favourites;
  self->searching = search->needle || favourites;
  g_cancellable_cancel(self->finding); /* NULL is fine */
  g_clear_object(&self->finding);
  self->finding = g_cancellable_new();
  lens_store_run_async(self->store, search_in_store, search, search_free,
                       (GDestroyNotify)g_array_unref, self->finding, on_found, g_object_ref(self));
}

static gpointer prepare_in_store(LensStore *store, gpointer unused, GError **error)
{
  lens_store_prepare_search(store, NULL); /* a search tells what is wrong */
  return NULL;
}

static gboolean prepare(gpointer p)
{
  LensLibrary *self = p;
  self->preparing = 0;
  lens_store_run_async(self->store, prepare_in_store, NULL, NULL, NULL, self->closing, NULL, NULL);
  return G_SOURCE_REMOVE;
}

void lens_library_prepare_search(LensLibrary *self)
{
  if (!self->preparing)
    self->preparing = g_timeout_add_seconds(CALM, prepare, self);
}
