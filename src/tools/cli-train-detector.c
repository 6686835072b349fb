/* crosslens-cli train --task detector: teaches a detector the demo world, from scenes that are
 * drawn while it learns. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "cli-train-detector.h"
#include "cli-json.h"
#include "cli.h"
#include "lx-detector.h"
#include "lx-detector-train.h"
#include "lx-file.h"
#include "world-scene.h"

enum {
  TEST_SCENES = 384,    /* at the end; a quarter of them at each checkpoint */
  FIRST_PAIRS = 1000000 /* of the split with the held-out pairs; those before it are for tests */
};

typedef struct {
  WorldSplit split;
  bool all_pairs; /* every second scene from the split with the held-out pairs */
} Split;

typedef struct {
  const char *out, *from;
  int64_t seed, scenes, batch, evaluate, test_scenes;
  double minutes, rate, every, scale;
  bool resume, all_pairs, as_json;
  const char *split; /* to evaluate on */
  /* of the run */
  double earlier, started, reported, averaged; /* seconds; images a mean is over */
  LxDetectorStep mean;
} Run;

static void fill_truth(const WorldScene *scene, LxDetectorTruth *truth)
{
  truth->count = scene->n_objects;
  for (int i = 0; i < scene->n_objects; i++) {
    memcpy(truth->boxes[i], scene->objects[i].box, sizeof truth->boxes[i]);
    truth->classes[i] = scene->objects[i].class_id;
    truth->attributes[i] = scene->objects[i].colour;
  }
}

static int get_scene(void *user_data, int64_t index, uint8_t *rgb, LxDetectorTruth *truth)
{
  const Split *s = user_data;
  bool any_pair = s->all_pairs && index % 2;
  WorldSplit split = any_pair ? WORLD_SPLIT_HELDOUT : s->split;
  int number = (int)(index % 1000000000) + (any_pair ? FIRST_PAIRS : 0);
  WorldScene *scene = world_scene_new(world_scene_seed(CLI_WORLD_SEED, split, number), split);
  if (!scene)
    return 1;
  bool drawn = world_scene_render(scene, WORLD_WIDTH, WORLD_HEIGHT, rgb, WORLD_WIDTH * 3);
  fill_truth(scene, truth);
  world_scene_free(scene);
  return drawn ? 0 : 1;
}

void cli_world_detector_config(LxDetectorConfig *c)
{
  lx_detector_config_default(c);
  c->min_size = 480;
  c->max_size = 640;
  for (int i = 0; i < 3; i++)
    c->pixel_std[i] = 60;
  c->depth = 50;
  c->num_blocks[0] = 1;
  c->num_blocks[1] = 2;
  c->num_blocks[2] = 3;
  c->num_blocks[3] = 1;
  c->stem_out = 16;
  c->res2_out = 32;
  c->width_per_group = 16;
  c->stride_in_1x1 = false;
  c->anchor_sizes = (LxNumbers){4, {34, 60, 104, 180}};
  c->anchor_offset = 0.5;
  c->rpn_hidden = 96;
  c->pre_nms_topk = 600;
  c->post_nms_topk = 128;
  c->pre_nms_topk_train = 600;
  c->post_nms_topk_train = 200;
  c->rpn_batch = 128;
  c->rpn_iou_high = 0.6;
  c->rpn_smooth_l1_beta = 0.1;
  c->roi_smooth_l1_beta = 0.5;
  c->pooler = 7;
  c->res5_halve = true;
  c->num_classes = world_n_classes();
  c->num_attrs = world_n_attributes();
  c->roi_batch = 64;
  c->roi_positive = 0.5;
  c->nms_thresholds = (LxNumbers){1, {0.4}};
  c->min_detections = 4;
  c->max_detections = 20;
  c->min_score = 0.3;
}

/* ---- reporting ---- */

static void add_step(Run *run, const LxDetectorStep *step)
{
  LxDetectorLoss *to = &run->mean.loss;
  const LxDetectorLoss *l = &step->loss;
  to->rpn_class += l->rpn_class;
  to->rpn_box += l->rpn_box;
  to->roi_class += l->roi_class;
  to->roi_box += l->roi_box;
  to->attribute += l->attribute;
  to->total += l->total;
  to->objects += l->objects;
  to->class_right += l->class_right;
  to->attributes += l->attributes;
  to->attribute_right += l->attribute_right;
  run->mean.gradient_norm += step->gradient_norm;
  run->averaged++;
}

static double share(int64_t part, int64_t whole)
{
  return whole ? (double)part / (double)whole : 0;
}

