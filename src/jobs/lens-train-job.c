#include "lens-train-job-private.h"

#include "lens-train-elsewhere.h"

#define NOT_BACK G_MININT64

/* What the thread has reported and the main thread has not shown yet. */
typedef struct {
  GArray *loss, *accuracy; /* LensStorePoint */
  gint64 back_to;          /* NOT_BACK: not */
  LensTrainPace pace;
  char *load_report;   /* NULL: nothing new */
  char *base_hash;     /* the same */
  LensTrainPeek *peek; /* the same */
} Fresh;

struct _LensTrainJob {
  LensJob parent_instance;
  /* owned; the main thread's */
  LensSeries *loss;
  LensSeries *accuracy;
  LensModel *model, *best;
  LensTrainPeek *peek;
  char *load_report, *base_hash;
  LensTrainPace pace;
  /* set once */
  gint64 created_at;
  char *output_dir;
  char *elsewhere; /* owned; the process outside that does it, or NULL; the main thread's */
  /* behind the lock */
  gint64 id;
  LensTrainSettings *settings; /* only its rate changes change, on the main thread */
  int epoch;                   /* -1: not begun */
  guint wanted_example;
  gboolean nudged;
  GMutex lock;
  GCond cond;
  LensTrainWish wish;
  gboolean paused;
  Fresh fresh;
};

enum { EXAMPLE_CHANGED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensTrainJob, lens_train_job, LENS_TYPE_JOB)

/* ---- the thread's side ---- */

LensTrainWish lens_train_job_get_wish(LensTrainJob *self)
{
  g_mutex_lock(&self->lock);
  LensTrainWish wish = self->wish;
  g_mutex_unlock(&self->lock);
  return wish;
}

LensTrainWish lens_train_job_wait(LensTrainJob *self, gboolean *waited)
{
  *waited = FALSE;
  g_mutex_lock(&self->lock);
  while (self->paused && self->wish == LENS_TRAIN_GO_ON) {
    if (!*waited)
      lens_job_report_state(LENS_JOB(self), LENS_JOB_PAUSED, NULL);
    *waited = TRUE;
    g_cond_wait(&self->cond, &self->lock);
  }
  LensTrainWish wish = self->wish;
  g_mutex_unlock(&self->lock);
  if (*waited && wish == LENS_TRAIN_GO_ON)
    lens_job_report_state(LENS_JOB(self), LENS_JOB_RUNNING, NULL);
  return wish;
}

gboolean lens_train_job_is_paused(LensTrainJob *self)
{
  g_mutex_lock(&self->lock);
  gboolean paused = self->paused;
  g_mutex_unlock(&self->lock);
  return paused;
}

LensTrainWish lens_train_job_sleep(LensTrainJob *self, guint seconds)
{
  gint64 end = g_get_monotonic_time() + seconds * G_TIME_SPAN_SECOND;
  g_mutex_lock(&self->lock);
  self->nudged = FALSE;
  while (self->wish == LENS_TRAIN_GO_ON && !self->nudged &&
         g_cond_wait_until(&self->cond, &self->lock, end))
    ;
  LensTrainWish wish = self->wish;
  g_mutex_unlock(&self->lock);
  return wish;
}

/* The main thread swaps the arrays: which one it is counts only behind the lock. */
static void add_point(LensTrainJob *self, gboolean is_loss, guint step, double value)
{
  LensStorePoint point = {step, value};
  g_mutex_lock(&self->lock);
  g_array_append_val(is_loss ? self->fresh.loss : self->fresh.accuracy, point);
  g_mutex_unlock(&self->lock);
  lens_job_report_changed(LENS_JOB(self));
}

void lens_train_job_add_loss(LensTrainJob *self, guint step, double loss)
{
  add_point(self, TRUE, step, loss);
}

void lens_train_job_add_accuracy(LensTrainJob *self, guint step, double accuracy)
{
  add_point(self, FALSE, step, accuracy);
}

void lens_train_job_set_pace(LensTrainJob *self, const LensTrainPace *pace)
{
  g_mutex_lock(&self->lock);
  self->fresh.pace = *pace;
  g_mutex_unlock(&self->lock);
  double share = pace->total ? pace->step / (double)pace->total : 0;
  lens_job_report(LENS_JOB(self), share, NULL);
}

