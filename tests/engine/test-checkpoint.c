/* Every key layout gives the same parameters; reports name what was loaded, missing and unused. */
#include "lx-checkpoint.h"
#include "lx-safetensors.h"
#include "lx-test-io.h"

static LxTensors *golden;

static void check_params(const LxCheckpoint *c, const char *what)
{
  size_t same = 0, other = 0;
  for (size_t i = 0; i < lx_tensors_count(c->params); i++) {
    const LxTensor *g = lx_tensors_at(c->params, i);
    const LxTensor *w = lx_tensors_find(golden, lx_tensors_name(c->params, i));
    bool equal = w && lx_tensor_same_shape(w, g) && g->dtype == LX_F32 &&
                 memcmp(w->data, g->data, lx_tensor_bytes(w)) == 0;
    same += equal;
    other += !equal;
  }
  CHECK(same == c->report.loaded.count, "%s: %zu equal, %zu loaded", what, same,
        c->report.loaded.count);
  CHECK(other <= c->report.missing.count, "%s: %zu differ", what, other);
}

static void read_golden(const char *name, const char *layout)
{
  LxCheckpoint c;
  LxError e = {0};
  CHECK(lx_checkpoint_read(lx_test_data(name), NULL, &c, &e) == LX_OK, "%s: %s", name, e.message);
  if (!c.params)
    return;
  CHECK(strstr(c.report.layout, layout), "%s", c.report.layout);
  CHECK(c.report.loaded.count == lx_tensors_count(golden) && c.report.missing.count == 0);
  CHECK(c.report.unused.count == 0, "%s", c.report.unused.names[0]);
  CHECK(!c.report.config_inferred && !c.report.heads_assumed && c.config.num_attention_heads == 4);
  CHECK(c.report.heads == LX_HEAD_PRETRAIN);
  check_params(&c, name);
  lx_checkpoint_clear(&c);
}

/* Writes the golden weights under other names: body, heads or both. NULL drops a part. */
static void write_as(const char *path, const char *body, const char *heads, const char *answers,
                     bool gamma)
{
  LxTensors *t = lx_tensors_new();
  LxError e = {0};
  for (size_t i = 0; i < lx_tensors_count(golden); i++) {
    char name[256];
    const char *own = lx_tensors_name(golden, i);
    const LxTensor *g = lx_tensors_at(golden, i);
    bool is_body = strncmp(own, "lxmert.", 7) == 0,
         is_answer = strncmp(own, "answer_head.", 12) == 0;
    const char *prefix = is_body ? body : is_answer ? answers : heads;
    if (!prefix)
      continue;
    snprintf(name, sizeof name, "%s%s", prefix, is_body ? own + 7 : is_answer ? own + 12 : own);
    if (gamma && strstr(name, "LayerNorm")) {
      char *tail = strrchr(name, '.');
      strcpy(tail, strcmp(tail, ".weight") == 0 ? ".gamma" : ".beta");
    }
    CHECK(lx_tensors_add_view(t, name, g->dtype, g->ndim, g->dim, g->data, &e) == LX_OK);
  }
  CHECK(lx_safetensors_write(path, t, LX_KEEP, &e) == LX_OK, "%s", e.message);
  lx_tensors_unref(t);
}

static void read_renamed(const char *what, const char *body, const char *heads, const char *answers,
                         bool gamma, const char *layout, unsigned want_heads)
{
  LxCheckpoint c;
  LxError e = {0};
  const char *path = lx_test_path("renamed.safetensors");
  write_as(path, body, heads, answers, gamma);
  CHECK(lx_checkpoint_read(path, NULL, &c, &e) == LX_OK, "%s: %s", what, e.message);
  if (!c.params)
    return;
  CHECK(strstr(c.report.layout, layout), "%s: %s", what, c.report.layout);
  CHECK(c.report.heads == want_heads, "%s: %u", what, c.report.heads);
  CHECK(c.report.config_inferred && c.report.heads_assumed, "%s", what);
  CHECK(c.report.missing.count == 0 && c.report.unused.count == 0, "%s: %zu missing, %zu unused",
        what, c.report.missing.count, c.report.unused.count);
  CHECK(c.config.hidden_size == 64 && c.config.l_layers == 3 && c.config.r_layers == 2);
  CHECK(c.config.x_layers == 2 && c.config.vocab_size == 200 && c.config.intermediate_size == 128);
  CHECK(c.config.visual_feat_dim == 32 && c.config.max_position_embeddings == 32);
  if (want_heads & LX_HEAD_OBJECTS)
    CHECK(c.config.num_object_labels == 23 && c.config.num_attr_labels == 11);
  if (want_heads & LX_HEAD_ANSWER)
    CHECK(c.config.num_qa_labels == 17);
  check_params(&c, what);
  lx_checkpoint_clear(&c);
}

