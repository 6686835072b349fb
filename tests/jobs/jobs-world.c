#include "jobs-world.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>

#include "lx-detector-config.h"
#include "lx-detector-graph.h"
#include "lx-model.h"
#include "lx-safetensors.h"

#define BOUND_SECONDS 180 /* training is niced: on a busy machine it waits long */

static const char *const answers[WORLD_ANSWERS] = {"yes", "no", "red", "blue", "1", "2"};
static const char vocabulary[] =
    "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nwhat\ncolour\nis\nthe\ncat\n?\n"
    "how\nmany\nare\nthere\na\ndog\n##s\n";

static void fail_on(LxStatus status, const LxError *error)
{
  if (status != LX_OK)
    g_error("%s", error->message);
}

static void write_text(const char *folder, const char *name, const char *text)
{
  GError *error = NULL;
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_file_set_contents(path, text, -1, &error);
  g_assert_no_error(error);
}

/* ---- a detector ---- */

static void shrink(LxDetectorConfig *c, int width)
{
  c->min_size = 64;
  c->max_size = 128;
  c->num_blocks[0] = c->num_blocks[1] = c->num_blocks[2] = c->num_blocks[3] = 1;
  c->stem_out = 8;
  c->res2_out = width;
  c->width_per_group = 8;
  c->rpn_hidden = 16;
  c->anchor_sizes = (LxNumbers){2, {16, 32}};
  c->pre_nms_topk = 100;
  c->post_nms_topk = 20;
  c->pooler = 4;
  c->num_classes = 3;
  c->num_attrs = 2;
  c->min_detections = 4;
  c->max_detections = 8;
}

/* `width` decides how many numbers a feature has, which is returned. */
static int64_t write_detector(const char *folder, int width)
{
  LxError error = {0};
  LxDetectorConfig config;
  LxTensors *params = NULL;
  g_autofree char *json = g_build_filename(folder, "config.json", NULL);
  g_autofree char *weights = g_build_filename(folder, "model.safetensors", NULL);
  g_mkdir_with_parents(folder, 0755);
  lx_detector_config_default(&config);
  shrink(&config, width);
  fail_on(lx_detector_config_check(&config, &error), &error);
  fail_on(lx_detector_config_write(&config, json, &error), &error);
  fail_on(lx_detector_params_new(&config, 7, &params, &error), &error);
  fail_on(lx_safetensors_write(weights, params, LX_KEEP, &error), &error);
  lx_tensors_unref(params);
  write_text(folder, "objects_vocab.txt", "cat\ndog\nball\n");
  write_text(folder, "attributes_vocab.txt", "red\nblue\n");
  return lx_detector_feature_size(&config);
}

/* ---- a model ---- */

static void write_model(const char *folder, const char *vocab, int64_t features)
{
  LxError error = {0};
  LxConfig config;
  LxTensors *params = NULL;
  LxAnswers *table = NULL;
  lx_config_init(&config);
  config.vocab_size = 18;
  config.hidden_size = 32;
  config.num_attention_heads = 4;
  config.intermediate_size = 64;
  config.l_layers = 2;
  config.r_layers = 1;
  config.x_layers = 2;
  config.max_position_embeddings = 32;
  config.visual_feat_dim = features;
  config.num_qa_labels = WORLD_ANSWERS;
  config.num_object_labels = 3;
  config.num_attr_labels = 2;
  config.initializer_range = 0.3; /* so that edits show in the answers */
  g_strlcpy(config.architecture, "LxmertForQuestionAnswering", sizeof config.architecture);
  fail_on(lx_lxmert_init_params(&config, LX_HEAD_ANSWER, 11, &params, &error), &error);
  fail_on(lx_answers_new(answers, WORLD_ANSWERS, &table, &error), &error);
  g_mkdir_with_parents(folder, 0755);
  fail_on(lx_model_write(folder, &config, params, LX_F32, vocab, table, &error), &error);
  lx_answers_free(table);
  lx_tensors_unref(params);
  lx_config_clear(&config);
}

/* ---- scenes ---- */

