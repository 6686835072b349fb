#include "lens-detectors.h"

#include <string.h>

#include "lens-engine-error.h"
#include "lx-detector-config.h"
#include "lx-detector.h"

#define LIST "detectors.ini"
#define PATH "path"
#define FEATURES "features"
#define PUBLISHED_FEATURES 2048

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

/* A group for each, the last added one first. */
static GKeyFile *read_list(const char *state_dir, char **path)
{
  GKeyFile *list = g_key_file_new();
  *path = g_build_filename(state_dir, LIST, NULL);
  g_key_file_load_from_file(list, *path, G_KEY_FILE_NONE, NULL); /* none was added yet */
  return list;
}

gboolean lens_detectors_add(const char *state_dir, const LensDetector *detector, GError **error)
{
  g_autofree char *path = NULL;
  g_autoptr(GKeyFile) before = read_list(state_dir, &path);
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
  return g_key_file_save_to_file(list, path, error);
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

char *lens_detectors_find(const char *data_dir, const char *state_dir, int features)
{
  char *shipped = find_shipped(data_dir, &features);
  if (shipped || !state_dir)
    return shipped;
  g_autofree char *path = NULL;
  g_autoptr(GKeyFile) list = read_list(state_dir, &path);
  g_auto(GStrv) groups = g_key_file_get_groups(list, NULL);
  for (int i = 0; groups[i]; i++) {
    g_autofree char *folder = g_key_file_get_string(list, groups[i], PATH, NULL);
    if (folder && g_key_file_get_integer(list, groups[i], FEATURES, NULL) == features &&
        g_file_test(folder, G_FILE_TEST_IS_DIR))
      return g_steal_pointer(&folder);
  }
  return NULL;
}

char *lens_detectors_find_name(const char *data_dir, const char *state_dir, int features)
{
  g_autofree char *folder = lens_detectors_find(data_dir, state_dir, features);
  return folder ? g_path_get_basename(folder) : NULL;
}
