/* A small entry over a word of the question, to ask with another one in its place. */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define LENS_TYPE_WORD_EDITOR (lens_word_editor_get_type())
G_DECLARE_FINAL_TYPE(LensWordEditor, lens_word_editor, LENS, WORD_EDITOR, GtkPopover)

/* Signal "edited" (int word, const char *text): Return was pressed on something else. The parent
 * presents it in its size_allocate (gtk_popover_present). */
LensWordEditor *lens_word_editor_new(void);
/* Shows the entry at `area` of the parent. */
void lens_word_editor_edit(LensWordEditor *self, int word, const char *text,
                           const GdkRectangle *area);
GtkEntry *lens_word_editor_get_entry(LensWordEditor *self); /* tests */

G_END_DECLS
