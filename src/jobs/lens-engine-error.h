/* The one place where the engine's errors become GErrors, and its progress words. */
#pragma once

#include <gio/gio.h>

#include "lens-error.h"
#include "lx-error.h"

G_BEGIN_DECLS

/* The engine's messages are in the person's language from now on. */
void lens_engine_speak(void);

/* Sets `error` (may be NULL) from what an engine function filled in; LX_ERR_CANCELLED becomes
 * G_IO_ERROR_CANCELLED. Always FALSE, so that a failing function ends with it. */
gboolean lens_error_from_engine(GError **error, const LxError *engine);

/* An LxProgress whose user_data is a GCancellable (or NULL). */
int lens_engine_cancelled(double done, const char *what, void *cancellable);

/* What the engine says that it does, in the person's language; anything else as it is. Static or
 * borrowed from `what`. */
const char *lens_engine_doing(const char *what);

G_END_DECLS
