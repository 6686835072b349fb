/* What a training leaves beside its model, so that any program can follow it: run.json (what it is, how
 * it stands, which process does it) and training.jsonl (its curve, a JSON object a line). The person's
 * runs are linked in one folder, wherever they write to. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "lx-json.h"

typedef struct LxRunLog LxRunLog;

/* $CROSSLENS_STATE_DIR, else $XDG_DATA_HOME/crosslens, else ~/.local/share/crosslens, with "/runs" behind;
 * owned. NULL when there is no home. */
char *lx_runs_folder(void);

/* Begins run.json in `folder`, with state "running" and this process; takes `record`, an object with what
 * else is known ("name", "task", "command", "settings", …). Lines of an earlier part of this run that lie
 * behind `step` go away. A link to it is made in `runs` (NULL: not; that it cannot be made is no
 * failure). LX_ERR_ARGUMENT when another process trains in this folder. *out: lx_run_log_close. */
LxStatus lx_run_log_open(const char *folder, const char *runs, json_t *record, int64_t step,
                         LxRunLog **out, LxError *error);
/* One line; takes `object`. */
void lx_run_log_line(LxRunLog *self, json_t *object);
/* Another state ("running", "paused", "done", "stopped", "failed", "interrupted"), with what there is to
 * say about it, or NULL. */
void lx_run_log_state(LxRunLog *self, const char *state, const char *text);
/* The lines so far are on the disk: before a checkpoint that they belong to. */
void lx_run_log_sync(LxRunLog *self);
void lx_run_log_close(LxRunLog *self); /* NULL is fine */

/* run.json, with state "interrupted" where the process that was at it is gone; *out is owned. */
LxStatus lx_run_read(const char *folder, json_t **out, LxError *error);
/* Another name, where nobody is at it; a folder without a record is left alone. */
LxStatus lx_run_rename(const char *folder, const char *name, LxError *error);
/* LX_ERR_ARGUMENT, with words, when another process trains in this folder. */
LxStatus lx_run_check_free(const char *folder, LxError *error);
/* Whether a validation of this step is among the lines. */
bool lx_run_has_validation(const char *folder, int64_t step);

/* Lines from byte *at on, which moves behind the last whole one. When the file has become another one
 * (a run that went back to its checkpoint) *again is set and it is read from its begin; begin with
 * *at = 0 and *id = 0. */
typedef void (*LxRunLine)(const json_t *line, void *user_data);
LxStatus lx_run_lines(const char *folder, int64_t *at, uint64_t *id, bool *again, LxRunLine each,
                      void *user_data, LxError *error);

/* The folders that `runs` links to, as far as they hold a run.json. */
typedef void (*LxRunEach)(const char *folder, void *user_data);
void lx_runs_each(const char *runs, LxRunEach each, void *user_data);
bool lx_runs_link(const char *runs, const char *folder);
void lx_runs_unlink(const char *runs, const char *folder);
