/* Drop-downs in rows that must stay narrow: what is selected is shortened, the list shows it whole. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `property` is a text of items of `type`; the selected one takes at most `chars` letters. */
void lens_short_drop_set_up(GtkDropDown *drop, GType type, const char *property, int chars);

G_END_DECLS
