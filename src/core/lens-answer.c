#include "lens-answer.h"

struct _LensAnswer {
  GObject parent_instance;

  int index;
  char *text;
  double probability;
};

G_DEFINE_FINAL_TYPE(LensAnswer, lens_answer, G_TYPE_OBJECT)

LensAnswer *
lens_answer_new(int index, const char *text, double probability)
{
  LensAnswer *self = g_object_new(LENS_TYPE_ANSWER, NULL);

  self->index = index;
  self->text = g_strdup(text ? text : "");
  self->probability = probability;
  return self;
}

int
lens_answer_get_index(LensAnswer *self)
{
  return self->index;
}

const char *
lens_answer_get_text(LensAnswer *self)
{
  return self->text;
}

double
lens_answer_get_probability(LensAnswer *self)
{
  return self->probability;
}

static void
lens_answer_finalize(GObject *object)
{
  g_free(LENS_ANSWER(object)->text);
  G_OBJECT_CLASS(lens_answer_parent_class)->finalize(object);
}

static void
lens_answer_class_init(LensAnswerClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_answer_finalize;
}

static void
lens_answer_init(LensAnswer *self)
{
}
