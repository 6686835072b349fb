/* What lens-explorer.c (opening, asking) and lens-explorer-edits.c (changes, undo) share. */
#pragma once

#include "lens-explorer.h"
#include "lens-undo.h"

struct _LensExplorer {
  GObject parent_instance;

  LensWorkbench *workbench;
  LensSelection *selection;
  LensScene *scene;
  LensModel *model;
  LensRun *run;
  LensRun *pinned_run;
  char *question;
  LensEdits *edits;
  LensUndo *undo;

  guint n_found;      /* boxes of the image as it was opened */
  int to_pin;         /* a box just added, until it is there; -1: none */
  gboolean moving;    /* a box is being dragged: one step for undo */
  gboolean ask_again; /* the edits changed while the last ones were asked with */

  GCancellable *opening, *asking, *explaining;
  char *status;
};

/* Asks the current question again, when there is one. */
void lens_explorer_ask_now(LensExplorer *self);
/* The shown regions say which of them are removed. */
void lens_explorer_mirror_removed(LensExplorer *self);
/* Another wording, NULL for the question's own: masks belong to the words they were put on. */
void lens_explorer_unword(LensEdits *edits, const char *wording);
/* Other edits, as they are: no undo, nothing asked. Takes `edits`. */
void lens_explorer_put_edits(LensExplorer *self, LensEdits *edits);
/* Notifies "can-undo" and "can-redo". */
void lens_explorer_notify_undo(LensExplorer *self);
