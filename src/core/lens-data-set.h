/* A data set that was opened, with the models that were run over it. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Where a data set lies. */
typedef struct {
  char *name;
  char *kind;      /* "vqa", "gqa", "nlvr2", "images" (features without questions) */
  char *questions; /* JSON list or CSV; "" for features alone */
  char *features;  /* TSV files, one path a line; "" when the detector makes them */
  char *images;    /* folders with pictures, one a line, or "" */
} LensDataSource;

LensDataSource *lens_data_source_new(const char *name, const char *kind, const char *questions,
                                     const char *features, const char *images);
LensDataSource *lens_data_source_copy(const LensDataSource *self);
void lens_data_source_free(LensDataSource *self); /* NULL is fine */

/* ---- one model's answers ---- */
#define LENS_TYPE_DATA_EVALUATION (lens_data_evaluation_get_type())
G_DECLARE_FINAL_TYPE(LensDataEvaluation, lens_data_evaluation, LENS, DATA_EVALUATION, GObject)

/* `state`: "running", "done", "stopped", "failed"; score -1: unknown; `note`: what was left out, "". */
LensDataEvaluation *lens_data_evaluation_new(gint64 id, const char *model_id,
                                             const char *model_name, const char *state, gint64 done,
                                             double score, const char *note);
gint64 lens_data_evaluation_get_id(LensDataEvaluation *self);
const char *lens_data_evaluation_get_model_id(LensDataEvaluation *self);
const char *lens_data_evaluation_get_model_name(LensDataEvaluation *self);
const char *lens_data_evaluation_get_state(LensDataEvaluation *self);
gint64 lens_data_evaluation_get_done(LensDataEvaluation *self);
double lens_data_evaluation_get_score(LensDataEvaluation *self);
const char *lens_data_evaluation_get_note(LensDataEvaluation *self);

/* ---- the set ---- */
#define LENS_TYPE_DATA_SET (lens_data_set_get_type())
G_DECLARE_FINAL_TYPE(LensDataSet, lens_data_set, LENS, DATA_SET, GObject)

/* Signal "changed" on any of it. Copies `source`. */
LensDataSet *lens_data_set_new(const LensDataSource *source);
const LensDataSource *lens_data_set_get_source(LensDataSet *self);
gint64 lens_data_set_get_id(LensDataSet *self); /* 0 until it is in the store */
const char *
lens_data_set_get_state(LensDataSet *self); /* "reading", "ready", "stopped", "failed" */
const char *lens_data_set_get_problem(LensDataSet *self); /* or NULL */
gint64 lens_data_set_get_n(LensDataSet *self);
GListModel *lens_data_set_get_evaluations(LensDataSet *self); /* of LensDataEvaluation, borrowed */
/* Borrowed or NULL. */
LensDataEvaluation *lens_data_set_find_evaluation(LensDataSet *self, const char *model_id);

void lens_data_set_update(LensDataSet *self, gint64 id, const char *state, const char *problem,
                          gint64 n);
/* Of LensDataEvaluation. */
void lens_data_set_take_evaluations(LensDataSet *self, GPtrArray *evaluations);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensDataSource, lens_data_source_free)

G_END_DECLS
