/* A label whose text may be cut short: then, and only then, its tooltip has the whole. */
#pragma once

#include <gtk/gtk.h>

void lens_cut_label_set_text(GtkLabel *label, const char *text);
