#include "lens-data-find.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lens-engine-error.h"
#include "lx-json.h"

/* NLVR2 keeps its pictures in images/train/0 and so on. */
#define DEPTH 3
#define MOST_PICTURE_FOLDERS 256

/* ---- what kind of list a file is ---- */

static LxStatus look_at_first(const json_t *item, void *user_data, LxError *error)
{
  const char **kind = user_data;
  if (json_object_get(item, "img0"))
    *kind = "nlvr2";
  else if (json_object_get(item, "sent") && json_object_get(item, "question_id"))
    *kind = json_is_string(json_object_get(item, "question_id")) ? "gqa" : "vqa";
  else
    *kind = "";
  return lx_fail(error, LX_ERR_CANCELLED, "Seen enough");
}

/* NULL with `error` for a file that is no JSON list; "" for one of something else. */
static const char *kind_of_list(const char *path, GError **error)
{
  const char *kind = NULL;
  LxError engine = {0};
  LxStatus status = lx_json_each(path, look_at_first, &kind, NULL, NULL, &engine);
  if (kind)
    return kind;
  if (status == LX_OK)
    return ""; /* an empty list */
  lens_error_from_engine(error, &engine);
  return NULL;
}

/* ---- what lies in a folder ---- */

typedef struct {
  GPtrArray *json, *tsv, *csv;
  GPtrArray *images; /* folders with pictures */
} Found;

static gboolean is_picture(const char *name)
{
  static const char *const endings[] = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"};
  g_autofree char *lower = g_ascii_strdown(name, -1);
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_suffix(lower, endings[i]))
      return TRUE;
  return FALSE;
}

static void take_name(Found *found, const char *folder, const char *name)
{
  char *path = g_build_filename(folder, name, NULL);
  if (g_str_has_suffix(name, ".json"))
    g_ptr_array_add(found->json, path);
  else if (g_str_has_suffix(name, ".tsv"))
    g_ptr_array_add(found->tsv, path);
  else if (g_str_has_suffix(name, ".csv"))
    g_ptr_array_add(found->csv, path);
  else
    g_free(path);
  GPtrArray *images = found->images;
  gboolean listed = images->len && g_str_equal(images->pdata[images->len - 1], folder);
  if (!listed && images->len < MOST_PICTURE_FOLDERS && is_picture(name))
    g_ptr_array_add(images, g_strdup(folder));
}

static void look(Found *found, const char *folder, int depth)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
      g_ptr_array_add(folders, path);
      continue;
    }
    g_free(path);
    take_name(found, folder, name);
  }
  for (guint i = 0; depth > 0 && i < folders->len; i++)
    look(found, folders->pdata[i], depth - 1);
}

static gint compare(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

static void found_init(Found *found)
{
  *found = (Found){g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(g_free),
                   g_ptr_array_new_with_free_func(g_free), g_ptr_array_new_with_free_func(g_free)};
}

static void found_sort(Found *found)
{
  g_ptr_array_sort(found->json, compare);
  g_ptr_array_sort(found->tsv, compare);
  g_ptr_array_sort(found->csv, compare);
  g_ptr_array_sort(found->images, compare);
}

static void found_clear(Found *found)
{
  g_ptr_array_unref(found->json);
  g_ptr_array_unref(found->tsv);
  g_ptr_array_unref(found->csv);
  g_ptr_array_unref(found->images);
}

/* ---- as sources ---- */

static char *lines_of(GPtrArray *paths)
{
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < paths->len; i++)
    g_string_append_printf(out, "%s%s", i ? "\n" : "", (char *)paths->pdata[i]);
  return g_string_free(out, FALSE);
}

/* "vqa/minival.json" -> "vqa minival". */
static char *name_of(const char *path)
{
  g_autofree char *base = g_path_get_basename(path);
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *parent = g_path_get_basename(folder);
  char *dot = strrchr(base, '.');
  if (dot)
    *dot = 0;
  return g_strdup_printf("%s %s", parent, base);
}

static void add_source(GPtrArray *list, const Found *found, const char *kind, const char *path)
{
  g_autofree char *name = name_of(path);
  g_autofree char *features = lines_of(found->tsv);
  g_autofree char *images = lines_of(found->images);
  g_ptr_array_add(list, lens_data_source_new(name, kind, path, features, images));
}

/* `chosen`: a list that was picked itself; when it cannot be read, the features beside it are not
 * what is wanted. */
