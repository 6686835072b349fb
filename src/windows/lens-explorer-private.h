/* What lens-explorer.c (opening, asking) and lens-explorer-edits.c (changes, undo) share. */
#pragma once

#include "lens-explorer.h"
#include "lens-undo.h"

/* What one run's answer rests on, while it is worked out. */
typedef struct {
  GCancellable *cancellable; /* NULL: nothing is under way */
  const LensRun *run;        /* the half that is explained; only compared */
  int answer;
  LensExplain method;
} LensExplaining;

/* The run that is looked at, the one that is held, and of a pair the other half. */
enum { LENS_EXPLAIN_SHOWN, LENS_EXPLAIN_HELD, LENS_EXPLAIN_OTHER_HALF, LENS_N_EXPLAINED };

struct _LensExplorer {
  GObject parent_instance;

  LensWorkbench *workbench;
  LensSelection *selection;
  LensScene *scene;
  LensModel *model;
  LensRun *run;
  LensRun *pinned_run;
  LensScene *partner;  /* the second image of a statement about two */
  int half;            /* of a pair: the image whose maps are looked at */
  gboolean both;       /* of a pair: those of either are */
  LensRun *first_half; /* both: the first one for the selection; NULL: to be made */
  char *question;
  LensEdits *edits;
  LensUndo *undo;

  guint n_found[2];   /* boxes of either image as it was opened */
  int to_pin;         /* a box just added, until it is there; -1: none */
  int to_pin_image;   /* which image's */
  gboolean moving;    /* a box is being dragged: one step for undo */
  gboolean ask_again; /* the edits changed while the last ones were asked with */

  GCancellable *opening, *asking, *opening_partner;
  GCancellable *holding; /* the saved A is on its way */
  LensExplaining explaining[LENS_N_EXPLAINED];
  char *status;
  LensSavedView *restoring; /* until its run is there */
};

/* Opens the image, of two with this name the one with that hash (NULL: any), and asks with the
 * edits (NULL: those in effect). */
void lens_explorer_open_with(LensExplorer *self, const char *path, const char *sha256,
                             const char *question, const LensEdits *edits);
/* The run of a saved session is there: pins what was pinned. */
void lens_explorer_finish_restoring(LensExplorer *self);
/* The saved model, or one with the same weights; NULL with "failed": neither is here. */
LensModel *lens_explorer_find_saved_model(LensExplorer *self, const LensSavedView *saved);
/* Asks what was held as A again, and holds it. */
void lens_explorer_hold_saved(LensExplorer *self, const LensSavedView *saved);
void lens_explorer_stop_holding(LensExplorer *self);
void lens_explorer_tell(LensExplorer *self, const char *message);

/* Asks the current question again; where there is none, or nothing to ask it of, only the boxes are
 * put where they belong. */
void lens_explorer_ask_now(LensExplorer *self);
/* What is asked is given up, and what was answered is shown no more. */
void lens_explorer_forget_answer(LensExplorer *self);
/* The shown regions say which of them are removed. */
void lens_explorer_mirror_removed(LensExplorer *self);
/* There is another second image: what was changed in the one before is of no use, nor are its steps. */
void lens_explorer_forget_second_boxes(LensExplorer *self);
/* Another wording, NULL for the question's own: masks belong to the words they were put on. */
void lens_explorer_unword(LensEdits *edits, const char *wording);
/* Other edits, as they are: no undo, nothing asked. Takes `edits`. */
void lens_explorer_put_edits(LensExplorer *self, LensEdits *edits);
/* The second image, of two with this name the one with that hash (NULL: any). */
void lens_explorer_open_known_partner(LensExplorer *self, const char *path, const char *sha256);
/* The second image to ask with: NULL for a model of one image. */
LensScene *lens_explorer_pair_scene(LensExplorer *self);
/* Tells what went wrong, but for what was given up. */
void lens_explorer_fail(LensExplorer *self, GError *error);
void lens_explorer_notify_pair(LensExplorer *self);
/* Works out the relevancy that is read, when the current run, or the one that is held, has another
 * one or none. */
void lens_explorer_explain(LensExplorer *self);
void lens_explorer_stop_explaining(LensExplorer *self);
/* Notifies "can-undo" and "can-redo". */
void lens_explorer_notify_undo(LensExplorer *self);