static void layouts(void)
{
  unsigned all = LX_HEAD_PRETRAIN, answer = LX_HEAD_ANSWER;
  read_renamed("HF", "lxmert.", "", "answer_head.", false, "Hugging", all);
  read_renamed("HF question answering", "lxmert.", NULL, "answer_head.", false, "Hugging", answer);
  read_renamed("HF body", "lxmert.", NULL, NULL, false, "Hugging", 0);
  read_renamed("HF body alone", "", NULL, NULL, false, "Hugging", 0);
  read_renamed("authors", "bert.", "", "answer_head.", false, "pre-training", all);
  read_renamed("authors, module", "module.bert.", "module.", "module.answer_head.", false,
               "pre-training", all);
  read_renamed("fine-tuned", "lxrt_encoder.model.bert.", NULL, "", false, "fine-tuned", answer);
  read_renamed("fine-tuned, module", "lxrt_encoder.model.module.bert.", NULL, "", false,
               "fine-tuned", answer);
  read_renamed("old LayerNorm names", "bert.", "", "answer_head.", true, "pre-training", all);
}

/* Three layers of BERT with TensorFlow's LayerNorm names, sizes asked for by the caller. */
static void bert(void)
{
  LxTensors *t = lx_tensors_new();
  LxError e = {0};
  for (size_t i = 0; i < lx_tensors_count(golden); i++) {
    const char *own = lx_tensors_name(golden, i);
    const LxTensor *g = lx_tensors_at(golden, i);
    char name[256];
    if (strncmp(own, "lxmert.", 7) != 0 || strstr(own, "visn") || strstr(own, "x_layers") ||
        strstr(own, "r_layers"))
      continue;
    snprintf(name, sizeof name, "bert.%s", own + 7);
    char *tail = strrchr(name, '.');
    if (strstr(name, "LayerNorm"))
      strcpy(tail, strcmp(tail, ".weight") == 0 ? ".gamma" : ".beta");
    lx_tensors_add_view(t, name, g->dtype, g->ndim, g->dim, g->data, &e);
  }
  CHECK(lx_safetensors_write(lx_test_path("bert.safetensors"), t, LX_KEEP, &e) == LX_OK);
  lx_tensors_unref(t);
  LxCheckpoint c;
  LxConfig config;
  CHECK(lx_config_read(lx_test_data("tiny/config.json"), &config, &e) == LX_OK);
  config.l_layers = 2;
  LxCheckpointOptions options = {.heads = LX_HEAD_PRETRAIN, .config = &config, .seed = 7};
  CHECK(lx_checkpoint_read(lx_test_path("bert.safetensors"), &options, &c, &e) == LX_OK, "%s",
        e.message);
  CHECK(strstr(c.report.layout, "BERT") && c.report.loaded.count == 5 + 2 * 16 + 2, "%zu",
        c.report.loaded.count);
  CHECK(c.report.unused.count == 16 && strstr(c.report.unused.names[0], "layer.2"));
  CHECK(c.report.missing.count > 100 &&
        lx_tensors_count(c.params) == c.report.loaded.count + c.report.missing.count);
  check_params(&c, "BERT");
  lx_checkpoint_clear(&c);
  options.config = NULL; /* by itself: LXMERT around its layers */
  CHECK(lx_checkpoint_read(lx_test_path("bert.safetensors"), NULL, &c, &e) == LX_OK, "%s",
        e.message);
  CHECK(c.config.l_layers == 3 && c.config.x_layers == 5 && c.report.unused.count == 0);
  lx_checkpoint_clear(&c);
  lx_config_clear(&config);
}

