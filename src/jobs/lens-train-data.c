#include "lens-train-data.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "lens-engine-error.h"
#include "lens-models.h"
#include "lens-session.h"
#include "lens-shipped.h"
#include "lx-rng.h"
#include "lx-tsv.h"

/* Room for features read from files: 36 published ones of 300 KB a line make 800 images. */
#define CACHE_BYTES ((size_t)256 << 20)
#define VALIDATION_EVERY 5
#define MOST_VALIDATION 512

/* Examples `index` of a whole set, in that order. */
typedef struct {
  const LxExampleSource *whole; /* borrowed */
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

static void part_init(Part *part, const LxExampleSource *whole)
{
  part->whole = whole;
  part->index = g_array_new(FALSE, FALSE, sizeof(gint64));
  part->source = (LxExampleSource){0, get_example, part};
}

static void part_add(Part *part, gint64 index)
{
  g_array_append_val(part->index, index);
  part->source.count = part->index->len;
}

static void part_add_all(Part *part, const LxExampleSource *whole)
{
  part_init(part, whole);
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

static LxStatus write_scene(LensSession *session, const LensShippedScene *scene,
                            LxTsvWriter *writer, GError **problem, LxError *engine)
{
  LxRegions *regions = lens_session_detect(session, scene->path, NULL, problem);
  if (!regions)
    return LX_ERR_IO;
  g_free(regions->image_id); /* malloc and g_malloc are the same */
  regions->image_id = strdup(scene->image_id);
  LxStatus status = lx_tsv_writer_add(writer, regions, engine);
  lx_regions_free(regions);
  return status;
}

static gboolean write_scenes(const LensTrainDataRequest *request, GPtrArray *scenes,
                             const char *path, GError **error)
{
  LxError engine = {0};
  LxTsvWriter *writer = NULL;
  GError *problem = NULL;
  LensSession *session = lens_session_new(request->data_dir, request->store);
  LxStatus status = lx_tsv_writer_open(path, FALSE, &writer, &engine);
  for (guint i = 0; status == LX_OK && i < scenes->len; i++) {
    if (request->progress(i / (double)scenes->len, "Finding objects in the demo scenes",
                          request->progress_data))
      status = lx_fail(&engine, LX_ERR_CANCELLED, "Cancelled");
    else
      status = write_scene(session, scenes->pdata[i], writer, &problem, &engine);
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

/* Made once for a detector and a set of scenes, beside its place, then moved there. */
static char *make_demo_features(const LensTrainDataRequest *request, GError **error)
{
  g_autoptr(GPtrArray) scenes = lens_shipped_list(request->data_dir);
  g_autofree char *detector = g_build_filename(request->data_dir, "models", "detector-world", NULL);
  g_autofree char *fingerprint = lens_models_fingerprint(detector, error);
  if (!fingerprint)
    return NULL;
  g_autofree char *folder = g_build_filename(request->state_dir, "features", NULL);
  g_autofree char *path = g_strdup_printf("%s/demo-%.12s-%u.tsv", folder, fingerprint, scenes->len);
  g_autofree char *part = g_strconcat(path, ".part", NULL);
  if (g_file_test(path, G_FILE_TEST_EXISTS))
    return g_steal_pointer(&path);
  if (g_mkdir_with_parents(folder, 0755) != 0) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_IO, "The folder %s cannot be made: %s.", folder,
                g_strerror(errno));
    return NULL;
  }
  if (!write_scenes(request, scenes, part, error))
    return NULL;
  if (g_rename(part, path) == 0)
    return g_steal_pointer(&path);
  g_set_error(error, LENS_ERROR, LENS_ERROR_IO, "%s cannot be written: %s.", path,
              g_strerror(errno));
  return NULL;
}

/* ---- opening ---- */

static gboolean open_features(LensTrainData *self, GPtrArray *paths,
                              const LensTrainDataRequest *request, GError **error)
{
  LxError engine = {0};
  return lx_features_open((const char *const *)paths->pdata, (int)paths->len, LX_SUBSET_ALL,
                          CACHE_BYTES, request->progress, request->progress_data, &self->features,
                          &engine) == LX_OK ||
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

/* One scene in five is for validation, with all its questions. */
static void split_demo(LensTrainData *self)
{
  part_init(&self->train, lx_dataset_source(self->train_source));
  part_init(&self->valid, lx_dataset_source(self->train_source));
  for (gint64 i = 0; i < lx_dataset_count(self->train_set); i++) {
    LxExample example;
    lx_dataset_get(self->train_set, i, &example);
    gint64 image = lx_features_find(self->features, example.image_id[0]);
    if (example.labelled)
      part_add(image % VALIDATION_EVERY == VALIDATION_EVERY - 1 ? &self->valid : &self->train, i);
  }
}

static gboolean open_demo(LensTrainData *self, const LensTrainDataRequest *request, GError **error)
{
  g_autoptr(GPtrArray) questions = lens_shipped_list_questions(request->data_dir);
  g_autoptr(GPtrArray) tsv = g_ptr_array_new_with_free_func(g_free);
  g_autofree char *scenes = g_build_filename(request->data_dir, "scenes", NULL);
  if (request->settings->task != LENS_TASK_VQA || !questions->len) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_UNSUPPORTED,
                questions->len ? "The demo scenes have question-answering data only. Choose the "
                                 "task VQA, or a data folder."
                               : "The demo scenes are not there: %s holds no questions.",
                scenes);
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
      !open_set(self, LX_DATA_VQA, (const char *const *)questions->pdata, questions->len, request,
                &self->train_set, &self->train_source, error))
    return FALSE;
  split_demo(self);
  return TRUE;
}

static char *find_list(const char *folder, const char *sub, const char *name)
{
  g_autofree char *below = g_build_filename(folder, sub, name, NULL);
  if (g_file_test(below, G_FILE_TEST_EXISTS))
    return g_steal_pointer(&below);
  char *here = g_build_filename(folder, name, NULL);
  if (!g_file_test(here, G_FILE_TEST_EXISTS))
    g_clear_pointer(&here, g_free);
  return here;
}

static gboolean open_folder(LensTrainData *self, const LensTrainDataRequest *request,
                            GError **error)
{
  const char *folder = request->settings->data;
  gboolean pretrain = request->settings->task == LENS_TASK_PRETRAIN;
  const char *sub = pretrain ? "lxmert" : lens_task_get_id(request->settings->task);
  LxDataKind kind = pretrain                                   ? LX_DATA_PRETRAIN
                    : request->settings->task == LENS_TASK_GQA ? LX_DATA_GQA
                                                               : LX_DATA_VQA;
  g_autofree char *train = find_list(folder, sub, pretrain ? "world_train.json" : "train.json");
  g_autofree char *valid = find_list(folder, sub, pretrain ? "world_minival.json" : "minival.json");
  g_autoptr(GPtrArray) tsv = g_ptr_array_new_with_free_func(g_free);
  collect_tsv(folder, 2, tsv);
  if (!train || !tsv->len) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_MISSING,
                "The data folder %s holds no %s. It needs %s/train.json (and minival.json) in the "
                "authors' format and object features as .tsv files.",
                folder, train ? "features (.tsv)" : "training questions", sub);
    return FALSE;
  }
  if (!open_features(self, tsv, request, error) ||
      !open_set(self, kind, (const char *const *)&train, 1, request, &self->train_set,
                &self->train_source, error) ||
      (valid && !open_set(self, kind, (const char *const *)&valid, 1, request, &self->valid_set,
                          &self->valid_source, error)))
    return FALSE;
  part_add_all(&self->train, lx_dataset_source(self->train_source));
  part_add_all(&self->valid, valid ? lx_dataset_source(self->valid_source) : NULL);
  return TRUE;
}

LensTrainData *lens_train_data_open(const LensTrainDataRequest *request, GError **error)
{
  const LensTrainSettings *settings = request->settings;
  LensTrainData *self = g_new0(LensTrainData, 1);
  gboolean demo = !settings->data || g_str_equal(settings->data, "demo");
  if (!(demo ? open_demo(self, request, error) : open_folder(self, request, error))) {
    lens_train_data_free(self);
    return NULL;
  }
  part_draw(&self->train, settings->examples, settings->seed);
  part_draw(&self->valid, MOST_VALIDATION, 1); /* the same ones for every job */
  if (self->train.source.count > 0)
    return self;
  g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT,
              "The data holds no question whose image has features: nothing can be learned.");
  lens_train_data_free(self);
  return NULL;
}
