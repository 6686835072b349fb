/* What the program remembers between starts. Without an installed or built schema it works all the
 * same and forgets. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Borrowed; NULL when the schema is not there. */
GSettings *lens_settings_get(void);

/* g_settings_bind when there are settings. */
void lens_settings_bind(const char *key, gpointer object, const char *property);
/* NULL or "" when nothing is remembered; free with g_free. */
char *lens_settings_dup_string(const char *key);
void lens_settings_set_string(const char *key, const char *value);
int lens_settings_get_int(const char *key, int otherwise);
void lens_settings_set_int(const char *key, int value);

G_END_DECLS
