#include "lens-store-error.h"

#include <glib/gi18n.h>

/* clang-format off: it takes the name for a subtraction */
G_DEFINE_QUARK(lens - store - error - quark, lens_store_error)
/* clang-format on */

static LensStoreError kind_of(int code)
{
  switch (code) {
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return LENS_STORE_ERROR_DAMAGED;
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
  case SQLITE_CANTOPEN:
    return LENS_STORE_ERROR_READ_ONLY;
  case SQLITE_FULL:
    return LENS_STORE_ERROR_FULL;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return LENS_STORE_ERROR_BUSY;
  default:
    return LENS_STORE_ERROR_FAILED;
  }
}

/* What it means and what to do, behind "The library PATH". */
static const char *advice_of(LensStoreError kind)
{
  switch (kind) {
  case LENS_STORE_ERROR_DAMAGED:
    return _(
        "is damaged. Start Crosslens again: it will put the damaged file aside and begin a new "
        "library.");
  case LENS_STORE_ERROR_READ_ONLY:
    return _("cannot be written, so this change is not kept. Make the file and its folder writable "
             "and start Crosslens again.");
  case LENS_STORE_ERROR_FULL:
    return _("is on a full disk, so this change is not kept. Free some room and do it again; "
             "everything saved before is safe.");
  case LENS_STORE_ERROR_BUSY:
    return _("is in use by another program. Close other Crosslens windows and commands, then do it "
             "again.");
  default:
    return _("could not be used, so this change is not kept. Check the disk; everything saved "
             "before is safe.");
  }
}

void lens_store_error_set(GError **error, int code, const char *path, const char *detail)
{
  LensStoreError kind = kind_of(code & 0xff);
  g_set_error(error, LENS_STORE_ERROR, (int)kind, _("The library %s %s (%s)"), path,
              advice_of(kind), detail ? detail : sqlite3_errstr(code));
}
