/* The one font that a drawing by Cairo is written in: Cairo's own text, unlike Pango's, does not turn to
 * another font for signs that the first lacks. */
#pragma once

#include <gtk/gtk.h>

/* The family of the context's font or, where that font lacks the letters of `language`, of the font that
 * Pango takes for them. Free with g_free; NULL when the context names no family. */
char *lens_font_family(PangoContext *pango, PangoLanguage *language);