static void refusals(void)
{
  LxCheckpoint c;
  LxConfig config;
  LxError e = {0};
  LxTensors *t = lx_tensors_new();
  int64_t n = 3;
  lx_tensors_add(t, "backbone.conv.weight", LX_F32, 1, &n, NULL, &e);
  CHECK(lx_safetensors_write(lx_test_path("other.safetensors"), t, LX_KEEP, &e) == LX_OK);
  lx_tensors_unref(t);
  CHECK(lx_checkpoint_read(lx_test_path("other.safetensors"), NULL, &c, &e) == LX_ERR_MISSING);
  CHECK(strstr(e.message, "other.safetensors") && !c.params, "%s", e.message);
  CHECK(lx_checkpoint_read(lx_test_path("absent"), NULL, &c, &e) == LX_ERR_IO);
  CHECK(lx_checkpoint_read(lx_test_data("tokenizer"), NULL, &c, &e) == LX_ERR_MISSING);
  CHECK(strstr(e.message, "no weights"), "%s", e.message);
  CHECK(lx_config_read(lx_test_data("tiny/config.json"), &config, &e) == LX_OK);
  config.intermediate_size = 256;
  LxCheckpointOptions options = {.config = &config};
  CHECK(lx_checkpoint_read(lx_test_data("tiny"), &options, &c, &e) == LX_ERR_SHAPE);
  CHECK(strstr(e.message, "intermediate.dense.weight”") && strstr(e.message, "[128, 64]"), "%s",
        e.message);
  lx_config_clear(&config);
}

/* Another number of answers: that layer is fresh, everything else loaded. */
static void resized_head(void)
{
  LxCheckpoint c;
  LxConfig config;
  LxError e = {0};
  CHECK(lx_config_read(lx_test_data("tiny/config.json"), &config, &e) == LX_OK);
  config.num_qa_labels = 5;
  LxCheckpointOptions options = {.heads = LX_HEAD_ANSWER, .config = &config};
  CHECK(lx_checkpoint_read(lx_test_data("tiny/weights.safetensors"), &options, &c, &e) == LX_OK,
        "%s", e.message);
  CHECK(c.report.missing.count == 2 && strstr(c.report.missing.names[0], "logit_fc.3"));
  CHECK(lx_tensors_find(c.params, "answer_head.logit_fc.3.weight")->dim[0] == 5);
  CHECK(!lx_tensors_find(c.params, "cls.predictions.bias") && c.report.unused.count == 19, "%zu",
        c.report.unused.count);
  lx_checkpoint_clear(&c);
  options.heads = LX_HEAD_NLVR2;
  CHECK(lx_checkpoint_read(lx_test_data("tiny/weights.safetensors"), &options, &c, &e) == LX_OK);
  CHECK(lx_tensors_find(c.params, "answer_head.logit_fc.0.weight")->dim[1] == 128);
  CHECK(c.report.heads == LX_HEAD_NLVR2);
  lx_checkpoint_clear(&c);
  lx_config_clear(&config);
}

/* A folder "strict" of the golden weights and config.json with one field changed. */
static const char *changed_folder(const char *field, const char *value)
{
  char *text, *at, changed[4096];
  const char *folder = lx_test_path("strict");
  char path[300];
  mkdir(folder, 0777);
  size_t n = lx_test_read(lx_test_data("tiny/weights.safetensors"), &text);
  snprintf(path, sizeof path, "%s/model.safetensors", folder);
  lx_test_write(path, text, n);
  free(text);
  lx_test_read(lx_test_data("tiny/config.json"), &text);
  at = strstr(text, field);
  CHECK(at, "%s", field);
  if (!at)
    exit(1);
  at = strchr(at, ':') + 1;
  n = (size_t)snprintf(changed, sizeof changed, "%.*s %s%s", (int)(at - text), text, value,
                       at + strcspn(at, ",\n}"));
  snprintf(path, sizeof path, "%s/config.json", folder);
  lx_test_write(path, changed, n);
  free(text);
  return folder;
}

