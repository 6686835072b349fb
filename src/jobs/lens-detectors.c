#include "lens-detectors.h"

#include <string.h>

#include "lens-engine-error.h"
#include "lens-folder.h"
#include "lx-detector-folder.h"
#include "lx-detector.h"

#define LIST "detectors.ini"
#define CHOICES "detector-choices.ini"
#define PATH "path"
#define FEATURES "features"
#define PUBLISHED_FEATURES 2048

static int changes; /* of the lists, counted */

void lens_detector_free(LensDetector *self)
{
  if (!self)
    return;
  g_free(self->path);
  g_free(self->warnings);
  g_free(self);
}

LensDetector *lens_detectors_look(const char *path, GError **error)
{
  LxError engine = {0};
  LxDetector *opened = NULL;
  if (lx_detector_open(path, &opened, &engine) != LX_OK) {
    lens_error_from_engine(error, &engine);
    return NULL;
  }
  LensDetector *self = g_new0(LensDetector, 1);
  *self = (LensDetector){.path = g_strdup(path),
                         .features = lx_detector_features(opened),
                         .classes = lx_detector_n_classes(opened),
                         .attributes = lx_detector_n_attributes(opened),
                         .boxes = (int)lx_detector_config(opened)->max_detections,
                         .warnings = g_strdup(lx_detector_warnings(opened))};
  lx_detector_free(opened);
  return self;
}

/* LIST: a group for each, the last added one first. CHOICES: a group for each model. */
static GKeyFile *read_file(const char *state_dir, const char *name, char **path)
{
  GKeyFile *file = g_key_file_new();
  *path = g_build_filename(state_dir, name, NULL);
  g_key_file_load_from_file(file, *path, G_KEY_FILE_NONE, NULL); /* there may be none yet */
  return file;
}

gboolean lens_detectors_add(const char *state_dir, const LensDetector *detector, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr(GKeyFile) before = read_file(state_dir, LIST, &path);
  g_autoptr(GKeyFile) list = g_key_file_new();
  g_auto(GStrv) groups = g_key_file_get_groups(before, NULL);
  g_key_file_set_string(list, "1", PATH, detector->path);
  g_key_file_set_integer(list, "1", FEATURES, detector->features);
  for (int i = 0, at = 2; groups[i]; i++) {
    g_autofree char *old = g_key_file_get_string(before, groups[i], PATH, NULL);
    g_autofree char *group = g_strdup_printf("%d", at);
    if (!old || g_str_equal(old, detector->path))
      continue;
    g_key_file_set_string(list, group, PATH, old);
    g_key_file_set_integer(list, group, FEATURES,
                           g_key_file_get_integer(before, groups[i], FEATURES, NULL));
    at++;
  }
  g_atomic_int_inc(&changes);
  return g_key_file_save_to_file(list, path, error);
}

char *lens_detectors_copy(const char *state_dir, const char *file, const char *name, GError **error)
{
  LxError engine = {0};
  LxDetectorConfig config;
  LxTensors *params = NULL;
  LxDetectorNames names = {0};
  g_autofree char *own = g_build_filename(state_dir, "detectors", NULL);
  g_autofree char *folder = lens_free_folder(own, name);
  LxStatus status = LX_OK;
  if (!lens_make_folder(own, error))
    return NULL;
  g_autofree char *part = lens_part_folder(folder);
  status = lx_detector_folder_read(file, &config, &params, &names, &engine);
  if (status == LX_OK)
    status = lx_detector_folder_write(part, &config, params, &names, LX_F32, &engine);
  lx_tensors_unref(params);
  lx_detector_names_clear(&names);
  if (status != LX_OK)
    lens_error_from_engine(error, &engine);
  return lens_finish_folder(part, folder, status == LX_OK, error) ? g_steal_pointer(&folder) : NULL;
}

/* The folder of a shipped one whose features have *features numbers; 0: of any, then *features is how
 * many. */
