/* Some of a data set's questions, as the filters of the window's Data page choose them. */
#pragma once

#include "cli-data.h"
#include "lx-model.h"

/* What is asked for; NULL: everything. */
typedef struct {
  const char *only;   /* "right", "wrong" or "partly": as the model answers them */
  const char *answer; /* the model's */
  const char *truth;  /* the right answer */
  const char *answer_type, *question_type;
  const char *with;       /* letters of the question, the right answer or the model's */
  const char *confidence; /* "50-90": how sure the model is, in per cent, both ends included */
} CliFilter;

bool cli_filter_is_empty(const CliFilter *self);
/* NULL, or what is wrong with it: --only is none of the three, --confidence no range. */
const char *cli_filter_complaint(const CliFilter *self);
/* In words, as the Data page says it. */
void cli_filter_describe(const CliFilter *self, char *out, size_t size);

typedef struct CliRows CliRows;

/* The questions of `data` that pass; the model answers all of them first when the filter asks for its
 * answers. None is an error. `data` is used as long as the rows are. *out: cli_rows_free. */
LxStatus cli_rows_new(const CliFilter *filter, const CliData *data, LxTask task, LxModel *model,
                      CliRows **out, LxError *error);
void cli_rows_free(CliRows *self); /* NULL is fine */
/* Borrowed. */
const LxExampleSource *cli_rows_source(const CliRows *self);