static void paint(GdkPixbuf *picture, int seed)
{
  int stride = gdk_pixbuf_get_rowstride(picture);
  guchar *pixels = gdk_pixbuf_get_pixels(picture);
  for (int y = 0; y < gdk_pixbuf_get_height(picture); y++)
    for (int x = 0; x < gdk_pixbuf_get_width(picture); x++) {
      gboolean inside = (x / 16 + y / 16 + seed) % 3 == 0;
      guchar *at = pixels + y * stride + 3 * x;
      at[0] = (guchar)(inside ? 220 : 40 + seed * 20);
      at[1] = (guchar)(x * 2);
      at[2] = (guchar)(y * 2 + seed);
    }
}

static void write_scenes(const char *folder)
{
  g_autoptr(GString) json = g_string_new("[");
  g_mkdir_with_parents(folder, 0755);
  for (int i = 0; i < WORLD_SCENES; i++) {
    GError *error = NULL;
    g_autofree char *path = g_strdup_printf("%s/scene%d.png", folder, i);
    g_autoptr(GdkPixbuf) picture = gdk_pixbuf_new(GDK_COLORSPACE_RGB, FALSE, 8, 96, 64);
    paint(picture, i);
    gdk_pixbuf_save(picture, path, "png", &error, NULL);
    g_assert_no_error(error);
    for (int q = 0; q < 3; q++)
      g_string_append_printf(
          json,
          "%s{\"question_id\": %d, \"img_id\": \"scene%d\", \"sent\": \"%s\","
          " \"answer_type\": \"other\", \"question_type\": \"\", \"label\": {\"%s\": 1.0}}",
          i + q ? "," : "", i * 3 + q, i,
          q == 0   ? "what colour is the cat?"
          : q == 1 ? "how many dogs are there?"
                   : "is there a dog?",
          q == 0   ? (i % 2 ? "red" : "blue")
          : q == 1 ? "2"
                   : "yes");
  }
  g_string_append(json, "]");
  write_text(folder, "questions.json", json->str);
  /* What a written world has beside its questions. */
  write_text(folder, "trainval_label2ans.json", "[\"yes\", \"no\"]");
  write_text(folder, "heldout.json", "[]");
  write_text(folder, "world.json", "{\"seed\": 1}");
}

/* ---- the world ---- */

void world_set_up(World *self, gconstpointer unused)
{
  GError *error = NULL;
  self->root = g_dir_make_tmp("crosslens-jobs-XXXXXX", &error);
  g_assert_no_error(error);
  self->data_dir = g_build_filename(self->root, "data", NULL);
  self->state_dir = g_build_filename(self->root, "state", NULL);
  g_autofree char *detector = g_build_filename(self->data_dir, "models", "detector-world", NULL);
  g_autofree char *model = g_build_filename(self->data_dir, "models", WORLD_MODEL, NULL);
  g_autofree char *scenes = g_build_filename(self->data_dir, "scenes", NULL);
  g_autofree char *vocab = g_build_filename(self->root, "vocab.txt", NULL);
  write_text(self->root, "vocab.txt", vocabulary);
  int64_t features = write_detector(detector, 16);
  write_model(model, vocab, features);
  write_scenes(scenes);
  world_reopen(self);
}

void world_reopen(World *self)
{
  GError *error = NULL;
  if (self->bench)
    lens_workbench_close(self->bench);
  g_clear_object(&self->bench);
  self->bench = lens_workbench_new(self->data_dir, self->state_dir, &error);
  g_assert_no_error(error);
}

static void remove_all(const char *path)
{
  GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *below = g_build_filename(path, name, NULL);
    remove_all(below);
  }
  g_clear_pointer(&dir, g_dir_close);
  g_remove(path);
}

void world_tear_down(World *self, gconstpointer unused)
{
  if (self->bench)
    lens_workbench_close(self->bench);
  /* Answers that are under way hold it until the main loop has delivered them. */
  while (g_main_context_iteration(NULL, FALSE))
    ;
  if (self->bench)
    g_assert_finalize_object(self->bench);
  remove_all(self->root);
  g_free(self->root);
  g_free(self->data_dir);
  g_free(self->state_dir);
}