static void report(Run *run, const LxDetectorStep *step, const LxDetectorScore *score, FILE *log)
{
  const LxDetectorLoss *l = &run->mean.loss;
  double n = run->averaged > 0 ? run->averaged : 1, at = run->earlier + cli_now() - run->started;
  double speed = run->averaged * (double)run->batch / (cli_now() - run->reported);
  double cls = share(l->class_right, l->objects), attr = share(l->attribute_right, l->attributes);
  fprintf(stderr,
          "%s%5.1f min %7lld scenes %5.1f/s  loss %.3f (rpn %.3f %.3f  roi %.3f %.3f  attr %.3f) "
          "|g| %.2f  train class %.3f attr %.3f  test recall %.3f class %.3f attr %.3f IoU %.3f "
          "boxes %.1f doubles %.3f\n",
          isatty(STDERR_FILENO) ? "\r\033[K" : "", at / 60, (long long)step->images, speed,
          l->total / n, l->rpn_class / n, l->rpn_box / n, l->roi_class / n, l->roi_box / n,
          l->attribute / n, run->mean.gradient_norm / n, cls, attr, score->recall,
          score->class_accuracy, score->attribute_accuracy, score->mean_iou, score->boxes_per_image,
          score->doubles_share);
  fprintf(log,
          "{\"seconds\": %.1f, \"step\": %lld, \"scenes\": %lld, \"learning_rate\": %.6g, "
          "\"loss\": %.5f, \"rpn_class\": %.5f, \"rpn_box\": %.5f, \"roi_class\": %.5f, "
          "\"roi_box\": %.5f, \"attribute\": %.5f, \"recall\": %.4f, \"class_accuracy\": %.4f, "
          "\"attribute_accuracy\": %.4f, \"mean_iou\": %.4f, \"boxes\": %.2f, \"doubles\": %.4f}\n",
          at, (long long)step->step, (long long)step->images, step->learning_rate, l->total / n,
          l->rpn_class / n, l->rpn_box / n, l->roi_class / n, l->roi_box / n, l->attribute / n,
          score->recall, score->class_accuracy, score->attribute_accuracy, score->mean_iou,
          score->boxes_per_image, score->doubles_share);
  fflush(log);
  run->mean = (LxDetectorStep){0};
  run->averaged = 0;
  run->reported = cli_now();
}

/* On a terminal, between the lines of the checkpoints. */
static void say_step(const Run *run, const LxDetectorStep *step, double done, double begun_at)
{
  const double left =
      done > begun_at ? (cli_now() - run->started) * (1 - done) / (done - begun_at) : 0;
  fprintf(stderr, "\r[%s] %lld scenes  loss %.3f  %s left\033[K", cli_bar(done),
          (long long)step->images, step->loss.total, cli_duration(left));
}

/* What is measured, as one JSON line on standard output or as a sentence. */
static void print_score(const Run *run, const LxDetectorStep *trained, const LxDetectorScore *s)
{
  json_t *out =
      json_pack("{sI sI sf sf sf sf sf sf}", "scenes", (json_int_t)s->images, "objects",
                (json_int_t)s->truths, "recall", s->recall, "class_accuracy", s->class_accuracy,
                "attribute_accuracy", s->attribute_accuracy, "mean_iou", s->mean_iou,
                "boxes_per_scene", s->boxes_per_image, "doubles", s->doubles_share);
  if (trained) {
    json_object_set_new(out, "model", cli_json_text(run->out));
    json_object_set_new(out, "step", json_integer(trained->step));
    json_object_set_new(out, "trained_scenes", json_integer(trained->images));
    json_object_set_new(out, "seconds", json_real(run->earlier + cli_now() - run->started));
  }
  if (run->as_json) {
    cli_print_json(json_incref(out), JSON_REAL_PRECISION(4));
  } else {
    printf("recall %.1f%% of %lld objects in %lld scenes at IoU 0.5; of the found, class right "
           "%.1f%%, colour right %.1f%%, mean IoU %.3f; %.1f boxes a scene, %.1f%% doubles\n",
           100 * s->recall, (long long)s->truths, (long long)s->images, 100 * s->class_accuracy,
           100 * s->attribute_accuracy, s->mean_iou, s->boxes_per_image, 100 * s->doubles_share);
  }
  json_decref(out);
}

/* ---- files ---- */

