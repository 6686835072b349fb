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

  GCancellable *opening, *asking, *explaining;
  char *status;
};

/* Asks the current question again, when there is one. */
void lens_explorer_ask_now(LensExplorer *self);
/* Other edits, as they are: no undo, nothing asked. Takes `edits`. */
void lens_explorer_put_edits(LensExplorer *self, LensEdits *edits);
/* Notifies "can-undo" and "can-redo". */
void lens_explorer_notify_undo(LensExplorer *self);
