/* Questions in a CSV (RFC 4180: quotes, "" inside them, line breaks inside them), with commas,
 * semicolons or tabs between its fields, whichever the first line has most of. */
#pragma once

#include "lx-error.h"

/* UTF-8 without blanks around it, borrowed during the visit. */
typedef struct {
  const char *image, *question; /* never empty */
  const char *answer;           /* in lower case; "" for none */
  const char *answer_type;      /* lx_vqa_answer_type; "" without an answer */
  long number;                  /* of the question, from 1 */
} LxCsvQuestion;

typedef LxStatus (*LxCsvVisit)(const LxCsvQuestion *question, void *user_data, LxError *error);

/* Visits the questions one by one; the file may be larger than the memory. Its first line names the
 * columns "image" (or "img_id"), "question" ("sent") and maybe "answer" ("label"), in any order and
 * among others; a byte order mark and empty lines are skipped. A failing visit ends the walk.
 * `progress` may be NULL. Errors name the file and the line. */
LxStatus lx_csv_questions(const char *path, LxCsvVisit visit, void *user_data, LxProgress progress,
                          void *progress_data, LxError *error);
