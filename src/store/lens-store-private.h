#pragma once

#include "lens-store-db.h"
#include "lens-store.h"

G_BEGIN_DECLS

/* Does its part on the owning thread; TRUE or FALSE with `error`. */
typedef gboolean (*LensStoreCall)(LensStoreDb *db, gpointer args, GError **error);

/* Runs `call` on the owning thread and waits for it (at once when this is that thread). */
gboolean lens_store_call(LensStore *self, LensStoreCall call, gpointer args, GError **error);

/* The column as an owned string (NULL for NULL) or bytes. */
char *lens_store_column_text(sqlite3_stmt *stmt, int column);
GBytes *lens_store_column_bytes(sqlite3_stmt *stmt, int column);

G_END_DECLS
