/* Training a detector from pictures with known boxes. */
#pragma once

#include "lx-detector-graph.h"
#include "lx-detector-score.h"

typedef struct LxDetectorTrainer LxDetectorTrainer;

/* Where examples come from. `get` may be called from several threads at once. */
typedef struct {
  int width, height; /* of every picture */
  /* Fills rgb[height, width, 3] and truth (boxes in these pixels) of example `index`; 0 = done,
   * anything else fails the step. Same index, same example. */
  int (*get)(void *user_data, int64_t index, uint8_t *rgb, LxDetectorTruth *truth);
  void *user_data;
} LxDetectorSource;

typedef struct {
  uint64_t seed;
  int batch;            /* images of a step */
  double learning_rate; /* of Adam at its peak */
  double weight_decay;
  double clip; /* most norm of the whole gradient; 0 = off */
  double ema;  /* decay of the averaged weights that are evaluated and shipped */
  int warmup;  /* steps */
} LxDetectorTraining;

typedef struct {
  int64_t step, images;
  double learning_rate, gradient_norm;
  LxDetectorLoss loss; /* mean of the step's images; counts are sums */
} LxDetectorStep;

void lx_detector_training_default(LxDetectorTraining *out);

/* A new detector: `params` NULL = random ones whose frozen norms are calibrated on the source's
 * first pictures; else training goes on from a copy of them. *out is owned. */
LxStatus lx_detector_trainer_new(const LxDetectorConfig *config, const LxDetectorTraining *training,
                                 const LxDetectorSource *source, LxTensors *params,
                                 LxDetectorTrainer **out, LxError *error);
void lx_detector_trainer_free(LxDetectorTrainer *self);

/* One step at `progress` (0..1 of the whole training; the rate falls as a cosine to 1% of its
 * peak). */
LxStatus lx_detector_trainer_step(LxDetectorTrainer *self, double progress, LxDetectorStep *out,
                                  LxError *error);
/* On `images` examples of another source, from `first`, with the averaged weights. */
LxStatus lx_detector_trainer_evaluate(LxDetectorTrainer *self, const LxDetectorSource *source,
                                      int64_t first, int images, LxDetectorScore *out,
                                      LxError *error);

/* Weights, averages, moments and counters, so that a training goes on as if never stopped. */
LxStatus lx_detector_trainer_save(LxDetectorTrainer *self, const char *path, LxError *error);
LxStatus lx_detector_trainer_load(LxDetectorTrainer *self, const char *path, LxError *error);

/* The averaged weights; borrowed. */
LxTensors *lx_detector_trainer_params(LxDetectorTrainer *self);
int64_t lx_detector_trainer_images(const LxDetectorTrainer *self);
