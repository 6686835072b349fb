/* The state behind the Explore page: which image, which question, which model, what was changed in
 * it, and what came back. Panes only show it and ask it to change; every asynchronous call to the
 * workbench is made here. */
#pragma once

#include "lens-saved-view.h"
#include "lens-selection.h"
#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_EXPLORER (lens_explorer_get_type())
G_DECLARE_FINAL_TYPE(LensExplorer, lens_explorer, LENS, EXPLORER, GObject)

/* Properties: "busy", "status" (what is under way, for a person), "model", "can-undo", "can-redo".
 * Signals: "scene-changed", "run-changed", "edits-changed", "asked" (somebody asked a question, which
 * may be the same again; edits ask by themselves), "failed" and "told" (const char *message).
 * `workbench` may be NULL: then only lens_explorer_show_run gives it something to show. */
LensExplorer *lens_explorer_new(LensWorkbench *workbench);

LensWorkbench *lens_explorer_get_workbench(LensExplorer *self);
LensSelection *lens_explorer_get_selection(LensExplorer *self);
LensScene *lens_explorer_get_scene(LensExplorer *self);
LensRun *lens_explorer_get_run(LensExplorer *self);
const char *lens_explorer_get_question(LensExplorer *self); /* the last one asked, or NULL */
gboolean lens_explorer_get_busy(LensExplorer *self);
const char *lens_explorer_get_status(LensExplorer *self);

LensModel *lens_explorer_get_model(LensExplorer *self);
/* Asks the current question again when there is one. */
void lens_explorer_set_model(LensExplorer *self, LensModel *model);

/* Opens an image, then asks `question` of it when that is not NULL. A newer call supersedes. */
void lens_explorer_open(LensExplorer *self, const char *path, const char *question);
void lens_explorer_ask(LensExplorer *self, const char *question);
/* What is looked at, to be opened again; `view` is the caller's. There must be a run. */
LensSavedView *lens_explorer_save(LensExplorer *self, const char *view);
/* Opens what was saved: image, question, model, changes and selection; the view is the caller's.
 * Signal "told" when the model is here with other weights. */
void lens_explorer_restore(LensExplorer *self, const LensSavedView *saved);
/* Shows an image that is open already, and asks `question` of it when that is not NULL. */
void lens_explorer_show_scene(LensExplorer *self, LensScene *scene, const char *question);
/* Shows a run that is there already. */
void lens_explorer_show_run(LensExplorer *self, LensRun *run);
/* Gives up what is under way. */
void lens_explorer_cancel(LensExplorer *self);

/* ---- edits: each is undoable, and the question is asked again with them ---- */
const LensEdits *lens_explorer_get_edits(LensExplorer *self);
void lens_explorer_set_gate(LensExplorer *self, const char *map, int head, LensGate gate);
/* head < 0: the whole map. */
void lens_explorer_toggle_gate(LensExplorer *self, const char *map, int head, LensGate gate);
/* Every map of the layer that `map` belongs to. */
void lens_explorer_toggle_layer(LensExplorer *self, const char *map, LensGate gate);
/* Of image 0, or of a pair's 1; so in the next one. */
void lens_explorer_toggle_box(LensExplorer *self, int image, int box);
/* Moves the box, or adds one (box < 0), in shares of the image; returns its index, -1 when there is
 * no such image. `live`: more of the same movement follows, all of which is one step for undo. An
 * added box is pinned once it is there. */
int lens_explorer_place_box(LensExplorer *self, int image, int box, const float rect[4],
                            gboolean live);
/* More of a movement follows: what is shown should not move under it. "edits-changed" comes when it ends. */
gboolean lens_explorer_is_placing(LensExplorer *self);
/* Asks with another word (empty: without it) where the token is; one step for undo. */
void lens_explorer_reword(LensExplorer *self, int word, const char *text);
void lens_explorer_toggle_word(LensExplorer *self, int word);
void lens_explorer_reset_edits(LensExplorer *self);
gboolean lens_explorer_undo(LensExplorer *self);
gboolean lens_explorer_redo(LensExplorer *self);

/* ---- statements about two images: signal "partner-changed", property "half" ---- */
/* The model is one for pairs. */
gboolean lens_explorer_takes_pair(LensExplorer *self);
/* ... and there is no second image yet. */
gboolean lens_explorer_wants_partner(LensExplorer *self);
LensScene *lens_explorer_get_partner(LensExplorer *self);
void lens_explorer_set_partner(LensExplorer *self, LensScene *scene);
void lens_explorer_open_partner(LensExplorer *self, const char *path);
/* Opens both, then asks `statement` of them when that is not NULL; nothing is asked about another
 * pair meanwhile. `model` NULL: the present one. */
void lens_explorer_open_pair(LensExplorer *self, const char *first, const char *second,
                             LensModel *model, const char *statement);
/* Which image's maps and boxes are looked at: 0, or 1 when the run is about two. */
int lens_explorer_get_half(LensExplorer *self);
void lens_explorer_set_half(LensExplorer *self, int half);
/* Both at once: the selection then counts the second image's boxes and after them the first one's, and
 * "half" is 1. Looking at one half ends it. */
gboolean lens_explorer_get_both(LensExplorer *self);
void lens_explorer_set_both(LensExplorer *self, gboolean both);
/* What the selection calls the first box of image 0 or 1; -1 while that image's boxes are not in it. */
int lens_explorer_get_first_box(LensExplorer *self, int image);
/* The run, of a pair the half that is looked at; borrowed, NULL without a run. */
LensRun *lens_explorer_get_shown_run(LensExplorer *self);
/* The run about image 0 or 1 as the selection counts its boxes; borrowed, NULL where it does not. */
LensRun *lens_explorer_get_image_run(LensExplorer *self, int image);

/* ---- comparison: a run held as A beside the current one, B ---- */
LensRun *lens_explorer_get_pinned_run(LensExplorer *self);
/* Holds the current run as A; NULL run lets go. Signal "pinned-run-changed". */
void lens_explorer_pin_run(LensExplorer *self, LensRun *run);

G_END_DECLS
