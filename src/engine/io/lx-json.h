/* JSON files through jansson, with errors that name the file and the line. */
#pragma once

#include <jansson.h>

#include "lx-error.h"

/* A whole file of at most `limit` bytes. *out is owned: json_decref. */
LxStatus lx_json_read(const char *path, size_t limit, json_t **out, LxError *error);
/* The same from memory; `source` is what errors call it. */
LxStatus lx_json_parse(const char *text, size_t size, const char *source, json_t **out,
                       LxError *error);
/* Pretty text with the shortest numbers that read back equal; *out is owned (free). */
LxStatus lx_json_text(const json_t *json, char **out, LxError *error);
/* Replaces `path` in one step. */
LxStatus lx_json_write(const json_t *json, const char *path, LxError *error);

/* Visits the items of a JSON list one by one, so that a list of millions needs little memory.
 * `item` is borrowed. A failing visit ends the walk; its message gets the file and the item's
 * number in front. `progress` may be NULL. */
typedef LxStatus (*LxJsonVisit)(const json_t *item, void *user_data, LxError *error);
LxStatus lx_json_each(const char *path, LxJsonVisit visit, void *user_data, LxProgress progress,
                      void *progress_data, LxError *error);
