/* Millions of examples in little memory: texts in one block, numbers in arrays. Private to
 * lx-dataset*.c. */
#pragma once

#include <jansson.h>

#include "lx-csv.h"
#include "lx-dataset.h"

/* Offsets into `texts`; 0 is "". */
typedef struct {
  uint32_t sentence, image[2], id, identifier;
  uint32_t targets; /* index of the first */
  uint16_t n_targets;
  uint8_t answer_type, question_type; /* numbers of interned words */
  int8_t label;
  bool labelled, binary;
} LxStoredExample;

struct LxDataset {
  LxDataKind kind;
  LxStoredExample *items;
  int64_t count, capacity;
  char *texts;
  size_t texts_size, texts_capacity;
  LxTarget *targets;
  size_t n_targets, targets_capacity;
  char *words[256]; /* answer and question types: a handful; [0] is "" */
  uint32_t n_words;
  LxDataCounts counts;
};

/* Copies a text (NULL is ""); its offset into *out. */
LxStatus lx_dataset_put_text(LxDataset *self, const char *text, uint32_t *out, LxError *error);
/* The same for the name of an image; questions about one follow each other and share it. */
LxStatus lx_dataset_put_image(LxDataset *self, int which, const char *name, uint32_t *out,
                              LxError *error);
/* Interns a word; beyond 255 different ones it becomes "". */
LxStatus lx_dataset_put_word(LxDataset *self, const char *word, uint8_t *out, LxError *error);
LxStatus lx_dataset_put_target(LxDataset *self, LxTarget target, LxError *error);
LxStatus lx_dataset_put(LxDataset *self, const LxStoredExample *item, LxError *error);

typedef struct {
  LxDataset *dataset;
  const LxAnswers *answers;
  const LxFeatures *features;
} LxDataReader;

/* One entry of a file of the dataset's kind. */
LxStatus lx_dataset_read_entry(const json_t *entry, void *reader, LxError *error);
/* One question of a CSV. */
LxStatus lx_dataset_read_csv(const LxCsvQuestion *question, void *reader, LxError *error);
