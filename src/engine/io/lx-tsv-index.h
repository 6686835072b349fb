/* Where each image's line begins in a feature file, kept beside it as FILE.idx. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "lx-error.h"

typedef struct {
  const char *path;
  int fd;
  uint64_t size; /* both must match for a saved index to be good */
  int64_t mtime_ns;
} LxTsvSource;

typedef struct {
  uint64_t offset; /* of the line in the file */
  uint64_t name;   /* of the image id in `names` */
} LxTsvItem;

typedef struct {
  LxTsvItem *items;
  int64_t count, capacity;
  char *names; /* image ids, NUL after each */
  size_t names_size, names_capacity;
  int64_t *slots; /* open addressing; 0 = free, else line + 1 */
  size_t n_slots;
  int64_t duplicates;
} LxTsvIndex;

/* From FILE.idx, or by scanning (the whole file: saved). *out is owned. */
LxStatus lx_tsv_index_load(const LxTsvSource *source, int64_t limit, LxProgress progress,
                           void *user_data, LxTsvIndex **out, LxError *error);
/* As if the last line were not there; an earlier one of its image is found again. */
LxStatus lx_tsv_index_drop_last(LxTsvIndex *self, const LxTsvSource *source, LxError *error);
int64_t lx_tsv_index_find(const LxTsvIndex *self, const char *image_id); /* -1 when absent */
void lx_tsv_index_free(LxTsvIndex *self);                                /* NULL is fine */
