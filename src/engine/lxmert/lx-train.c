#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lx-loss-share.h"
#include "lx-rng.h"
#include "lx-train-private.h"

void lx_train_options_init(LxTrainOptions *options, LxTask task)
{
  *options = (LxTrainOptions){.task = task,
                              .epochs = 4,
                              .batch = 32,
                              .accumulate = 1,
                              .max_words = 20,
                              .max_objects = 36,
                              .seed = 9595,
                              .dropout = -1};
  LxOptimizerOptions *o = &options->optimizer;
  lx_optimizer_options_init(o);
  o->warmup = 0.1;
  o->max_norm = 5;
  o->lr = task == LX_TASK_GQA ? 1e-5 : 5e-5;
  if (task == LX_TASK_PRETRAIN) {
    options->epochs = 20;
    options->batch = 256;
    o->lr = 1e-4;
    o->warmup = 0.05;
    o->max_norm = 1;
  }
}

static unsigned heads_of(const LxTrainOptions *o)
{
  return o->heads ? o->heads : lx_task_heads(o->task);
}

static unsigned default_losses(const LxTrainOptions *o)
{
  if (o->losses)
    return o->losses;
  if (o->task == LX_TASK_PRETRAIN)
    return LX_LOSS_PRETRAIN;
  if (o->task == LX_TASK_NLVR2)
    return LX_LOSS_NLVR2;
  return o->multi_class ? LX_LOSS_VQA_MCE : LX_LOSS_VQA_BCE;
}

static LxStatus check(const LxConfig *config, const LxTrainOptions *o,
                      const LxExampleSource *source, LxError *error)
{
  if (source->count < 1)
    return lx_fail(error, LX_ERR_ARGUMENT, "There are no examples to train on.");
  if (o->batch < 1 || o->accumulate < 1 || (o->epochs < 1 && o->max_steps < 1))
    return lx_fail(error, LX_ERR_ARGUMENT,
                   "Epochs, batch size and accumulated batches must be at least 1.");
  if (!(o->optimizer.lr > 0))
    return lx_fail(error, LX_ERR_ARGUMENT, "The learning rate must be above 0.");
  if (o->max_words < 3 || o->max_words > config->max_position_embeddings || o->max_objects < 1)
    return lx_fail(error, LX_ERR_ARGUMENT,
                   "Sentences are cut to 3 to %lld tokens, and there must be room for an object.",
                   (long long)config->max_position_embeddings);
  return LX_OK;
}

typedef struct {
  const LxTensors *from;
  LxTensors *to;
} Take;

/* Copies what the task needs; a missing parameter is left to lx_lxmert_add_missing. */
static LxStatus take_param(const LxParamSpec *spec, void *user_data, LxError *error)
{
  Take *take = user_data;
  const LxTensor *from = take->from ? lx_tensors_find(take->from, spec->name) : NULL;
  LxTensor *to;
  if (!from)
    return LX_OK;
  if (from->dtype > LX_BF16)
    return lx_fail(error, LX_ERR_SHAPE, "Parameter “%s” does not hold real numbers.", spec->name);
  LxStatus status = lx_tensors_add(take->to, spec->name, LX_F32, from->ndim, from->dim, &to, error);
  if (!status)
    lx_convert_to_f32(from->dtype, from->data, lx_f32(to), lx_tensor_count(from));
  return status;
}

static LxStatus make_params(LxTrainer *self, const LxTensors *params, LxError *error)
{
  unsigned heads = heads_of(&self->options);
  self->params = lx_tensors_new();
  if (!self->params)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the parameters.");
  Take take = {params, self->params};
  LxStatus status = lx_lxmert_each_param(&self->config, heads, take_param, &take, error);
  if (!status)
    status = lx_lxmert_add_missing(&self->config, heads, self->options.seed, self->params, error);
  return status;
}

