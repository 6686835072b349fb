#include "lx-baseline.h"

#include <stdio.h>
#include <string.h>

LxNode *lx_baseline_lstm(LxGraph *graph, const LxConfig *config, LxNode *ids, const LxSeq *words,
                         int examples)
{
  LxNode *x = lx_op_lookup(graph, "", ids, "lxmert.embeddings.word_embeddings.weight",
                           config->vocab_size, config->hidden_size);
  x = lx_op_linear(graph, "", x, "baseline.lstm.input", 4 * config->hidden_size, LX_LINEAR);
  return lx_op_lstm(graph, "lstm", x, words, examples, "baseline.lstm.recurrent.weight");
}

LxNode *lx_baseline_butd(LxGraph *graph, const LxConfig *config, LxNode *question, LxNode *features,
                         LxNode *mask, const LxSeq *objects, int examples)
{
  int64_t h = config->hidden_size;
  LxNode *each =
      lx_op_linear(graph, "", question, "baseline.butd.attention_question", 2 * h, LX_LINEAR);
  LxNode *rows =
      lx_op_linear(graph, "", features, "baseline.butd.attention_feature", 2 * h, LX_LINEAR);
  LxNode *joint = lx_op_gated(graph, "", rows, each, objects);
  LxNode *score = lx_op_linear(graph, "butd/score", joint, "baseline.butd.score", 1, LX_LINEAR);
  LxNode *image = lx_op_pool(graph, "butd/attended", score, features, mask, objects, examples);
  LxNode *q = lx_op_linear(graph, "", question, "baseline.butd.question", 2 * h, LX_LINEAR);
  LxNode *v = lx_op_linear(graph, "", image, "baseline.butd.feature", 2 * h, LX_LINEAR);
  return lx_op_multiply(graph, "pooled", lx_op_gated(graph, "", q, NULL, NULL),
                        lx_op_gated(graph, "", v, NULL, NULL));
}

LxStatus lx_baseline_each_param(const LxConfig *config,
                                LxStatus (*each)(const LxParamSpec *spec, void *user_data,
                                                 LxError *error),
                                void *user_data, LxError *error)
{
  int64_t h = config->hidden_size, f = config->visual_feat_dim;
  const LxParamSpec all[] = {
      {"baseline.lstm.input.weight", 2, {4 * h, h}},
      {"baseline.lstm.input.bias", 1, {4 * h, 0}},
      {"baseline.lstm.recurrent.weight", 2, {4 * h, h}},
      {"baseline.butd.attention_question.weight", 2, {2 * h, h}},
      {"baseline.butd.attention_question.bias", 1, {2 * h, 0}},
      {"baseline.butd.attention_feature.weight", 2, {2 * h, f}},
      {"baseline.butd.attention_feature.bias", 1, {2 * h, 0}},
      {"baseline.butd.score.weight", 2, {1, h}},
      {"baseline.butd.score.bias", 1, {1, 0}},
      {"baseline.butd.question.weight", 2, {2 * h, h}},
      {"baseline.butd.question.bias", 1, {2 * h, 0}},
      {"baseline.butd.feature.weight", 2, {2 * h, f}},
      {"baseline.butd.feature.bias", 1, {2 * h, 0}},
  };
  bool lstm = !strcmp(config->baseline, LX_BASELINE_LSTM);
  LxStatus status = LX_OK;
  for (size_t i = lstm ? 0 : 3; i < sizeof all / sizeof *all && !status; i++)
    status = each(&all[i], user_data, error);
  return status;
}
