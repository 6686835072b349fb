/* Files as the readers and writers need them: mapped, bounded, and replaced in one step. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lx-tensors.h"

/* A whole file, read only, mapped. */
typedef struct LxMapping {
  const uint8_t *data; /* never NULL, also for an empty file */
  size_t size;
  struct LxMapping *next; /* in the list of all; private */
} LxMapping;

/* *out is owned: lx_file_unmap. A folder or a device is LX_ERR_IO. */
LxStatus lx_file_map(const char *path, LxMapping **out, LxError *error);
/* Takes void* so that it can be handed to lx_tensors_keep. NULL is fine. */
void lx_file_unmap(void *mapping);
/* Maps the file and makes an empty collection that keeps it mapped: how every reader of weights
 * begins. *map is borrowed from *out, which is owned. */
LxStatus lx_file_map_tensors(const char *path, LxMapping **map, LxTensors **out, LxError *error);
/* Gives the memory of `bytes` at `data` back to the system when they lie in a mapped file: who
 * reads them again waits for the file. Does nothing to other memory. Safe from several threads. */
void lx_file_let_go(const void *data, size_t bytes);

/* The whole file with a NUL behind it; *out is owned (free), *size may be NULL. Files over `limit`
 * bytes are LX_ERR_FORMAT. */
LxStatus lx_file_read(const char *path, size_t limit, char **out, size_t *size, LxError *error);

bool lx_file_exists(const char *path);
bool lx_file_is_folder(const char *path);
/* Makes the folder (its parent must be there); one that is there already is fine. */
LxStatus lx_file_make_folder(const char *path, LxError *error);
/* Removes what writers (below) that were killed left beside their files in this folder. */
void lx_file_drop_leftovers(const char *folder);
/* "folder/name" in owned memory, NULL when out of memory. */
char *lx_file_join(const char *folder, const char *name);

/* Writes beside `path` and moves the result over it in lx_writer_commit, so that a reader sees
 * the old file or the whole new one, whatever happens in between. A device or a pipe is written to
 * itself. */
typedef struct LxWriter LxWriter;

LxStatus lx_writer_open(const char *path, LxWriter **out, LxError *error);
LxStatus lx_writer_write(LxWriter *self, const void *data, size_t size, LxError *error);
/* Flushes to the disk and replaces `path`. The writer still needs lx_writer_free. */
LxStatus lx_writer_commit(LxWriter *self, LxError *error);
/* Without a commit before it nothing is left behind. NULL is fine. */
void lx_writer_free(LxWriter *self);

/* `size` bytes as the whole content of `path`, in one step. */
LxStatus lx_file_write(const char *path, const void *data, size_t size, LxError *error);
