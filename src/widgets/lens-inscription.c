#include "lens-inscription.h"

/* By its first letter. */
static GtkTextDirection
direction_of(const char *text)
{
  for (; *text; text = g_utf8_next_char(text)) {
    gunichar letter = g_utf8_get_char(text);
    GUnicodeScript script = g_unichar_get_script(letter);

    if (g_unichar_isalpha(letter))
      return script == G_UNICODE_SCRIPT_HEBREW || script == G_UNICODE_SCRIPT_ARABIC
                 ? GTK_TEXT_DIR_RTL
                 : GTK_TEXT_DIR_LTR;
  }
  return GTK_TEXT_DIR_NONE;
}

/* Pango turns the alignment of a text about that runs against the window's direction: English in a
 * window read from the right would stand at the left, away from its column's title. */
void
lens_inscription_show(GtkInscription *cell, const char *text, float xalign)
{
  GtkTextDirection own = direction_of(text);
  gboolean against = own && own != gtk_widget_get_direction(GTK_WIDGET(cell));

  gtk_inscription_set_text(cell, text);
  gtk_inscription_set_xalign(cell, against ? 1 - xalign : xalign);
}
