/* Filling a graph's inputs from examples: tokens, boxes, labels, and the masking of pre-training.
 * Examples lie in the graph without padding. */
#pragma once

#include "lx-examples.h"
#include "lx-lxmert.h"
#include "lx-tokenizer.h"

typedef enum { LX_TASK_PRETRAIN, LX_TASK_VQA, LX_TASK_GQA, LX_TASK_NLVR2 } LxTask;

/* A baseline that does not see one side: the image (language-only: features and boxes are zeros) or
 * the question (image-only: every piece between [CLS] and [SEP] is [MASK]). */
typedef enum { LX_BLIND_NONE, LX_BLIND_IMAGE, LX_BLIND_QUESTION } LxBlind;

/* "", "image", "question", as LxConfig's blind has it. */
const char *lx_blind_name(LxBlind blind);
/* False when there is no such name. */
bool lx_blind_parse(const char *name, LxBlind *out);

/* "pretrain", "vqa", "gqa", "nlvr2". */
const char *lx_task_name(LxTask task);
/* False when there is no such task. */
bool lx_task_parse(const char *name, LxTask *out);
/* LX_HEAD_* that the task trains. */
unsigned lx_task_heads(LxTask task);

typedef struct {
  LxLxmert *model;
  const LxTokenizer *tokenizer;
  const LxExampleSource *source;
  LxTask task;
  int64_t max_words, max_objects; /* longer sentences and further boxes are cut off */
  uint64_t seed;                  /* of the masking */
  LxBlind blind;
} LxBatcher;

/* A batch in memory, so that the next one is made while the graph works on this one. Its size is that
 * of the batcher's graph. *out: lx_stage_free. */
typedef struct LxStage LxStage;
LxStatus lx_stage_new(const LxBatcher *batcher, LxStage **out, LxError *error);
void lx_stage_free(LxStage *self); /* NULL is fine */
/* Reads examples index[0 .. n-1]; only the source is touched, not the graph. `serial` numbers the
 * first of them among all that were ever used: the masking of an example depends on (seed, serial)
 * alone. Labels are filled for the losses that the graph has. */
LxStatus lx_stage_fill(LxStage *self, const LxBatcher *batcher, const int64_t *index, int64_t n,
                       int64_t serial, LxError *error);
/* Copies it into the graph's inputs. */
LxStatus lx_stage_load(const LxStage *self, const LxBatcher *batcher, LxError *error);

/* Both at once, for a graph that is fed now and then. */
LxStatus lx_batch_fill(const LxBatcher *self, const int64_t *index, int64_t n, int64_t serial,
                       LxError *error);

/* The most tokens and objects that one of these examples has, where it is more than in *words and
 * *objects. */
LxStatus lx_batch_measure(const LxBatcher *self, const int64_t *index, int64_t n, int64_t *words,
                          int64_t *objects, LxError *error);
