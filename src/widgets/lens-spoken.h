/* Names for a screen reader where GTK 4.8 has none or says them wrongly: of a button with an icon it says
 * "GtkImage", of one with a mnemonic "_Ask Ask", and the buttons inside of menu buttons and drop-downs,
 * which have the focus, are called "GtkToggleButton". */
#pragma once

#include <gtk/gtk.h>

/* Names the controls below and with `root`, now and whenever their texts change. Rows of lists are not
 * among them. Call once, when everything is in its place. */
void lens_spoken_name_controls(GtkWidget *root);
