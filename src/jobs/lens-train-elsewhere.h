/* Trainings of the command line: what their folders tell, read in a thread once a second. */
#pragma once

#include <gio/gio.h>

#include "lens-job.h"

G_BEGIN_DECLS

/* What has changed about one of them. */
typedef struct {
  char *folder;
  char *settings; /* JSON, as the store has it */
  char *name;
  char *base_hash; /* NULL: unknown */
  char *owner;     /* the process that is at it; NULL when it has ended */
  char *text;      /* why it failed, or "" */
  LensJobState state;
  gint64 created_at, changed_at;
  gboolean from_begin;     /* the points are the whole curve, else they follow those before */
  GArray *loss, *accuracy; /* LensStorePoint */
  guint step, total;
  double examples_per_second, seconds_left;
} LensTrainSighting;

typedef void (*LensTrainSeen)(const LensTrainSighting *sighting, gpointer user_data);

typedef struct _LensTrainElsewhere LensTrainElsewhere;

/* `runs` is the folder with their links. `seen` is called on the main thread. What is known already as
 * of `changed_at` is named by lens_train_elsewhere_know before the main loop runs. */
LensTrainElsewhere *lens_train_elsewhere_new(const char *runs, LensTrainSeen seen,
                                             gpointer user_data);
void lens_train_elsewhere_know(LensTrainElsewhere *self, const char *folder, gint64 changed_at);
void lens_train_elsewhere_free(
    LensTrainElsewhere *self); /* NULL is fine; nothing is called after it */

/* Whether another program's training in this folder can go on in the window; else why not, and how. */
gboolean lens_train_elsewhere_can_resume(const char *folder, GError **error);
/* Its place in the list of runs: taken away, or there again. */
void lens_train_elsewhere_list(const char *state_dir, const char *folder, gboolean listed);
/* Asks its process to stop after its step and to keep everything. */
void lens_train_elsewhere_stop(const char *owner);

G_END_DECLS
