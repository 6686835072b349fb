/* The ablation on examples in memory: all kinds of rows, and a run that is stopped in the middle of a
 * training and goes on gives the numbers of one that was not. */
#include "lx-file.h"
#include "lx-model.h"
#include "lx-rng.h"
#include "lx-test.h"
#include "science-ablation-report.h"

#include <sys/stat.h>
#include <unistd.h>

enum { EXAMPLES = 128, FEATURES = 8, ANSWERS = 3 };

static LxRegions *images[EXAMPLES];
static LxTarget targets[EXAMPLES];
static LxError error;

static LxStatus get(void *user_data, int64_t i, bool with_images, LxTrainExample *out, LxError *e)
{
  static const char *const words[] = {"what is it", "is it red", "how many"};
  static char id[16];
  snprintf(id, sizeof id, "image%lld", (long long)i);
  *out = (LxTrainExample){.sentence = words[i % 3],
                          .image_id = id,
                          .image = {images[i], images[(i + 1) % EXAMPLES]},
                          .targets = &targets[i],
                          .n_targets = 1,
                          .label = targets[i].label == 0};
  return LX_OK;
}

static const LxExampleSource source = {EXAMPLES, get, NULL};

/* The answer is which of the first three features is on. */
static void make_examples(void)
{
  LxRng r = {7, 1, 0};
  for (int i = 0; i < EXAMPLES; i++) {
    CHECK(!lx_regions_new(3, FEATURES, &images[i], &error));
    images[i]->width = images[i]->height = 100;
    targets[i] = (LxTarget){lx_rng_below(&r, ANSWERS), 1};
    for (int o = 0; o < 3; o++) {
      images[i]->object_conf[o] = images[i]->attribute_conf[o] = 0.9f;
      for (int j = 0; j < FEATURES; j++)
        images[i]->features[o * FEATURES + j] =
            (float)(0.3 * lx_rng_normal(&r)) + (j == targets[i].label ? 2 : 0);
    }
  }
}

static const ScienceSetting setting = {.name = "test",
                                       .hidden = 16,
                                       .heads = 2,
                                       .intermediate = 32,
                                       .language = 1,
                                       .vision = 1,
                                       .cross = 1,
                                       .batch = 16,
                                       .words_examples = 320,
                                       .pretrain_examples = 320,
                                       .task_examples = 1600,
                                       .pair_examples = 640,
                                       .test_examples = EXAMPLES,
                                       .pretrain_rate = 2e-3,
                                       .task_rate = 4e-3,
                                       .pair_rate = 4e-3};

static int steps_left, cells_seen;

/* Stops after so many steps, which is in the middle of some training. */
static int stop_after(const char *what, int64_t step, int64_t steps, const ScienceCell *cell,
                      void *user_data)
{
  cells_seen += cell != NULL;
  return user_data && !cell && --steps_left <= 0;
}

static ScienceAblation make(const char *out, const LxTokenizer *tokenizer, const char *vocab,
                            const LxAnswers *answers, const LxConfig *base)
{
  ScienceAblation a = {.setting = &setting,
                       .out = out,
                       .vocab_path = vocab,
                       .tokenizer = tokenizer,
                       .base = base,
                       .seeds = 1,
                       .seed = 5,
                       .rows = 1u << SCIENCE_LSTM_BUTD | 1u << SCIENCE_BERT_BUTD |
                               1u << (SCIENCE_BERT_CROSS_1 + 1) | 1u << SCIENCE_PRETRAIN_BERT,
                       .tasks = 1 | 4,
                       .report = stop_after};
  for (int task = 0; task < 4; task++)
    a.data[task] =
        (ScienceData){&source, task ? &source : NULL, task == LX_TASK_NLVR2 ? NULL : answers};
  return a;
}

static const ScienceCell *find(const ScienceCell *cells, int n, int row, int task)
{
  for (int i = 0; i < n; i++)
    if (cells[i].row == row && cells[i].task == task)
      return &cells[i];
  return NULL;
}

static void compare(const ScienceCell *whole, int n, const ScienceCell *parts, int m)
{
  CHECK(n == 2 + 8 && m == n, "%d and %d cells", n, m);
  for (int i = 0; i < n; i++) {
    const ScienceCell *other = find(parts, m, whole[i].row, whole[i].task);
    CHECK(other, "no cell %d, %d", whole[i].row, whole[i].task);
    if (other && whole[i].task >= 0)
      CHECK(other->accuracy == whole[i].accuracy && other->parameters == whole[i].parameters &&
                other->examples == whole[i].examples,
            "%s: %g and %g", science_row(whole[i].row)->label, other->accuracy, whole[i].accuracy);
  }
}

