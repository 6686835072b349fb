/* A padded batch given and answered as named tensors: what files of reference numbers hold, and
 * what scripts exchange with crosslens-cli. */
#pragma once

#include "lx-lxmert.h"

/* Heads whose parameters are all there. */
unsigned lx_lxmert_heads_of(const LxTensors *params);

/* Builds a graph for the padded batch in `inputs` and fills it: input_ids I64 [batch, words];
 * visual_feats F32 [batch, objects, feat] and visual_pos F32 [batch, objects, 4]; and where there:
 * token_type_ids, attention_mask I64 [batch, words], visual_attention_mask I64 [batch, objects] (used
 * when `use_visual_mask`), labels by the names of LxLxmert's inputs. Every loss whose head and
 * labels are there is computed. *out is owned. */
LxStatus lx_lxmert_load(const LxConfig *config, LxTensors *params, const LxTensors *inputs,
                        LxMode mode, bool use_visual_mask, LxLxmert **out, LxError *error);

/* Everything the forward makes, F32, padded shapes ([batch, words, hidden], [batch, heads, q, k]):
 * "attn/…", "hidden/…", "pooled", "…_logits", "feat_pred", "loss/…"; with a
 * vqa_target "grad/answer_logits_of_vqa_bce" (d loss/vqa_bce / d answer_logits); with a visual_attention_mask
 * also "vmask/lang|vis|pooled|answer_logits|attn/…", the run that uses it. *out is owned. */
LxStatus lx_lxmert_forward_named(const LxConfig *config, LxTensors *params, const LxTensors *inputs,
                                 LxTensors **out, LxError *error);

/* d(loss/total)/d(parameter) by parameter name, dropout off. *out is owned. */
LxStatus lx_lxmert_gradients_named(const LxConfig *config, LxTensors *params,
                                   const LxTensors *inputs, LxTensors **out, LxError *error);
