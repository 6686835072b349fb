/* Text of a list's cell: an inscription is laid out only where it is drawn. */
#pragma once

#include <gtk/gtk.h>

/* `xalign`: 0 where the window's language begins to read, 1 at the other end. */
void lens_inscription_show(GtkInscription *cell, const char *text, float xalign);
