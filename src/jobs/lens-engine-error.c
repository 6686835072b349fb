#include "lens-engine-error.h"

#include <glib/gi18n.h>

static LensError code_of(LxStatus status)
{
  switch (status) {
  case LX_ERR_IO:
    return LENS_ERROR_IO;
  case LX_ERR_FORMAT:
  case LX_ERR_SHAPE:
    return LENS_ERROR_FORMAT;
  case LX_ERR_MISSING:
    return LENS_ERROR_MISSING;
  case LX_ERR_MEMORY:
    return LENS_ERROR_MEMORY;
  case LX_ERR_UNSUPPORTED:
    return LENS_ERROR_UNSUPPORTED;
  case LX_ERR_NUMERIC:
    return LENS_ERROR_NUMERIC;
  default:
    return LENS_ERROR_ARGUMENT;
  }
}

/* po/POTFILES names the engine's sources whose messages a person meets. */
static const char *to_language(const char *format)
{
  return gettext(format);
}

void lens_engine_speak(void)
{
  lx_error_set_translate(to_language);
}

gboolean lens_error_from_engine(GError **error, const LxError *engine)
{
  g_autofree char *text = g_utf8_make_valid(engine->message, -1);
  if (engine->code == LX_ERR_CANCELLED)
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Cancelled"));
  else if (engine->code == LX_ERR_MEMORY)
    g_set_error_literal(error, LENS_ERROR, LENS_ERROR_MEMORY,
                        _("There is not enough memory for this. Close other programs, or choose "
                          "something smaller."));
  else
    g_set_error_literal(error, LENS_ERROR, code_of(engine->code),
                        *text ? text : _("The engine failed without saying why."));
  return FALSE;
}

int lens_engine_cancelled(double done, const char *what, void *cancellable)
{
  return g_cancellable_is_cancelled(cancellable) ? 1 : 0;
}

const char *lens_engine_doing(const char *what)
{
  static const char *const known[] = {N_("Reading the questions"), N_("Checking the features"),
                                      N_("Reading the index")};
  for (gsize i = 0; i < G_N_ELEMENTS(known); i++)
    if (g_strcmp0(what, known[i]) == 0)
      return _(known[i]);
  return what;
}
