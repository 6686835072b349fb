/* One answer of the model with its probability. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LENS_TYPE_ANSWER (lens_answer_get_type())
G_DECLARE_FINAL_TYPE(LensAnswer, lens_answer, LENS, ANSWER, GObject)

/* `index` is the row of the answer table. */
LensAnswer *lens_answer_new(int index, const char *text, double probability);

int lens_answer_get_index(LensAnswer *self);
const char *lens_answer_get_text(LensAnswer *self);
double lens_answer_get_probability(LensAnswer *self);

G_END_DECLS
