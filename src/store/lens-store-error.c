#include "lens-store-error.h"

G_DEFINE_QUARK(lens-store-error-quark, lens_store_error)

void lens_store_error_set(GError **error, int code, const char *path, const char *detail)
{
  g_autofree char *name = g_path_get_basename(path);
  if (!detail)
    detail = sqlite3_errstr(code);

  switch (code & 0xff) {
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    g_set_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_DAMAGED,
                "The library %s is damaged (%s). Start Crosslens again: it will put the damaged "
                "file aside and begin a new library.", path, detail);
    break;
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    g_set_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_READ_ONLY,
                "The library %s cannot be written, so this change is not kept. Make the file and "
                "its folder writable and start Crosslens again.", path);
    break;
  case SQLITE_CANTOPEN:
    g_set_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_READ_ONLY,
                "The library %s cannot be opened or made. Check that its folder is there and may be "
                "written.", path);
    break;
  case SQLITE_FULL:
    g_set_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_FULL,
                "The disk that holds the library %s is full, so this change is not kept. Free some "
                "room and do it again; everything saved before is safe.", path);
    break;
  case SQLITE_IOERR:
    g_set_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_FAILED,
                "The disk that holds the library %s could not be read or written (%s), so this "
                "change is not kept. Check the disk; everything saved before is safe.", path,
                sqlite3_errstr(code));
    break;
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    g_set_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_BUSY,
                "Another program is using the library %s. Close other Crosslens windows and "
                "commands, then do it again.", path);
    break;
  default:
    g_set_error(error, LENS_STORE_ERROR, LENS_STORE_ERROR_FAILED,
                "The library %s could not be used: %s.", name, detail);
    break;
  }
}
