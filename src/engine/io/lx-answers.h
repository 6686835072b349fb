/* The table of answers that a head scores: label number <-> text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lx-error.h"

struct json_t;
typedef struct LxAnswers LxAnswers;

/* Reads any of: a list of texts (our answers.json, the authors' trainval_label2ans.json), an
 * object text -> number (trainval_ans2label.json), an object "number" -> text, a list of {"ans":
 * text, "dsets": […]} (the pre-training all_ans.json), or a config.json with id2label. Every
 * number from 0 up must be there once. *out is owned: lx_answers_free. */
LxStatus lx_answers_read(const char *path, LxAnswers **out, LxError *error);
/* The same from a JSON value; `source` is what errors call it. */
LxStatus lx_answers_from_json(const struct json_t *json, const char *source, LxAnswers **out,
                              LxError *error);
/* Copies `count` texts. */
LxStatus lx_answers_new(const char *const *texts, int64_t count, LxAnswers **out, LxError *error);
/* A list of texts, replacing `path` in one step. */
LxStatus lx_answers_write(const LxAnswers *self, const char *path, LxError *error);
void lx_answers_free(LxAnswers *self); /* NULL is fine */

int64_t lx_answers_count(const LxAnswers *self);
/* Borrowed; NULL when out of range. */
const char *lx_answers_text(const LxAnswers *self, int64_t label);
/* -1 when there is none. Of equal texts the first counts. */
int64_t lx_answers_label(const LxAnswers *self, const char *text);
/* The label after lx_answer_normalize, as the authors look answers up in the pre-training table;
 * -1 when there is none. */
int64_t lx_answers_label_normalized(const LxAnswers *self, const char *text);

/* The authors' AnswerTable.convert_ans: lower case, no final full stop, no leading article, digit
 * words as digits, grey as gray. Writes at most `size` bytes; false when it does not fit. */
bool lx_answer_normalize(const char *text, char *out, size_t size);
