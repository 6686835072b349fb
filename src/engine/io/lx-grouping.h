/* What the authors' scores are grouped by: a statement of NLVR2, GQA's two kinds, VQA's three. */
#pragma once

#include <stdbool.h>

/* What the pairs of one NLVR2 statement share: "dev-850-0-1" (split, set, pair, sentence) without the
 * pair, "dev-850-1"; any other text as it is. Owned (free); NULL when out of memory. Source: NLVR2's
 * metrics.py. */
char *lx_nlvr2_sentence(const char *identifier);
/* Orders two identifiers by their statements, as strcmp would; 0: the same one. */
int lx_nlvr2_compare(const char *a, const char *b);

/* GQA's eval.py: every structural type but "query" is binary. The authors' lists name no such type:
 * then a question is binary when its answer is yes or no, or one of the choices that it names ("Is
 * it red or blue?"). `answer` NULL: not known. */
bool lx_gqa_is_binary(const char *question_type, const char *question, const char *answer);

/* "yes/no", "number" or "other", as VQA's files name them, of a lower-case answer. */
const char *lx_vqa_answer_type(const char *answer);
