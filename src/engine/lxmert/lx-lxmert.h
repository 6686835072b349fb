/* LXMERT (Tan & Bansal 2019) as a graph, at any size of its configuration.
 *
 * Nodes carry the names of the golden files: "hidden/lang.0", "hidden/lang.1.att", "hidden/x.0.vis",
 * "attn/x.0.lang_to_vis", "pooled", "mlm_logits", "answer_logits", "loss/mlm", "loss/total", … */
#pragma once

#include "lx-config.h"
#include "lx-lxmert-params.h"
#include "lx-op-attention.h"
#include "lx-ops.h"

enum { /* losses; each needs its head */
       LX_LOSS_MLM = 1,
       LX_LOSS_MATCH = 2,
       LX_LOSS_OBJ = 4,
       LX_LOSS_ATTR = 8,
       LX_LOSS_FEAT = 16,
       LX_LOSS_QA = 32,       /* one answer, cross-entropy */
       LX_LOSS_VQA_BCE = 64,  /* soft scores, binary cross-entropy times the number of answers */
       LX_LOSS_VQA_MCE = 128, /* one answer, cross-entropy times the number of answers */
       LX_LOSS_NLVR2 = 256,
       LX_LOSS_PRETRAIN = 63,
};

typedef struct {
  int64_t max_examples, max_words, max_objects; /* room; words and objects per example */
  unsigned heads;                               /* LX_HEAD_*; NLVR2 takes its examples in pairs */
  unsigned losses;       /* LX_LOSS_*, summed in "loss/total"; with any of LX_LOSS_PRETRAIN the VQA
                          losses are computed but not part of the total */
  unsigned frozen;       /* LX_PART_* that get no gradient */
  int64_t max_masked;    /* > 0: the masked-word head sees only the rows in `mlm_rows`, at most so
                          many; 0: all words */
  bool packed;           /* lay weights out for fast products (lx_graph_set_packed) */
  bool leave_out_unused; /* of the last cross-modality layer: its vision half when no head reads it,
                            and all words but [CLS] after its cross-attention when no head reads
                            them (`lang` is then [examples, hidden]) */
  bool results_only;     /* of what a run computes, `pooled`, logits, feat_pred and losses stay, in
                            LX_TRAIN their gradients; the others share memory: lx_graph_set_sharing */
} LxLxmertOptions;

typedef struct {
  LxGraph *graph;
  LxSeq *words, *objects;
  LxSeq *each;                 /* one row an example */
  int examples, pairs, masked; /* row kinds */
  int64_t n_examples;          /* of this run */
  /* inputs, filled through ->out.data after lx_lxmert_set_batch */
  LxNode *ids, *positions, *types;      /* I64 [words] */
  LxNode *word_mask;                    /* F32 [words]: 0, or -10000 for a hidden key */
  LxNode *features, *boxes;             /* F32 [objects, feat], [objects, 4] in 0..1 */
  LxNode *object_mask;                  /* F32 [objects] */
  LxNode *first;                        /* I64 [examples]: row of each [CLS] */
  LxNode *mlm_rows;                     /* I64 [masked] */
  LxNode *mlm_labels;                   /* I64 [masked or words], -1 = ignored, like all labels */
  LxNode *match_labels, *answer_labels; /* I64 [examples] */
  LxNode *obj_labels, *obj_conf, *attr_labels, *attr_conf; /* [objects] */
  LxNode *feat_labels, *feat_conf;                         /* F32 [objects, feat], [objects] */
  LxNode *answer_scores;                                   /* F32 [examples, answers] */
  LxNode *pair_labels;                                     /* I64 [pairs] */
  /* outputs; NULL when their head was not asked for */
  LxNode *lang, *vision, *pooled;
  LxNode *mlm_logits, *match_logits, *answer_logits, *obj_logits, *attr_logits, *feat_pred;
  LxNode *total; /* "loss/total", NULL without losses */
} LxLxmert;

/* Builds and prepares the graph. `params` have canonical names (a reference is taken); they must be
 * F32. *out is owned: lx_lxmert_free. Fails with the name of a missing or misshapen parameter. */
LxStatus lx_lxmert_build(const LxConfig *config, LxTensors *params, const LxLxmertOptions *options,
                         LxMode mode, LxLxmert **out, LxError *error);
void lx_lxmert_free(LxLxmert *self); /* NULL is fine */

/* The next run's sizes: `n` examples with so many words and objects each. Sets positions, `first`,
 * zero masks and zero types; pairs for NLVR2 are examples 2p and 2p + 1. */
LxStatus lx_lxmert_set_batch(LxLxmert *self, int64_t n, const int64_t *words,
                             const int64_t *objects, LxError *error);
/* How many rows of mlm_rows and mlm_labels the next run has (max_masked > 0 only). */
LxStatus lx_lxmert_set_masked(LxLxmert *self, int64_t n, LxError *error);