static GPtrArray *sources_of(const Found *found, const char *path, gboolean chosen, GError **error)
{
  g_autoptr(GError) broken = NULL;
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)lens_data_source_free);
  for (guint i = 0; i < found->json->len; i++) {
    const char *kind = kind_of_list(found->json->pdata[i], broken ? NULL : &broken);
    if (kind && *kind)
      add_source(list, found, kind, found->json->pdata[i]);
  }
  for (guint i = 0; i < found->csv->len; i++)
    add_source(list, found, "vqa", found->csv->pdata[i]);
  if (!list->len && found->tsv->len && !chosen) {
    g_autofree char *features = lines_of(found->tsv);
    g_autofree char *images = lines_of(found->images);
    g_autofree char *name = name_of(found->tsv->pdata[0]);
    g_ptr_array_add(list, lens_data_source_new(name, "images", "", features, images));
  }
  if (list->len && !found->tsv->len && !found->images->len)
    g_set_error(
        error, LENS_ERROR, LENS_ERROR_MISSING,
        _("%s has questions, but neither feature files (.tsv) nor pictures lie beside them. "
          "Choose the folder that holds both."),
        path);
  else if (list->len)
    return g_steal_pointer(&list);
  else if (broken)
    g_propagate_error(error, g_steal_pointer(&broken));
  else
    g_set_error(error, LENS_ERROR, LENS_ERROR_FORMAT,
                _("%s holds no data set. Expected are question lists of VQA, GQA or NLVR2 (.json), "
                  "object features (.tsv), or pictures with a .csv that has the columns image, "
                  "question and answer."),
                path);
  return NULL;
}

/* A list taken alone: what lies in its folder and in the one above goes with it. */
static void look_around(Found *found, const char *path)
{
  g_autofree char *folder = g_path_get_dirname(path);
  g_autofree char *above = g_path_get_dirname(folder);
  Found around;
  found_init(&around);
  look(&around, folder, 1);
  if (!around.tsv->len && !around.images->len)
    look(&around, above, 1);
  found_sort(&around);
  g_ptr_array_unref(found->tsv);
  found->tsv = g_ptr_array_ref(around.tsv);
  g_ptr_array_unref(found->images);
  found->images = g_ptr_array_ref(around.images);
  found_clear(&around);
}

GPtrArray *lens_data_find(const char *given, GError **error)
{
  Found found;
  g_autofree char *path = g_canonicalize_filename(given, NULL);
  found_init(&found);
  if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
    look(&found, path, DEPTH);
    found_sort(&found);
  } else if (g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    take_name(&found, folder, name);
    if (found.json->len || found.csv->len)
      look_around(&found, path);
  } else {
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
                _("%s is not there. Was it moved or deleted?"), path);
    found_clear(&found);
    return NULL;
  }
  gboolean chosen =
      g_file_test(path, G_FILE_TEST_IS_REGULAR) && (found.json->len || found.csv->len);
  GPtrArray *list = sources_of(&found, path, chosen, error);
  found_clear(&found);
  return list;
}

GPtrArray *lens_data_find_demo(const char *data_dir, GError **error)
{
  g_autofree char *scenes = g_build_filename(data_dir, "scenes", NULL);
  return lens_data_find(scenes, error);
}

static char *find_in(const char *folder, const char *image_id)
{
  static const char *const endings[] = {"", ".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif"};
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++) {
    char *path = g_strdup_printf("%s/%s%s", folder, image_id, endings[i]);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
      return path;
    g_free(path);
  }
  return NULL;
}

char *lens_data_find_image(const LensDataSource *source, const char *image_id)
{
  g_auto(GStrv) folders = g_strsplit(source->images, "\n", -1);
  g_autofree char *beside = g_path_get_dirname(source->questions);
  char *path = NULL;
  if (!*image_id)
    return NULL;
  for (int i = 0; folders[i] && !path; i++)
    path = find_in(folders[i], image_id);
  /* a CSV may name its pictures from where it lies: "pictures/cat.png" */
  return path || !*source->questions ? path : find_in(beside, image_id);
}

/* "DIR/scene_graphs/SPLIT.json" as the world writes it, or GQA's own name, where the questions lie
 * or one folder up. */
char *lens_data_find_graphs(const LensDataSource *source)
{
  g_autofree char *folder = g_path_get_dirname(source->questions);
  g_autofree char *above = g_path_get_dirname(folder);
  g_autofree char *split = g_path_get_basename(source->questions);
  const char *const folders[] = {folder, above};
  char *dot = strrchr(split, '.');
  if (!*source->questions)
    return NULL;
  if (dot)
    *dot = 0;
  for (int i = 0; i < 4; i++) {
    char *path = i % 2 ? g_strdup_printf("%s/%s_sceneGraphs.json", folders[i / 2], split)
                       : g_strdup_printf("%s/scene_graphs/%s.json", folders[i / 2], split);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
      return path;
    g_free(path);
  }
  return NULL;
}
