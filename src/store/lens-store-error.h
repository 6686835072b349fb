/* What can go wrong with the library, said so that a person knows what to do. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define LENS_STORE_ERROR (lens_store_error_quark())

typedef enum {
  LENS_STORE_ERROR_FAILED,
  LENS_STORE_ERROR_DAMAGED,   /* the file is no database, or its pages are broken */
  LENS_STORE_ERROR_READ_ONLY, /* the file or its folder cannot be written */
  LENS_STORE_ERROR_FULL,      /* no room on the disk */
  LENS_STORE_ERROR_BUSY,      /* another program holds the file for too long */
  LENS_STORE_ERROR_NEWER,     /* written by a newer Crosslens */
  LENS_STORE_ERROR_CLOSED,    /* asked after lens_store_close */
} LensStoreError;

GQuark lens_store_error_quark(void);

/* Sets `error` from an SQLite result code (primary or extended). `detail` is SQLite's own message,
 * may be NULL. */
void lens_store_error_set(GError **error, int code, const char *path, const char *detail);

G_END_DECLS
