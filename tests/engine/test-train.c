/* Training from examples in memory: it learns, repeats, resumes bit by bit, and stops when asked. */
#include "lx-evaluate.h"
#include "lx-model.h"
#include "train-fixture.h"

#include <sys/stat.h>
#include <unistd.h>

static bool same_params(LxTrainer *a, LxTrainer *b)
{
  LxTensors *x = lx_trainer_params(a), *y = lx_trainer_params(b);
  for (size_t i = 0; i < lx_tensors_count(x); i++)
    if (memcmp(lx_tensors_at(x, i)->data, lx_tensors_at(y, i)->data,
               lx_tensor_bytes(lx_tensors_at(x, i))) != 0)
      return false;
  return true;
}

static double first_loss, last_loss;
static int seen;

static int watch(const LxTrainReport *report, void *user_data)
{
  if (report->step == 1)
    first_loss = report->loss;
  last_loss = report->loss;
  seen++;
  CHECK(report->step == seen && report->total_steps > 0);
  return user_data && report->step == *(const int *)user_data;
}

static void test_learns(const LxTokenizer *tokenizer, LxTask task, double best_share)
{
  LxConfig config = small_config(lx_tokenizer_count(tokenizer));
  LxTrainOptions options = small_options(task);
  LxTrainer *trainer = start(&config, tokenizer, &options);
  LxEvaluation before, after;
  CHECK(!lx_evaluate(&config, lx_trainer_params(trainer), tokenizer, &source, task, 0, 10, NULL,
                     NULL, NULL, NULL, &before, &error),
        "%s", error.message);
  seen = 0;
  CHECK(!lx_trainer_run(trainer, watch, NULL, &error), "%s", error.message);
  CHECK(seen == 72 && lx_trainer_done(trainer));
  CHECK(!lx_evaluate(&config, lx_trainer_params(trainer), tokenizer, &source, task, 0, 10, NULL,
                     NULL, NULL, NULL, &after, &error),
        "%s", error.message);
  printf("%s: loss %.3f -> %.3f, accuracy %.2f -> %.2f\n", lx_task_name(task), first_loss,
         last_loss, before.accuracy, after.accuracy);
  CHECK(after.examples == EXAMPLES);
  CHECK(after.loss < before.loss * 0.8 && last_loss < first_loss * 0.8);
  CHECK(after.accuracy >= best_share, "%g", after.accuracy);
  lx_trainer_free(trainer);
  lx_config_clear(&config);
}

/* 20 steps at once == 9 steps, a checkpoint, a new trainer, 11 more steps. */
static void test_resume(const LxTokenizer *tokenizer, LxTask task, const char *vocab)
{
  char folder[] = "/tmp/lx-train-XXXXXX", model_folder[64];
  CHECK(mkdtemp(folder) != NULL);
  snprintf(model_folder, sizeof model_folder, "%s/model", folder);
  LxConfig config = small_config(lx_tokenizer_count(tokenizer));
  LxTrainOptions options = small_options(task);
  options.max_steps = 20;
  options.accumulate = 2;
  LxTrainer *whole = start(&config, tokenizer, &options);
  LxTrainer *half = start(&config, tokenizer, &options);
  LxTrainer *rest = start(&config, tokenizer, &options);
  CHECK(same_params(whole, half));
  CHECK(!lx_trainer_run(whole, NULL, NULL, &error), "%s", error.message);
  int stop = 9;
  seen = 0;
  CHECK(lx_trainer_run(half, watch, &stop, &error) == LX_ERR_CANCELLED);
  CHECK(lx_trainer_steps(half) == 9);
  CHECK(!lx_trainer_can_resume(model_folder));
  CHECK(!lx_trainer_save(half, model_folder, vocab, NULL, &error), "%s", error.message);
  CHECK(lx_trainer_can_resume(model_folder));
  CHECK(!lx_trainer_resume(rest, model_folder, &error), "%s", error.message);
  CHECK(lx_trainer_steps(rest) == 9 && same_params(half, rest));
  CHECK(!lx_trainer_run(rest, NULL, NULL, &error), "%s", error.message);
  CHECK(same_params(whole, rest));
  CHECK(!same_params(whole, half));

  options.seed++;
  LxTrainer *other = start(&config, tokenizer, &options);
  CHECK(lx_trainer_resume(other, model_folder, &error) == LX_ERR_ARGUMENT);
  CHECK(strstr(error.message, "seed"), "%s", error.message);

  LxModel *model = NULL;
  CHECK(!lx_model_open(model_folder, &model, &error), "%s", error.message);
  CHECK(model && lx_model_heads(model) == lx_task_heads(task));
  lx_model_unref(model);
  lx_trainer_free(whole);
  lx_trainer_free(half);
  lx_trainer_free(rest);
  lx_trainer_free(other);
  lx_config_clear(&config);
  char command[128];
  snprintf(command, sizeof command, "rm -r %s", folder);
  CHECK(system(command) == 0);
}

typedef struct {
  int calls, stop_at; /* 0: never */
} Between;

static int between(double done, const char *what, void *user_data)
{
  Between *self = user_data;
  CHECK(done >= 0 && done <= 1);
  return ++self->calls == self->stop_at;
}

