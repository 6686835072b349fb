/* ask: one question on one image. attention: one of its maps as a figure or as numbers. */
#include "cli.h"
#include "cli-json.h"
#include "cli-scene.h"
#include "cli-weights.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "figure-export.h"
#include "lx-npz.h"

typedef struct {
  const char *image, *question, *model, *detector;
} Question;

/* Everything is owned. */
typedef struct {
  CliScene scene;
  LxModel *model;
  LxAsk *ask;
} Run;

static void run_close(Run *run)
{
  lx_ask_free(run->ask);
  lx_model_unref(run->model);
  cli_scene_close(&run->scene);
}

static LxStatus run_question(const Question *q, Run *run, LxError *error)
{
  LxStatus status = cli_open_model(cli_model_dir(q->model), &run->model, error);

  if (status == LX_OK)
    status = lx_ask_new(run->model, 0, 0, &run->ask, error);
  if (status == LX_OK)
    status = cli_scene_open(q->image, cli_detector_dir(q->detector), &run->scene, error);
  if (status == LX_OK)
    status = lx_ask_run(run->ask, q->question, run->scene.regions, error);
  return status;
}

static json_t *answers_json(const LxAsk *ask, const int64_t *top, int64_t n)
{
  json_t *list = json_array();
  for (int64_t i = 0; i < n; i++) {
    const char *text = lx_ask_answer_text(ask, top[i]);
    json_array_append_new(list,
                          json_pack("{ss* sI sf sf}", "answer", text, "label", (json_int_t)top[i],
                                    "probability", (double)lx_ask_probabilities(ask)[top[i]],
                                    "logit", (double)lx_ask_logits(ask)[top[i]]));
  }
  return list;
}

static json_t *tokens_json(const LxAsk *ask)
{
  json_t *list = json_array();
  for (int64_t i = 0; i < lx_ask_token_count(ask); i++)
    json_array_append_new(list, json_string(lx_ask_token(ask, i, NULL, NULL)));
  return list;
}

static void print_answers(const LxAsk *ask, const int64_t *top, int64_t n)
{
  for (int64_t i = 0; i < n; i++) {
    const char *text = lx_ask_answer_text(ask, top[i]);
    char number[32];
    snprintf(number, sizeof number, "answer %lld", (long long)top[i]);
    printf("%6.2f%%  %s\n", 100 * (double)lx_ask_probabilities(ask)[top[i]], text ? text : number);
  }
}

static int report(const Question *q, const Run *run, int64_t k, bool as_json)
{
  int64_t count = lx_ask_answer_count(run->ask), n = k < count ? k : count;
  int64_t *top = calloc((size_t)n + 1, sizeof *top);
  int code = CLI_OK;

  if (!top)
    return cli_fail("Not enough memory.");
  if (count == 0) {
    free(top);
    return cli_fail("%s has no answer head; choose a model that was fine-tuned for answers.",
                    cli_model_dir(q->model));
  }
  n = lx_ask_top(run->ask, n, top);
  if (as_json) {
    json_t *out = json_pack(
        "{so so so so so sI sf}", "image", cli_json_text(q->image), "question",
        cli_json_text(q->question), "model", cli_json_text(cli_model_dir(q->model)), "tokens",
        tokens_json(run->ask), "answers", answers_json(run->ask, top, n), "boxes",
        (json_int_t)run->scene.regions->count, "milliseconds", lx_ask_milliseconds(run->ask));
    code = cli_print_json(out, JSON_INDENT(2));
  } else {
    print_answers(run->ask, top, n);
  }
  free(top);
  return code;
}

int cli_ask(int argc, char **argv)
{
  Question q = {0};
  int64_t top = 5;
  bool as_json = false;
  const CliOption options[] = {
      {"model", CLI_STRING, &q.model, "DIR", "model folder (default: the shipped one)"},
      {"detector", CLI_STRING, &q.detector, "DIR", "detector folder (default: the shipped one)"},
      {"top", CLI_INT, &top, "K", "answers to show (default 5)"},
      {"json", CLI_FLAG, &as_json, NULL, "JSON on standard output"},
  };
  const CliSpec spec = {"IMAGE QUESTION [--model DIR] [--detector DIR] [--top K] [--json]",
                        "Finds the objects in the image and answers the question.",
                        options,
                        4,
                        2,
                        2};
  Run run = {0};
  LxError error = {0};
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (top < 1)
    return cli_usage(argv[0], "--top is at least 1");
  q.image = argv[1];
  q.question = argv[2];
  if (run_question(&q, &run, &error) != LX_OK)
    code = cli_fail_error(&error);
  else
    code = report(&q, &run, top, as_json);
  run_close(&run);
  return code;
}