/* What config.json says and the weights do not hold is an error that names both. */
static void impossible_config(void)
{
  static const struct {
    const char *field, *value, *says;
  } cases[] = {
      {"num_attention_heads", "5", "5 attention heads"},
      {"hidden_size", "0", "hidden_size"},
      {"hidden_size", "-64", "hidden_size"},
      {"hidden_size", "128", "[200, 64]"},
      {"hidden_size", "68719476736", "hidden_size"},
      {"intermediate_size", "1000000", "[128, 64]"},
      {"l_layers", "4", "4 l_layers, but the weights hold 3"},
      {"r_layers", "200", "200 r_layers, but the weights hold 2"},
      {"x_layers", "3", "3 x_layers, but the weights hold 2"},
      {"num_qa_labels", "16", "[17, 128]"},
      {"num_qa_labels", "0", "[17, 128]"},
      {"num_object_labels", "24", "[23, 64]"},
      {"num_attr_labels", "9999999", "[11, 64]"},
      {"vocab_size", "201", "[200, 64]"},
      {"visual_feat_dim", "33", "[64, 32]"},
      {"max_position_embeddings", "31", "[32, 64]"},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    LxCheckpoint c;
    LxError e = {0};
    const char *folder = changed_folder(cases[i].field, cases[i].value);
    CHECK(lx_checkpoint_read(folder, NULL, &c, &e) != LX_OK, "%s: %s", cases[i].field,
          cases[i].value);
    CHECK(strstr(e.message, cases[i].says), "%s: %s -> %s", cases[i].field, cases[i].value,
          e.message);
  }
  LxCheckpoint c;
  LxError e = {0};
  const char *folder = changed_folder("l_layers", "2"); /* fewer: the rest is reported */
  CHECK(lx_checkpoint_read(folder, NULL, &c, &e) == LX_OK, "%s", e.message);
  CHECK(c.report.unused.count == 16 && strstr(c.report.unused.names[0], "layer.2."));
  lx_checkpoint_clear(&c);
}

/* The number of heads is in no tensor: a configuration that is not LXMERT's may still say it. */
static void heads_beside(void)
{
  static const struct {
    const char *config;
    int64_t heads;
    bool assumed;
  } cases[] = {{"{\"num_attention_heads\": 8}", 8, false},
               {"{\"num_attention_heads\": 5}", 1, true},
               {"{\"hidden_size\": 64}", 1, true}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    LxCheckpoint c;
    LxError e = {0};
    char path[300];
    const char *folder = changed_folder("l_layers", "3");
    snprintf(path, sizeof path, "%s/config.json", folder);
    lx_test_write(path, cases[i].config, strlen(cases[i].config));
    CHECK(lx_checkpoint_read(folder, NULL, &c, &e) == LX_OK, "%s", e.message);
    CHECK(c.report.config_inferred && c.report.heads_assumed == cases[i].assumed, "%s",
          cases[i].config);
    CHECK(c.config.num_attention_heads == cases[i].heads, "%s", cases[i].config);
    lx_checkpoint_clear(&c);
  }
}

/* A table of another length than the head: an error, or a reported drop. */
static void table_length(void)
{
  LxCheckpoint c;
  LxError e = {0};
  const char *folder = changed_folder("num_qa_labels", "17"), *two = "[\"yes\", \"no\"]";
  char path[300];
  snprintf(path, sizeof path, "%s/answers.json", folder);
  lx_test_write(path, two, strlen(two));
  CHECK(lx_checkpoint_read(folder, NULL, &c, &e) == LX_ERR_SHAPE);
  CHECK(strstr(e.message, "answers.json lists 2 answers") && strstr(e.message, "17"), "%s",
        e.message);
  LxCheckpointOptions pairs = {.heads = LX_HEAD_NLVR2}, masked = {.heads = LX_HEAD_MLM};
  CHECK(lx_checkpoint_read(folder, &masked, &c, &e) == LX_OK, "%s", e.message);
  CHECK(!c.answers && c.report.answers_dropped == 2);
  lx_checkpoint_clear(&c);
  CHECK(lx_checkpoint_read(folder, &pairs, &c, &e) == LX_OK, "%s", e.message);
  CHECK(c.answers && !c.report.answers_dropped); /* two answers fit the head of pairs */
  lx_checkpoint_clear(&c);
  unlink(path);
  changed_folder("num_qa_labels", "17, \"id2label\": {\"0\": \"yes\", \"1\": \"no\"}");
  CHECK(lx_checkpoint_read(folder, NULL, &c, &e) == LX_OK, "%s", e.message);
  CHECK(!c.answers && c.report.answers_dropped == 2);
  lx_checkpoint_clear(&c);
  changed_folder("num_qa_labels",
                 "17, \"id2label\": {\"0\": \"yes\", \"2\": \"no\", \"7\": \"x\"}");
  CHECK(lx_checkpoint_read(folder, NULL, &c, &e) == LX_OK, "%s", e.message);
  CHECK(!c.answers && c.report.answers_dropped == 3);
  lx_checkpoint_clear(&c);
  changed_folder("num_qa_labels", "17, \"id2label\": {\"0\": \"LABEL_0\", \"1\": \"LABEL_1\"}");
  CHECK(lx_checkpoint_read(folder, NULL, &c, &e) == LX_OK, "%s", e.message);
  CHECK(!c.answers && !c.report.answers_dropped); /* the library's placeholder */
  lx_checkpoint_clear(&c);
}

