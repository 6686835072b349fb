/* Trainings of the command line in the list of jobs and in the store. */
#include <string.h>

#include "lens-models.h"
#include "lens-store-jobs.h"
#include "lens-train-queue-private.h"
#include "lens-train-record.h"
#include "lx-process.h"

#include <glib/gi18n.h>

/* ---- models ---- */

static LensModel *describe(const char *folder)
{
  g_autofree char *weights = g_build_filename(folder, "model.safetensors", NULL);
  g_autofree char *id = g_strconcat("at:", folder, NULL);
  return g_file_test(weights, G_FILE_TEST_EXISTS) ? lens_models_describe(folder, id, FALSE, NULL)
                                                  : NULL;
}

void lens_train_queue_find_foreign(LensTrainQueue *self, LensTrainJob *job, gboolean made)
{
  const char *folder = lens_train_job_get_output_dir(job);
  g_autofree char *best_folder = g_build_filename(folder, "best", NULL);
  g_autoptr(LensModel) last = describe(folder);
  g_autoptr(LensModel) best = describe(best_folder);
  LensModel *models[] = {last, best};
  lens_train_job_set_models(job, last, best);
  for (gsize i = 0; made && i < G_N_ELEMENTS(models); i++)
    if (models[i])
      self->context.model_made(models[i], self->context.user_data);
}

/* ---- the store ---- */

typedef struct {
  LensTrainSnapshot snapshot;
  char *message, *error, *base_hash, *owner;
  gboolean from_begin;
  GArray *loss, *accuracy;
} Kept;

static void kept_free(gpointer p)
{
  Kept *kept = p;
  g_object_unref(kept->snapshot.job);
  g_free(kept->message);
  g_free(kept->error);
  g_free(kept->base_hash);
  g_free(kept->owner);
  g_array_unref(kept->loss);
  g_array_unref(kept->accuracy);
  g_free(kept);
}

static gpointer keep_in_store(LensStore *store, gpointer data, GError **error)
{
  Kept *kept = data;
  if (!lens_train_snapshot_save(&kept->snapshot, store, error))
    return NULL;
  gint64 id = lens_train_job_get_id(kept->snapshot.job);
  if (kept->from_begin && !lens_store_cut_points(store, id, -1, error))
    return NULL;
  if (lens_store_add_points(store, id, "loss", (LensStorePoint *)(void *)kept->loss->data,
                            kept->loss->len, error))
    lens_store_add_points(store, id, "accuracy", (LensStorePoint *)(void *)kept->accuracy->data,
                          kept->accuracy->len, error);
  return NULL;
}

static void on_kept(GObject *source, GAsyncResult *result, gpointer data)
{
  LensTrainQueue *self = data;
  g_autoptr(GError) error = NULL;
  lens_store_run_finish(LENS_STORE(source), result, &error);
  if (error)
    lens_train_queue_tell(self, error->message);
  lens_train_queue_unref(self);
}

static void keep(LensTrainQueue *self, LensTrainJob *job, const LensTrainSighting *s)
{
  Kept *kept = g_new0(Kept, 1);
  kept->message = g_strdup(lens_job_get_message(LENS_JOB(job)));
  kept->error = s->state == LENS_JOB_FAILED ? g_strdup(s->text) : NULL;
  kept->base_hash = g_strdup(s->base_hash);
  kept->owner = g_strdup(s->owner);
  kept->from_begin = s->from_begin;
  kept->loss = g_array_ref(s->loss);
  kept->accuracy = g_array_ref(s->accuracy);
  kept->snapshot = (LensTrainSnapshot){.job = g_object_ref(job),
                                       .state = s->state,
                                       .progress = s->total ? s->step / (double)s->total
                                                            : lens_job_get_progress(LENS_JOB(job)),
                                       .message = kept->message,
                                       .error = kept->error,
                                       .base_hash = kept->base_hash,
                                       .owner = kept->owner};
  lens_store_run_async(self->context.store, keep_in_store, kept, kept_free, NULL, NULL, on_kept,
                       lens_train_queue_ref(self));
}

/* ---- the list ---- */

static LensTrainJob *find_job(LensTrainQueue *self, const char *folder)
{
  for (guint i = 0; i < g_list_model_get_n_items(G_LIST_MODEL(self->jobs)); i++) {
    g_autoptr(LensTrainJob) job = g_list_model_get_item(G_LIST_MODEL(self->jobs), i);
    if (g_strcmp0(lens_train_job_get_output_dir(job), folder) == 0)
      return job; /* the list keeps it */
  }
  return NULL;
}

static LensTrainJob *add_job(LensTrainQueue *self, const LensTrainSighting *s)
{
  g_autoptr(LensTrainSettings) settings =
      s->settings ? lens_train_settings_from_json(s->settings) : NULL;
  if (!settings)
    return NULL;
  if (settings->base_model_id && g_path_is_absolute(settings->base_model_id)) {
    g_autofree char *path = settings->base_model_id;
    settings->base_model_id = g_strconcat("at:", path, NULL);
  }
  LensStoreJob row = {.title = s->name,
                      .state = (char *)lens_job_state_name(s->state),
                      .message = (char *)"",
                      .output_dir = s->folder,
                      .base_hash = s->base_hash,
                      .created_at = s->created_at};
  g_autoptr(LensTrainJob) job = lens_train_job_new(&row, settings);
  lens_train_queue_insert(self, job);
  return job; /* the list keeps it */
}

static void show(LensTrainJob *job, const LensTrainSighting *s)
{
  LensTrainPace pace = {s->step, s->total, s->examples_per_second, s->owner ? s->seconds_left : -1};
  if (s->from_begin)
    lens_train_job_go_back(job, -1);
  for (guint i = 0; i < s->loss->len; i++) {
    const LensStorePoint *point = &g_array_index(s->loss, LensStorePoint, i);
    lens_train_job_add_loss(job, (guint)point->step, point->value);
  }
  for (guint i = 0; i < s->accuracy->len; i++) {
    const LensStorePoint *point = &g_array_index(s->accuracy, LensStorePoint, i);
    lens_train_job_add_accuracy(job, (guint)point->step, point->value);
  }
  if (s->total)
    lens_train_job_set_pace(job, &pace);
  g_autofree char *message = s->owner
                                 ? g_strdup_printf(_("Runs outside this window, as process %ld"),
                                                   lx_process_number(s->owner))
                                 : g_strdup("");
  lens_job_report(LENS_JOB(job), s->total ? s->step / (double)s->total : 0, message);
  lens_job_report_state(LENS_JOB(job), s->state, s->state == LENS_JOB_FAILED ? s->text : NULL);
  lens_job_flush(LENS_JOB(job));
}

void lens_train_queue_adopt(const LensTrainSighting *s, gpointer queue)
{
  LensTrainQueue *self = queue;
  LensTrainJob *job = find_job(self, s->folder);
  gboolean own = job && !lens_train_job_get_elsewhere(job) && !lens_job_is_finished(LENS_JOB(job));
  if (own) /* also one just resumed, which its store does not know yet: the file tells its past */
    return;
  if (!job)
    job = add_job(self, s);
  if (!job)
    return;
  gboolean ended = !s->owner && (s->from_begin || lens_train_job_get_elsewhere(job));
  lens_train_job_set_elsewhere(job, s->owner);
  if (s->base_hash)
    lens_train_job_set_base_hash(job, s->base_hash);
  if (ended) /* before the state is told: who listens finds the models */
    lens_train_queue_find_foreign(self, job, TRUE);
  show(job, s);
  keep(self, job, s);
}