static LxStatus make_graph(LxTrainer *self, LxError *error)
{
  const LxTrainOptions *o = &self->options;
  LxConfig config = self->config; /* a view with the rates of this training */
  if (o->dropout >= 0)
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = o->dropout;
  unsigned losses = default_losses(o);
  LxLxmertOptions options = {.max_examples = self->local * (o->task == LX_TASK_NLVR2 ? 2 : 1),
                             .max_words = o->max_words,
                             .max_objects = o->max_objects,
                             .heads = heads_of(o),
                             .losses = losses,
                             .frozen = o->frozen,
                             .max_masked = losses & LX_LOSS_MLM ? self->local * o->max_words : 0,
                             .leave_out_unused = true,
                             .results_only = true};
  LxStatus status = lx_lxmert_build(&config, self->params, &options, LX_TRAIN, &self->model, error);
  if (!status)
    status = lx_optimizer_new(self->model->graph, &o->optimizer, &self->optimizer, error);
  return status;
}

static void set_architecture(LxConfig *config, LxTask task)
{
  strcpy(config->architecture,
         task == LX_TASK_PRETRAIN ? "LxmertForPreTraining" : "LxmertForQuestionAnswering");
}

LxStatus lx_trainer_new(const LxConfig *config, const LxTensors *params,
                        const LxTokenizer *tokenizer, const LxExampleSource *source,
                        const LxTrainOptions *options, LxTrainer **out, LxError *error)
{
  LxStatus status = check(config, options, source, error);
  if (status)
    return status;
  LxTrainer *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to train.");
  self->options = *options;
  self->source = source;
  self->order_epoch = -1;
  self->batch = options->batch < source->count ? options->batch : source->count;
  const LxCollective *c = options->collective;
  self->first = c ? self->batch * c->rank / c->size : 0;
  self->local = (c ? self->batch * (c->rank + 1) / c->size : self->batch) - self->first;
  self->steps_per_epoch = source->count / (self->batch * options->accumulate);
  if (self->steps_per_epoch < 1) {
    self->options.accumulate = source->count / self->batch;
    self->steps_per_epoch = 1;
  }
  int64_t total = options->epochs * self->steps_per_epoch;
  if (options->max_steps > 0 && (total < 1 || options->max_steps < total))
    total = options->max_steps;
  self->options.optimizer.total_steps = total;
  self->order = malloc((size_t)source->count * sizeof *self->order);
  if (!self->order)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to train.");
  if (!status && c && self->batch < c->size)
    status = lx_fail(error, LX_ERR_ARGUMENT, "A batch of %lld cannot be shared by %d processes.",
                     (long long)self->batch, c->size);
  if (!status)
    status = lx_config_copy(config, &self->config, error);
  if (!status) {
    set_architecture(&self->config, options->task);
    if (options->blind)
      strcpy(self->config.blind, lx_blind_name(options->blind));
    else
      lx_blind_parse(self->config.blind, &self->options.blind);
    status = make_params(self, params, error);
  }
  if (!status)
    status = make_graph(self, error);
  if (status) {
    lx_trainer_free(self);
    return status;
  }
  self->batcher = (LxBatcher){self->model,   tokenizer,          source,
                              options->task, options->max_words, options->max_objects,
                              options->seed, self->options.blind};
  status = lx_prefetch_new(&self->batcher, &self->prefetch, error);
  if (status)
    lx_trainer_free(self);
  else
    *out = self;
  return status;
}

void lx_trainer_free(LxTrainer *self)
{
  if (!self)
    return;
  lx_prefetch_free(self->prefetch);
  lx_optimizer_free(self->optimizer);
  lx_lxmert_free(self->model);
  lx_tensors_unref(self->params);
  lx_config_clear(&self->config);
  free(self->order);
  free(self);
}

/* The epoch's permutation depends on (seed, epoch) alone. */
static void shuffle(LxTrainer *self, int64_t epoch)
{
  if (self->order_epoch == epoch)
    return;
  LxRng rng = {self->options.seed, 0x6f72646572, (uint64_t)epoch << 40};
  for (int64_t i = 0; i < self->source->count; i++)
    self->order[i] = i;
  for (int64_t i = self->source->count - 1; i > 0; i--) {
    int64_t j = lx_rng_below(&rng, i + 1), swap = self->order[i];
    self->order[i] = self->order[j];
    self->order[j] = swap;
  }
  self->order_epoch = epoch;
}

