#include "lens-question.h"

struct _LensQuestion {
  GObject parent_instance;

  gint64 id, image_id;
  char *text, *answer, *model_id;
  char *second_path, *second_name; /* NULL: about one image */
  double probability;
};

G_DEFINE_FINAL_TYPE(LensQuestion, lens_question, G_TYPE_OBJECT)

LensQuestion *
lens_question_new(gint64 id, gint64 image_id, const char *text, const char *answer,
                  double probability, const char *model_id)
{
  LensQuestion *self = g_object_new(LENS_TYPE_QUESTION, NULL);

  self->id = id;
  self->image_id = image_id;
  self->text = g_strdup(text ? text : "");
  self->answer = g_strdup(answer ? answer : "");
  self->model_id = g_strdup(model_id);
  self->probability = probability;
  return self;
}

gint64
lens_question_get_id(LensQuestion *self)
{
  return self->id;
}

gint64
lens_question_get_image_id(LensQuestion *self)
{
  return self->image_id;
}

const char *
lens_question_get_text(LensQuestion *self)
{
  return self->text;
}

const char *
lens_question_get_answer(LensQuestion *self)
{
  return self->answer;
}

double
lens_question_get_probability(LensQuestion *self)
{
  return self->probability;
}

const char *
lens_question_get_model_id(LensQuestion *self)
{
  return self->model_id;
}

const char *
lens_question_get_second_path(LensQuestion *self)
{
  return self->second_path;
}

const char *
lens_question_get_second_name(LensQuestion *self)
{
  return self->second_name;
}

void
lens_question_set_second(LensQuestion *self, const char *path, const char *name)
{
  g_free(self->second_path);
  g_free(self->second_name);
  self->second_path = g_strdup(path);
  self->second_name = g_strdup(name);
}

static void
lens_question_finalize(GObject *object)
{
  LensQuestion *self = LENS_QUESTION(object);

  g_free(self->text);
  g_free(self->answer);
  g_free(self->model_id);
  g_free(self->second_path);
  g_free(self->second_name);
  G_OBJECT_CLASS(lens_question_parent_class)->finalize(object);
}

static void
lens_question_class_init(LensQuestionClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_question_finalize;
}

static void
lens_question_init(LensQuestion *self)
{
}
