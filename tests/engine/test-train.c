/* Training from examples in memory: it learns, repeats, resumes bit by bit, and stops when asked. */
#include "lx-evaluate.h"
#include "lx-model.h"
#include "lx-rng.h"
#include "lx-test.h"
#include "lx-train.h"

#include <sys/stat.h>
#include <unistd.h>

enum { EXAMPLES = 96, OBJECTS = 4, FEATURES = 12, ANSWERS = 3 };

static LxRegions *images[EXAMPLES];
static LxTarget targets[EXAMPLES];
static char sentences[EXAMPLES][64], ids[EXAMPLES][16];
static LxError error;

static LxStatus get(void *user_data, int64_t i, bool with_images, LxTrainExample *out,
                    LxError *e)
{
  *out = (LxTrainExample){.sentence = sentences[i], .image_id = ids[i],
                          .image = {images[i], images[(i + 1) % EXAMPLES]},
                          .targets = &targets[i], .n_targets = 1,
                          .label = targets[i].label == 0};
  return LX_OK;
}

static const LxExampleSource source = {EXAMPLES, get, NULL};

/* The answer is which of the first three features is on in every object; a pair is true when the
 * left image's is the first. */
static void make_examples(void)
{
  static const char *const words[] = {"what colour is it", "is it red", "how many cats"};
  LxRng r = {7, 1, 0};
  for (int i = 0; i < EXAMPLES; i++) {
    int64_t n = 2 + lx_rng_below(&r, OBJECTS - 1);
    CHECK(!lx_regions_new(n, FEATURES, &images[i], &error));
    images[i]->width = images[i]->height = 100;
    targets[i] = (LxTarget){lx_rng_below(&r, ANSWERS), 1};
    snprintf(sentences[i], sizeof sentences[i], "%s", words[i % 3]);
    snprintf(ids[i], sizeof ids[i], "image%d", i);
    for (int64_t o = 0; o < n; o++) {
      images[i]->object_ids[o] = targets[i].label;
      images[i]->object_conf[o] = images[i]->attribute_conf[o] = 0.9f;
      for (int j = 0; j < 4; j++)
        images[i]->boxes[o * 4 + j] = (float)lx_rng_below(&r, 100);
      for (int j = 0; j < FEATURES; j++)
        images[i]->features[o * FEATURES + j] =
            (float)(0.3 * lx_rng_normal(&r)) + (j == targets[i].label ? 2 : 0);
    }
  }
}

static LxConfig small_config(int64_t vocabulary)
{
  LxConfig c;
  lx_config_init(&c);
  c.vocab_size = vocabulary;
  c.hidden_size = 32;
  c.num_attention_heads = 4;
  c.intermediate_size = 64;
  c.l_layers = 2;
  c.r_layers = c.x_layers = 1;
  c.max_position_embeddings = 16;
  c.visual_feat_dim = FEATURES;
  c.num_qa_labels = ANSWERS;
  c.num_object_labels = 5;
  c.num_attr_labels = 4;
  return c;
}

static LxTrainOptions small_options(LxTask task)
{
  LxTrainOptions o;
  lx_train_options_init(&o, task);
  o.epochs = 12;
  o.batch = 16;
  o.max_words = 12;
  o.max_objects = OBJECTS;
  o.optimizer.lr = 3e-3;
  return o;
}

static LxTrainer *start(const LxConfig *config, const LxTokenizer *tokenizer,
                        const LxTrainOptions *options)
{
  LxTrainer *trainer = NULL;
  CHECK(!lx_trainer_new(config, NULL, tokenizer, &source, options, &trainer, &error), "%s",
        error.message);
  if (!trainer)
    exit(1);
  return trainer;
}

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
                     NULL, NULL, &before, &error), "%s", error.message);
  seen = 0;
  CHECK(!lx_trainer_run(trainer, watch, NULL, &error), "%s", error.message);
  CHECK(seen == 72 && lx_trainer_done(trainer));
  CHECK(!lx_evaluate(&config, lx_trainer_params(trainer), tokenizer, &source, task, 0, 10, NULL,
                     NULL, NULL, &after, &error), "%s", error.message);
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
  test_refusals(tokenizer);
  for (int i = 0; i < EXAMPLES; i++)
    lx_regions_free(images[i]);
  lx_tokenizer_free(tokenizer);
  return lx_test_end();
}
