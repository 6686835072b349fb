#include "lens-detectors.h"

#include <string.h>

#include "lens-engine-error.h"
#include "lens-import.h"
#include "lx-detector.h"

#define LIST "detectors.ini"
#define PATH "path"
#define FEATURES "features"

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

char *lens_detectors_find(const char *data_dir, const char *state_dir, int features)
{
  g_autofree char *shipped = lens_import_find_shipped_detector(data_dir, features);
  if (shipped)
    return g_build_filename(data_dir, "models", shipped, NULL);
  if (!state_dir)
    return NULL;
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