static void move_answers(void)
{
  const char *from_texts[17], *to_texts[] = {"The a12.", "nowhere", "a3", "two"};
  char text[17][8];
  LxAnswers *from, *to;
  LxTensors *moved = NULL;
  LxError e = {0};
  int64_t found = 0, zeroed = 0;
  for (int i = 0; i < 17; i++) {
    snprintf(text[i], sizeof text[i], "a%d", i);
    from_texts[i] = i == 9 ? "2" : text[i];
  }
  CHECK(lx_answers_new(from_texts, 17, &from, &e) == LX_OK);
  CHECK(lx_answers_new(to_texts, 4, &to, &e) == LX_OK);
  CHECK(lx_checkpoint_move_answers(golden, from, to, &moved, &found, &zeroed, &e) == LX_OK, "%s",
        e.message);
  CHECK(found == 3 && zeroed == 1);
  const LxTensor *w = lx_tensors_find(golden, "answer_head.logit_fc.3.weight");
  const LxTensor *m = lx_tensors_find(moved, "answer_head.logit_fc.3.weight");
  const LxTensor *b = lx_tensors_find(moved, "answer_head.logit_fc.3.bias");
  const int rows[] = {12, -1, 3, 9};
  CHECK(m && m->dim[0] == 4 && m->dim[1] == 128 && b->dim[0] == 4);
  for (int i = 0; i < 4 && m; i++)
    for (int k = 0; k < 128; k++) {
      float want = rows[i] < 0 ? 0 : lx_f32(w)[rows[i] * 128 + k];
      CHECK(lx_f32(m)[i * 128 + k] == want);
    }
  const LxTensor *old = lx_tensors_find(golden, "answer_head.logit_fc.3.bias");
  for (int i = 0; i < 4 && b; i++)
    CHECK(lx_f32(b)[i] == (rows[i] < 0 ? 0 : lx_f32(old)[rows[i]]), "bias %d", i);
  CHECK(lx_tensors_count(moved) == lx_tensors_count(golden));
  lx_tensors_unref(moved);
  CHECK(lx_checkpoint_move_answers(golden, to, from, &moved, NULL, NULL, &e) == LX_ERR_SHAPE);
  lx_answers_free(from);
  lx_answers_free(to);
}

static void write_folder(void)
{
  LxCheckpoint c, d;
  LxAnswers *answers;
  LxError e = {0};
  const char *texts[17] = {0};
  char names[17][16], *first, *second;
  for (int i = 0; i < 17; i++) {
    snprintf(names[i], sizeof names[i], "%d", i);
    texts[i] = names[i];
  }
  CHECK(lx_answers_new(texts, 17, &answers, &e) == LX_OK);
  const char *folder = lx_test_path("out"), *again = lx_test_path("again");
  CHECK(lx_checkpoint_read(lx_test_data("tiny/model_LXRT.pth"), NULL, &c, &e) == LX_OK);
  CHECK(lx_checkpoint_write(folder, &c.config, c.params, LX_KEEP, answers,
                            lx_test_data("tokenizer/vocab.txt"), &e) == LX_OK,
        "%s", e.message);
  CHECK(lx_checkpoint_read(folder, NULL, &d, &e) == LX_OK, "%s", e.message);
  CHECK(d.answers && lx_answers_label(d.answers, "16") == 16 && d.vocab_path);
  CHECK(strcmp(d.config.architecture, "LxmertForPreTraining") == 0);
  check_params(&d, "written");
  CHECK(d.report.loaded.count == lx_tensors_count(golden));
  CHECK(lx_checkpoint_write(again, &d.config, d.params, LX_KEEP, d.answers, d.vocab_path, &e) ==
        LX_OK);
  static const char *const files[] = {"config.json", "model.safetensors", "answers.json",
                                      "vocab.txt"};
  for (int i = 0; i < 4; i++) {
    char a[300], b[300];
    snprintf(a, sizeof a, "%s/%s", folder, files[i]);
    snprintf(b, sizeof b, "%s/%s", again, files[i]);
    size_t n = lx_test_read(a, &first), m = lx_test_read(b, &second);
    CHECK(n == m && memcmp(first, second, n) == 0, "%s", files[i]);
    free(first);
    free(second);
  }
  lx_checkpoint_clear(&c);
  lx_checkpoint_clear(&d);
  lx_answers_free(answers);
}

