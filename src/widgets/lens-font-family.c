#include "lens-font-family.h"

/* A letter that tells whether a font serves the language: of Pango's sample the first beyond ASCII. */
static gunichar
letter_of(PangoLanguage *language)
{
  for (const char *at = pango_language_get_sample_string(language); *at;
       at = g_utf8_next_char(at)) {
    gunichar letter = g_utf8_get_char(at);

    if (letter > 0x7f && g_unichar_isalpha(letter))
      return letter;
  }
  return 'a';
}

/* What Pango takes for the letter, for text in `wanted`. */
static PangoFont *
font_with(PangoContext *pango, const PangoFontDescription *wanted, PangoLanguage *language,
          gunichar letter)
{
  PangoFontset *fonts = pango_context_load_fontset(pango, wanted, language);
  PangoFont *font = fonts ? pango_fontset_get_font(fonts, letter) : NULL;

  g_clear_object(&fonts);
  return font;
}

char *
lens_font_family(PangoContext *pango, PangoLanguage *language)
{
  const PangoFontDescription *wanted = pango_context_get_font_description(pango);
  const char *family = wanted ? pango_font_description_get_family(wanted) : NULL;
  gunichar letter = letter_of(language);
  g_autoptr(PangoFont) first = family ? pango_context_load_font(pango, wanted) : NULL;
  g_autoptr(PangoFont) other = NULL;

  if (first && !pango_font_has_char(first, letter))
    other = font_with(pango, wanted, language, letter);
  if (other && pango_font_has_char(other, letter)) {
    PangoFontDescription *found = pango_font_describe(other);
    char *name = g_strdup(pango_font_description_get_family(found));

    pango_font_description_free(found);
    return name;
  }
  return g_strdup(family);
}