void lens_train_job_set_base_hash(LensTrainJob *self, const char *hash)
{
  g_mutex_lock(&self->lock);
  g_free(self->fresh.base_hash);
  self->fresh.base_hash = g_strdup(hash);
  g_mutex_unlock(&self->lock);
  lens_job_report_changed(LENS_JOB(self));
}

void lens_train_job_set_epoch(LensTrainJob *self, int epoch)
{
  g_mutex_lock(&self->lock);
  self->epoch = epoch;
  g_mutex_unlock(&self->lock);
}

void lens_train_job_take_peek(LensTrainJob *self, LensTrainPeek *peek)
{
  g_mutex_lock(&self->lock);
  LensTrainPeek *old = self->fresh.peek;
  self->fresh.peek = peek;
  g_mutex_unlock(&self->lock);
  lens_train_peek_free(old); /* nobody has seen it */
  lens_job_report_changed(LENS_JOB(self));
}

guint lens_train_job_get_wanted_example(LensTrainJob *self)
{
  g_mutex_lock(&self->lock);
  guint index = self->wanted_example;
  g_mutex_unlock(&self->lock);
  return index;
}

void lens_train_job_set_load_report(LensTrainJob *self, const char *text)
{
  g_mutex_lock(&self->lock);
  g_free(self->fresh.load_report);
  self->fresh.load_report = g_strdup(text);
  g_mutex_unlock(&self->lock);
  lens_job_report_changed(LENS_JOB(self));
}

void lens_train_job_go_back(LensTrainJob *self, gint64 step)
{
  g_mutex_lock(&self->lock);
  g_array_set_size(self->fresh.loss, 0);
  g_array_set_size(self->fresh.accuracy, 0);
  self->fresh.back_to = step;
  g_mutex_unlock(&self->lock);
  lens_job_report_changed(LENS_JOB(self));
}

/* ---- the main thread's side ---- */

static void append_all(LensSeries *series, const GArray *points)
{
  for (guint i = 0; i < points->len; i++) {
    const LensStorePoint *point = &g_array_index(points, LensStorePoint, i);
    lens_series_append(series, (double)point->step, point->value);
  }
}

static void cut_series(LensSeries *series, gint64 last)
{
  g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(LensStorePoint));
  guint n = lens_series_get_n_points(series);
  for (guint i = 0; i < n; i++) {
    double step, value;
    lens_series_get_point(series, i, &step, &value);
    LensStorePoint point = {(gint64)step, value};
    if (point.step <= last)
      g_array_append_val(kept, point);
  }
  if (kept->len == n)
    return;
  lens_series_clear(series);
  append_all(series, kept);
}

static void publish(LensJob *job)
{
  LensTrainJob *self = LENS_TRAIN_JOB(job);
  g_mutex_lock(&self->lock);
  Fresh fresh = self->fresh;
  self->fresh.loss = g_array_new(FALSE, FALSE, sizeof(LensStorePoint));
  self->fresh.accuracy = g_array_new(FALSE, FALSE, sizeof(LensStorePoint));
  self->fresh.back_to = NOT_BACK;
  self->fresh.load_report = NULL;
  self->fresh.base_hash = NULL;
  self->fresh.peek = NULL;
  g_mutex_unlock(&self->lock);

  self->pace = fresh.pace;
  if (fresh.base_hash) {
    g_free(self->base_hash);
    self->base_hash = fresh.base_hash;
  }
  if (fresh.load_report) {
    g_free(self->load_report);
    self->load_report = fresh.load_report;
  }
  if (fresh.back_to != NOT_BACK) {
    cut_series(self->loss, fresh.back_to);
    cut_series(self->accuracy, fresh.back_to);
  }
  append_all(self->loss, fresh.loss);
  append_all(self->accuracy, fresh.accuracy);
  g_array_unref(fresh.loss);
  g_array_unref(fresh.accuracy);
  if (fresh.peek) {
    lens_train_peek_free(self->peek);
    self->peek = fresh.peek;
    g_signal_emit(self, signals[EXAMPLE_CHANGED], 0);
  }
}

LensTrainJob *lens_train_job_new(const LensStoreJob *row, const LensTrainSettings *settings)
{
  LensTrainJob *self =
      g_object_new(LENS_TYPE_TRAIN_JOB, "title", row->title, "state",
                   lens_job_state_from_name(row->state), "progress", CLAMP(row->progress, 0, 1),
                   "message", row->message, "error-text", row->error, NULL);
  self->id = row->id;
  self->created_at = row->created_at;
  self->output_dir = g_strdup(row->output_dir);
  self->base_hash = g_strdup(row->base_hash);
  self->settings = lens_train_settings_copy(settings);
  return self;
}