static LxStatus write_folder(const Run *run, const LxDetectorConfig *config, LxTensors *params,
                             LxError *error)
{
  const char *classes[WORLD_N_CLASSES], *attributes[WORLD_N_ATTRIBUTES];
  for (int i = 0; i < WORLD_N_CLASSES; i++)
    classes[i] = world_class_name(i);
  for (int i = 0; i < WORLD_N_ATTRIBUTES; i++)
    attributes[i] = world_attribute_name(i);
  LxDetectorNames names = {WORLD_N_CLASSES, classes, WORLD_N_ATTRIBUTES, attributes};
  return lx_detector_folder_write(run->out, config, params, &names, LX_F16, error);
}

static void write_card(const Run *run, const LxDetectorStep *step, const LxDetectorScore *s,
                       int64_t parameters)
{
  char path[1024];
  snprintf(path, sizeof path, "%s/README.md", run->out);
  FILE *f = fopen(path, "w");
  if (!f)
    return;
  fprintf(f,
          "# Detector of the demo world\n\n"
          "A Faster R-CNN of the published code path (bottleneck ResNet C4, RPN, RoI max-pooling, "
          "res5, class, box and attribute heads), narrow, trained by Crosslens.\n\n"
          "    crosslens-cli train --task detector%s%s --out DIR --seed %lld --lr %g "
          "--scale %g --minutes %.0f%s\n\n"
          "| | |\n| --- | --- |\n"
          "| parameters | %lld, stored as float16 |\n"
          "| trained on | %lld scenes, each drawn once (%s) |\n"
          "| time | %.0f minutes on two shared cores |\n"
          "| recall at IoU 0.5 | %.1f%% of %lld objects in %lld unseen scenes (split test) |\n"
          "| right class, of the found | %.1f%% |\n"
          "| right colour, of the found | %.1f%% |\n"
          "| mean IoU, of the found | %.3f |\n"
          "| boxes per scene | %.1f reported, %.1f true, %.1f%% doubles |\n\n"
          "Batch norm was calibrated once on random weights, layer by layer, and then kept "
          "frozen; the weights are an exponential average. `roi_heads.min_score_test` is an own "
          "field: boxes below it are left out, so that scenes have as many boxes as objects.\n",
          run->from ? " --from " : "", run->from ? run->from : "", (long long)run->seed, run->rate,
          run->scale, run->minutes, run->all_pairs ? " --all-pairs" : "", (long long)parameters,
          (long long)step->images,
          run->all_pairs ? "every second with a held-out pair, after the tests' scenes"
                         : "split train",
          (run->earlier + cli_now() - run->started) / 60, 100 * s->recall, (long long)s->truths,
          (long long)s->images, 100 * s->class_accuracy, 100 * s->attribute_accuracy, s->mean_iou,
          s->boxes_per_image, share(s->truths, s->images), 100 * s->doubles_share);
  fclose(f);
}

static LxStatus checkpoint(Run *run, const LxDetectorConfig *config, LxDetectorTrainer *trainer,
                           LxError *error)
{
  char path[1024];
  snprintf(path, sizeof path, "%s/training-state.safetensors", run->out);
  LxStatus status = lx_detector_trainer_save(trainer, path, error);
  if (!status)
    status = write_folder(run, config, lx_detector_trainer_params(trainer), error);
  snprintf(path, sizeof path, "%s/training-seconds.txt", run->out);
  FILE *f = status ? NULL : fopen(path, "w");
  if (f) {
    fprintf(f, "%.1f\n", run->earlier + cli_now() - run->started);
    fclose(f);
  }
  return status;
}

static LxStatus resume(Run *run, LxDetectorTrainer *trainer, LxError *error)
{
  char path[1024];
  snprintf(path, sizeof path, "%s/training-state.safetensors", run->out);
  if (!lx_file_exists(path))
    return LX_OK; /* from the beginning */
  LxStatus status = lx_detector_trainer_load(trainer, path, error);
  snprintf(path, sizeof path, "%s/training-seconds.txt", run->out);
  FILE *f = status ? NULL : fopen(path, "r");
  if (f) {
    if (fscanf(f, "%lf", &run->earlier) != 1)
      run->earlier = 0;
    fclose(f);
  }
  return status;
}

/* ---- the run ---- */

static double progress_of(const Run *run, int64_t images)
{
  double by_scenes = run->scenes > 0 ? (double)images / (double)run->scenes : 0;
  double by_time =
      run->minutes > 0 ? (run->earlier + cli_now() - run->started) / 60 / run->minutes : 0;
  return fmax(by_scenes, by_time);
}

