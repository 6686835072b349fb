/* convert: anybody's weights into a folder that this program and Hugging Face open. inspect: what a
 * model is made of. */
#include "cli.h"
#include "cli-json.h"
#include "cli-weights.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "lx-batch.h"
#include "lx-checkpoint.h"
#include "lx-detector-folder.h"
#include "lx-detector-infer.h"
#include "lx-file.h"
#include "lx-safetensors.h"
#include "lx-tokenizer.h"

static json_t *names_json(const LxNames *names)
{
  json_t *list = json_array();
  for (size_t i = 0; i < names->count; i++)
    json_array_append_new(list, cli_json_text(names->names[i]));
  return list;
}

static void print_names(const char *what, const LxNames *names)
{
  printf("%-10s %zu\n", what, names->count);
  for (size_t i = 0; i < names->count; i++)
    printf("  %s\n", names->names[i]);
}

/* Parameters that hold NaN or infinity: no answer of such a model is a number. */
static LxStatus find_damaged(const LxTensors *params, LxNames *out, LxError *error)
{
  LxStatus status = LX_OK;
  for (size_t i = 0; i < lx_tensors_count(params) && !status; i++) {
    const LxTensor *t = lx_tensors_at(params, i);
    int64_t n = lx_tensor_count(t), at = 0;
    while (at < n && isfinite(lx_f32(t)[at]))
      at++;
    if (at < n)
      status = lx_names_add(out, lx_tensors_name(params, i), error);
  }
  return status;
}

/* Nothing when there are none. */
static void print_damaged(const LxNames *damaged)
{
  if (damaged->count)
    print_names("damaged", damaged);
  if (damaged->count)
    fputs(
        "crosslens-cli: warning: these hold NaN or infinity; the model cannot answer. Get the file "
        "again, or train from an earlier checkpoint.\n",
        stderr);
}

typedef struct {
  const char *in, *out, *task, *answers, *dtype;
  bool as_json;
} Settings;

static void print_report(const Settings *s, const LxCheckpoint *c, const LxNames *damaged,
                         int64_t moved, int64_t zeroed)
{
  const LxLoadReport *r = &c->report;

  if (s->as_json) {
    json_t *out = json_pack("{ss sb sb sI so so so}", "layout", r->layout, "config_inferred",
                            r->config_inferred, "heads_assumed", r->heads_assumed, "loaded",
                            (json_int_t)r->loaded.count, "missing", names_json(&r->missing),
                            "unused", names_json(&r->unused), "damaged", names_json(damaged));
    if (r->answers_dropped)
      json_object_set_new(out, "answers_dropped", json_integer(r->answers_dropped));
    if (moved + zeroed > 0)
      json_object_set_new(
          out, "answers",
          json_pack("{sI sI}", "moved", (json_int_t)moved, "zeroed", (json_int_t)zeroed));
    cli_print_json(out, JSON_INDENT(2));
    return;
  }
  printf("layout     %s%s\n", r->layout,
         r->config_inferred ? " (no config.json of LXMERT's: sizes taken from the tensors)" : "");
  printf("loaded     %zu\n", r->loaded.count);
  print_names("missing", &r->missing);
  print_names("unused", &r->unused);
  print_damaged(damaged);
  if (r->heads_assumed)
    cli_note_heads(s->in, c->config.num_attention_heads);
  if (r->answers_dropped)
    printf("answers    a table of %lld fits no head and was left out\n",
           (long long)r->answers_dropped);
  if (moved + zeroed > 0)
    printf("answers    %lld taken along, %lld begin at zero\n", (long long)moved,
           (long long)zeroed);
}

