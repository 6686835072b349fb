#include "lx-dataset-store.h"

#include <stdlib.h>
#include <string.h>

/* Room for `more` elements; doubles. */
static LxStatus reserve(void **array, size_t element, size_t count, size_t more, size_t *capacity,
                        LxError *error)
{
  if (count + more <= *capacity)
    return LX_OK;
  size_t n = *capacity ? *capacity * 2 : 1024;
  while (n < count + more)
    n *= 2;
  void *grown = realloc(*array, n * element);
  if (!grown)
    return lx_fail(error, LX_ERR_MEMORY, "not enough memory for the questions.");
  *array = grown;
  *capacity = n;
  return LX_OK;
}

LxStatus lx_dataset_put_text(LxDataset *self, const char *text, uint32_t *out, LxError *error)
{
  size_t n = text ? strlen(text) + 1 : 1;
  *out = 0;
  if (n == 1 && self->texts_size)
    return LX_OK;
  if (self->texts_size + n + 1 > UINT32_MAX)
    return lx_fail(error, LX_ERR_UNSUPPORTED, "there are more than 4 GB of sentences and names.");
  void *texts = self->texts;
  LxStatus status = reserve(&texts, 1, self->texts_size, n + 1, &self->texts_capacity, error);
  self->texts = texts;
  if (status)
    return status;
  if (self->texts_size == 0)
    self->texts[self->texts_size++] = '\0'; /* offset 0 is "" */
  if (n == 1)
    return LX_OK;
  memcpy(self->texts + self->texts_size, text, n);
  *out = (uint32_t)self->texts_size;
  self->texts_size += n;
  return LX_OK;
}

LxStatus lx_dataset_put_image(LxDataset *self, int which, const char *name, uint32_t *out,
                              LxError *error)
{
  const uint32_t last = self->count ? self->items[self->count - 1].image[which] : 0;
  if (last && strcmp(self->texts + last, name) == 0) {
    *out = last;
    return LX_OK;
  }
  return lx_dataset_put_text(self, name, out, error);
}

LxStatus lx_dataset_put_word(LxDataset *self, const char *word, uint8_t *out, LxError *error)
{
  *out = 0;
  if (!word || !*word)
    return LX_OK;
  for (uint32_t i = 1; i < self->n_words; i++)
    if (strcmp(self->words[i], word) == 0) {
      *out = (uint8_t)i;
      return LX_OK;
    }
  if (self->n_words == 0)
    self->n_words = 1;
  if (self->n_words == sizeof self->words / sizeof *self->words)
    return LX_OK;
  char *copy = strdup(word);
  if (!copy)
    return lx_fail(error, LX_ERR_MEMORY, "not enough memory for the questions.");
  self->words[self->n_words] = copy;
  *out = (uint8_t)self->n_words++;
  return LX_OK;
}

LxStatus lx_dataset_put_target(LxDataset *self, LxTarget target, LxError *error)
{
  if (self->n_targets == UINT32_MAX)
    return lx_fail(error, LX_ERR_UNSUPPORTED, "there are too many answers.");
  void *targets = self->targets;
  LxStatus status =
      reserve(&targets, sizeof target, self->n_targets, 1, &self->targets_capacity, error);
  self->targets = targets;
  if (!status)
    self->targets[self->n_targets++] = target;
  return status;
}

LxStatus lx_dataset_put(LxDataset *self, const LxStoredExample *item, LxError *error)
{
  void *items = self->items;
  size_t capacity = (size_t)self->capacity;
  LxStatus status = reserve(&items, sizeof *item, (size_t)self->count, 1, &capacity, error);
  self->items = items;
  self->capacity = (int64_t)capacity;
  if (!status)
    self->items[self->count++] = *item;
  return status;
}