static LxStatus train(Run *run, const LxDetectorConfig *config, LxDetectorTrainer *trainer,
                      FILE *log, LxError *error)
{
  Split minival = {WORLD_SPLIT_MINIVAL}, test = {WORLD_SPLIT_TEST};
  LxDetectorSource held_out = {WORLD_WIDTH, WORLD_HEIGHT, get_scene, &minival};
  LxDetectorStep step = {.images = lx_detector_trainer_images(trainer)};
  LxDetectorScore score;
  LxStatus status = LX_OK;
  const bool terminal = isatty(STDERR_FILENO);
  double saved = cli_now(), done;
  run->started = run->reported = cli_now();
  const double first = progress_of(run, step.images);
  while (!status && (done = progress_of(run, step.images)) < 1 && !cli_interrupted()) {
    status = lx_detector_trainer_step(trainer, done, &step, error);
    add_step(run, &step);
    if (!status && terminal)
      say_step(run, &step, progress_of(run, step.images), first);
    bool due = cli_now() - saved > run->every;
    if (status || !due)
      continue;
    status = lx_detector_trainer_evaluate(trainer, &held_out, 0, (run->test_scenes + 3) / 4, &score,
                                          error);
    if (!status)
      report(run, &step, &score, log);
    if (!status)
      status = checkpoint(run, config, trainer, error);
    saved = cli_now();
  }
  if (!status)
    status = checkpoint(run, config, trainer, error);
  held_out.user_data = &test;
  if (!status)
    status = lx_detector_trainer_evaluate(trainer, &held_out, 0, run->test_scenes, &score, error);
  if (status)
    return status;
  report(run, &step, &score, log);
  int64_t parameters = 0;
  LxTensors *params = lx_detector_trainer_params(trainer);
  for (size_t i = 0; i < lx_tensors_count(params); i++)
    parameters += lx_tensor_count(lx_tensors_at(params, i));
  write_card(run, &step, &score, parameters);
  print_score(run, &step, &score);
  return LX_OK;
}

/* A smaller (or larger) picture, with the anchors that go with it. */
static void rescale(LxDetectorConfig *c, double scale)
{
  c->min_size = (int)(c->min_size * scale + 0.5);
  c->max_size = (int)(c->max_size * scale + 0.5);
  for (int i = 0; i < c->anchor_sizes.count; i++)
    c->anchor_sizes.at[i] = round(c->anchor_sizes.at[i] * scale);
}

/* The weights of an earlier detector with the same layers (the size of the picture may differ). */
static LxStatus read_first(const char *folder, LxTensors **out, LxError *error)
{
  LxDetectorConfig config;
  LxDetectorNames names;
  LxStatus status = lx_detector_folder_read(folder, &config, out, &names, error);
  lx_detector_names_clear(&names);
  return status;
}

/* ---- measuring a finished folder ---- */

typedef struct {
  Split split;
  LxDetectorScore sum;
} Measure;

static int draw_scene(void *data, int64_t index, uint8_t *rgb)
{
  LxDetectorTruth truth;
  return get_scene(&((Measure *)data)->split, index, rgb, &truth);
}

static int score_scene(void *data, int64_t index, LxRegions *regions)
{
  Measure *m = data;
  LxDetectorTruth truth = {0};
  WorldScene *scene =
      world_scene_new(world_scene_seed(CLI_WORLD_SEED, m->split.split, (int)index), m->split.split);
  if (scene)
    fill_truth(scene, &truth);
  lx_detector_score_add(&m->sum, regions, &truth);
  lx_regions_free(regions);
  world_scene_free(scene);
  return scene ? 0 : 1;
}

/* The folder's detector on the first scenes of a split. */
static int evaluate(const Run *run)
{
  LxError error;
  LxDetector *detector = NULL;
  Measure m = {.split = {WORLD_SPLIT_TEST}};
  LxDetectorScore s = {0};
  for (int i = 0; i < WORLD_N_SPLITS; i++)
    if (run->split && strcmp(run->split, world_split_name(i)) == 0)
      m.split.split = (WorldSplit)i;
  LxStatus status = lx_detector_open(run->out, &detector, &error);
  if (!status)
    status = lx_detector_detect_many(detector, WORLD_WIDTH, WORLD_HEIGHT, 0, run->evaluate,
                                     draw_scene, score_scene, &m, NULL, NULL, &error);
  lx_detector_free(detector);
  if (status)
    return cli_fail_error(&error);
  lx_detector_score_join(&s, &m.sum);
  print_score(run, NULL, &s);
  return CLI_OK;
}

