/* A question of the library: what was asked of an image, and what came back. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define LENS_TYPE_QUESTION (lens_question_get_type())
G_DECLARE_FINAL_TYPE(LensQuestion, lens_question, LENS, QUESTION, GObject)

LensQuestion *lens_question_new(gint64 id, gint64 image_id, const char *text, const char *answer,
                                double probability, const char *model_id);

gint64 lens_question_get_id(LensQuestion *self);
gint64 lens_question_get_image_id(LensQuestion *self);
const char *lens_question_get_text(LensQuestion *self);
const char *lens_question_get_answer(LensQuestion *self);
double lens_question_get_probability(LensQuestion *self);
const char *lens_question_get_model_id(LensQuestion *self);

/* The second image of a statement about two: where it is and what it is called; NULL: about one. */
const char *lens_question_get_second_path(LensQuestion *self);
const char *lens_question_get_second_name(LensQuestion *self);
void lens_question_set_second(LensQuestion *self, const char *path, const char *name);

G_END_DECLS
