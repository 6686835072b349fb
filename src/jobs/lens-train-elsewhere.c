#include "lens-train-elsewhere.h"

#include <glib/gi18n.h>
#include <signal.h>
#include <string.h>

#include "lens-engine-error.h"
#include "lens-models.h"
#include "lens-store.h"
#include "lens-worker.h"
#include "lx-process.h"
#include "lx-run-log.h"

#define SECONDS 1

/* How far a folder has been read; the thread's, except before the main loop runs. */
typedef struct {
  gint64 changed_at; /* of its record when it was read last; 0: not yet */
  gint64 at;
  guint64 id;
  gboolean read; /* its lines, in this process */
  gboolean over;
  char *base_hash;
} Place;

struct _LensTrainElsewhere {
  char *runs;
  LensTrainSeen seen;
  gpointer user_data;
  GHashTable *places; /* folder -> Place */
  LensWorker *worker;
  guint timeout;
  gboolean scanning;
  gboolean closed;
  int references;
};

static void place_free(gpointer p)
{
  g_free(((Place *)p)->base_hash);
  g_free(p);
}

static void unref(LensTrainElsewhere *self)
{
  if (--self->references > 0)
    return;
  g_hash_table_unref(self->places);
  g_free(self->runs);
  g_free(self);
}

static void sighting_free(gpointer p)
{
  LensTrainSighting *s = p;
  char *texts[] = {s->folder, s->settings, s->name, s->base_hash, s->owner, s->text};
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_array_unref(s->loss);
  g_array_unref(s->accuracy);
  g_free(s);
}

/* ---- the thread ---- */

static char *dup_text(const json_t *record, const char *key)
{
  const char *text = json_string_value(json_object_get(record, key));
  return g_strdup(text ? text : "");
}

static void take_line(const json_t *line, void *user_data)
{
  LensTrainSighting *s = user_data;
  gboolean validation = json_object_get(line, "validation") != NULL;
  const char *key = validation ? "accuracy" : "loss";
  LensStorePoint point = {json_integer_value(json_object_get(line, "step")),
                          json_number_value(json_object_get(line, key))};
  g_array_append_val(validation ? s->accuracy : s->loss, point);
  if (validation)
    return;
  s->step = (guint)point.step;
  s->total = (guint)json_integer_value(json_object_get(line, "total_steps"));
  s->examples_per_second = json_number_value(json_object_get(line, "examples_per_second"));
  s->seconds_left = json_number_value(json_object_get(line, "seconds_left"));
}

/* The parent, as a commit's; reads the whole file, so once. */
static void find_hash(Place *place, const json_t *record)
{
  const json_t *settings = json_object_get(record, "settings");
  const char *base = json_string_value(json_object_get(settings, "base_model"));
  const char *known = json_string_value(json_object_get(record, "base_hash"));
  if (place->base_hash)
    return;
  place->base_hash = known ? g_strdup(known) : base ? lens_models_hash(base, NULL, NULL) : NULL;
  if (!place->base_hash)
    place->base_hash = g_strdup("");
}

static LensTrainSighting *read_run(const char *folder, const json_t *record, Place *place)
{
  LensTrainSighting *s = g_new0(LensTrainSighting, 1);
  char *settings = NULL;
  bool again = false;
  s->folder = g_strdup(folder);
  if (lx_json_text(json_object_get(record, "settings"), &settings, NULL) == LX_OK)
    s->settings = g_strdup(settings);
  free(settings);
  s->name = dup_text(record, "name");
  s->text = dup_text(record, "text");
  s->state = lens_job_state_from_name(json_string_value(json_object_get(record, "state")));
  s->created_at = json_integer_value(json_object_get(record, "created_at"));
  s->changed_at = json_integer_value(json_object_get(record, "changed_at"));
  if (s->state == LENS_JOB_RUNNING || s->state == LENS_JOB_PAUSED)
    s->owner = dup_text(record, "owner");
  find_hash(place, record);
  s->base_hash = *place->base_hash ? g_strdup(place->base_hash) : NULL;
  s->loss = g_array_new(FALSE, FALSE, sizeof(LensStorePoint));
  s->accuracy = g_array_new(FALSE, FALSE, sizeof(LensStorePoint));
  lx_run_lines(folder, &place->at, &place->id, &again, take_line, s, NULL);
  s->from_begin = again || !place->read;
  place->read = TRUE;
  return s;
}

typedef struct {
  LensTrainElsewhere *self;
  GPtrArray *sightings;
} Scan;

