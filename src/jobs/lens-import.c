#include "lens-import.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lens-engine-error.h"
#include "lx-checkpoint.h"
#include "lx-file.h"
#include "lx-tokenizer.h"

void lens_import_free(LensImport *self)
{
  if (!self)
    return;
  g_free(self->path);
  g_free(self->layout);
  g_strfreev(self->missing);
  g_strfreev(self->unused);
  g_free(self->vocab_path);
  g_free(self->detector);
  lens_detector_free(self->eyes);
  g_free(self);
}

/* ---- looking ---- */

static char **copy_names(const LxNames *names)
{
  char **copy = g_new0(char *, names->count + 1);
  for (size_t i = 0; i < names->count; i++)
    copy[i] = g_strdup(names->names[i]);
  return copy;
}

static gboolean holds(const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* A model of words alone has places for boxes all the same, which nothing reads. */
static char **drop_unread(char **missing, const LxConfig *config)
{
  guint kept = 0;
  for (guint i = 0; missing[i]; i++) {
    gboolean unread = config->r_layers + config->x_layers == 0 && strstr(missing[i], ".visn_fc.");
    if (unread)
      g_free(missing[i]);
    else
      missing[kept++] = missing[i];
  }
  missing[kept] = NULL;
  return missing;
}

static const char *task_of(unsigned heads)
{
  return heads & LX_HEAD_NLVR2 ? "nlvr2" : heads & LX_HEAD_MLM ? "pretrain" : "vqa";
}

/* What is no model may be a detector; when it is neither, `error` says what is wrong with it as what
 * its files say it is. Takes `problem`. */
static LensImport *look_at_detector(const char *path, GError *problem, GError **error)
{
  g_autoptr(GError) own = NULL;
  LensDetector *eyes =
      g_file_test(path, G_FILE_TEST_EXISTS) ? lens_detectors_look(path, &own) : NULL;
  if (!eyes) {
    gboolean meant = holds(path, "config.yaml") || holds(path, "objects_vocab.txt") ||
                     g_str_has_suffix(path, ".pkl");
    g_propagate_error(error, meant && own ? g_steal_pointer(&own) : g_steal_pointer(&problem));
    g_clear_error(&problem);
    return NULL;
  }
  g_clear_error(&problem);
  LensImport *self = g_new0(LensImport, 1);
  *self = (LensImport){.path = g_strdup(path),
                       .layout = g_strdup("Faster R-CNN"),
                       .features = eyes->features,
                       .missing = g_new0(char *, 1),
                       .unused = g_new0(char *, 1),
                       .in_place = g_file_test(path, G_FILE_TEST_IS_DIR),
                       .eyes = eyes};
  return self;
}

/* The name of the one that will see for a new model; owned, NULL: none is here. */
static char *find_detector(const char *data_dir, const char *state_dir, int features)
{
  g_autofree char *folder = lens_detectors_find(data_dir, state_dir, NULL, features);
  return folder ? g_path_get_basename(folder) : NULL;
}

LensImport *lens_import_look(const char *path, const char *data_dir, const char *state_dir,
                             GError **error)
{
  LxError engine = {0};
  LxCheckpoint read = {0};
  LxCheckpointOptions options = {.bert_features = lens_detectors_get_shipped_features(data_dir)};
  if (lx_checkpoint_read(path, &options, &read, &engine) != LX_OK) {
    GError *problem = NULL;
    lx_checkpoint_clear(&read);
    lens_error_from_engine(&problem, &engine);
    return look_at_detector(path, problem, error);
  }
  const LxConfig *config = &read.config;
  LensImport *self = g_new0(LensImport, 1);
  *self = (LensImport){
      .path = g_strdup(path),
      .layout = g_strdup(read.report.layout),
      .config_inferred = read.report.config_inferred,
      .heads_assumed = read.report.heads_assumed,
      .language_layers = (int)config->l_layers,
      .vision_layers = (int)config->r_layers,
      .cross_layers = (int)config->x_layers,
      .heads = (int)config->num_attention_heads,
      .hidden = (int)config->hidden_size,
      .features = (int)config->visual_feat_dim,
      .words = (int)config->vocab_size,
      .loaded = (guint)read.report.loaded.count,
      .missing = drop_unread(copy_names(&read.report.missing), config),
      .unused = copy_names(&read.report.unused),
      .answers = read.answers ? (int)lx_answers_count(read.answers) : 0,
      .can_answer = (read.report.heads & (LX_HEAD_ANSWER | LX_HEAD_NLVR2)) != 0,
      .task = task_of(read.report.heads),
      .vocab_path = g_strdup(read.vocab_path),
      .detector = find_detector(data_dir, state_dir, (int)config->visual_feat_dim),
      .in_place = holds(path, "config.json") && holds(path, "model.safetensors") &&
                  read.vocab_path && !read.report.missing.count,
  };
  self->in_place &= !self->config_inferred;
  lx_checkpoint_clear(&read);
  return self;
}

/* ---- writing ---- */

/* The vocabulary must be the one that the model was trained with; its length tells most others. */
static gboolean check_words(const char *vocab_path, const LxCheckpoint *read, GError **error)
{
  LxError engine = {0};
  LxTokenizer *tokenizer = NULL;
  if (lx_tokenizer_open(vocab_path, &tokenizer, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  gint64 words = lx_tokenizer_count(tokenizer);
  lx_tokenizer_free(tokenizer);
  if (words == read->config.vocab_size)
    return TRUE;
  g_set_error(error, LENS_ERROR, LENS_ERROR_FORMAT,
              _("%s lists %d words, but the model was trained with %d. Choose the vocab.txt that "
                "belongs to the weights."),
              vocab_path, (int)words, (int)read->config.vocab_size);
  return FALSE;
}

static LxStatus write_folder(const LxCheckpoint *read, const LxAnswers *answers,
                             const char *vocab_path, const char *folder, LxError *engine)
{
  LxStatus status = lx_file_make_folder(folder, engine);
  if (status == LX_OK)
    status = lx_checkpoint_write(folder, &read->config, read->params, LX_F32, answers, vocab_path,
                                 engine);
  return status;
}

gboolean lens_import_convert(const char *path, int features, const char *vocab_path,
                             const char *answers_path, const char *folder, GError **error)
{
  LxError engine = {0};
  LxCheckpoint read = {0};
  LxAnswers *answers = NULL;
  LxCheckpointOptions options = {.bert_features = features};
  gboolean ok = lx_checkpoint_read(path, &options, &read, &engine) == LX_OK &&
                (!answers_path || lx_answers_read(answers_path, &answers, &engine) == LX_OK);
  const char *vocab = vocab_path ? vocab_path : read.vocab_path;
  if (!ok) {
    lens_error_from_engine(error, &engine);
  } else if (!vocab) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
                _("There is no vocab.txt beside %s. Choose the one that belongs to the weights."),
                path);
    ok = FALSE;
  } else if (answers && lx_answers_count(answers) != read.config.num_qa_labels) {
    g_set_error(
        error, LENS_ERROR, LENS_ERROR_FORMAT,
        _("%s lists %d answers, but the model scores %d. Choose the table that belongs to it."),
        answers_path, (int)lx_answers_count(answers), (int)read.config.num_qa_labels);
    ok = FALSE;
  } else {
    ok = check_words(vocab, &read, error);
    if (ok &&
        write_folder(&read, answers ? answers : read.answers, vocab, folder, &engine) != LX_OK)
      ok = lens_error_from_engine(error, &engine);
  }
  lx_answers_free(answers);
  lx_checkpoint_clear(&read);
  return ok;
}
