/* The question as the model reads it: its WordPiece tokens as chips, tinted by the attention that
 * the hovered word or box gives them. */
#pragma once

#include <gtk/gtk.h>

#include "lens-edits.h"
#include "lens-selection.h"
#include "lens-word-editor.h"

G_BEGIN_DECLS

#define LENS_TYPE_TOKEN_STRIP (lens_token_strip_get_type())
G_DECLARE_FINAL_TYPE(LensTokenStrip, lens_token_strip, LENS, TOKEN_STRIP, GtkWidget)

/* Signal "mask-word" (int word): Delete, or a secondary click, on a chip.
 * Signal "edit-word" (int word, const char *text): another word in its place. */
GtkWidget *lens_token_strip_new(void);

void lens_token_strip_set_tokens(LensTokenStrip *self, const char *const *tokens);
void lens_token_strip_set_selection(LensTokenStrip *self, LensSelection *selection);
/* Masked words are shown struck out. */
void lens_token_strip_set_edits(LensTokenStrip *self, const LensEdits *edits);
/* One weight 0..1 a token; NULL for none. */
void lens_token_strip_set_weights(LensTokenStrip *self, const float *weights);

/* The question that the tokens are of, so that its words can be edited; NULL for none. */
void lens_token_strip_set_question(LensTokenStrip *self, const char *question);
/* Opens the entry over the token's word (a double click, F2); FALSE where there is none. */
gboolean lens_token_strip_edit(LensTokenStrip *self, int index);
LensWordEditor *lens_token_strip_get_editor(LensTokenStrip *self); /* borrowed (tests) */

guint lens_token_strip_get_n_tokens(LensTokenStrip *self);
/* The chip, borrowed (tests). */
GtkWidget *lens_token_strip_get_chip(LensTokenStrip *self, guint index);

G_END_DECLS