typedef struct {
  const char *map, *head, *view, *out;
  double top_p, width, height;
  bool hide_special, renormalise, dark;
  FigureReading reading;
  FigureView figure_view;
} Figure;

static bool has_ending(const char *path, const char *ending)
{
  size_t n = strlen(path), m = strlen(ending);
  return n > m && !strcmp(path + n - m, ending);
}

static int check_figure(Figure *f, const char *command)
{
  static const char *const views[] = {"graph", "matrix", "heads"};
  char *end;
  int view = 0;

  if (!f->out)
    return cli_usage(command, "--out is needed");
  if (!figure_export_knows(f->out) && !has_ending(f->out, ".csv") && !has_ending(f->out, ".npz"))
    return cli_usage(command, "--out ends with .svg, .pdf, .png, .csv or .npz, not %s", f->out);
  figure_reading_init(&f->reading);
  if (!strcmp(f->head, "max"))
    f->reading.head = FIGURE_MAX;
  else if (strcmp(f->head, "mean") != 0) {
    f->reading.head = (int)strtol(f->head, &end, 10);
    if (end == f->head || *end || f->reading.head < 0)
      return cli_usage(command, "--head is a number, mean or max, not %s", f->head);
  }
  while (view < 3 && strcmp(views[view], f->view) != 0)
    view++;
  if (view == 3)
    return cli_usage(command, "--view is graph, matrix or heads, not %s", f->view);
  if (!(f->top_p > 0 && f->top_p <= 1) || !(f->width >= 100 && f->height >= 100) ||
      f->width > 10000 || f->height > 10000)
    return cli_usage(command, "--top-p is in 0..1, --width and --height are 100 to 10000");
  f->figure_view = (FigureView)view;
  f->reading.top_p = f->top_p;
  f->reading.hide_special = f->hide_special;
  f->reading.renormalise = f->renormalise;
  return CLI_GO_ON;
}

/* "attention" [heads, q, k] as computed, "weights" [q, k] as read, "boxes" [n, 4]. */
static LxStatus write_npz(const FigureMap *map, const FigureReading *reading, const char *path,
                          LxError *error)
{
  LxTensors *arrays = lx_tensors_new();
  int64_t n = (int64_t)map->rows * map->cols;
  int64_t dim[3] = {map->heads, map->rows, map->cols}, box_dim[2] = {map->n_boxes, 4};
  double *weights = malloc((size_t)n * sizeof *weights);
  LxTensor *t = NULL;
  LxStatus status = LX_OK;

  if (!arrays || !weights)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory for %s.", path);
  else if (!figure_read(map, reading, weights))
    status = lx_fail(error, LX_ERR_ARGUMENT, "%s has no head %d; it has %d.", map->title,
                     reading->head, map->heads);
  if (status == LX_OK)
    status = lx_tensors_add(arrays, "attention", LX_F32, 3, dim, &t, error);
  if (status == LX_OK) {
    memcpy(t->data, map->values, lx_tensor_bytes(t));
    status = lx_tensors_add(arrays, "weights", LX_F32, 2, dim + 1, &t, error);
  }
  if (status == LX_OK) {
    for (int64_t i = 0; i < n; i++)
      lx_f32(t)[i] = (float)weights[i];
    status = lx_tensors_add(arrays, "boxes", LX_F32, 2, box_dim, &t, error);
  }
  if (status == LX_OK) {
    memcpy(t->data, map->boxes, lx_tensor_bytes(t));
    status = lx_npz_write(path, arrays, error);
  }
  lx_tensors_unref(arrays);
  free(weights);
  return status;
}

