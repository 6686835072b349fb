#include "lx-evaluate.h"

#include <math.h>
#include <stdlib.h>

typedef struct {
  const LxConfig *config;
  LxTensors *params;
  int64_t batch;
  LxBatcher batcher;
  LxStage *stage;
  LxEvaluation *out;
  int64_t *labels, *index;
  double *confidences; /* NULL: nobody asks */
  LxProgress progress; /* NULL: nobody watches */
  void *user_data;
  int64_t begin, n, count; /* examples: of the batch, in it, of all */
  double loss;
  int64_t batches;
} Run;

static int64_t best_of(const float *x, int64_t n)
{
  int64_t best = 0;
  for (int64_t i = 1; i < n; i++)
    if (x[i] > x[best])
      best = i;
  return best;
}

/* The softmax probability of the largest. */
static double confidence_of(const float *x, int64_t best, int64_t n)
{
  double sum = 0;
  for (int64_t i = 0; i < n; i++)
    sum += exp((double)x[i] - (double)x[best]);
  return 1 / sum;
}

/* Scores example `i` of the batch, whose predicted label is `label`. */
static void score_one(Run *run, int64_t i, int64_t label)
{
  const LxLxmert *m = run->batcher.model;
  if (m->match_labels) {
    run->out->examples++;
    run->out->score += label == lx_i64(&m->match_labels->out)[i];
  } else if (m->pair_labels) {
    int64_t truth = lx_i64(&m->pair_labels->out)[i];
    run->out->examples += truth >= 0;
    run->out->score += truth >= 0 && label == truth;
  } else {
    int64_t n = m->answer_scores->out.dim[1];
    run->out->examples++;
    run->out->score += lx_f32(&m->answer_scores->out)[i * n + label];
  }
}

/* A graph with room for `words` and `objects`, in place of the one there is. */
static LxStatus rebuild(Run *run, int64_t words, int64_t objects, LxError *error)
{
  LxBatcher *b = &run->batcher;
  LxTask task = b->task;
  unsigned losses = task == LX_TASK_PRETRAIN ? LX_LOSS_PRETRAIN
                    : task == LX_TASK_NLVR2  ? LX_LOSS_NLVR2
                                             : LX_LOSS_VQA_BCE;
  LxLxmertOptions options = {.max_examples = run->batch * (task == LX_TASK_NLVR2 ? 2 : 1),
                             .max_words = words,
                             .max_objects = objects,
                             .heads = lx_task_heads(task),
                             .losses = losses,
                             .max_masked = task == LX_TASK_PRETRAIN ? run->batch * words : 0,
                             .leave_out_unused = true,
                             .results_only = true};
  lx_stage_free(run->stage);
  lx_lxmert_free(b->model);
  run->stage = NULL;
  b->model = NULL;
  b->max_words = words;
  b->max_objects = objects;
  LxStatus status = lx_lxmert_build(run->config, run->params, &options, LX_INFER, &b->model, error);
  return status ? status : lx_stage_new(b, &run->stage, error);
}

static int64_t rounded(int64_t n, int64_t to)
{
  return (n + to - 1) / to * to;
}

/* Room for these examples: all words that the model has positions for, and all boxes. Pre-training
 * also reads sentences of other images; they are cut where this batch's own would be. */
static LxStatus make_room(Run *run, int64_t n, LxError *error)
{
  const LxBatcher *b = &run->batcher;
  int64_t most = run->config->max_position_embeddings, words = b->max_words;
  int64_t objects = b->max_objects;
  LxStatus status = lx_batch_measure(b, run->index, n, &words, &objects, error);
  words = words < most ? words : most;
  if (status || (b->model && words <= b->max_words && objects <= b->max_objects))
    return status;
  if (words > b->max_words)
    words = rounded(words, 16) < most ? rounded(words, 16) : most;
  if (objects > b->max_objects)
    objects = rounded(objects, 16);
  return rebuild(run, words, objects, error);
}

static int between_nodes(double done, const char *what, void *user_data)
{
  const Run *run = user_data;
  double examples = (double)run->begin + done * (double)run->n;
  return run->progress ? run->progress(examples / (double)run->count, "evaluate", run->user_data)
                       : 0;
}

static LxStatus one_batch(Run *run, int64_t begin, int64_t n, LxError *error)
{
  run->begin = begin;
  run->n = n;
  for (int64_t i = 0; i < n; i++)
    run->index[i] = begin + i;
  LxStatus status = make_room(run, n, error);
  if (!status)
    status = lx_stage_fill(run->stage, &run->batcher, run->index, n, begin, error);
  if (!status)
    status = lx_stage_load(run->stage, &run->batcher, error);
  LxLxmert *m = run->batcher.model;
  if (!status)
    status = lx_graph_run(m->graph, between_nodes, run, error);
  if (status)
    return status;
  const LxNode *logits = m->match_labels ? m->match_logits : m->answer_logits;
  int64_t wide = logits->out.dim[1];
  for (int64_t i = 0; i < n; i++) {
    const float *x = lx_f32(&logits->out) + i * wide;
    int64_t label = best_of(x, wide);
    if (run->labels)
      run->labels[begin + i] = label;
    if (run->confidences)
      run->confidences[begin + i] = confidence_of(x, label, wide);
    score_one(run, i, label);
  }
  run->loss += lx_f32(&m->total->out)[0];
  run->batches++;
  return LX_OK;
}

LxStatus lx_evaluate(const LxConfig *config, LxTensors *params, const LxTokenizer *tokenizer,
                     const LxExampleSource *source, LxTask task, int64_t count, int64_t batch,
                     LxProgress progress, void *user_data, int64_t *labels, double *confidences,
                     LxEvaluation *out, LxError *error)
{
  if (count < 1 || count > source->count)
    count = source->count;
  if (count < 1 || batch < 1)
    return lx_fail(error, LX_ERR_ARGUMENT, "There are no examples to evaluate on.");
  batch = batch < count ? batch : count;
  *out = (LxEvaluation){0};
  int64_t words = config->max_position_embeddings < 20 ? config->max_position_embeddings : 20;
  Run run = {.config = config,
             .params = params,
             .batch = batch < count ? batch : count,
             .batcher = {NULL, tokenizer, source, task, words, 36, 20201},
             .out = out,
             .labels = labels,
             .confidences = confidences,
             .index = malloc((size_t)batch * sizeof(int64_t)),
             .progress = progress,
             .user_data = user_data,
             .count = count};
  LxStatus status = LX_OK;
  lx_blind_parse(config->blind, &run.batcher.blind);
  if (!run.index)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to evaluate.");
  for (int64_t begin = 0; begin < count && !status; begin += batch)
    status = one_batch(&run, begin, count - begin < batch ? count - begin : batch, error);
  if (!status) {
    out->accuracy = out->examples ? out->score / (double)out->examples : 0;
    out->loss = run.loss / (double)run.batches;
  }
  lx_stage_free(run.stage);
  lx_lxmert_free(run.batcher.model);
  free(run.index);
  return status;
}