/* A step that is broken off, forward or backward, is as if it had not begun. */
static void test_broken_off(const LxTokenizer *tokenizer)
{
  LxConfig config = small_config(lx_tokenizer_count(tokenizer));
  LxTrainOptions options = small_options(LX_TASK_VQA);
  LxTrainer *whole = start(&config, tokenizer, &options);
  Between watch = {0};
  options.between = between;
  options.between_data = &watch;
  LxTrainer *broken = start(&config, tokenizer, &options);
  CHECK(!lx_trainer_step(whole, NULL, &error) && !lx_trainer_step(broken, NULL, &error));
  int each = watch.calls;
  CHECK(each > 20, "%d", each);
  for (int part = 1; part <= 5; part++) {
    watch = (Between){0, part * each / 6};
    CHECK(lx_trainer_step(broken, NULL, &error) == LX_ERR_CANCELLED);
    CHECK(watch.calls == watch.stop_at && lx_trainer_steps(broken) == part);
    watch.stop_at = 0;
    CHECK(!lx_trainer_step(whole, NULL, &error) && !lx_trainer_step(broken, NULL, &error));
    CHECK(same_params(whole, broken));
  }
  lx_trainer_free(whole);
  lx_trainer_free(broken);
  lx_config_clear(&config);
}

static void test_refusals(const LxTokenizer *tokenizer)
{
  LxConfig config = small_config(lx_tokenizer_count(tokenizer));
  LxTrainOptions options = small_options(LX_TASK_VQA);
  LxTrainer *trainer = NULL;
  LxExampleSource empty = {0, get, NULL};
  CHECK(lx_trainer_new(&config, NULL, tokenizer, &empty, &options, &trainer, &error) ==
        LX_ERR_ARGUMENT);
  options.batch = 0;
  CHECK(lx_trainer_new(&config, NULL, tokenizer, &source, &options, &trainer, &error) ==
        LX_ERR_ARGUMENT);
  options.batch = 8;
  config.visual_feat_dim = FEATURES + 1;
  CHECK(!lx_trainer_new(&config, NULL, tokenizer, &source, &options, &trainer, &error));
  CHECK(lx_trainer_step(trainer, NULL, &error) == LX_ERR_SHAPE);
  CHECK(strstr(error.message, "features"), "%s", error.message);
  lx_trainer_free(trainer);
  options.optimizer.lr = 1e30;
  options.optimizer.max_norm = 0;
  options.optimizer.warmup = -1;
  config.visual_feat_dim = FEATURES;
  CHECK(!lx_trainer_new(&config, NULL, tokenizer, &source, &options, &trainer, &error));
  LxStatus status = LX_OK;
  for (int i = 0; i < 5 && !status; i++)
    status = lx_trainer_step(trainer, NULL, &error);
  CHECK(status == LX_ERR_NUMERIC, "%d", status);
  lx_trainer_free(trainer);
  lx_config_clear(&config);
}

/* A box in the middle stays where it was, others move apart; weights without boxes are refused. */
static void test_spread_boxes(const LxTokenizer *tokenizer)
{
  LxConfig config = small_config(lx_tokenizer_count(tokenizer));
  LxTensors *plain = NULL, *spread = NULL, *none = lx_tensors_new();
  const float middle[4] = {0.4f, 0.4f, 0.6f, 0.6f};
  double moved = 0;
  CHECK(!lx_lxmert_init_params(&config, LX_HEAD_ANSWER, 3, &plain, &error), "%s", error.message);
  CHECK(!lx_tensors_copy_f32(plain, &spread, &error), "%s", error.message);
  CHECK(!lx_lxmert_spread_boxes(spread, 0.3, 7, &error), "%s", error.message);
  LxTensors *all[2] = {plain, spread};
  const LxTensor *w[2], *b[2];
  for (int i = 0; i < 2; i++) {
    w[i] = lx_tensors_find(all[i], "lxmert.encoder.visn_fc.box_fc.weight");
    b[i] = lx_tensors_find(all[i], "lxmert.encoder.visn_fc.box_fc.bias");
  }
  for (int64_t h = 0; h < config.hidden_size; h++) {
    double y[2] = {lx_f32(b[0])[h], lx_f32(b[1])[h]};
    for (int k = 0; k < 4; k++)
      for (int i = 0; i < 2; i++)
        y[i] += (double)lx_f32(w[i])[4 * h + k] * middle[k];
    CHECK(fabs(y[0] - y[1]) < 1e-5, "%g %g", y[0], y[1]);
    for (int k = 0; k < 4; k++)
      moved += pow(lx_f32(w[1])[4 * h + k] - lx_f32(w[0])[4 * h + k], 2);
  }
  moved = sqrt(moved / (double)(4 * config.hidden_size));
  CHECK(moved > 0.2 && moved < 0.4, "%g", moved);
  CHECK(lx_lxmert_spread_boxes(none, 0.3, 7, &error) == LX_ERR_ARGUMENT);
  lx_tensors_unref(plain);
  lx_tensors_unref(spread);
  lx_tensors_unref(none);
  lx_config_clear(&config);
}

int main(void)
{
  const char *vocab = lx_test_data("train/vocab.txt");
  LxTokenizer *tokenizer = NULL;
  CHECK(!lx_tokenizer_open(vocab, &tokenizer, &error), "%s", error.message);
  if (!tokenizer)
    return lx_test_end();
  make_examples();
  test_learns(tokenizer, LX_TASK_VQA, 0.95);
  test_learns(tokenizer, LX_TASK_NLVR2, 0.8);
  test_learns(tokenizer, LX_TASK_PRETRAIN, 0.3);
  test_resume(tokenizer, LX_TASK_VQA, vocab);
  test_resume(tokenizer, LX_TASK_PRETRAIN, vocab);
  test_resume(tokenizer, LX_TASK_NLVR2, vocab);
  test_broken_off(tokenizer);
  test_refusals(tokenizer);
  test_spread_boxes(tokenizer);
  free_examples();
  lx_tokenizer_free(tokenizer);
  return lx_test_end();
}
