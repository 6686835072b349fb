/* Object features by image id, from one or several TSV files, through a bounded cache. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "lx-regions.h"

/* The authors' subsets: images taken from each file. */
#define LX_SUBSET_ALL (-1)
#define LX_SUBSET_TINY 512
#define LX_SUBSET_FAST 5000

typedef struct LxFeatures LxFeatures;

/* Indexes `n` files (see lx_tsv_index; `limit` images of each). The cache holds at most
 * `cache_bytes` of features; with room for all of them each line is read once. One thread at a
 * time. *out is owned: lx_features_free. */
LxStatus lx_features_open(const char *const *paths, int n, int64_t limit, size_t cache_bytes,
                          LxProgress progress, void *user_data, LxFeatures **out, LxError *error);
void lx_features_free(LxFeatures *self); /* NULL is fine */

/* Images that can be found: of equal ids the last counts. */
/* The path of a file that ends in the middle of a line (lx_tsv_is_cut), NULL: none. Borrowed. */
const char *lx_features_cut(const LxFeatures *self);
int64_t lx_features_count(const LxFeatures *self);
/* A number 0..count-1 for lx_features_at, -1 when there is no such image. */
int64_t lx_features_find(const LxFeatures *self, const char *image_id);
/* *out is borrowed until the next lx_features_at or lx_features_get. */
LxStatus lx_features_at(LxFeatures *self, int64_t image, const LxRegions **out, LxError *error);
LxStatus lx_features_get(LxFeatures *self, const char *image_id, const LxRegions **out,
                         LxError *error);
/* Bytes of features in the cache, and lines read from the files so far. */
size_t lx_features_cached(const LxFeatures *self);
int64_t lx_features_reads(const LxFeatures *self);
