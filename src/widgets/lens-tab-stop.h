/* Around a list or a table: one stop of the Tab key. By itself GTK's list goes from row to row, and of a
 * hundred thousand images there is no way out. In a table the titles of columns that sort are a stop
 * before the rows: arrows go along them, Space or Enter sorts, and turns the order about. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LENS_TYPE_TAB_STOP (lens_tab_stop_get_type())
G_DECLARE_FINAL_TYPE(LensTabStop, lens_tab_stop, LENS, TAB_STOP, AdwBin)

/* `child` may be NULL; the list or table is anywhere below it. */
GtkWidget *lens_tab_stop_new(GtkWidget *child);

G_END_DECLS
