/* Asking what a row of the library was asked before. */
#pragma once

#include "lens-explorer.h"
#include "lens-question.h"

G_BEGIN_DECLS

/* Opens the image, and a statement's second one, and asks again with the model that answered, which
 * is told ("told") where it is another than the present one. */
void lens_library_open_question(LensExplorer *explorer, const char *path, LensQuestion *question);

G_END_DECLS
