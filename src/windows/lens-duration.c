#include "lens-duration.h"

#include <glib/gi18n.h>
#include <math.h>

char *
lens_format_duration(double seconds)
{
  gint64 s = (gint64)ceil(CLAMP(seconds, 0, 1e9));

  if (s >= 3600)
    return g_strdup_printf(_("%d h %02d min"), (int)(s / 3600), (int)(s / 60 % 60));
  if (s >= 60)
    return g_strdup_printf(_("%d min %02d s"), (int)(s / 60), (int)(s % 60));
  return g_strdup_printf(_("%d s"), (int)s);
}
