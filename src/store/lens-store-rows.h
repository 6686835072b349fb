/* What the library's tables hold, as plain rows. Strings and arrays are owned by the row. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  gint64 id; /* 0: not in the store yet */
  char *path;
  char *name;
  char *sha256;      /* of the file's bytes; NULL until first opened */
  gint64 size;       /* bytes */
  int width, height; /* pixels; 0 until first opened */
  gboolean shipped;
  gboolean favourite;
  GBytes *thumbnail; /* PNG or NULL */
  guint n_questions;
  gint64 added_at; /* microseconds since 1970 */
} LensStoreImage;

typedef struct {
  char *text;
  double probability;
} LensStoreAnswer;

/* A question and the newest model's answers to it. */
typedef struct {
  gint64 id;
  gint64 image_id;
  gint64 second_id;  /* of a statement about two images; 0: about one */
  char *second_path; /* where it is and what it is called, when read; or NULL */
  char *second_name;
  char *text;
  char *model_id; /* NULL: never answered */
  double milliseconds;
  gint64 asked_at;
  guint n_answers; /* best first */
  LensStoreAnswer *answers;
} LensStoreQuestion;

typedef struct {
  gint64 id;
  char *kind;
  char *title;
  char *settings; /* JSON */
  char *state;
  double progress;
  char *message;
  char *error;      /* or NULL */
  char *output_dir; /* or NULL */
  char *base_hash;  /* or NULL */
  char *owner;      /* "pid:start time" of the process that runs it, or NULL */
  gint64 created_at;
  gint64 changed_at;
} LensStoreJob;

typedef struct {
  gint64 step;
  double value;
} LensStorePoint;

typedef struct {
  char *id;
  char *path;
  char *name;
  char *hash; /* or NULL */
  gint64 imported_at;
} LensStoreModel;

void lens_store_image_free(LensStoreImage *self);
void lens_store_question_free(LensStoreQuestion *self);
void lens_store_job_free(LensStoreJob *self);
void lens_store_model_free(LensStoreModel *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensStoreImage, lens_store_image_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensStoreQuestion, lens_store_question_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensStoreJob, lens_store_job_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensStoreModel, lens_store_model_free)

G_END_DECLS