char *world_scene(World *self, int i)
{
  return g_strdup_printf("%s/scenes/scene%d.png", self->data_dir, i);
}

char *world_file(World *self, const char *below_root)
{
  return g_build_filename(self->root, below_root, NULL);
}

/* A random model of this shape in a folder of the world; owned path. */
static char *write_random(World *self, const char *name, int layers, int other_layers,
                          unsigned heads)
{
  LxError error = {0};
  LxModel *tiny = NULL;
  LxConfig config;
  LxTensors *params = NULL;
  g_autofree char *from = g_build_filename(self->data_dir, "models", WORLD_MODEL, NULL);
  g_autofree char *vocab = g_build_filename(from, "vocab.txt", NULL);
  char *folder = world_file(self, name);
  fail_on(lx_model_open(from, &tiny, &error), &error);
  lx_config_init(&config);
  config.vocab_size = lx_model_config(tiny)->vocab_size;
  config.hidden_size = 32;
  config.num_attention_heads = 4;
  config.intermediate_size = 64;
  config.l_layers = layers;
  config.r_layers = config.x_layers = other_layers;
  config.max_position_embeddings = 32;
  config.visual_feat_dim = lx_model_config(tiny)->visual_feat_dim;
  config.num_object_labels = 3;
  config.num_attr_labels = 2;
  config.initializer_range = 0.3;
  config.task_qa = (heads & LX_HEAD_ANSWER) != 0;
  fail_on(lx_lxmert_init_params(&config, heads, 5, &params, &error), &error);
  g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
  fail_on(lx_model_write(folder, &config, params, LX_F32, vocab, NULL, &error), &error);
  lx_tensors_unref(params);
  lx_config_clear(&config);
  lx_model_unref(tiny);
  return folder;
}

char *world_write_pair_model(World *self)
{
  return write_random(self, "pairs-nlvr2", 1, 1, LX_HEAD_NLVR2);
}

char *world_write_bert(World *self)
{
  return write_random(self, "bert", 2, 0, LX_HEAD_MLM);
}

static void ship(World *self, const char *name, int cross_layers, unsigned heads)
{
  g_autofree char *below = g_build_filename("data", "models", name, NULL);
  g_autofree char *folder = write_random(self, below, 2, cross_layers, heads);
  write_text(folder, "crosslens.json", "{\"task\": \"pretrain\"}");
}

void world_ship_pretrained(World *self)
{
  ship(self, "a-bert", 0, LX_HEAD_MLM);
  ship(self, "lxmert-base", 1, LX_HEAD_MLM | LX_HEAD_ANSWER);
  world_reopen(self);
}

char *world_write_detector(World *self, int *features)
{
  char *folder = world_file(self, "other-eyes");
  *features = (int)write_detector(folder, 32);
  return folder;
}

char *world_write_model_of(World *self, int features)
{
  g_autofree char *vocab =
      g_build_filename(self->data_dir, "models", WORLD_MODEL, "vocab.txt", NULL);
  char *folder = world_file(self, "other-features");
  write_model(folder, vocab, features);
  return folder;
}

char *world_write_headless(World *self)
{
  return write_random(self, "headless", 1, 1, 0);
}

/* "lxmert." as "bert."; what only LXMERT has stays out. */
static LxTensors *as_bert(const LxTensors *params, LxError *error)
{
  LxTensors *out = lx_tensors_new();
  for (size_t i = 0; i < lx_tensors_count(params); i++) {
    const LxTensor *t = lx_tensors_at(params, i);
    const char *name = lx_tensors_name(params, i);
    g_autofree char *bert =
        g_str_has_prefix(name, "lxmert.") ? g_strconcat("bert.", name + 7, NULL) : g_strdup(name);
    if (!strstr(name, ".visn_fc."))
      fail_on(lx_tensors_add_view(out, bert, LX_F32, t->ndim, t->dim, t->data, error), error);
  }
  return out;
}