gint64 lens_train_job_get_created_at(LensTrainJob *self)
{
  return self->created_at;
}

void lens_train_job_fill(LensTrainJob *self, const char *series, GArray *points)
{
  append_all(g_str_equal(series, "loss") ? self->loss : self->accuracy, points);
}

void lens_train_job_prepare(LensTrainJob *self)
{
  g_mutex_lock(&self->lock);
  self->wish = LENS_TRAIN_GO_ON;
  self->paused = FALSE;
  g_mutex_unlock(&self->lock);
}

static void set_wish(LensTrainJob *self, LensTrainWish wish)
{
  g_mutex_lock(&self->lock);
  if (self->wish == LENS_TRAIN_GO_ON)
    self->wish = wish;
  g_cond_broadcast(&self->cond);
  g_mutex_unlock(&self->lock);
}

void lens_train_job_interrupt(LensTrainJob *self)
{
  set_wish(self, LENS_TRAIN_INTERRUPT);
}

static void stop(LensJob *job)
{
  if (LENS_TRAIN_JOB(job)->elsewhere) {
    lens_train_elsewhere_stop(LENS_TRAIN_JOB(job)->elsewhere);
    return;
  }
  set_wish(LENS_TRAIN_JOB(job), LENS_TRAIN_STOP);
  /* One that has not begun has nothing to keep; the queue takes it out when its turn comes. */
  if (lens_job_get_state(job) == LENS_JOB_QUEUED)
    lens_job_report_state(job, LENS_JOB_STOPPED, NULL);
}

void lens_train_job_stop(LensTrainJob *self)
{
  lens_job_cancel(LENS_JOB(self));
}

static void set_paused(LensTrainJob *self, gboolean paused)
{
  g_mutex_lock(&self->lock);
  self->paused = paused;
  self->nudged = !paused;
  g_cond_broadcast(&self->cond);
  g_mutex_unlock(&self->lock);
}

void lens_train_job_pause(LensTrainJob *self)
{
  set_paused(self, TRUE);
}

void lens_train_job_resume(LensTrainJob *self)
{
  set_paused(self, FALSE);
}

void lens_train_job_set_elsewhere(LensTrainJob *self, const char *owner)
{
  g_free(self->elsewhere);
  self->elsewhere = g_strdup(owner);
}

const char *lens_train_job_get_elsewhere(LensTrainJob *self)
{
  return self->elsewhere;
}

gboolean lens_train_job_is_elsewhere(LensTrainJob *self)
{
  return self->elsewhere != NULL;
}

/* ---- getters ---- */

gint64 lens_train_job_get_id(LensTrainJob *self)
{
  g_mutex_lock(&self->lock);
  gint64 id = self->id;
  g_mutex_unlock(&self->lock);
  return id;
}

void lens_train_job_set_id(LensTrainJob *self, gint64 id)
{
  g_mutex_lock(&self->lock);
  self->id = id;
  g_mutex_unlock(&self->lock);
}

LensTrainSettings *lens_train_job_get_settings(LensTrainJob *self)
{
  return self->settings;
}

LensTrainSettings *lens_train_job_dup_settings(LensTrainJob *self)
{
  g_mutex_lock(&self->lock);
  LensTrainSettings *settings = lens_train_settings_copy(self->settings);
  g_mutex_unlock(&self->lock);
  return settings;
}

void lens_train_job_set_learning_rate(LensTrainJob *self, double rate)
{
  g_mutex_lock(&self->lock);
  lens_train_settings_change_rate(self->settings, self->epoch + 1, rate);
  g_mutex_unlock(&self->lock);
  lens_job_report_changed(LENS_JOB(self));
}

double lens_train_job_get_learning_rate(LensTrainJob *self)
{
  return lens_train_settings_get_rate(self->settings, G_MAXINT);
}

void lens_train_job_set_name(LensTrainJob *self, const char *name)
{
  g_mutex_lock(&self->lock);
  g_free(self->settings->name);
  self->settings->name = g_strdup(name);
  g_mutex_unlock(&self->lock);
  lens_job_set_title(LENS_JOB(self), name);
}

