#include "lens-data-csv.h"

#include <string.h>

/* What the first line has most of, outside of quotes. */
static char separator_of(const char *text)
{
  static const char candidates[] = {',', ';', '\t'};
  guint counts[G_N_ELEMENTS(candidates)] = {0}, best = 0;
  gboolean quoted = FALSE;
  for (const char *p = text; *p && (quoted || (*p != '\n' && *p != '\r')); p++) {
    quoted ^= *p == '"';
    for (guint i = 0; i < G_N_ELEMENTS(candidates); i++)
      counts[i] += !quoted && *p == candidates[i];
  }
  for (guint i = 1; i < G_N_ELEMENTS(candidates); i++)
    if (counts[i] > counts[best])
      best = i;
  return candidates[best];
}

void lens_data_csv_begin(LensDataCsv *self, const char *text)
{
  *self = (LensDataCsv){.at = g_str_has_prefix(text, "\xef\xbb\xbf") ? text + 3 : text, .line = 1};
  self->separator = separator_of(self->at);
}

static void skip_line_end(LensDataCsv *self)
{
  if (!*self->at)
    return;
  self->line++;
  self->at += self->at[0] == '\r' && self->at[1] == '\n' ? 2 : 1;
}

static gboolean at_end(const LensDataCsv *self)
{
  return !*self->at || *self->at == '\n' || *self->at == '\r' || *self->at == self->separator;
}

/* Quotes begin a field only; later ones are letters. */
static char *next_field(LensDataCsv *self)
{
  GString *out = g_string_new(NULL);
  gboolean quoted = *self->at == '"';
  self->at += quoted;
  while (quoted ? *self->at != 0 : !at_end(self)) {
    if (quoted && self->at[0] == '"' && self->at[1] != '"') {
      quoted = FALSE;
      self->at++;
      continue;
    }
    self->at += quoted && *self->at == '"'; /* the first of two */
    self->line += *self->at == '\n';
    g_string_append_c(out, *self->at++);
  }
  self->unclosed |= quoted;
  return g_strstrip(g_string_free(out, FALSE));
}

GPtrArray *lens_data_csv_next(LensDataCsv *self)
{
  GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
  self->begin = self->line;
  self->unclosed = FALSE;
  for (gboolean more = TRUE; more;) {
    g_ptr_array_add(fields, next_field(self));
    more = *self->at == self->separator;
    self->at += more;
  }
  skip_line_end(self);
  return fields;
}
