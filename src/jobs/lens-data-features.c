/* Features of a data set: its files, or made from its pictures. */
#include <string.h>

#include "lens-data-find.h"
#include "lens-data-run.h"
#include "lens-detectors.h"
#include "lens-engine-error.h"
#include "lens-folder.h"
#include "lens-session.h"
#include "lx-tsv.h"

#include <glib/gi18n.h>

/* 36 published features take 300 KB: some fifty images, whatever the file's size; questions about
 * an image follow each other. */
#define CACHE_BYTES ((size_t)16 << 20)
#define PAGE 512

char *lens_data_made_features(const char *state_dir, const char *detector, gint64 set_id)
{
  g_autofree char *sum =
      detector ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, detector, -1) : NULL;
  return sum ? g_strdup_printf("%s/features/data-%" G_GINT64_FORMAT "-%.12s.tsv", state_dir, set_id,
                               sum)
             : g_strdup_printf("%s/features/data-%" G_GINT64_FORMAT ".tsv", state_dir, set_id);
}

/* The folder of the model's detector; NULL: the shipped one, also where there is none. Owned. */
static char *find_detector(const LensDataRun *run)
{
  g_autofree char *shipped = g_build_filename(run->data_dir, "models", "detector-world", NULL);
  char *found = lens_detectors_find(run->data_dir, run->state_dir, lens_model_get_id(run->model),
                                    lens_model_get_info(run->model)->features);
  if (g_strcmp0(found, shipped) == 0)
    g_clear_pointer(&found, g_free);
  return found;
}

/* Image ids in the order of the questions, each once; owned. NULL with `error`. */
static GPtrArray *list_images(const LensDataRun *run, gint64 set_id, gint64 n, GError **error)
{
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (gint64 begin = 0; begin < n; begin += PAGE) {
    guint32 numbers[PAGE];
    guint count = (guint)MIN(PAGE, n - begin);
    for (guint i = 0; i < count; i++)
      numbers[i] = (guint32)(begin + i);
    g_autoptr(GPtrArray) rows = lens_store_data_read(run->store, set_id, 0, numbers, count, error);
    if (!rows)
      return NULL;
    for (guint i = 0; i < rows->len; i++) {
      const LensStoreDataRow *row = rows->pdata[i];
      const char *images[] = {row ? row->image : "", row ? row->image2 : ""};
      for (int j = 0; j < 2; j++)
        if (*images[j] && !g_hash_table_contains(seen, images[j])) {
          g_ptr_array_add(list, g_strdup(images[j]));
          g_hash_table_add(seen, list->pdata[list->len - 1]);
        }
    }
  }
  return g_steal_pointer(&list);
}

/* Ids whose line is in the file already. */
static GHashTable *list_made(const char *path)
{
  LxTsv *tsv = NULL;
  GHashTable *made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (g_file_test(path, G_FILE_TEST_EXISTS) && lx_tsv_open(path, &tsv, NULL) == LX_OK &&
      lx_tsv_index(tsv, -1, NULL, NULL, NULL) == LX_OK)
    for (gint64 i = 0; i < lx_tsv_count(tsv); i++)
      g_hash_table_add(made, g_strdup(lx_tsv_image_id(tsv, i)));
  lx_tsv_free(tsv);
  return made;
}

/* The picture is to blame, not the detector or the disk that is written to. */
static gboolean is_about_picture(const GError *error)
{
  return g_error_matches(error, LENS_ERROR, LENS_ERROR_FORMAT) ||
         g_error_matches(error, LENS_ERROR, LENS_ERROR_IO) ||
         g_error_matches(error, LENS_ERROR, LENS_ERROR_ARGUMENT) ||
         g_error_matches(error, LENS_ERROR, LENS_ERROR_UNSUPPORTED);
}

static gboolean make_one(const LensDataRun *run, LensSession *session, const char *detector,
                         const char *id, LxTsvWriter *writer, GError **error)
{
  LxError engine = {0};
  const LensDataSource *source = lens_data_set_get_source(lens_data_job_get_set(run->job));
  g_autofree char *path = lens_data_find_image(source, id);
  g_autoptr(GError) problem = NULL;
  if (!path)
    return TRUE; /* its questions are left out, as the authors do */
  LxRegions *regions = lens_session_detect(session, path, detector,
                                           lens_data_job_get_cancellable(run->job), &problem);
  if (!regions && is_about_picture(problem)) {
    /* a CSV may name it in two ways */
    if (run->unreadable &&
        !g_ptr_array_find_with_equal_func(run->unreadable, problem->message, g_str_equal, NULL))
      g_ptr_array_add(run->unreadable, g_strdup(problem->message));
    return TRUE;
  }
  if (!regions) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return FALSE;
  }
  g_free(regions->image_id); /* malloc and g_malloc are the same */
  regions->image_id = strdup(id);
  LxStatus status = lx_tsv_writer_add(writer, regions, &engine);
  lx_regions_free(regions);
  return status == LX_OK || lens_error_from_engine(error, &engine);
}

static gboolean make_all(const LensDataRun *run, const char *detector, GPtrArray *images,
                         GHashTable *made, LxTsvWriter *writer, GError **error)
{
  LensSession *session = lens_session_new(run->data_dir, NULL, run->library);
  gboolean ok = TRUE;
  for (guint i = 0; ok && i < images->len; i++) {
    g_autofree char *what =
        g_strdup_printf(_("Finding objects: image %u of %u"), i + 1, images->len);
    if (g_hash_table_contains(made, images->pdata[i]))
      continue;
    lens_gateway_yield(run->gateway, 500);
    if (lens_data_job_progress((double)i / images->len, what, run->job))
      ok = !g_cancellable_set_error_if_cancelled(lens_data_job_get_cancellable(run->job), error);
    else
      ok = make_one(run, session, detector, images->pdata[i], writer, error);
  }
  lens_session_free(session);
  return ok;
}

static gboolean make_features(const LensDataRun *run, const char *detector, const char *path,
                              GError **error)
{
  LxError engine = {0};
  LxTsvWriter *writer = NULL;
  LensDataSet *set = lens_data_job_get_set(run->job);
  g_autofree char *folder = g_path_get_dirname(path);
  g_autoptr(GPtrArray) images =
      list_images(run, lens_data_set_get_id(set), lens_data_set_get_n(set), error);
  if (!images)
    return FALSE;
  if (!lens_make_folder(folder, error))
    return FALSE;
  g_autoptr(GHashTable) made = list_made(path);
  if (lx_tsv_writer_open(path, TRUE, &writer, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  gboolean ok = make_all(run, detector, images, made, writer, error);
  if (lx_tsv_writer_close(writer, &engine) != LX_OK && ok)
    return lens_error_from_engine(error, &engine);
  return ok;
}

LxFeatures *lens_data_open_features(const LensDataRun *run, GError **error)
{
  LxError engine = {0};
  LxFeatures *features = NULL;
  LensDataSet *set = lens_data_job_get_set(run->job);
  const LensDataSource *source = lens_data_set_get_source(set);
  g_autofree char *detector = find_detector(run);
  g_autofree char *made =
      lens_data_made_features(run->state_dir, detector, lens_data_set_get_id(set));
  if (!*source->features && !make_features(run, detector, made, error))
    return NULL;
  g_auto(GStrv) paths = g_strsplit(*source->features ? source->features : made, "\n", -1);
  if (lx_features_open((const char *const *)paths, (int)g_strv_length(paths), LX_SUBSET_ALL,
                       CACHE_BYTES, lens_data_job_progress, run->job, &features, &engine) == LX_OK)
    return features;
  lens_error_from_engine(error, &engine);
  return NULL;
}