static LxStatus write_figure(const Question *q, const Figure *f, const Run *run, LxError *error)
{
  CliMap map = {0};
  FigureStyle style;
  FigureError bad = {""};
  char caption[1400];
  int64_t best = 0;
  LxStatus status = cli_map_open(&run->scene, run->ask, f->map, &map, error);
  bool ok = true;

  if (status == LX_OK && f->reading.head >= map.map.heads)
    status = lx_fail(error, LX_ERR_ARGUMENT, "%s has the heads 0 to %d, no head %d.", f->map,
                     map.map.heads - 1, f->reading.head);
  if (status != LX_OK || has_ending(f->out, ".npz")) {
    if (status == LX_OK)
      status = write_npz(&map.map, &f->reading, f->out, error);
    cli_map_close(&map);
    return status;
  }
  figure_style_init(&style, f->dark);
  if (lx_ask_answer_count(run->ask) > 0)
    lx_ask_top(run->ask, 1, &best);
  const char *answer =
      lx_ask_answer_count(run->ask) > 0 ? lx_ask_answer_text(run->ask, best) : NULL;
  snprintf(caption, sizeof caption, "%s, %s%s. \"%.1000s\"%s%s", f->map,
           f->reading.head >= 0 ? "head " : "",
           f->reading.head == FIGURE_MEAN  ? "mean of all heads"
           : f->reading.head == FIGURE_MAX ? "largest of all heads"
                                           : f->head,
           q->question, answer ? " - " : "", answer ? answer : "");
  if (has_ending(f->out, ".csv"))
    ok = figure_export_csv(f->out, &map.map, &f->reading, &bad);
  else
    ok = figure_export_map(f->out, &map.map, &f->reading, f->figure_view, &style, NULL, f->width,
                           f->height, caption, &bad);
  cli_map_close(&map);
  return ok ? LX_OK : lx_fail(error, LX_ERR_IO, "%s", bad.message);
}

int cli_attention(int argc, char **argv)
{
  Question q = {0};
  Figure f = {.map = "x.1.lang_to_vis",
              .head = "mean",
              .view = "graph",
              .top_p = 1,
              .width = 760,
              .height = 540};
  const CliOption options[] = {
      {"map", CLI_STRING, &f.map, "NAME",
       "x.1.lang_to_vis (default), lang.0, vis.2, x.0.vis_to_lang, …"},
      {"head", CLI_STRING, &f.head, "N", "a head's number, mean (default) or max"},
      {"out", CLI_STRING, &f.out, "FILE", "figure .svg .pdf .png, or numbers .csv .npz"},
      {"view", CLI_STRING, &f.view, "NAME", "graph (default), matrix or heads"},
      {"model", CLI_STRING, &q.model, "DIR", "model folder (default: the shipped one)"},
      {"detector", CLI_STRING, &q.detector, "DIR", "detector folder (default: the shipped one)"},
      {"top-p", CLI_DOUBLE, &f.top_p, "P",
       "keep the largest weights that hold this share (default 1)"},
      {"hide-special", CLI_FLAG, &f.hide_special, NULL, "leave out [CLS] and [SEP]"},
      {"renormalise", CLI_FLAG, &f.renormalise, NULL, "what is left sums to 1 again"},
      {"dark", CLI_FLAG, &f.dark, NULL, "light on dark"},
      {"width", CLI_DOUBLE, &f.width, "N", "of the figure (default 760)"},
      {"height", CLI_DOUBLE, &f.height, "N", "of the figure without caption (default 540)"},
  };
  const CliSpec spec = {"IMAGE QUESTION --map NAME [--head N|mean|max] --out FILE",
                        "Asks the question and writes one attention map.",
                        options,
                        sizeof options / sizeof *options,
                        2,
                        2};
  Run run = {0};
  LxError error = {0};
  int code = cli_parse(&spec, &argc, argv);

  if (code == CLI_GO_ON)
    code = check_figure(&f, argv[0]);
  if (code != CLI_GO_ON)
    return code;
  q.image = argv[1];
  q.question = argv[2];
  code = CLI_OK;
  if (run_question(&q, &run, &error) != LX_OK || write_figure(&q, &f, &run, &error) != LX_OK)
    code = cli_fail_error(&error);
  else
    fprintf(stderr, "wrote %s\n", f.out);
  run_close(&run);
  return code;
}
