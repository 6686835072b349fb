#include "lens-models.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>

#include "lens-engine-error.h"
#include "lx-config.h"
#include "lx-json.h"

#define CARD "crosslens.json"
#define CARD_LIMIT (1 << 20)

static gboolean has(const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* Headings, code, lists, tables and pictures of a Markdown card are no sentence about the model. */
static gboolean is_prose(const char *line)
{
  return *line && !strchr("#|<!-\t", *line) && !g_str_has_prefix(line, "    ") &&
         !g_str_has_prefix(line, "```");
}

/* The first paragraph of a model card in Markdown, as one line; front matter is skipped. */
static char *read_readme_note(const char *folder)
{
  g_autofree char *path = g_build_filename(folder, "README.md", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GString) note = g_string_new("");
  if (!g_file_get_contents(path, &text, NULL, NULL) || !g_utf8_validate(text, -1, NULL))
    return NULL;
  g_auto(GStrv) lines = g_strsplit(text, "\n", 200);
  guint i = 0;
  if (lines[0] && g_str_equal(g_strchomp(lines[0]), "---"))
    for (i = 1; lines[i] && !g_str_equal(g_strchomp(lines[i]), "---");)
      i++;
  while (lines[i] && !is_prose(lines[i]))
    i++;
  for (; lines[i] && is_prose(lines[i]); i++)
    g_string_append_printf(note, "%s%s", note->len ? " " : "", g_strchomp(lines[i]));
  return note->len ? g_string_free(g_steal_pointer(&note), FALSE) : NULL;
}

/* Without a card: the folder's name tells apart what the architecture does not. */
static const char *task_of(const LxConfig *config, const char *folder_name)
{
  if (g_str_has_suffix(folder_name, "gqa"))
    return "gqa";
  if (g_str_has_suffix(folder_name, "nlvr2"))
    return "nlvr2";
  return strstr(config->architecture, "PreTraining") ? "pretrain" : "vqa";
}

static LensModel *make_model(const char *path, const char *id, gboolean shipped,
                             const LxConfig *config)
{
  json_t *card = NULL;
  g_autofree char *hash = lens_models_fingerprint(path, NULL);
  g_autofree char *base = g_path_get_basename(path);
  g_autofree char *card_path = g_build_filename(path, CARD, NULL);
  g_autofree char *note = read_readme_note(path);
  if (g_file_test(card_path, G_FILE_TEST_EXISTS))
    lx_json_read(card_path, CARD_LIMIT, &card, NULL);
  const char *name = json_string_value(json_object_get(card, "name"));
  const char *task = json_string_value(json_object_get(card, "task"));
  const char *own_note = json_string_value(json_object_get(card, "note"));

  LensModelInfo info = {
      .id = id,
      .name = name ? name : base,
      .path = path,
      .task = task ? task : task_of(config, base),
      .note = own_note ? own_note : note,
      .language_layers = (int)config->l_layers,
      .vision_layers = (int)config->r_layers,
      .cross_layers = (int)config->x_layers,
      .heads = (int)config->num_attention_heads,
      .hidden = (int)config->hidden_size,
      .n_answers = (int)config->num_qa_labels,
      .features = (int)config->visual_feat_dim,
      .shipped = shipped,
      .hash = hash,
  };
  LensModel *model = lens_model_new(&info);
  json_decref(card);
  return model;
}

LensModel *lens_models_describe(const char *path, const char *id, gboolean shipped, GError **error)
{
  LxError engine = {0};
  LxConfig config;
  g_autofree char *file = g_build_filename(path, "config.json", NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
                _("The model folder %s is not there. Choose a folder that holds config.json, "
                  "model.safetensors and vocab.txt."),
                path);
    return NULL;
  }
  if (!has(path, "config.json") || has(path, "objects_vocab.txt")) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
                _("%s is no LXMERT model folder: it should hold config.json, model.safetensors and "
                  "vocab.txt."),
                path);
    return NULL;
  }
  if (lx_config_read(file, &config, &engine) != LX_OK) {
    lens_error_from_engine(error, &engine);
    return NULL;
  }
  LensModel *model = make_model(path, id, shipped, &config);
  lx_config_clear(&config);
  return model;
}

static gint compare_strings(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

GPtrArray *lens_models_scan(const char *folder, const char *prefix, gboolean shipped,
                            char **problem)
{
  GPtrArray *models = g_ptr_array_new_with_free_func(g_object_unref);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));)
    g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare_strings);

  for (guint i = 0; i < names->len; i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
    g_autofree char *id = g_strconcat(prefix, names->pdata[i], NULL);
    /* Without weights it is a training that has not saved yet. */
    if (*(char *)names->pdata[i] == '.' || !has(path, "model.safetensors") ||
        !has(path, "vocab.txt"))
      continue;
    LensModel *model = lens_models_describe(path, id, shipped, &error);
    if (model)
      g_ptr_array_add(models, model);
    else if (problem && !*problem && !g_error_matches(error, LENS_ERROR, LENS_ERROR_MISSING))
      *problem = g_strdup(error->message);
  }
  return models;
}

gboolean lens_models_write_card(const char *path, const LensModelCard *card, GError **error)
{
  LxError engine = {0};
  g_autofree char *file = g_build_filename(path, CARD, NULL);
  json_t *json =
      json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "name", card->name, "task", card->task, "note",
                card->note, "base_model", card->base_id, "base_hash", card->base_hash);
  gboolean ok = lx_json_write(json, file, &engine) == LX_OK;
  json_decref(json);
  return ok || lens_error_from_engine(error, &engine);
}

char *lens_models_hash(const char *path, GCancellable *cancellable, GError **error)
{
  g_autofree char *name = g_build_filename(path, "model.safetensors", NULL);
  g_autoptr(GFile) file = g_file_new_for_path(name);
  g_autoptr(GFileInputStream) stream = g_file_read(file, cancellable, error);
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  g_autofree guint8 *buffer = g_malloc(1 << 20);
  for (gssize n = 1; stream && n > 0;) {
    n = g_input_stream_read(G_INPUT_STREAM(stream), buffer, 1 << 20, cancellable, error);
    if (n < 0)
      return NULL;
    g_checksum_update(sum, buffer, n);
  }
  return stream ? g_strdup(g_checksum_get_string(sum)) : NULL;
}

/* Both ends of a file, 64 KiB each, and its size. */
static gboolean add_ends(GChecksum *sum, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(GError) io = NULL;
  g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &io);
  if (!file) {
    gboolean gone = g_error_matches(io, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    g_set_error(error, LENS_ERROR, gone ? LENS_ERROR_MISSING : LENS_ERROR_IO,
                gone ? _("The file %s of the model folder %s is not there.")
                     : _("The file %s of the model folder %s cannot be read."),
                name, folder);
    return FALSE;
  }
  const guint8 *data = (const guint8 *)g_mapped_file_get_contents(file);
  gsize size = g_mapped_file_get_length(file), part = MIN(size, 65536);
  g_checksum_update(sum, (const guint8 *)&size, sizeof size);
  if (part) {
    g_checksum_update(sum, data, (gssize)part);
    g_checksum_update(sum, data + size - part, (gssize)part);
  }
  return TRUE;
}

char *lens_models_fingerprint(const char *path, GError **error)
{
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  if (!add_ends(sum, path, "config.json", error) ||
      !add_ends(sum, path, "model.safetensors", error))
    return NULL;
  return g_strdup(g_checksum_get_string(sum));
}
