/* One token as a chip: a word on a rounded plate, tinted by a weight. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LENS_TYPE_CHIP (lens_chip_get_type())
G_DECLARE_FINAL_TYPE(LensChip, lens_chip, LENS, CHIP, GtkWidget)

GtkWidget *lens_chip_new(const char *text);

const char *lens_chip_get_text(LensChip *self);
/* 0..1; below 0 for none. */
void lens_chip_set_weight(LensChip *self, double weight);
double lens_chip_get_weight(LensChip *self);
void lens_chip_set_state(LensChip *self, gboolean active, gboolean pinned, gboolean masked);

G_END_DECLS
