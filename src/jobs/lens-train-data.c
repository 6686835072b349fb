#include "lens-train-data.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "lens-detectors.h"
#include "lens-engine-error.h"
#include "lens-folder.h"
#include "lens-models.h"
#include "lens-session.h"
#include "lens-shipped.h"
#include "lx-rng.h"
#include "lx-tsv.h"

/* Room for features read from files: 36 published ones of 300 KB a line make 800 images. */
#define CACHE_BYTES ((size_t)256 << 20)
#define WAIT_MICROSECONDS 20000
#define VALIDATION_EVERY 5
#define MOST_VALIDATION 512
#define MANY_QUESTIONS 8 /* an image: more need not be looked at one by one */

/* Examples `index` of a whole set, in that order. */
typedef struct {
  const LxDataset *set;         /* borrowed */
  const LxExampleSource *whole; /* the same; borrowed */
  GArray *index;                /* gint64, owned */
  LxExampleSource source;
} Part;

struct _LensTrainData {
  LxFeatures *features;
  LxDataset *train_set, *valid_set; /* valid_set NULL: the same */
  LxDatasetSource *train_source, *valid_source;
  Part train, valid;
};

/* ---- as a source ---- */

static LxStatus get_example(void *user_data, int64_t i, bool images, LxTrainExample *out,
                            LxError *error)
{
  Part *part = user_data;
  return part->whole->get(part->whole->user_data, g_array_index(part->index, gint64, i), images,
                          out, error);
}

static void part_init(Part *part, const LxDataset *set, const LxExampleSource *whole)
{
  part->set = set;
  part->whole = whole;
  part->index = g_array_new(FALSE, FALSE, sizeof(gint64));
  part->source = (LxExampleSource){0, get_example, part};
}

static void part_add(Part *part, gint64 index)
{
  g_array_append_val(part->index, index);
  part->source.count = part->index->len;
}

static void part_add_all(Part *part, const LxDataset *set, const LxExampleSource *whole)
{
  part_init(part, set, whole);
  for (gint64 i = 0; whole && i < whole->count; i++)
    part_add(part, i);
}

/* Keeps `most` (0: all) of them, drawn by the seed; Fisher and Yates. */
static void part_draw(Part *part, gint64 most, guint64 seed)
{
  LxRng random = {seed, 0x53756273, 0}; /* a stream of its own: "Subs" */
  gint64 *at = (gint64 *)(void *)part->index->data;
  guint n = part->index->len;
  if (most <= 0 || most >= n)
    return;
  for (guint i = 0; i < most; i++) {
    guint j = i + (guint)lx_rng_below(&random, n - i);
    gint64 kept = at[i];
    at[i] = at[j];
    at[j] = kept;
  }
  g_array_set_size(part->index, (guint)most);
  part->source.count = most;
}

const LxExampleSource *lens_train_data_get_training(LensTrainData *self)
{
  return &self->train.source;
}

const LxExampleSource *lens_train_data_get_validation(LensTrainData *self)
{
  return &self->valid.source;
}

void lens_train_data_free(LensTrainData *self)
{
  if (!self)
    return;
  lx_dataset_source_free(self->train_source);
  lx_dataset_source_free(self->valid_source);
  lx_dataset_free(self->valid_set);
  lx_dataset_free(self->train_set);
  lx_features_free(self->features);
  g_clear_pointer(&self->train.index, g_array_unref);
  g_clear_pointer(&self->valid.index, g_array_unref);
  g_free(self);
}

/* ---- features of the shipped scenes ---- */

static void collect_tsv(const char *folder, int depth, GPtrArray *paths)
{
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_str_has_suffix(name, ".tsv"))
      g_ptr_array_add(paths, g_steal_pointer(&path));
    else if (depth > 0 && g_file_test(path, G_FILE_TEST_IS_DIR))
      collect_tsv(path, depth - 1, paths);
  }
}

static gint compare_paths(gconstpointer a, gconstpointer b)
{
  return g_strcmp0(*(char *const *)a, *(char *const *)b);
}

static LxStatus write_scene(LensSession *session, const LensShippedScene *scene,
                            const char *detector, LxTsvWriter *writer, GError **problem,
                            LxError *engine)
{
  LxRegions *regions = lens_session_detect(session, scene->path, detector, NULL, problem);
  if (!regions)
    return LX_ERR_IO;
  g_free(regions->image_id); /* malloc and g_malloc are the same */
  regions->image_id = strdup(scene->image_id);
  LxStatus status = lx_tsv_writer_add(writer, regions, engine);
  lx_regions_free(regions);
  return status;
}