static void scan_one(const char *folder, void *user_data)
{
  Scan *scan = user_data;
  json_t *record = NULL;
  Place *place = g_hash_table_lookup(scan->self->places, folder);
  if (lx_run_read(folder, &record, NULL) != LX_OK)
    return;
  const char *owner = json_string_value(json_object_get(record, "owner"));
  gint64 changed_at = json_integer_value(json_object_get(record, "changed_at"));
  const char *state = json_string_value(json_object_get(record, "state"));
  gboolean over = !g_str_equal(state, "running") && !g_str_equal(state, "paused");
  if (!place) {
    place = g_new0(Place, 1);
    g_hash_table_insert(scan->self->places, g_strdup(folder), place);
  }
  gboolean known = over && changed_at <= place->changed_at && (place->over || !place->read);
  if (!known && !lx_process_is_self(owner)) {
    g_ptr_array_add(scan->sightings, read_run(folder, record, place));
    place->changed_at = changed_at;
    place->over = over;
  }
  json_decref(record);
}

static void scan_in_thread(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Scan scan = {data, g_ptr_array_new_with_free_func(sighting_free)};
  lx_runs_each(scan.self->runs, scan_one, &scan);
  g_task_return_pointer(task, scan.sightings, (GDestroyNotify)g_ptr_array_unref);
}

/* ---- the main thread ---- */

static void on_scanned(GObject *source, GAsyncResult *result, gpointer data)
{
  LensTrainElsewhere *self = data;
  g_autoptr(GPtrArray) sightings = g_task_propagate_pointer(G_TASK(result), NULL);
  self->scanning = FALSE;
  for (guint i = 0; sightings && i < sightings->len && !self->closed; i++)
    self->seen(sightings->pdata[i], self->user_data);
  unref(self);
}

static gboolean scan(gpointer data)
{
  LensTrainElsewhere *self = data;
  if (self->scanning)
    return G_SOURCE_CONTINUE;
  self->scanning = TRUE;
  self->references++;
  g_autoptr(GTask) task = g_task_new(NULL, NULL, on_scanned, self);
  g_task_set_task_data(task, self, NULL);
  lens_worker_push(self->worker, task, scan_in_thread);
  return G_SOURCE_CONTINUE;
}

static gboolean scan_first(gpointer data)
{
  LensTrainElsewhere *self = data;
  scan(self);
  self->timeout = g_timeout_add_seconds(SECONDS, scan, self);
  return G_SOURCE_REMOVE;
}

LensTrainElsewhere *lens_train_elsewhere_new(const char *runs, LensTrainSeen seen,
                                             gpointer user_data)
{
  LensTrainElsewhere *self = g_new0(LensTrainElsewhere, 1);
  *self = (LensTrainElsewhere){
      .runs = g_strdup(runs), .seen = seen, .user_data = user_data, .references = 1};
  self->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, place_free);
  self->worker = lens_worker_new("runs");
  self->timeout = g_idle_add(scan_first, self);
  return self;
}

void lens_train_elsewhere_know(LensTrainElsewhere *self, const char *folder, gint64 changed_at)
{
  Place *place = g_new0(Place, 1);
  place->changed_at = changed_at;
  g_hash_table_insert(self->places, g_strdup(folder), place);
}

void lens_train_elsewhere_free(LensTrainElsewhere *self)
{
  if (!self)
    return;
  self->closed = TRUE;
  g_clear_handle_id(&self->timeout, g_source_remove);
  lens_worker_free(self->worker);
  unref(self);
}

/* ---- what can be done with them ---- */

gboolean lens_train_elsewhere_can_resume(const char *folder, GError **error)
{
  LxError engine = {0};
  json_t *record = NULL;
  if (lx_run_check_free(folder, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  gboolean only = lx_run_read(folder, &record, NULL) == LX_OK &&
                  json_is_true(json_object_get(record, "only_command"));
  json_decref(record);
  if (only)
    g_set_error(error, LENS_ERROR, LENS_ERROR_UNSUPPORTED,
                _("This training has settings that only the command line knows. Go on with: "
                  "crosslens-cli jobs resume %s"),
                folder);
  return !only;
}

void lens_train_elsewhere_list(const char *state_dir, const char *folder, gboolean listed)
{
  g_autofree char *runs = g_build_filename(state_dir, "runs", NULL);
  if (folder && listed)
    lx_runs_link(runs, folder);
  else if (folder)
    lx_runs_unlink(runs, folder);
}

void lens_train_elsewhere_stop(const char *owner)
{
  long pid = lx_process_number(owner);
  if (pid > 0 && !lx_process_is_self(owner))
    kill((pid_t)pid, SIGTERM);
}
