#include "lens-shipped.h"

#include <string.h>

#include "lx-json.h"

#define JSON_LIMIT (64 << 20)

static void scene_free(gpointer p)
{
  LensShippedScene *scene = p;
  g_free(scene->path);
  g_free(scene->image_id);
  g_free(scene->name);
  g_strfreev(scene->questions);
  g_free(scene);
}

static gint compare_scenes(gconstpointer a, gconstpointer b)
{
  const LensShippedScene *const *first = a, *const *second = b;
  return g_strcmp0((*first)->image_id, (*second)->image_id);
}

static char *name_without_ending(const char *file)
{
  const char *dot = strrchr(file, '.');
  return dot ? g_strndup(file, (gsize)(dot - file)) : g_strdup(file);
}

/* "world_test_000000000011" is the twelfth scene of the split that ships. */
static char *name_for_person(const char *image_id)
{
  const char *digits = g_str_has_prefix(image_id, "world_test_") ? strrchr(image_id, '_') + 1 : "";
  char *end;
  guint64 number = g_ascii_strtoull(digits, &end, 10);
  return *digits && !*end ? g_strdup_printf("Scene %" G_GUINT64_FORMAT, number + 1)
                          : g_strdup(image_id);
}

static gboolean is_picture(const char *name)
{
  return g_str_has_suffix(name, ".png") || g_str_has_suffix(name, ".jpg");
}

/* Adds the questions of one JSON list to `questions`: name -> GPtrArray of texts. */
static void read_questions(const char *path, GHashTable *questions)
{
  json_t *json = NULL;
  if (lx_json_read(path, JSON_LIMIT, &json, NULL) != LX_OK)
    return;
  for (size_t i = 0; i < json_array_size(json); i++) {
    const json_t *item = json_array_get(json, i);
    const char *image = json_string_value(json_object_get(item, "img_id"));
    const char *text = json_string_value(json_object_get(item, "sent"));
    GPtrArray *list = image ? g_hash_table_lookup(questions, image) : NULL;
    if (list && text && list->len < LENS_SHIPPED_QUESTIONS)
      g_ptr_array_add(list, g_strdup(text));
  }
  json_decref(json);
}

static void take_questions(GPtrArray *scenes, GHashTable *questions)
{
  for (guint i = 0; i < scenes->len; i++) {
    LensShippedScene *scene = scenes->pdata[i];
    GPtrArray *list = g_hash_table_lookup(questions, scene->image_id);
    g_ptr_array_add(list, NULL);
    scene->questions = g_strdupv((char **)list->pdata);
  }
}

static gint compare_strings(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

/* Paths of what `wanted` takes in data/scenes and data/scenes/`below`, by name. */
static GPtrArray *list_files(const char *data_dir, const char *below,
                             gboolean (*wanted)(const char *name))
{
  GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *top = g_build_filename(data_dir, "scenes", NULL);
  g_autofree char *deeper = g_build_filename(top, below, NULL);
  const char *folders[] = {top, deeper};
  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autoptr(GDir) dir = g_dir_open(folders[i], 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
      if (wanted(name))
        g_ptr_array_add(paths, g_build_filename(folders[i], name, NULL));
  }
  g_ptr_array_sort(paths, compare_strings);
  return paths;
}

static gboolean is_json(const char *name)
{
  return g_str_has_suffix(name, ".json");
}

/* Answer tables and the world's numbers lie beside the questions. */
static gboolean holds_questions(const char *path)
{
  json_t *json = NULL;
  if (lx_json_read(path, JSON_LIMIT, &json, NULL) != LX_OK)
    return FALSE;
  gboolean yes = json_is_string(json_object_get(json_array_get(json, 0), "sent"));
  json_decref(json);
  return yes;
}

GPtrArray *lens_shipped_list_questions(const char *data_dir)
{
  GPtrArray *paths = list_files(data_dir, "vqa", is_json);
  for (guint i = paths->len; i-- > 0;)
    if (!holds_questions(paths->pdata[i]))
      g_ptr_array_remove_index(paths, i);
  return paths;
}

GPtrArray *lens_shipped_list(const char *data_dir)
{
  GPtrArray *scenes = g_ptr_array_new_with_free_func(scene_free);
  g_autoptr(GPtrArray) pictures = list_files(data_dir, "images", is_picture);
  g_autoptr(GPtrArray) lists = lens_shipped_list_questions(data_dir);
  g_autoptr(GHashTable) questions =
      g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);

  for (guint i = 0; i < pictures->len; i++) {
    g_autofree char *file = g_path_get_basename(pictures->pdata[i]);
    LensShippedScene *scene = g_new0(LensShippedScene, 1);
    scene->path = g_strdup(pictures->pdata[i]);
    scene->image_id = name_without_ending(file);
    scene->name = name_for_person(scene->image_id);
    g_ptr_array_add(scenes, scene);
    g_hash_table_insert(questions, g_strdup(scene->image_id),
                        g_ptr_array_new_with_free_func(g_free));
  }
  for (guint i = 0; i < lists->len; i++)
    read_questions(lists->pdata[i], questions);
  g_ptr_array_sort(scenes, compare_scenes);
  take_questions(scenes, questions);
  return scenes;
}