/* ---- the example ---- */

LensRun *lens_train_job_get_example(LensTrainJob *self)
{
  return self->peek ? self->peek->run : NULL;
}

const char *lens_train_job_get_example_truth(LensTrainJob *self)
{
  return self->peek ? self->peek->truth : "";
}

void lens_train_job_get_example_place(LensTrainJob *self, guint *index, guint *count, guint *step)
{
  *index = self->peek ? self->peek->index : 0;
  *count = self->peek ? self->peek->count : 0;
  *step = self->peek ? self->peek->step : 0;
}

void lens_train_job_set_example(LensTrainJob *self, guint index)
{
  g_mutex_lock(&self->lock);
  self->wanted_example = index;
  g_mutex_unlock(&self->lock);
}

LensSeries *lens_train_job_get_loss_series(LensTrainJob *self)
{
  return self->loss;
}

LensSeries *lens_train_job_get_accuracy_series(LensTrainJob *self)
{
  return self->accuracy;
}

guint lens_train_job_get_step(LensTrainJob *self)
{
  return self->pace.step;
}

guint lens_train_job_get_total_steps(LensTrainJob *self)
{
  return self->pace.total;
}

double lens_train_job_get_examples_per_second(LensTrainJob *self)
{
  return self->pace.examples_per_second;
}

double lens_train_job_get_seconds_left(LensTrainJob *self)
{
  return self->pace.total ? self->pace.seconds_left : -1;
}

const char *lens_train_job_get_load_report(LensTrainJob *self)
{
  return self->load_report;
}

const char *lens_train_job_get_output_dir(LensTrainJob *self)
{
  return self->output_dir;
}

const char *lens_train_job_get_base_hash(LensTrainJob *self)
{
  return self->base_hash;
}

LensModel *lens_train_job_get_model(LensTrainJob *self)
{
  return self->model;
}

LensModel *lens_train_job_get_best_model(LensTrainJob *self)
{
  return self->best;
}

gboolean lens_train_job_get_best(LensTrainJob *self, double *step, double *accuracy)
{
  gboolean found = FALSE;
  for (guint i = 0; i < lens_series_get_n_points(self->accuracy); i++) {
    double s, a;
    lens_series_get_point(self->accuracy, i, &s, &a);
    if (s < 1 || (found && a <= *accuracy))
      continue;
    *step = s;
    *accuracy = a;
    found = TRUE;
  }
  return found;
}

void lens_train_job_set_models(LensTrainJob *self, LensModel *model, LensModel *best)
{
  g_set_object(&self->model, model);
  g_set_object(&self->best, best);
}

static void lens_train_job_finalize(GObject *object)
{
  LensTrainJob *self = LENS_TRAIN_JOB(object);
  lens_train_settings_free(self->settings);
  g_clear_object(&self->loss);
  g_clear_object(&self->accuracy);
  g_clear_object(&self->model);
  g_clear_object(&self->best);
  lens_train_peek_free(self->peek);
  lens_train_peek_free(self->fresh.peek);
  g_free(self->load_report);
  g_free(self->base_hash);
  g_free(self->fresh.base_hash);
  g_free(self->output_dir);
  g_free(self->elsewhere);
  g_free(self->fresh.load_report);
  g_array_unref(self->fresh.loss);
  g_array_unref(self->fresh.accuracy);
  g_mutex_clear(&self->lock);
  g_cond_clear(&self->cond);
  G_OBJECT_CLASS(lens_train_job_parent_class)->finalize(object);
}

static void lens_train_job_class_init(LensTrainJobClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_train_job_finalize;
  LENS_JOB_CLASS(klass)->cancel = stop;
  LENS_JOB_CLASS(klass)->publish = publish;
  signals[EXAMPLE_CHANGED] = g_signal_new("example-changed", LENS_TYPE_TRAIN_JOB, G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void lens_train_job_init(LensTrainJob *self)
{
  g_mutex_init(&self->lock);
  g_cond_init(&self->cond);
  self->loss = lens_series_new();
  self->accuracy = lens_series_new();
  self->fresh.loss = g_array_new(FALSE, FALSE, sizeof(LensStorePoint));
  self->fresh.accuracy = g_array_new(FALSE, FALSE, sizeof(LensStorePoint));
  self->fresh.back_to = NOT_BACK;
  self->fresh.pace.seconds_left = -1;
  self->epoch = -1;
}