/* Brings the answer head to the table of `path`: row by row where the checkpoint has its own table. */
static LxStatus take_answers(const char *path, LxCheckpoint *c, LxTensors **params,
                             LxAnswers **answers, int64_t *moved, int64_t *zeroed, LxError *error)
{
  LxStatus status = lx_answers_read(path, answers, error);

  if (status != LX_OK || !(c->report.heads & LX_HEAD_ANSWER))
    return status;
  if (c->answers) {
    LxTensors *changed = NULL;
    status =
        lx_checkpoint_move_answers(*params, c->answers, *answers, &changed, moved, zeroed, error);
    if (status == LX_OK) {
      lx_tensors_unref(*params);
      *params = changed;
      c->config.num_qa_labels = lx_answers_count(*answers);
    }
    return status;
  }
  if (lx_answers_count(*answers) != c->config.num_qa_labels)
    return lx_fail(
        error, LX_ERR_SHAPE,
        "%s lists %lld answers, but the answer head scores %lld and the model has no table "
        "of its own to match them by.",
        path, (long long)lx_answers_count(*answers), (long long)c->config.num_qa_labels);
  return LX_OK;
}

static LxStatus convert(const Settings *s, const LxCheckpointOptions *options, int dtype,
                        LxError *error)
{
  LxCheckpoint c = {0};
  LxTensors *params = NULL;
  LxAnswers *answers = NULL;
  LxNames damaged = {0};
  int64_t moved = 0, zeroed = 0;
  LxStatus status = lx_checkpoint_read(s->in, options, &c, error);

  if (status == LX_OK)
    params = lx_tensors_ref(c.params);
  if (status == LX_OK && s->answers)
    status = take_answers(s->answers, &c, &params, &answers, &moved, &zeroed, error);
  if (status == LX_OK)
    status = find_damaged(params, &damaged, error);
  if (status == LX_OK)
    status = lx_file_make_folder(s->out, error);
  if (status == LX_OK)
    status = lx_checkpoint_write(s->out, &c.config, params, dtype, answers ? answers : c.answers,
                                 c.vocab_path, error);
  if (status == LX_OK) {
    print_report(s, &c, &damaged, moved, zeroed);
    if (!c.vocab_path)
      fprintf(stderr,
              "crosslens-cli: note: there is no vocab.txt beside %s; put the model's own into "
              "%s before asking questions\n",
              s->in, s->out);
  }
  lx_names_clear(&damaged);
  lx_answers_free(answers);
  lx_tensors_unref(params);
  lx_checkpoint_clear(&c);
  return status;
}

/* A detector, as a folder or a file of weights. LX_ERR_MISSING where it is none: `error` stays. */
static LxStatus convert_detector(const Settings *s, int dtype, LxError *error)
{
  LxDetectorConfig config, sizes;
  LxTensors *params = NULL;
  LxDetectorNames names = {0};
  LxError problem = {0};
  LxStatus status = lx_detector_folder_read(s->in, &config, &params, &names, &problem);

  if (status == LX_OK) { /* any folder with a config.json and weights can be read */
    sizes = config;
    status = lx_detector_config_infer(params, &sizes, &problem);
  }
  if (status != LX_OK) {
    if (strstr(s->in, ".pkl")) /* nothing else is published so */
      *error = problem;
    lx_tensors_unref(params);
    lx_detector_names_clear(&names);
    return LX_ERR_MISSING;
  }
  status = lx_detector_folder_write(s->out, &config, params, &names, dtype, error);
  if (status == LX_OK && s->as_json)
    printf("{\"layout\": \"Faster R-CNN\", \"loaded\": %zu, \"features\": %d, \"classes\": %d, "
           "\"attributes\": %d}\n",
           lx_tensors_count(params), lx_detector_feature_size(&config), config.num_classes,
           config.num_attrs);
  else if (status == LX_OK)
    printf("layout     Faster R-CNN\nloaded     %zu\nfeatures   %d numbers, %d classes, %d "
           "attributes\n",
           lx_tensors_count(params), lx_detector_feature_size(&config), config.num_classes,
           config.num_attrs);
  if (status == LX_OK && !names.n_classes)
    fprintf(stderr,
            "crosslens-cli: note: there is no objects_vocab.txt beside %s; put the detector's own "
            "into %s, or its boxes have numbers in place of names\n",
            s->in, s->out);
  lx_tensors_unref(params);
  lx_detector_names_clear(&names);
  return status;
}

