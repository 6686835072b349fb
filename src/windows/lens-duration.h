/* Durations for people. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "2 h 05 min", "3 min 20 s", "15 s"; owned. */
char *lens_format_duration(double seconds);

G_END_DECLS
