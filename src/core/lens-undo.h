/* Undo and redo of edits: whole states, which are small, so that any sequence undone gives the
 * first one back exactly. */
#pragma once

#include "lens-edits.h"

G_BEGIN_DECLS

typedef struct _LensUndo LensUndo;

LensUndo *lens_undo_new(void);
void lens_undo_free(LensUndo *self);

/* Before a change: remembers `current` and drops what could be redone. */
void lens_undo_push(LensUndo *self, const LensEdits *current);
/* The state before (after) `current`, owned by the caller; NULL when there is none. */
LensEdits *lens_undo_back(LensUndo *self, const LensEdits *current);
LensEdits *lens_undo_forward(LensUndo *self, const LensEdits *current);
gboolean lens_undo_can_go_back(LensUndo *self);
gboolean lens_undo_can_go_forward(LensUndo *self);
void lens_undo_clear(LensUndo *self);

G_END_DECLS