static int start(Run *run)
{
  LxError error;
  LxDetectorConfig config;
  LxDetectorTraining training;
  LxDetectorTrainer *trainer = NULL;
  Split split = {WORLD_SPLIT_TRAIN, run->all_pairs};
  LxDetectorSource source = {WORLD_WIDTH, WORLD_HEIGHT, get_scene, &split};
  char path[1024];
  if (mkdir(run->out, 0777) != 0 && errno != EEXIST)
    return cli_fail("The folder %s cannot be made: %s.", run->out, strerror(errno));
  snprintf(path, sizeof path, "%s/log.jsonl", run->out);
  FILE *log = fopen(path, run->resume ? "a" : "w");
  if (!log)
    return cli_fail("%s cannot be written: %s.", path, strerror(errno));
  cli_world_detector_config(&config);
  rescale(&config, run->scale);
  lx_detector_training_default(&training);
  training.seed = (uint64_t)run->seed;
  training.batch = (int)run->batch;
  training.learning_rate = run->rate;
  LxTensors *first = NULL;
  LxStatus status = run->from ? read_first(run->from, &first, &error) : LX_OK;
  if (!status)
    status = lx_detector_trainer_new(&config, &training, &source, first, &trainer, &error);
  lx_tensors_unref(first);
  if (!status && run->resume)
    status = resume(run, trainer, &error);
  if (!status)
    status = train(run, &config, trainer, log, &error);
  fclose(log);
  lx_detector_trainer_free(trainer);
  return status ? cli_fail_error(&error) : CLI_OK;
}

int cli_train_detector(int argc, char **argv)
{
  Run run = {.seed = 1,
             .minutes = 0,
             .batch = 8,
             .rate = 1e-3,
             .every = 120,
             .scale = 1,
             .test_scenes = TEST_SCENES};
  const char *task = NULL;
  const CliOption options[] = {
      {"task", CLI_STRING, &task, "detector", "what is trained"},
      {"out", CLI_STRING, &run.out, "DIR", "the detector's folder, with its checkpoints"},
      {"seed", CLI_INT, &run.seed, "S", "of the first weights and of the sampling"},
      {"scenes", CLI_INT, &run.scenes, "N", "stop after N scenes"},
      {"minutes", CLI_DOUBLE, &run.minutes, "M", "stop after M minutes (default 45)"},
      {"batch", CLI_INT, &run.batch, "N", "scenes of a step (default 8)"},
      {"lr", CLI_DOUBLE, &run.rate, "R", "learning rate (default 0.001)"},
      {"every", CLI_DOUBLE, &run.every, "SECONDS", "between checkpoints (default 120)"},
      {"scale", CLI_DOUBLE, &run.scale, "S",
       "of the network's picture: 0.75 learns the start faster"},
      {"from", CLI_STRING, &run.from, "DIR", "start from this detector's weights"},
      {"evaluate", CLI_INT, &run.evaluate, "N", "no training: measure DIR on N unseen scenes"},
      {"test-scenes", CLI_INT, &run.test_scenes, "N",
       "measured at the end of a training (default 384)"},
      {"split", CLI_STRING, &run.split, "NAME", "of --evaluate: test (default), minival, heldout"},
      {"all-pairs", CLI_FLAG, &run.all_pairs, NULL,
       "every second scene has class-colour pairs that questions are not trained on"},
      {"resume", CLI_FLAG, &run.resume, NULL,
       "go on from the folder's last checkpoint, if there is one"},
      {"json", CLI_FLAG, &run.as_json, NULL,
       "what was measured at the end as JSON on standard output"},
  };
  const CliSpec spec = {
      "--task detector --out DIR [options]",
      "Trains a detector of the demo world from scratch, on scenes drawn meanwhile.",
      options,
      (int)(sizeof options / sizeof *options),
      0,
      0};
  int code = cli_parse(&spec, &argc, argv);
  if (code != CLI_GO_ON)
    return code;
  if (!run.out)
    return cli_usage("train --task detector", "--out DIR is needed");
  if (!(run.scale >= 0.25 && run.scale <= 2))
    return cli_usage("train --task detector", "--scale is from 0.25 to 2");
  if (run.batch < 1 || run.batch > 1024 || run.scenes < 0 || run.test_scenes < 1 || !(run.rate > 0))
    return cli_usage("train --task detector",
                     "--batch, --scenes, --test-scenes or --lr is out of range");
  if (run.scenes == 0 && run.minutes <= 0)
    run.minutes = 45;
  if (run.evaluate > 0)
    return evaluate(&run);
  cli_catch_interrupt();
  return start(&run);
}
