/* The questions under the library's images: a list for each image that was opened, read from the
 * store when it is first looked into, and again when it changed. */
#pragma once

#include "lens-question.h"
#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_LIBRARY_QUESTIONS (lens_library_questions_get_type())
G_DECLARE_FINAL_TYPE(LensLibraryQuestions, lens_library_questions, LENS, LIBRARY_QUESTIONS, GObject)

/* Signals: "listed" after a list was read; "failed" (const char *) when one could not be. */
LensLibraryQuestions *lens_library_questions_new(LensWorkbench *workbench);
/* Of LensQuestion; owned. */
GListModel *lens_library_questions_get(LensLibraryQuestions *self, gint64 image_id);
/* Reads the list of an image again, if it was looked into. */
void lens_library_questions_read(LensLibraryQuestions *self, gint64 image_id);
void lens_library_questions_read_all(LensLibraryQuestions *self);
/* Takes a question from its list; how many are left, -1 when the list was not looked into. */
int lens_library_questions_remove(LensLibraryQuestions *self, LensQuestion *question);

G_END_DECLS
