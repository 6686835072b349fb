/* The two sides of a training job: what its thread reports, and what the queue tells it. */
#pragma once

#include "lens-store.h"
#include "lens-train-job.h"
#include "lens-train-peek.h"

G_BEGIN_DECLS

/* What the thread should do after a step. */
typedef enum {
  LENS_TRAIN_GO_ON,
  LENS_TRAIN_STOP,      /* the person's wish: keep the model */
  LENS_TRAIN_INTERRUPT, /* the program ends: checkpoint, to be resumed */
} LensTrainWish;

/* Takes the values of `row` (settings already parsed; copied). */
LensTrainJob *lens_train_job_new(const LensStoreJob *row, const LensTrainSettings *settings);

/* ---- main thread ---- */
/* Curves as stored. */
void lens_train_job_fill(LensTrainJob *self, const char *series, GArray *points);
/* Before the thread begins: forgets earlier wishes. */
void lens_train_job_prepare(LensTrainJob *self);
void lens_train_job_interrupt(LensTrainJob *self);
/* Take references; `best` may be NULL. */
void lens_train_job_set_models(LensTrainJob *self, LensModel *model, LensModel *best);
void lens_train_job_set_name(LensTrainJob *self, const char *name);
/* The process outside this one that does it, or NULL. */
void lens_train_job_set_elsewhere(LensTrainJob *self, const char *owner);
const char *lens_train_job_get_elsewhere(LensTrainJob *self);
gint64 lens_train_job_get_created_at(LensTrainJob *self);

/* ---- any thread ---- */
/* As of now; owned. */
LensTrainSettings *lens_train_job_dup_settings(LensTrainJob *self);
void lens_train_job_set_id(LensTrainJob *self, gint64 id);

/* A row of the store as of now. */
typedef struct {
  LensTrainJob *job;
  LensJobState state;
  double progress;
  const char *message;
  const char *error;
  const char *base_hash;
  const char *owner; /* NULL: this process */
} LensTrainSnapshot;

/* Waits for the store. Gives the job its id when it has none. */
gboolean lens_train_snapshot_save(const LensTrainSnapshot *self, LensStore *store, GError **error);

LensTrainWish lens_train_job_get_wish(LensTrainJob *self);
/* Waits while the person has it paused (reporting that state); returns the wish then. `waited` is
 * set when it was. */
LensTrainWish lens_train_job_wait(LensTrainJob *self, gboolean *waited);
/* Whether the person wants it paused. */
gboolean lens_train_job_is_paused(LensTrainJob *self);
/* Waits, less when the wish changes or the person says to go on; returns the wish. */
LensTrainWish lens_train_job_sleep(LensTrainJob *self, guint seconds);

typedef struct {
  guint step, total;
  double examples_per_second; /* 0 unknown */
  double seconds_left;        /* -1 unknown */
} LensTrainPace;

void lens_train_job_add_loss(LensTrainJob *self, guint step, double loss);
void lens_train_job_add_accuracy(LensTrainJob *self, guint step, double accuracy);
void lens_train_job_set_pace(LensTrainJob *self, const LensTrainPace *pace);
void lens_train_job_set_base_hash(LensTrainJob *self, const char *hash);
/* Where the thread is, so that a new learning rate begins behind it. */
void lens_train_job_set_epoch(LensTrainJob *self, int epoch);
/* Takes it. */
void lens_train_job_take_peek(LensTrainJob *self, LensTrainPeek *peek);
guint lens_train_job_get_wanted_example(LensTrainJob *self);
void lens_train_job_set_load_report(LensTrainJob *self, const char *text);
/* Going on from the checkpoint of `step`: later points of the curves are dropped; -1: all. */
void lens_train_job_go_back(LensTrainJob *self, gint64 step);

G_END_DECLS
