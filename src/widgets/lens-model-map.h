/* The map of the model, which is its navigator: a column of language layers, one of vision layers,
 * and four of the cross-modality layers (one each for their four maps). A line is a layer, a cell
 * is a head, coloured by a statistic.
 *
 * Up and Down change the layer, Left and Right the head, 1 to 6 the column, Space the head's
 * gate. */
#pragma once

#include "lens-canvas.h"
#include "lens-effects.h"
#include "lens-run.h"
#include "lens-selection.h"

G_BEGIN_DECLS

#define LENS_TYPE_MODEL_MAP (lens_model_map_get_type())
G_DECLARE_FINAL_TYPE(LensModelMap, lens_model_map, LENS, MODEL_MAP, LensCanvas)

/* Signals "toggle-gate" (const char *map, int head): Space; "menu" (double x, double y): a secondary
 * click, which picks the head first. */
GtkWidget *lens_model_map_new(void);

void lens_model_map_set_run(LensModelMap *self, LensRun *run);
/* What is drawn, without values, while there is no run: the model's layers and heads. */
void lens_model_map_set_model(LensModelMap *self, LensModel *model);
void lens_model_map_set_selection(LensModelMap *self, LensSelection *selection);
void lens_model_map_set_edits(LensModelMap *self, const LensEdits *edits);

/* Property "stat" (notified). */
/* What the colours mean, as it stands below them while no head is pointed at; free with g_free. */
char *lens_model_map_describe(LensModelMap *self);
LensStat lens_model_map_get_stat(LensModelMap *self);
void lens_model_map_set_stat(LensModelMap *self, LensStat stat);

/* How much the answer changes without a head, for LENS_STAT_EFFECT; NULL: not tried. To be called again
 * when more of them are known. */
void lens_model_map_set_effects(LensModelMap *self, LensEffects *effects);

/* The keys, for whoever has the focus: moves the selection; FALSE when there is nothing that way. */
gboolean lens_model_map_step(LensModelMap *self, GtkDirectionType direction);
gboolean lens_model_map_pick_column(LensModelMap *self, guint column);

/* The node of a head, -1 for none (tests). */
int lens_model_map_find_node(LensModelMap *self, const char *map, int head);

G_END_DECLS
