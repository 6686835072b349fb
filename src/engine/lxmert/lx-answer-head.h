/* Taking a model's answer head along to another table of answers, as the authors' --loadLXMERTQA
 * does (airsplay/lxmert src/pretrain/qa_answer_table.py, load_lxmert_qa). */
#pragma once

#include "lx-answers.h"
#include "lx-tensors.h"

/* The same parameters with "answer_head.logit_fc.3" for the table `to`: the row of each answer that
 * `from` has too (compared after lx_answer_normalize), zeros for the others. *found (may be NULL) is
 * how many had one. Everything else is shared with `params` (a reference is taken). Without an answer
 * head in `params` nothing is added. *out is owned. */
LxStatus lx_answer_head_move(LxTensors *params, const LxAnswers *from, const LxAnswers *to,
                             LxTensors **out, int64_t *found, LxError *error);

/* The same parameters without any answer head, for a task that begins with a fresh one (NLVR2, or a
 * base model whose answers are not known). *out is owned. */
LxStatus lx_answer_head_drop(LxTensors *params, LxTensors **out, LxError *error);