int cli_convert(int argc, char **argv)
{
  static const struct {
    const char *name;
    int dtype;
  } dtypes[] = {{"f32", LX_F32}, {"f16", LX_F16}, {"bf16", LX_BF16}};
  Settings s = {.dtype = "f32"};
  LxCheckpointOptions wanted = {0};
  LxTask task;
  LxError error = {0};
  int dtype = -1;
  const CliOption options[] = {
      {"task", CLI_STRING, &s.task, "NAME",
       "keep the heads of pretrain, vqa, gqa or nlvr2 (default: all)"},
      {"answers", CLI_STRING, &s.answers, "FILE",
       "answer table; rows are taken along by their text"},
      {"dtype", CLI_STRING, &s.dtype, "TYPE", "f32 (default), f16 or bf16"},
      {"json", CLI_FLAG, &s.as_json, NULL, "the report as JSON on standard output"},
  };
  const CliSpec spec = {
      "IN OUT_DIR [--task NAME] [--answers FILE]",
      "Reads a checkpoint (folder, .safetensors, .bin, .pth; Hugging Face's, the\n"
      "authors' or BERT's names), writes a model folder and prints what was loaded,\n"
      "what is missing and what was not used. Of a detector (folder, or .pkl as the\n"
      "authors') it writes a detector folder.",
      options,
      4,
      2,
      2};
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  for (int i = 0; i < 3; i++)
    if (!strcmp(dtypes[i].name, s.dtype))
      dtype = dtypes[i].dtype;
  if (dtype < 0)
    return cli_usage(argv[0], "--dtype is f32, f16 or bf16, not %s", s.dtype);
  if (s.task && !lx_task_parse(s.task, &task))
    return cli_usage(argv[0], "--task is pretrain, vqa, gqa or nlvr2, not %s", s.task);
  wanted.heads = s.task ? lx_task_heads(task) : 0;
  s.in = argv[1];
  s.out = argv[2];
  if (convert(&s, &wanted, dtype, &error) == LX_OK || convert_detector(&s, dtype, &error) == LX_OK)
    return CLI_OK;
  return cli_fail_error(&error);
}

static int64_t count_numbers(const LxTensors *params)
{
  int64_t n = 0;
  for (size_t i = 0; i < lx_tensors_count(params); i++)
    n += lx_tensor_count(lx_tensors_at(params, i));
  return n;
}

static const struct {
  unsigned head;
  const char *name;
} head_names[] = {{LX_HEAD_MLM, "masked words"},
                  {LX_HEAD_MATCH, "matching"},
                  {LX_HEAD_OBJECTS, "masked objects"},
                  {LX_HEAD_ANSWER, "answers"},
                  {LX_HEAD_NLVR2, "pairs (NLVR2)"}};

static json_t *inspect_json(const char *path, const LxCheckpoint *c, const LxNames *damaged,
                            int64_t words, bool tensors)
{
  const LxConfig *k = &c->config;
  json_t *heads = json_array(), *list = json_array();

  for (int i = 0; i < 5; i++)
    if (c->report.heads & head_names[i].head)
      json_array_append_new(heads, json_string(head_names[i].name));
  for (size_t i = 0; tensors && i < lx_tensors_count(c->params); i++) {
    const LxTensor *t = lx_tensors_at(c->params, i);
    json_t *shape = json_array();
    for (int d = 0; d < t->ndim; d++)
      json_array_append_new(shape, json_integer(t->dim[d]));
    json_array_append_new(
        list, json_pack("{ss so}", "name", lx_tensors_name(c->params, i), "shape", shape));
  }
  return json_pack(
      "{so ss sI sI sI sI sb s{sI sI sI} sI so sI sI sI sI so so so so}", "model",
      cli_json_text(path), "layout", c->report.layout, "parameters",
      (json_int_t)count_numbers(c->params), "tensors", (json_int_t)lx_tensors_count(c->params),
      "hidden_size", (json_int_t)k->hidden_size, "heads", (json_int_t)k->num_attention_heads,
      "heads_assumed", c->report.heads_assumed, "layers", "language", (json_int_t)k->l_layers,
      "vision", (json_int_t)k->r_layers, "cross", (json_int_t)k->x_layers, "visual_feat_dim",
      (json_int_t)k->visual_feat_dim, "tasks", heads, "vocab_size", (json_int_t)k->vocab_size,
      "vocabulary", (json_int_t)words, "answers",
      (json_int_t)(c->answers ? lx_answers_count(c->answers) : 0), "answers_dropped",
      (json_int_t)c->report.answers_dropped, "missing", names_json(&c->report.missing), "unused",
      names_json(&c->report.unused), "damaged", names_json(damaged), "list", list);
}