static void test_resume(const char *folder, ScienceAblation *a)
{
  char whole_dir[512], parts_dir[512], path[600], *text = NULL;
  ScienceCell *whole = NULL, *parts = NULL;
  int n = 0, m = 0, stops = 0;
  size_t size;
  snprintf(whole_dir, sizeof whole_dir, "%s/whole", folder);
  snprintf(parts_dir, sizeof parts_dir, "%s/parts", folder);
  a->out = whole_dir;
  LxStatus status = science_ablation_run(a, &whole, &n, &error);
  CHECK(!status, "%s", error.message);
  CHECK(cells_seen == 10, "%d", cells_seen);
  a->out = parts_dir;
  a->user_data = a;
  for (; stops < 100; stops++) {
    steps_left = 57;
    free(parts);
    parts = NULL;
    status = science_ablation_run(a, &parts, &m, &error);
    a->resume = true;
    if (status != LX_ERR_CANCELLED)
      break;
  }
  CHECK(!status, "%s", error.message);
  CHECK(stops > 5, "%d", stops);
  compare(whole, n, parts, m);
  const ScienceCell *lstm = find(whole, n, SCIENCE_LSTM_BUTD, 0);
  CHECK(lstm && lstm->accuracy > 0.9, "the LSTM learns: %g", lstm ? lstm->accuracy : 0);
  a->resume = false; /* results are never overwritten unasked */
  ScienceCell *none = NULL;
  CHECK(science_ablation_run(a, &none, &m, &error) == LX_ERR_ARGUMENT);
  CHECK(!science_ablation_report(whole_dir, &setting, whole, n, &error), "%s", error.message);
  snprintf(path, sizeof path, "%s/ablation.md", whole_dir);
  CHECK(!lx_file_read(path, 1 << 20, &text, &size, &error));
  CHECK(text && strstr(text, "| BERT + 2 CrossAtt |") && !strstr(text, "BERT + 3 CrossAtt"));
  free(text);
  free(whole);
  free(parts);
  free(none);
}

static void test_spread(void)
{
  const ScienceCell cells[] = {{.row = 0, .task = 1, .seed = 1, .accuracy = 0.5},
                               {.row = 0, .task = 1, .seed = 2, .accuracy = 0.7},
                               {.row = 1, .task = 1, .seed = 2, .accuracy = 0.9}};
  ScienceSpread s;
  CHECK(science_spread(cells, 3, 0, 1, &s) && s.n == 2);
  CHECK(fabs(s.mean - 0.6) < 1e-12 && fabs(s.deviation - 0.141421356) < 1e-8, "%g %g", s.mean,
        s.deviation);
  CHECK(s.least == 0.5 && s.most == 0.7);
  CHECK(science_spread(cells, 3, 1, 1, &s) && s.deviation == 0);
  CHECK(!science_spread(cells, 3, 0, 0, &s));
}

/* The words' model opens as any model and holds the language half and its word head. */
static void test_words_model(const char *folder)
{
  char path[600];
  LxModel *model = NULL;
  snprintf(path, sizeof path, "%s/whole/base-bert-5", folder);
  CHECK(!lx_model_open(path, &model, &error), "%s", error.message);
  if (!model)
    return;
  CHECK(lx_model_heads(model) == LX_HEAD_MLM);
  CHECK(lx_model_config(model)->l_layers == 1 && lx_model_config(model)->x_layers == 0);
  lx_model_unref(model);
}

int main(void)
{
  char folder[] = "/tmp/crosslens-ablation-XXXXXX", vocab[600];
  static const char words[] = "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nwhat\nis\nit\nred\nhow\nmany\n";
  static const char *const texts[] = {"one", "two", "three"};
  LxTokenizer *tokenizer = NULL;
  LxAnswers *answers = NULL;
  LxConfig base;
  CHECK(mkdtemp(folder) != NULL);
  snprintf(vocab, sizeof vocab, "%s/vocab.txt", folder);
  CHECK(!lx_file_write(vocab, words, sizeof words - 1, &error));
  CHECK(!lx_tokenizer_open(vocab, &tokenizer, &error), "%s", error.message);
  CHECK(!lx_answers_new(texts, ANSWERS, &answers, &error));
  make_examples();
  lx_config_init(&base);
  base.vocab_size = 11;
  base.max_position_embeddings = 16;
  base.visual_feat_dim = FEATURES;
  base.num_object_labels = base.num_attr_labels = 2;
  ScienceAblation a = make(folder, tokenizer, vocab, answers, &base);
  test_spread();
  test_resume(folder, &a);
  test_words_model(folder);
  lx_answers_free(answers);
  lx_tokenizer_free(tokenizer);
  lx_config_clear(&base);
  for (int i = 0; i < EXAMPLES; i++)
    lx_regions_free(images[i]);
  char command[600];
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  CHECK(system(command) == 0);
  return lx_test_end();
}