static gboolean write_scenes(const LensTrainDataRequest *request, GPtrArray *scenes,
                             const char *detector, const char *path, GError **error)
{
  LxError engine = {0};
  LxTsvWriter *writer = NULL;
  GError *problem = NULL;
  LensSession *session = lens_session_new(request->data_dir, NULL, request->store);
  LxStatus status = lx_tsv_writer_open(path, FALSE, &writer, &engine);
  for (guint i = 0; status == LX_OK && i < scenes->len; i++) {
    if (request->progress(i / (double)scenes->len, _("Finding objects in the demo scenes"),
                          request->progress_data))
      status = lx_fail(&engine, LX_ERR_CANCELLED, "Cancelled");
    else
      status = write_scene(session, scenes->pdata[i], detector, writer, &problem, &engine);
  }
  if (writer) {
    LxStatus closed = lx_tsv_writer_close(writer, status == LX_OK ? &engine : NULL);
    status = status == LX_OK ? closed : status;
  }
  lens_session_free(session);
  if (status == LX_OK)
    return TRUE;
  if (problem)
    g_propagate_error(error, problem);
  else
    lens_error_from_engine(error, &engine);
  return FALSE;
}

/* Made once for a detector and a set of scenes: beside its place, under a name that no other program
 * takes, then moved there. */
static gboolean make_features_at(const LensTrainDataRequest *request, GPtrArray *scenes,
                                 const char *detector, const char *path, GError **error)
{
  g_autofree char *part = g_strdup_printf("%s.%d.part", path, (int)getpid());
  if (!write_scenes(request, scenes, detector, part, error)) {
    g_unlink(part);
    return FALSE;
  }
  if (g_rename(part, path) == 0)
    return TRUE;
  g_set_error(error, LENS_ERROR, LENS_ERROR_IO, _("%s cannot be written: %s."), path,
              g_strerror(errno));
  g_unlink(part);
  return FALSE;
}

/* An estimate and a training may want them at once: one makes them, the other waits. */
static gboolean wait_for_maker(GMutex *making, const LensTrainDataRequest *request, GError **error)
{
  while (!g_mutex_trylock(making)) {
    if (request->progress(0, _("Finding objects in the demo scenes"), request->progress_data)) {
      g_set_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
      return FALSE;
    }
    g_usleep(WAIT_MICROSECONDS);
  }
  return TRUE;
}

static char *make_demo_features(const LensTrainDataRequest *request, GError **error)
{
  static GMutex making;
  g_autoptr(GPtrArray) scenes = lens_shipped_list(request->data_dir);
  g_autofree char *detector = lens_detectors_find_or_shipped(request->data_dir, request->state_dir,
                                                             request->model_id, request->features);
  g_autofree char *fingerprint = lens_models_fingerprint(detector, error);
  if (!fingerprint)
    return NULL;
  g_autofree char *folder = g_build_filename(request->state_dir, "features", NULL);
  g_autofree char *path = g_strdup_printf("%s/demo-%.12s-%u.tsv", folder, fingerprint, scenes->len);
  if (!lens_make_folder(folder, error))
    return NULL;
  if (!wait_for_maker(&making, request, error))
    return NULL;
  gboolean there = g_file_test(path, G_FILE_TEST_EXISTS) ||
                   make_features_at(request, scenes, detector, path, error);
  g_mutex_unlock(&making);
  return there ? g_steal_pointer(&path) : NULL;
}

/* ---- opening ---- */

static gboolean open_features(LensTrainData *self, GPtrArray *paths,
                              const LensTrainDataRequest *request, GError **error)
{
  LxError engine = {0};
  int images = request->settings->images;
  return lx_features_open((const char *const *)paths->pdata, (int)paths->len,
                          images > 0 ? images : LX_SUBSET_ALL, CACHE_BYTES, request->progress,
                          request->progress_data, &self->features, &engine) == LX_OK ||
         lens_error_from_engine(error, &engine);
}

static gboolean open_set(LensTrainData *self, LxDataKind kind, const char *const *paths, guint n,
                         const LensTrainDataRequest *request, LxDataset **set,
                         LxDatasetSource **source, GError **error)
{
  LxError engine = {0};
  return (lx_dataset_open(kind, paths, (int)n, request->answers, self->features, request->progress,
                          request->progress_data, set, &engine) == LX_OK &&
          lx_dataset_source_new(*set, self->features, source, &engine) == LX_OK) ||
         lens_error_from_engine(error, &engine);
}

static gboolean is_kept_back(LensTrainData *self, const char *image_id)
{
  return lx_features_find(self->features, image_id) % VALIDATION_EVERY == VALIDATION_EVERY - 1;
}

/* One scene in five is for validation, with all its questions; a pair with one such scene is not
 * learned from. */