static double seconds_now(void)
{
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The loss and its terms of one batch, added into the report. */
static void add_losses(const LxTrainer *self, LxTrainReport *report)
{
  const LxNode *total = self->model->total;
  double share = 1.0 / (double)self->options.accumulate;
  report->n_parts = total->n_in < 8 ? total->n_in : 8;
  for (int i = 0; i < report->n_parts; i++) {
    report->part_name[i] = total->in[i]->name + strlen("loss/");
    report->loss += share * self->losses[i];
    report->part[i] += share * self->losses[i];
  }
}

/* The examples of a batch and the number of the first among all that were ever used. `order` becomes
 * that of the batch's epoch. */
static const int64_t *batch_at(LxTrainer *self, int64_t step, int64_t part, int64_t *serial)
{
  int64_t in_epoch = step % self->steps_per_epoch;
  int64_t number = in_epoch * self->options.accumulate + part;
  shuffle(self, step / self->steps_per_epoch);
  *serial = (step * self->options.accumulate + part) * self->batch;
  return self->order + number * self->batch;
}

/* Each term is a mean over this process' rows; weighted with its share of all rows the processes'
 * gradients add up to those of the whole batch. */
static LxStatus share_losses(LxTrainer *self, LxError *error)
{
  const LxCollective *c = self->options.collective;
  LxNode *total = self->model->total;
  int n = total->n_in < 8 ? total->n_in : 8;
  double sums[16], mine[8];
  for (int i = 0; i < n; i++) {
    self->losses[i] = lx_f32(&total->in[i]->out)[0];
    mine[i] = lx_loss_count(total->in[i]);
    sums[2 * i] = mine[i];
    sums[2 * i + 1] = mine[i] > 0 ? mine[i] * self->losses[i] : 0;
  }
  if (!c)
    return LX_OK;
  LxStatus status = c->sum(c->user_data, sums, 2 * n, error);
  for (int i = 0; i < n && !status; i++) {
    double all = sums[2 * i];
    lx_sum_set_weight(total, i, all > 0 ? mine[i] / all : 0);
    self->losses[i] = all > 0 ? sums[2 * i + 1] / all : 0;
  }
  return status;
}

/* Its sum over the processes travels while the backward goes on. */
static LxStatus share_gradient(LxParam *param, void *user_data, LxError *error)
{
  const LxCollective *c = ((LxTrainer *)user_data)->options.collective;
  return c->start(c->user_data, param->grad, lx_tensor_count(param->value), error);
}

static int between_nodes(double done, const char *what, void *user_data)
{
  const LxTrainer *self = user_data;
  const LxCollective *c = self->options.collective;
  if (c)
    c->advance(c->user_data);
  return self->options.between ? self->options.between(done, what, self->options.between_data) : 0;
}

/* The gradients of a step's last batch are whole, and so are shared. */
static LxStatus backward(LxTrainer *self, bool last, LxError *error)
{
  const LxCollective *c = self->options.collective;
  LxBackwardWatch watch = {between_nodes, c && last ? share_gradient : NULL, self};
  LxStatus status =
      lx_graph_backward_watched(self->model->graph, self->model->total, &watch, error);
  return c && last && !status ? c->finish(c->user_data, error) : status;
}

/* The next batch is read while this one is worked on. */
static LxStatus one_batch(LxTrainer *self, int64_t step, int64_t part, LxError *error)
{
  int64_t serial = 0, accumulate = self->options.accumulate;
  bool last = part + 1 == accumulate;
  LxGraph *graph = self->model->graph;
  const int64_t *index = batch_at(self, step, part, &serial);
  LxStatus status = lx_prefetch_take(self->prefetch, index + self->first, self->local,
                                     serial + self->first, error);
  if (status)
    return status;
  if (!last || step + 1 < lx_trainer_total_steps(self)) {
    index = batch_at(self, last ? step + 1 : step, last ? 0 : part + 1, &serial);
    lx_prefetch_begin(self->prefetch, index + self->first, self->local, serial + self->first);
  }
  uint64_t rank = self->options.collective ? (uint64_t)self->options.collective->rank : 0;
  lx_graph_set_random(graph, self->options.seed + (rank << 40),
                      (uint64_t)(step * accumulate + part));
  status = lx_graph_run(graph, self->options.between, self->options.between_data, error);
  if (!status)
    status = share_losses(self, error);
  if (!status)
    status = backward(self, last, error);
  lx_prefetch_wait(self->prefetch);
  return status;
}

static LxStatus fail_on_number(const LxTrainReport *r, int64_t step, LxError *error)
{
  const char *which = "";
  for (int i = 0; i < r->n_parts && !*which; i++)
    if (!isfinite(r->part[i]))
      which = r->part_name[i];
  return lx_fail(error, LX_ERR_NUMERIC,
                 "At step %lld the loss (%s) is not a number any more; nothing was changed by this "
                 "step. Go on from the last checkpoint with a smaller learning rate.",
                 (long long)step + 1, which);
}

/* The mean of the last twenty or so; the first step, which also lays out memory, only until there is a second. */
static void smooth_speed(LxTrainer *self, double speed)
{
  int n = self->timed++;
  double share = n < 2 ? 1 : n < 20 ? 1.0 / n : 0.05;
  self->speed += share * (speed - self->speed);
}

LxStatus lx_trainer_step(LxTrainer *self, LxTrainReport *report, LxError *error)
{
  double start = seconds_now();
  int64_t step = lx_optimizer_steps(self->optimizer);
  LxTrainReport r = {.total_steps = lx_trainer_total_steps(self),
                     .epoch = step / self->steps_per_epoch};
  LxStatus status = LX_OK;
  for (int64_t part = 0; part < self->options.accumulate && !status; part++) {
    status = one_batch(self, step, part, error);
    if (!status)
      add_losses(self, &r);
  }
  if (!status && !isfinite(r.loss))
    status = fail_on_number(&r, step, error);
  r.lr = self->options.optimizer.lr * lx_optimizer_schedule(&self->options.optimizer, step);
  if (!status)
    status = lx_optimizer_step(self->optimizer, 1.0 / (double)self->options.accumulate,
                               &r.gradient_norm, error);
  if (status) {
    lx_graph_zero_grads(self->model->graph); /* those of a part of a step */
    return status;
  }
  int64_t each = self->batch * self->options.accumulate;
  r.step = step + 1;
  r.examples = r.step * each;
  r.seconds = seconds_now() - start;
  double speed = (double)each / (r.seconds > 1e-9 ? r.seconds : 1e-9);
  smooth_speed(self, speed);
  r.examples_per_second = self->speed;
  if (report)
    *report = r;
  return LX_OK;
}

LxStatus lx_trainer_run(LxTrainer *self, LxTrainCallback callback, void *user_data, LxError *error)
{
  while (!lx_trainer_done(self)) {
    LxTrainReport report;
    LxStatus status = lx_trainer_step(self, &report, error);
    if (status)
      return status;
    double stop = callback && callback(&report, user_data);
    const LxCollective *c = self->options.collective;
    status = c ? c->sum(c->user_data, &stop, 1, error) : LX_OK; /* all stop after the same step */
    if (status)
      return status;
    if (stop > 0)
      return lx_fail(error, LX_ERR_CANCELLED, "The training was stopped.");
  }
  return LX_OK;
}

void lx_trainer_set_learning_rate(LxTrainer *self, double lr)
{
  if (!(lr > 0))
    return;
  self->options.optimizer.lr = lr;
  lx_optimizer_set_rate(self->optimizer, lr);
}

bool lx_trainer_done(const LxTrainer *self)
{
  return lx_trainer_steps(self) >= lx_trainer_total_steps(self);
}

int64_t lx_trainer_steps(const LxTrainer *self)
{
  return lx_optimizer_steps(self->optimizer);
}

int64_t lx_trainer_total_steps(const LxTrainer *self)
{
  return self->options.optimizer.total_steps;
}

int64_t lx_trainer_steps_per_epoch(const LxTrainer *self)
{
  return self->steps_per_epoch;
}

LxTensors *lx_trainer_params(const LxTrainer *self)
{
  return self->params;
}

const LxConfig *lx_trainer_config(const LxTrainer *self)
{
  return &self->config;
}

void lx_trainer_memory(const LxTrainer *self, size_t *params, size_t *graph, size_t *moments)
{
  *params = lx_tensors_bytes(self->params);
  *graph = lx_graph_arena_bytes(self->model->graph);
  *moments = 2 * *params;
}
