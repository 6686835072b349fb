#include "lens-settings.h"

#include "config.h"

GSettings *
lens_settings_get(void)
{
  static GSettings *settings;
  static gsize once;

  if (g_once_init_enter(&once)) {
    GSettingsSchemaSource *source = g_settings_schema_source_get_default();
    g_autoptr(GSettingsSchema) schema
        = source ? g_settings_schema_source_lookup(source, CROSSLENS_APP_ID, TRUE) : NULL;

    if (schema)
      settings = g_settings_new_full(schema, NULL, NULL);
    g_once_init_leave(&once, 1);
  }
  return settings;
}

void
lens_settings_bind(const char *key, gpointer object, const char *property)
{
  if (lens_settings_get())
    g_settings_bind(lens_settings_get(), key, object, property, G_SETTINGS_BIND_DEFAULT);
}

char *
lens_settings_dup_string(const char *key)
{
  return lens_settings_get() ? g_settings_get_string(lens_settings_get(), key) : NULL;
}

void
lens_settings_set_string(const char *key, const char *value)
{
  if (lens_settings_get())
    g_settings_set_string(lens_settings_get(), key, value ? value : "");
}

int
lens_settings_get_int(const char *key, int otherwise)
{
  return lens_settings_get() ? g_settings_get_int(lens_settings_get(), key) : otherwise;
}

void
lens_settings_set_int(const char *key, int value)
{
  if (lens_settings_get())
    g_settings_set_int(lens_settings_get(), key, value);
}
