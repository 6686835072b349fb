/* Which image each question belongs to, in memory: a search finds questions by the hundred thousand,
 * and reading each one's row would take most of its time. Private to src/store; on its thread. */
#pragma once

#include "lens-store-db.h"

G_BEGIN_DECLS

/* Reads what is not known yet: all at the first call or after another process wrote, else what was
 * added since. */
gboolean lens_store_owners_update(LensStoreDb *db, GError **error);
/* The question's image; 0: there is none. */
gboolean lens_store_owners_find(LensStoreDb *db, gint64 question, gint64 *image, GError **error);
void lens_store_owners_free(LensStoreOwners *self); /* NULL is fine */

G_END_DECLS