static void split_demo(LensTrainData *self)
{
  part_init(&self->train, self->train_set, lx_dataset_source(self->train_source));
  part_init(&self->valid, self->train_set, lx_dataset_source(self->train_source));
  for (gint64 i = 0; i < lx_dataset_count(self->train_set); i++) {
    LxExample example;
    lx_dataset_get(self->train_set, i, &example);
    gboolean back = is_kept_back(self, example.image_id[0]);
    gboolean second = *example.image_id[1] && is_kept_back(self, example.image_id[1]);
    if (example.labelled && (back || !second))
      part_add(back ? &self->valid : &self->train, i);
  }
}

static LxDataKind kind_of(LensTask task)
{
  static const LxDataKind kinds[] = {LX_DATA_VQA, LX_DATA_GQA, LX_DATA_NLVR2, LX_DATA_PRETRAIN};
  return kinds[task];
}

static const char *folder_of(LensTask task)
{
  return task == LENS_TASK_PRETRAIN ? "lxmert" : lens_task_get_id(task);
}

/* The demo's lists of one task. */
static GPtrArray *list_demo(const LensTrainDataRequest *request, const char *scenes)
{
  LensTask task = request->settings->task;
  if (task == LENS_TASK_VQA)
    return lens_shipped_list_questions(request->data_dir);
  GPtrArray *lists = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *test = g_build_filename(scenes, folder_of(task), "test.json", NULL);
  if (task != LENS_TASK_PRETRAIN && g_file_test(test, G_FILE_TEST_EXISTS))
    g_ptr_array_add(lists, g_steal_pointer(&test));
  return lists;
}

static gboolean open_demo(LensTrainData *self, const LensTrainDataRequest *request, GError **error)
{
  g_autoptr(GPtrArray) tsv = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *scenes = g_build_filename(request->data_dir, "scenes", NULL);
  g_autoptr(GPtrArray) lists = list_demo(request, scenes);
  if (!lists->len) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_UNSUPPORTED,
                _("The demo scenes in %s hold nothing for the task “%s”. Choose another task, or a "
                  "data folder (crosslens-cli world writes one)."),
                scenes, lens_task_get_name(request->settings->task));
    return FALSE;
  }
  collect_tsv(scenes, 1, tsv);
  if (!tsv->len) {
    char *made = make_demo_features(request, error);
    if (!made)
      return FALSE;
    g_ptr_array_add(tsv, made);
  }
  if (!open_features(self, tsv, request, error) ||
      !open_set(self, kind_of(request->settings->task), (const char *const *)lists->pdata,
                lists->len, request, &self->train_set, &self->train_source, error))
    return FALSE;
  split_demo(self);
  return TRUE;
}

/* SUB/NAME.json, SUB/world_NAME.json or NAME.json in the folder. */
static char *find_list(const char *folder, const char *sub, const char *name)
{
  g_autofree char *file = g_strconcat(name, ".json", NULL);
  g_autofree char *world = g_strconcat("world_", file, NULL);
  char *paths[] = {g_build_filename(folder, sub, file, NULL),
                   g_build_filename(folder, sub, world, NULL),
                   g_build_filename(folder, file, NULL)};
  char *found = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
    if (!found && g_file_test(paths[i], G_FILE_TEST_EXISTS))
      found = g_steal_pointer(&paths[i]);
    g_free(paths[i]);
  }
  return found;
}

gboolean lens_train_data_offers(const char *folder, LensTask task)
{
  g_autofree char *train = find_list(folder, folder_of(task), "train");
  g_autoptr(GPtrArray) tsv = g_ptr_array_new_with_free_func(g_free);
  collect_tsv(folder, 1, tsv);
  return train && tsv->len > 0;
}

static gboolean open_folder(LensTrainData *self, const LensTrainDataRequest *request,
                            GError **error)
{
  const char *folder = request->settings->data;
  const char *sub = folder_of(request->settings->task);
  LxDataKind kind = kind_of(request->settings->task);
  g_autofree char *train = find_list(folder, sub, "train");
  g_autofree char *valid = find_list(folder, sub, "minival");
  g_autoptr(GPtrArray) tsv = g_ptr_array_new_with_free_func(g_free);
  collect_tsv(folder, 1, tsv);
  g_ptr_array_sort(tsv,
                   compare_paths); /* as the command line does: of equal images the last counts */
  if (!train || !tsv->len) {
    g_set_error(
        error, LENS_ERROR, LENS_ERROR_MISSING,
        train ? _("The data folder %s holds no features (.tsv). It needs %s/train.json (and "
                  "minival.json) in the authors' format and object features as .tsv files.")
              : _("The data folder %s holds no training questions. It needs %s/train.json (and "
                  "minival.json) in the authors' format and object features as .tsv files."),
        folder, sub);
    return FALSE;
  }
  if (!open_features(self, tsv, request, error) ||
      !open_set(self, kind, (const char *const *)&train, 1, request, &self->train_set,
                &self->train_source, error) ||
      (valid && !open_set(self, kind, (const char *const *)&valid, 1, request, &self->valid_set,
                          &self->valid_source, error)))
    return FALSE;
  part_add_all(&self->train, self->train_set, lx_dataset_source(self->train_source));
  part_add_all(&self->valid, self->valid_set, valid ? lx_dataset_source(self->valid_source) : NULL);
  return TRUE;
}