static void inspect_text(const char *path, const LxCheckpoint *c, const LxNames *damaged,
                         int64_t words, bool tensors)
{
  const LxConfig *k = &c->config;
  char shape[64];

  printf("model        %s (%s)\n", path, c->report.layout);
  printf("parameters   %lld in %zu tensors\n", (long long)count_numbers(c->params),
         lx_tensors_count(c->params));
  printf("layers       %lld language, %lld vision, %lld cross-modality; %lld heads\n",
         (long long)k->l_layers, (long long)k->r_layers, (long long)k->x_layers,
         (long long)k->num_attention_heads);
  printf("sizes        hidden %lld, intermediate %lld, features %lld\n", (long long)k->hidden_size,
         (long long)k->intermediate_size, (long long)k->visual_feat_dim);
  printf("tasks        ");
  for (int i = 0, n = 0; i < 5; i++)
    if (c->report.heads & head_names[i].head)
      printf("%s%s", n++ ? ", " : "", head_names[i].name);
  printf("%s\n", c->report.heads ? "" : "none (no head)");
  printf("vocabulary   %lld of %lld pieces%s\n", (long long)words, (long long)k->vocab_size,
         words ? "" : " (no vocab.txt)");
  printf("answers      %lld%s\n", (long long)(c->answers ? lx_answers_count(c->answers) : 0),
         c->answers                  ? ""
         : c->report.answers_dropped ? " (the table there fits no head)"
                                     : " (no table)");
  printf("missing      %zu, unused %zu\n", c->report.missing.count, c->report.unused.count);
  print_damaged(damaged);
  if (c->report.heads_assumed)
    cli_note_heads(path, k->num_attention_heads);
  for (size_t i = 0; tensors && i < lx_tensors_count(c->params); i++)
    printf("  %-70s %s\n", lx_tensors_name(c->params, i),
           lx_tensor_shape_text(lx_tensors_at(c->params, i), shape, sizeof shape));
}

int cli_inspect(int argc, char **argv)
{
  bool as_json = false, tensors = false;
  const CliOption options[] = {
      {"tensors", CLI_FLAG, &tensors, NULL, "list every tensor and its shape"},
      {"json", CLI_FLAG, &as_json, NULL, "JSON on standard output"},
  };
  const CliSpec spec = {
      "MODEL [--tensors] [--json]",
      "Shows a model's parameters, sizes, tasks, vocabulary and answers. MODEL is a\n"
      "folder or a weights file, in any of the layouts that convert reads.",
      options,
      2,
      1,
      1};
  LxCheckpoint c = {0};
  LxTokenizer *tokenizer = NULL;
  LxError error = {0};
  LxNames damaged = {0};
  int64_t words = 0;
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (lx_checkpoint_read(argv[1], NULL, &c, &error) != LX_OK ||
      find_damaged(c.params, &damaged, &error) != LX_OK) {
    lx_checkpoint_clear(&c);
    return cli_fail_error(&error);
  }
  if (c.vocab_path && lx_tokenizer_open(c.vocab_path, &tokenizer, &error) == LX_OK)
    words = lx_tokenizer_count(tokenizer);
  code = CLI_OK;
  if (as_json)
    code = cli_print_json(inspect_json(argv[1], &c, &damaged, words, tensors), JSON_INDENT(2));
  else
    inspect_text(argv[1], &c, &damaged, words, tensors);
  lx_names_clear(&damaged);
  lx_tokenizer_free(tokenizer);
  lx_checkpoint_clear(&c);
  return code;
}
