#include "lens-wording.h"

#include <string.h>

/* BERT's basic tokenizer: every ASCII symbol, Unicode punctuation and CJK ideograph is a word. */
static gboolean
stands_alone(gunichar c)
{
  if (c < 128)
    return g_ascii_ispunct(c);
  return g_unichar_ispunct(c) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF)
         || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x2FA1F);
}

/* The n-th word. */
static gboolean
nth_word(const char *question, int n, gsize *begin, gsize *end)
{
  const char *p = question;

  while (*p) {
    const char *start;

    while (*p && g_unichar_isspace(g_utf8_get_char(p)))
      p = g_utf8_next_char(p);
    if (!*p)
      return FALSE;
    start = p;
    if (stands_alone(g_utf8_get_char(p)))
      p = g_utf8_next_char(p);
    else
      while (*p && !g_unichar_isspace(g_utf8_get_char(p)) && !stands_alone(g_utf8_get_char(p)))
        p = g_utf8_next_char(p);
    if (n-- == 0) {
      *begin = start - question;
      *end = p - question;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean
lens_wording_find(const char *question, const char *const *tokens, int index, gsize *begin,
                  gsize *end)
{
  int word = -1, n = g_strv_length((char **)tokens);

  if (index < 1 || index >= n - 1)
    return FALSE;
  for (int i = 1; i <= index; i++) {
    if (!g_str_has_prefix(tokens[i], "##"))
      word++;
  }
  return nth_word(question, word, begin, end);
}

char *
lens_wording_replace(const char *question, const char *const *tokens, int index, const char *word)
{
  g_autofree char *trimmed = g_strstrip(g_strdup(word)), *joined = NULL;
  GString *clean;
  gsize begin, end;

  if (!lens_wording_find(question, tokens, index, &begin, &end))
    return NULL;
  joined = g_strdup_printf("%.*s%s%s", (int)begin, question, trimmed, question + end);
  clean = g_string_new(NULL);
  for (const char *p = g_strstrip(joined); *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (!g_unichar_isspace(c))
      g_string_append_unichar(clean, c);
    else if (clean->str[clean->len - 1] != ' ')
      g_string_append_c(clean, ' ');
  }
  return g_string_free(clean, clean->len == 0);
}
