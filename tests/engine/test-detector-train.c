/* A very small detector learns squares of two colours, stops, and goes on as if it had not. */
#include "lx-detector-train.h"
#include "lx-rng.h"
#include "lx-test-io.h"

static LxError error;

/* One or two filled squares on grey: class = size, attribute = colour. */
static int squares(void *user_data, int64_t index, uint8_t *rgb, LxDetectorTruth *truth)
{
  LxRng rng = {9, (uint64_t)index, 0};
  memset(rgb, 128, 128 * 96 * 3);
  truth->count = 1 + (int)lx_rng_below(&rng, 2);
  for (int i = 0; i < truth->count; i++) {
    int large = (int)lx_rng_below(&rng, 2), colour = (int)lx_rng_below(&rng, 2);
    int side = large ? 40 : 20, x0 = 64 * i + (int)lx_rng_below(&rng, 64 - side);
    int y0 = (int)lx_rng_below(&rng, 96 - side);
    for (int y = y0; y < y0 + side; y++)
      for (int x = x0; x < x0 + side; x++)
        for (int c = 0; c < 3; c++)
          rgb[(y * 128 + x) * 3 + c] = c == 2 * colour ? 230 : 20;
    float box[4] = {(float)x0, (float)y0, (float)(x0 + side), (float)(y0 + side)};
    memcpy(truth->boxes[i], box, sizeof box);
    truth->classes[i] = large;
    truth->attributes[i] = colour;
  }
  return 0;
}

static void make_config(LxDetectorConfig *c)
{
  lx_detector_config_default(c);
  c->min_size = 96;
  c->max_size = 128;
  for (int i = 0; i < 3; i++)
    c->pixel_std[i] = 60;
  c->stem_out = 8;
  c->res2_out = 16;
  c->width_per_group = 8;
  for (int i = 0; i < 4; i++)
    c->num_blocks[i] = 1;
  c->stride_in_1x1 = false;
  c->rpn_hidden = 32;
  c->anchor_sizes = (LxNumbers){2, {20, 40}};
  c->anchor_ratios = (LxNumbers){1, {1}};
  c->num_classes = c->num_attrs = 2;
  c->pooler = 4;
  c->res5_halve = true;
  c->pre_nms_topk = c->pre_nms_topk_train = 50;
  c->post_nms_topk = c->post_nms_topk_train = 16;
  c->rpn_batch = 32;
  c->roi_batch = 12;
  c->roi_positive = 0.5;
  c->max_detections = 4;
  c->min_detections = 1;
  c->min_score = 0.3;
}

static LxDetectorTrainer *new_trainer(void)
{
  LxDetectorConfig config;
  LxDetectorTraining training;
  LxDetectorSource source = {128, 96, squares, NULL};
  LxDetectorTrainer *trainer = NULL;
  make_config(&config);
  lx_detector_training_default(&training);
  training.learning_rate = 4e-3;
  training.warmup = 10;
  training.ema = 0.9;
  CHECK(!lx_detector_trainer_new(&config, &training, &source, NULL, &trainer, &error), "%s",
        error.message);
  return trainer;
}

static double steps(LxDetectorTrainer *trainer, int from, int to)
{
  LxDetectorStep step = {0};
  for (int i = from; i < to; i++)
    CHECK(!lx_detector_trainer_step(trainer, i / 90.0, &step, &error), "%s", error.message);
  return step.loss.total;
}

int main(void)
{
  LxDetectorSource source = {128, 96, squares, NULL};
  LxDetectorScore score;
  LxDetectorTrainer *a = new_trainer(), *b = new_trainer();
  if (!a || !b)
    return lx_test_end();
  double first = steps(a, 0, 1);
  steps(a, 1, 20);
  const char *path = lx_test_path("state.safetensors");
  CHECK(!lx_detector_trainer_save(a, path, &error), "%s", error.message);
  CHECK(!lx_detector_trainer_load(b, path, &error), "%s", error.message);
  CHECK(lx_detector_trainer_images(b) == 160);
  steps(a, 20, 23);
  steps(b, 20, 23);
  for (size_t i = 0; i < lx_tensors_count(lx_detector_trainer_params(a)); i++) {
    const LxTensor *x = lx_tensors_at(lx_detector_trainer_params(a), i);
    const LxTensor *y = lx_tensors_at(lx_detector_trainer_params(b), i);
    CHECK(!memcmp(x->data, y->data, lx_tensor_bytes(x)), "resumed: %s differs",
          lx_tensors_name(lx_detector_trainer_params(a), i));
  }
  double last = steps(a, 23, 90);
  CHECK(last < 0.6 * first, "the loss went from %g to %g", first, last);
  CHECK(!lx_detector_trainer_evaluate(a, &source, 100000, 40, &score, &error));
  CHECK(score.recall > 0.8 && score.class_accuracy > 0.8 && score.attribute_accuracy > 0.9,
        "recall %g, class %g, attribute %g", score.recall, score.class_accuracy,
        score.attribute_accuracy);
  lx_detector_trainer_free(a);
  lx_detector_trainer_free(b);
  lx_test_clean();
  return lx_test_end();
}
