/* Examples in memory, and a model small enough to train in a blink. */
#pragma once

#include <stdlib.h>

#include "lx-rng.h"
#include "lx-test.h"
#include "lx-train.h"

enum { EXAMPLES = 96, OBJECTS = 4, FEATURES = 12, ANSWERS = 3 };

static LxRegions *images[EXAMPLES];
static LxTarget targets[EXAMPLES];
static char sentences[EXAMPLES][64], ids[EXAMPLES][16];
static LxError error;

static LxStatus get(void *user_data, int64_t i, bool with_images, LxTrainExample *out, LxError *e)
{
  *out = (LxTrainExample){.sentence = sentences[i],
                          .image_id = ids[i],
                          .image = {images[i], images[(i + 1) % EXAMPLES]},
                          .targets = &targets[i],
                          .n_targets = 1,
                          .label = targets[i].label == 0};
  return LX_OK;
}

static const LxExampleSource source = {EXAMPLES, get, NULL};

/* The answer is which of the first three features is on in every object; a pair is true when the
 * left image's is the first. */
static inline void make_examples(void)
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

static inline void free_examples(void)
{
  for (int i = 0; i < EXAMPLES; i++)
    lx_regions_free(images[i]);
}

static inline LxConfig small_config(int64_t vocabulary)
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

static inline LxTrainOptions small_options(LxTask task)
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

static inline LxTrainer *start(const LxConfig *config, const LxTokenizer *tokenizer,
                               const LxTrainOptions *options)
{
  LxTrainer *trainer = NULL;
  CHECK(!lx_trainer_new(config, NULL, tokenizer, &source, options, &trainer, &error), "%s",
        error.message);
  if (!trainer)
    exit(1);
  return trainer;
}