/* model.safetensors.index.json over two files, half of it in BF16. */
static void shards(void)
{
  LxTensors *parts[2] = {lx_tensors_new(), lx_tensors_new()};
  LxError e = {0};
  char index[65536] = "{\"metadata\":{},\"weight_map\":{";
  size_t n = strlen(index);
  CHECK(mkdir(lx_test_path("shards"), 0777) == 0);
  for (size_t i = 0; i < lx_tensors_count(golden); i++) {
    const LxTensor *g = lx_tensors_at(golden, i);
    const char *name = lx_tensors_name(golden, i);
    lx_tensors_add_view(parts[i % 2], name, g->dtype, g->ndim, g->dim, g->data, &e);
    n += (size_t)sprintf(index + n, "%s\"%s\":\"part%d.safetensors\"", i ? "," : "", name,
                         (int)i % 2);
  }
  strcpy(index + n, "}}");
  lx_test_write(lx_test_path("shards/model.safetensors.index.json"), index, strlen(index));
  CHECK(lx_safetensors_write(lx_test_path("shards/part0.safetensors"), parts[0], LX_KEEP, &e) ==
        LX_OK);
  CHECK(lx_safetensors_write(lx_test_path("shards/part1.safetensors"), parts[1], LX_BF16, &e) ==
        LX_OK);
  LxCheckpoint c;
  CHECK(lx_checkpoint_read(lx_test_path("shards"), NULL, &c, &e) == LX_OK, "%s", e.message);
  CHECK(c.params && c.report.loaded.count == lx_tensors_count(golden) && !c.report.unused.count);
  double worst = 0;
  for (size_t i = 0; c.params && i < lx_tensors_count(golden); i++) {
    const LxTensor *g = lx_tensors_at(golden, i);
    const LxTensor *t = lx_tensors_find(c.params, lx_tensors_name(golden, i));
    for (int64_t k = 0; k < lx_tensor_count(g); k++) {
      double want = lx_tensor_get(g, k), error = fabs(lx_tensor_get(t, k) - want);
      worst = fmax(worst, i % 2 ? error / (fabs(want) + 1e-30) : error ? 1 : 0);
    }
  }
  CHECK(worst > 0 && worst < 1.0 / 256, "%g", worst);
  lx_checkpoint_clear(&c);
  const char *evil = "{\"weight_map\":{\"a\":\"../part0.safetensors\"}}";
  lx_test_write(lx_test_path("shards/model.safetensors.index.json"), evil, strlen(evil));
  CHECK(lx_checkpoint_read(lx_test_path("shards"), NULL, &c, &e) == LX_ERR_FORMAT, "%s", e.message);
  lx_tensors_unref(parts[0]);
  lx_tensors_unref(parts[1]);
}

int main(void)
{
  LxError e = {0};
  CHECK(lx_safetensors_read(lx_test_data("tiny/weights.safetensors"), &golden, &e) == LX_OK, "%s",
        e.message);
  read_golden("tiny/weights.safetensors", "Hugging");
  read_golden("tiny/pytorch_model.bin", "Hugging");
  read_golden("tiny/model_LXRT.pth", "authors' pre-training");
  layouts();
  bert();
  refusals();
  resized_head();
  impossible_config();
  heads_beside();
  table_length();
  move_answers();
  write_folder();
  shards();
  lx_tensors_unref(golden);
  lx_test_clean();
  return lx_test_end();
}