static gboolean is_demo(const LensTrainSettings *settings)
{
  return !settings->data || g_str_equal(settings->data, "demo");
}

char *lens_train_data_folder(const LensTrainSettings *settings, const char *data_dir)
{
  return is_demo(settings) ? g_build_filename(data_dir, "scenes", NULL) : g_strdup(settings->data);
}

char *lens_train_data_find_answers(const LensTrainSettings *settings, const char *data_dir)
{
  static const char *const names[] = {"trainval_label2ans.json", "trainval_ans2label.json",
                                      "all_ans.json", "answers.json"};
  if (is_demo(settings) || settings->task == LENS_TASK_NLVR2)
    return NULL;
  for (int deep = 1; deep >= 0; deep--)
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
      g_autofree char *path =
          g_build_filename(settings->data, deep ? folder_of(settings->task) : names[i],
                           deep ? names[i] : NULL, NULL);
      if (g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&path);
    }
  return NULL;
}

char *lens_train_data_find_image(const LensTrainSettings *settings, const char *data_dir,
                                 const char *image_id)
{
  static const char *const endings[] = {".png", ".jpg"};
  static const char *const folders[] = {"images", "."};
  g_autofree char *folder = lens_train_data_folder(settings, data_dir);
  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
    for (gsize j = 0; j < G_N_ELEMENTS(endings); j++) {
      g_autofree char *name = g_strconcat(image_id, endings[j], NULL);
      g_autofree char *path = g_build_filename(folder, folders[i], name, NULL);
      if (g_file_test(path, G_FILE_TEST_EXISTS))
        return g_steal_pointer(&path);
    }
  return NULL;
}

static void mark_image(LensTrainData *self, const char *image_id, GByteArray *seen)
{
  gint64 image = lx_features_find(self->features, image_id);
  if (image >= 0)
    seen->data[image] = 1;
}

/* The images that the part's examples are about. Many questions about each leave none out. */
static void mark_images(LensTrainData *self, const Part *part, GByteArray *seen)
{
  gboolean all = part->source.count > MANY_QUESTIONS * (gint64)seen->len;
  if (all)
    memset(seen->data, 1, seen->len);
  for (gint64 i = 0; !all && i < part->source.count; i++) {
    LxExample example;
    lx_dataset_get(part->set, g_array_index(part->index, gint64, i), &example);
    for (int k = 0; k < 2 && *example.image_id[k]; k++)
      mark_image(self, example.image_id[k], seen);
  }
}

static gint64 count_images(LensTrainData *self)
{
  g_autoptr(GByteArray) seen = g_byte_array_new();
  gint64 n = 0;
  g_byte_array_set_size(seen, (guint)lx_features_count(self->features));
  memset(seen->data, 0, seen->len);
  mark_images(self, &self->train, seen);
  mark_images(self, &self->valid, seen);
  for (guint i = 0; i < seen->len; i++)
    n += seen->data[i];
  return n;
}

gsize lens_train_data_get_unread(LensTrainData *self)
{
  gsize read = lx_features_cached(self->features);
  double each = (double)read / (double)MAX(1, lx_features_reads(self->features));
  double all = MIN(each * (double)count_images(self), (double)CACHE_BYTES);
  return all > (double)read ? (gsize)(all - (double)read) : 0;
}

gsize lens_train_data_get_bytes(LensTrainData *self)
{
  return lx_features_cached(self->features);
}

LensTrainData *lens_train_data_open(const LensTrainDataRequest *request, GError **error)
{
  const LensTrainSettings *settings = request->settings;
  LensTrainData *self = g_new0(LensTrainData, 1);
  if (!(is_demo(settings) ? open_demo(self, request, error) : open_folder(self, request, error))) {
    lens_train_data_free(self);
    return NULL;
  }
  part_draw(&self->train, settings->examples, settings->seed);
  part_draw(&self->valid, MOST_VALIDATION, 1); /* the same ones for every job */
  if (self->train.source.count > 0)
    return self;
  g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT,
              _("The data holds no question whose image has features: nothing can be learned."));
  lens_train_data_free(self);
  return NULL;
}
