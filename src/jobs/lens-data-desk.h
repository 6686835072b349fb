/* Data sets: opening them, running models over them, looking at the rows. Belongs to a
 * LensWorkbench; everything is called and answered on the main thread. */
#pragma once

#include "lens-data-job.h"
#include "lens-data-rows.h"
#include "lens-data-set.h"
#include "lens-findings.h"
#include "lens-scene.h"
#include "lens-tally.h"
#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_DATA_DESK (lens_data_desk_get_type())
G_DECLARE_FINAL_TYPE(LensDataDesk, lens_data_desk, LENS, DATA_DESK, GObject)

/* The workbench's, made at the first call; borrowed. NULL when the store of the data sets cannot
 * be opened (the workbench's "notice" tells). */
LensDataDesk *lens_workbench_get_data_desk(LensWorkbench *self);
/* Stops what runs and closes the store. Idempotent. */
void lens_data_desk_close(LensDataDesk *self);

/* Of LensDataSet, newest first. Signals: "failed" (const char *message), "evaluated" (LensDataSet)
 * when a set has other answers, "measured" (LensDataSet) when a measuring of it ended. */
GListModel *lens_data_desk_get_sets(LensDataDesk *self);
/* What runs or waits now; NULL for nothing. Signal "job-changed". Borrowed. */
LensDataJob *lens_data_desk_get_job(LensDataDesk *self);

/* Of LensDataSource (see lens-data-find.h); `path` NULL: the demo world. */
void lens_data_desk_find_async(LensDataDesk *self, const char *path, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *lens_data_desk_find_finish(LensDataDesk *self, GAsyncResult *result, GError **error);
/* Adds the set (or the one of these files) on top and reads its questions in the background.
 * Borrowed. */
LensDataSet *lens_data_desk_open(LensDataDesk *self, const LensDataSource *source);
void lens_data_desk_remove(LensDataDesk *self, LensDataSet *set);
void lens_data_desk_restore(LensDataDesk *self, LensDataSet *set);

/* Queues; the job is borrowed. NULL with `error` for what cannot work. */
LensDataJob *lens_data_desk_evaluate(LensDataDesk *self, LensDataSet *set, LensModel *model,
                                     GError **error);

/* Owned. */
LensDataRows *lens_data_desk_get_rows(LensDataDesk *self);

/* ---- scores ---- */
/* Of LensTally each. */
typedef struct {
  GPtrArray *answer_types, *question_types, *truths, *answers, *confusion;
  gint64 n;           /* labelled rows that were answered; without an evaluation: all */
  double accuracy;    /* -1: no label */
  double oracle;      /* the answer table's best */
  gint64 sentences;   /* NLVR2 */
  double consistency; /* NLVR2, else -1 */
} LensDataSummary;

void lens_data_summary_free(LensDataSummary *self);
void lens_data_desk_summarize_async(LensDataDesk *self, LensDataSet *set, gint64 evaluation_id,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
LensDataSummary *lens_data_desk_summarize_finish(LensDataDesk *self, GAsyncResult *result,
                                                 GError **error);

/* ---- findings ---- */
/* Queues measuring what the model's attention does over `examples` questions (0: all) of those that
 * pass `filter` (NULL: all; it is about the model's own answers), with the language encoder `bert`
 * beside it (or NULL); the job is borrowed. NULL with `error` for what cannot work. */
LensDataJob *lens_data_desk_measure(LensDataDesk *self, LensDataSet *set, LensModel *model,
                                    LensModel *bert, gint64 examples, const LensDataFilter *filter,
                                    GError **error);
/* What was measured last over these rows; owned. NULL without `error` when nothing was. */
void lens_data_desk_read_findings_async(LensDataDesk *self, LensDataSet *set, const char *model_id,
                                        const LensDataFilter *filter, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data);
LensFindings *lens_data_desk_read_findings_finish(LensDataDesk *self, GAsyncResult *result,
                                                  GError **error);
/* By the name's ending: .md with the claims and tables, .csv or .json with every number. */
void lens_data_desk_write_findings_async(LensDataDesk *self, LensFindings *findings,
                                         const char *path, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data);
gboolean lens_data_desk_write_findings_finish(LensDataDesk *self, GAsyncResult *result,
                                              GError **error);

/* ---- out of here ---- */
/* Writes the answers as the leaderboards want them: EvalAI's JSON for VQA and GQA, CSV for NLVR2.
 * Every answered row, also those that the list does not show. */
void lens_data_desk_submit_async(LensDataDesk *self, LensDataSet *set, gint64 evaluation_id,
                                 const char *path, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean lens_data_desk_submit_finish(LensDataDesk *self, GAsyncResult *result, GError **error);
/* The picture of a row (of a pair 0 or 1), owned; NULL when only its features are there. */
char *lens_data_desk_find_picture(LensDataDesk *self, LensDataSet *set, LensDataRow *row,
                                  int which);
/* A row with the features that its answer was made from, on its picture or else on a blank canvas:
 * one LensScene, of pairs two; owned. */
void lens_data_desk_open_row_async(LensDataDesk *self, LensDataSet *set, LensDataRow *row,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
GPtrArray *lens_data_desk_open_row_finish(LensDataDesk *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensDataSummary, lens_data_summary_free)

G_END_DECLS
