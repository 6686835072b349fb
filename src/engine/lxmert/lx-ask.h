/* One question on one image: the answers, every attention map, and what changes when a head, a box
 * or a word is taken away. One LxAsk belongs to one thread at a time; two of them may share a
 * model. What the accessors return is borrowed and valid until the next run. */
#pragma once

#include "lx-model.h"
#include "lx-op-attention.h"
#include "lx-ops.h"
#include "lx-regions.h"

typedef struct LxAsk LxAsk;

/* Takes a reference of `model`. Room for `max_words` tokens and `max_objects` boxes is made now;
 * a larger question makes more (0: make it at the first run). *out: lx_ask_free. */
LxStatus lx_ask_new(LxModel *model, int64_t max_words, int64_t max_objects, LxAsk **out,
                    LxError *error);
void lx_ask_free(LxAsk *self); /* NULL is fine */

/* Asks. Gates stay as they are, masked words and removed boxes are forgotten. The features must
 * have the model's size. `question` is UTF-8; empty ones and those that the model has no positions
 * for are LX_ERR_ARGUMENT. */
LxStatus lx_ask_run(LxAsk *self, const char *question, const LxRegions *regions, LxError *error);
/* A model for pairs (NLVR2): one statement on two images; answer 1 means "true". */
LxStatus lx_ask_run_pair(LxAsk *self, const char *statement, const LxRegions *left,
                         const LxRegions *right, LxError *error);

/* ---- changing the run; each takes effect at lx_ask_update ---- */
/* `map` is a name without "attn/" ("x.1.lang_to_vis"), head -1 = all its heads. */
LxStatus lx_ask_set_gate(LxAsk *self, const char *map, int head, LxGate gate, LxError *error);
void lx_ask_reset_gates(LxAsk *self);
/* The box stays in the maps but nothing attends to it. At least one must stay. Of a pair the right image's
 * boxes are counted on after the left one's. */
LxStatus lx_ask_set_box_removed(LxAsk *self, int64_t box, bool removed, LxError *error);
/* The token is replaced by [MASK]. */
LxStatus lx_ask_set_word_masked(LxAsk *self, int64_t token, bool masked, LxError *error);
/* Runs again what depends on the changes, nothing when there are none. */
LxStatus lx_ask_update(LxAsk *self, LxError *error);

/* ---- results ---- */
/* Tokens with [CLS] and [SEP]: piece and its bytes in the question. */
int64_t lx_ask_token_count(const LxAsk *self);
const char *lx_ask_token(const LxAsk *self, int64_t i, size_t *begin, size_t *end);
int64_t lx_ask_box_count(const LxAsk *self, int image);

/* Logits and their softmax over the answers, [lx_ask_answer_count]; NULL without an answer head. */
int64_t lx_ask_answer_count(const LxAsk *self);
const float *lx_ask_logits(const LxAsk *self);
const float *lx_ask_probabilities(const LxAsk *self);
/* Text of an answer; "true"/"false" for pairs; NULL when the model has no table. */
const char *lx_ask_answer_text(const LxAsk *self, int64_t answer);
/* Writes the best `k` answers, best first; returns how many. */
int64_t lx_ask_top(const LxAsk *self, int64_t k, int64_t *answers);

/* Attention maps in execution order. `image` is 0, or 1 for a pair's right one. */
int lx_ask_map_count(const LxAsk *self);
const char *lx_ask_map_name(const LxAsk *self, int index);
int lx_ask_find_map(const LxAsk *self, const char *name); /* -1 when there is none */
/* Probabilities [heads, q, k]. */
const float *lx_ask_map(const LxAsk *self, int index, int image, int64_t *heads, int64_t *q,
                        int64_t *k);
/* One head's queries or keys, copied to out[rows, size]; *rows, *size tell how many. NULL out only
 * asks. */
void lx_ask_queries(const LxAsk *self, int map, int head, int image, int64_t *rows, int64_t *size,
                    float *out);
void lx_ask_keys(const LxAsk *self, int map, int head, int image, int64_t *rows, int64_t *size,
                 float *out);
/* Hidden states by golden name without "hidden/" ("lang.0", "x.1.vis"); NULL when there is none. */
const float *lx_ask_hidden(const LxAsk *self, const char *name, int image, int64_t *rows,
                           int64_t *columns);
/* Of the last run or update, in milliseconds. */
double lx_ask_milliseconds(const LxAsk *self);
