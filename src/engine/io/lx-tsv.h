/* The authors' object feature files (obj36 TSV, one image a line, up to 25 GB): streamed, or read
 * at random through an index file beside them. Memory is one line and the index. */
#pragma once

#include <stdbool.h>

#include "lx-regions.h"

typedef struct LxTsv LxTsv;

/* Opens without reading. One LxTsv belongs to one thread at a time. *out is owned: lx_tsv_free. */
LxStatus lx_tsv_open(const char *path, LxTsv **out, LxError *error);
void lx_tsv_free(LxTsv *self); /* NULL is fine */

/* The next line in order; needs no index. *out is owned, NULL at the end. After a damaged line
 * (LX_ERR_FORMAT, naming file and line) the next call goes on behind it. */
LxStatus lx_tsv_next(LxTsv *self, LxRegions **out, LxError *error);
/* How far lx_tsv_next has come, 0..1. */
double lx_tsv_position(const LxTsv *self);

/* Makes count, image_id, find and read work for the first `limit` lines (-1: all). Takes `FILE.idx`
 * when that fits the file's size and time, else scans the file; a scan of the whole file is saved
 * as `FILE.idx` where the folder allows it. `progress` may be NULL. */
LxStatus lx_tsv_index(LxTsv *self, int64_t limit, LxProgress progress, void *user_data,
                      LxError *error);
int64_t lx_tsv_count(const LxTsv *self);
const char *lx_tsv_image_id(const LxTsv *self, int64_t line); /* borrowed */
/* The line of an image, -1 when there is none; of several lines the last, as for the authors. */
int64_t lx_tsv_find(const LxTsv *self, const char *image_id);
/* Lines whose image has another line further on. */
int64_t lx_tsv_duplicates(const LxTsv *self);
const char *lx_tsv_path(const LxTsv *self); /* as given to lx_tsv_open */
/* True when the file ends in the middle of a line, as after a download that broke off: that line is
 * not indexed. */
bool lx_tsv_is_cut(const LxTsv *self);
/* *out is owned. */
LxStatus lx_tsv_read(LxTsv *self, int64_t line, LxRegions **out, LxError *error);

typedef struct LxTsvWriter LxTsvWriter;

/* Writes line by line. With `resume` an existing file is continued (a last line that was cut off is
 * removed first), else it is replaced. *out is owned. */
LxStatus lx_tsv_writer_open(const char *path, bool resume, LxTsvWriter **out, LxError *error);
/* The line is handed to the system before this returns. */
LxStatus lx_tsv_writer_add(LxTsvWriter *self, const LxRegions *regions, LxError *error);
/* Flushes to the disk and frees `self` whatever happens. NULL is fine. */
LxStatus lx_tsv_writer_close(LxTsvWriter *self, LxError *error);