char *world_write_hf_bert(World *self)
{
  g_autofree char *ours = world_write_bert(self);
  g_autofree char *from = g_build_filename(ours, "model.safetensors", NULL);
  g_autofree char *words_from = g_build_filename(ours, "vocab.txt", NULL), *words = NULL;
  char *folder = world_file(self, "hf-bert");
  g_autofree char *to = g_build_filename(folder, "model.safetensors", NULL);
  g_autofree char *config = g_build_filename(folder, "config.json", NULL);
  g_autofree char *words_to = g_build_filename(folder, "vocab.txt", NULL);
  LxError error = {0};
  LxTensors *params = NULL;
  g_mkdir_with_parents(folder, 0755);
  fail_on(lx_safetensors_read(from, &params, &error), &error);
  LxTensors *renamed = as_bert(params, &error);
  fail_on(lx_safetensors_write(to, renamed, LX_F32, &error), &error);
  lx_tensors_unref(renamed);
  lx_tensors_unref(params);
  g_file_set_contents(
      config, "{\"model_type\": \"bert\", \"num_hidden_layers\": 2, \"num_attention_heads\": 4}",
      -1, NULL);
  g_assert_true(g_file_get_contents(words_from, &words, NULL, NULL));
  g_assert_true(g_file_set_contents(words_to, words, -1, NULL));
  return folder;
}

char *world_copy_model(World *self, const char *name)
{
  static const char *const files[] = {"config.json", "model.safetensors", "vocab.txt",
                                      "answers.json"};
  char *copy = g_build_filename(self->root, name, NULL);
  g_mkdir_with_parents(copy, 0755);
  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    GError *error = NULL;
    gsize size = 0;
    g_autofree char *bytes = NULL;
    g_autofree char *from = g_build_filename(self->data_dir, "models", WORLD_MODEL, files[i], NULL);
    g_autofree char *to = g_build_filename(copy, files[i], NULL);
    g_file_get_contents(from, &bytes, &size, &error);
    g_assert_no_error(error);
    g_file_set_contents(to, bytes, (gssize)size, &error);
    g_assert_no_error(error);
  }
  return copy;
}

/* ---- waiting ---- */

/* Counted, not measured: a process that somebody halts for a while has not waited. */
static gboolean on_second(gpointer seconds)
{
  ++*(int *)seconds;
  return G_SOURCE_CONTINUE;
}

void world_wait(WorldCondition condition, gpointer data)
{
  int seconds = 0;
  guint second = g_timeout_add_seconds(1, on_second, &seconds);
  while (!condition(data) && seconds < BOUND_SECONDS)
    g_main_context_iteration(NULL, TRUE);
  g_source_remove(second);
  g_assert_cmpint(seconds, <, BOUND_SECONDS);
}

static gboolean is_set(gpointer data)
{
  return *(gpointer *)data != NULL;
}

void world_wait_for(gpointer *pointer)
{
  world_wait(is_set, pointer);
}

static void on_result(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

LensScene *world_open(World *self, const char *path, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  lens_workbench_open_image_async(self->bench, path, NULL, NULL, NULL, on_result, &result);
  world_wait_for((gpointer *)&result);
  return lens_workbench_open_image_finish(self->bench, result, error);
}

LensRun *world_ask(World *self, LensScene *scene, const char *question, const char *model,
                   const LensEdits *edits, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  LensModel *found = model ? lens_workbench_find_model(self->bench, model) : NULL;
  g_assert_true(!model || found);
  lens_workbench_ask_async(self->bench, scene, question, found, edits, NULL, on_result, &result);
  world_wait_for((gpointer *)&result);
  return lens_workbench_ask_finish(self->bench, result, error);
}

GListModel *world_list_questions(World *self, gint64 image_id)
{
  GError *error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  lens_workbench_list_questions_async(self->bench, image_id, NULL, on_result, &result);
  world_wait_for((gpointer *)&result);
  GListModel *list = lens_workbench_list_questions_finish(self->bench, result, &error);
  g_assert_no_error(error);
  return list;
}

LensModel *world_import(World *self, const char *path, GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  lens_workbench_import_model_async(self->bench, path, NULL, on_result, &result);
  world_wait_for((gpointer *)&result);
  return lens_workbench_import_model_finish(self->bench, result, error);
}
