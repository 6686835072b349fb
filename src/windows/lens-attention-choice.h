/* Small choices beside the views: the statistic of the map, the heads side by side, the answer that is
 * explained, the half of a pair, the stage of the hidden states. */
#pragma once

#include "lens-explorer.h"
#include "lens-heads-view.h"
#include "lens-model-map.h"
#include "lens-numbers-view.h"
#include "lens-states-view.h"

G_BEGIN_DECLS

/* The statistics: what colours the map and comes first among the numbers, which live as long. */
void lens_attention_choose_stat(GtkDropDown *drop, LensModelMap *map, LensNumbersView *numbers);
void lens_attention_choose_numbers(GtkDropDown *drop, LensNumbersView *view);
/* This map, this layer, all layers, the whole model: of both views. */
void lens_attention_choose_scope(GtkDropDown *drop, LensHeadsView *view, LensHeadsView *left);
/* The drop-down follows the run's answers and sets the selection's answer; its first entry is the
 * best one. */
void lens_attention_choose_answer(GtkDropDown *drop, LensExplorer *explorer);
/* Shown while the run is about two images: the first, the second, or both. */
void lens_attention_choose_half(GtkDropDown *drop, LensExplorer *explorer);
/* A slider with the stage's name, and whether all ways are drawn. */
GtkWidget *lens_attention_stage_bar_new(LensStatesView *view, LensStatesView *left);

G_END_DECLS
