/* The library on disk: one SQLite connection on one thread that the store owns. The functions of
 * lens-store-*.h may be called from any thread; they wait until that thread has done them, so the
 * main thread wraps them in lens_store_run_async. */
#pragma once

#include <gio/gio.h>

#include "lens-store-error.h"
#include "lens-store-rows.h"

G_BEGIN_DECLS

#define LENS_TYPE_STORE (lens_store_get_type())
G_DECLARE_FINAL_TYPE(LensStore, lens_store, LENS, STORE, GObject)

/* Opens `path`, making it if absent. A damaged file is renamed (nothing of it is deleted) and a new
 * one begun; a file that cannot be written is opened for reading, or replaced by one in memory;
 * lens_store_get_notice then tells so. Waits for the opening: milliseconds for files under 64 MB.
 */
LensStore *lens_store_open(const char *path, GError **error);
/* Does what is queued, folds the log into the file, ends the thread. Later calls fail with
 * LENS_STORE_ERROR_CLOSED. Idempotent; not from inside a LensStoreWork. */
void lens_store_close(LensStore *self);

const char *lens_store_get_notice(LensStore *self); /* NULL when all is well */
gboolean lens_store_is_writable(LensStore *self);   /* and kept */

/* A piece of work for the owning thread: calls functions of lens-store-*.h, which there run at
 * once. Returns its result, freed by the destroy function given with it, or NULL with `error`. */
typedef gpointer (*LensStoreWork)(LensStore *self, gpointer data, GError **error);

/* Queues `work`; `callback` comes in the caller's main context. The queue keeps its order. */
void lens_store_run_async(LensStore *self, LensStoreWork work, gpointer data,
                          GDestroyNotify free_data, GDestroyNotify free_result,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data);
/* Owned result; NULL with `error`, or NULL without when the work returned NULL. */
gpointer lens_store_run_finish(LensStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