static char *find_shipped(const char *data_dir, int *features)
{
  g_autofree char *models = g_build_filename(data_dir, "models", NULL);
  g_autoptr(GDir) dir = g_dir_open(models, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    LxDetectorConfig config;
    g_autofree char *folder = g_build_filename(models, name, NULL);
    g_autofree char *names = g_build_filename(folder, "objects_vocab.txt", NULL);
    g_autofree char *path = g_build_filename(folder, "config.json", NULL);
    if (!g_file_test(names, G_FILE_TEST_EXISTS) ||
        lx_detector_config_read(path, &config, NULL) != LX_OK)
      continue;
    int found = (int)lx_detector_feature_size(&config);
    if (*features && *features != found)
      continue;
    *features = found;
    return g_steal_pointer(&folder);
  }
  return NULL;
}

int lens_detectors_get_shipped_features(const char *data_dir)
{
  int features = 0;
  g_autofree char *folder = find_shipped(data_dir, &features);
  return folder ? features : PUBLISHED_FEATURES;
}

GPtrArray *lens_detectors_list(const char *data_dir, const char *state_dir, int features)
{
  GPtrArray *folders = g_ptr_array_new_with_free_func(g_free);
  char *shipped = features ? find_shipped(data_dir, &features) : NULL;
  if (shipped)
    g_ptr_array_add(folders, shipped);
  if (!state_dir)
    return folders;
  g_autofree char *path = NULL;
  g_autoptr(GKeyFile) list = read_file(state_dir, LIST, &path);
  g_auto(GStrv) groups = g_key_file_get_groups(list, NULL);
  for (int i = 0; groups[i]; i++) {
    g_autofree char *folder = g_key_file_get_string(list, groups[i], PATH, NULL);
    if (folder && g_key_file_get_integer(list, groups[i], FEATURES, NULL) == features &&
        g_file_test(folder, G_FILE_TEST_IS_DIR))
      g_ptr_array_add(folders, g_steal_pointer(&folder));
  }
  return folders;
}

/* ---- which belongs to which ---- */

/* A group for each model, called by a hash: an id may hold what no group may. */
static char *group_of(const char *model_id)
{
  return g_compute_checksum_for_string(G_CHECKSUM_SHA256, model_id, -1);
}

gboolean lens_detectors_choose(const char *state_dir, const char *model_id, const char *folder,
                               GError **error)
{
  g_autofree char *path = NULL, *group = group_of(model_id);
  g_autoptr(GKeyFile) choices = read_file(state_dir, CHOICES, &path);
  g_key_file_set_string(choices, group, "model", model_id);
  g_key_file_set_string(choices, group, PATH, folder);
  g_atomic_int_inc(&changes);
  return g_key_file_save_to_file(choices, path, error);
}

static char *find_choice(const char *state_dir, const char *model_id)
{
  g_autofree char *path = NULL, *group = group_of(model_id);
  g_autoptr(GKeyFile) choices = read_file(state_dir, CHOICES, &path);
  return g_key_file_get_string(choices, group, PATH, NULL);
}

char *lens_detectors_find(const char *data_dir, const char *state_dir, const char *model_id,
                          int features)
{
  g_autoptr(GPtrArray) folders = lens_detectors_list(data_dir, state_dir, features);
  g_autofree char *chosen =
      folders->len > 1 && state_dir && model_id ? find_choice(state_dir, model_id) : NULL;
  for (guint i = 0; chosen && i < folders->len; i++)
    if (g_str_equal(chosen, folders->pdata[i]))
      return g_strdup(chosen);
  return folders->len ? g_strdup(folders->pdata[0]) : NULL;
}

char *lens_detectors_find_or_shipped(const char *data_dir, const char *state_dir,
                                     const char *model_id, int features)
{
  char *found = lens_detectors_find(data_dir, state_dir, model_id, features);
  return found ? found : g_build_filename(data_dir, "models", "detector-world", NULL);
}

int lens_detectors_get_changes(void)
{
  return g_atomic_int_get(&changes);
}
