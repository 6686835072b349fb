#include "lens-relevancy.h"

#include <string.h>

G_DEFINE_BOXED_TYPE(LensRelevancy, lens_relevancy, lens_relevancy_copy, lens_relevancy_free)

LensRelevancy *
lens_relevancy_new(int answer, int words, int boxes)
{
  LensRelevancy *self = g_new0(LensRelevancy, 1);

  self->answer = answer;
  self->words = words;
  self->boxes = boxes;
  self->word_word = g_new0(float, (gsize)words *words);
  self->word_box = g_new0(float, (gsize)words *boxes);
  return self;
}

LensRelevancy *
lens_relevancy_copy(const LensRelevancy *self)
{
  LensRelevancy *copy;

  if (!self)
    return NULL;
  copy = lens_relevancy_new(self->answer, self->words, self->boxes);
  copy->method = self->method;
  copy->asked = self->asked;
  memcpy(copy->word_word, self->word_word, sizeof(float) * self->words * self->words);
  memcpy(copy->word_box, self->word_box, sizeof(float) * self->words * self->boxes);
  copy->gradients = self->gradients ? g_ptr_array_ref(self->gradients) : NULL;
  return copy;
}

LensMap *
lens_relevancy_find_gradient(const LensRelevancy *self, const char *map)
{
  for (guint i = 0; self && self->gradients && i < self->gradients->len; i++) {
    LensMap *gradient = g_ptr_array_index(self->gradients, i);

    if (g_strcmp0(lens_map_get_name(gradient), map) == 0)
      return gradient;
  }
  return NULL;
}

void
lens_relevancy_free(LensRelevancy *self)
{
  if (!self)
    return;
  g_free(self->word_word);
  g_free(self->word_box);
  g_clear_pointer(&self->gradients, g_ptr_array_unref);
  g_free(self);
}
