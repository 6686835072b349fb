/* Data sets in the tiny world: written, found, opened, answered. */
#pragma once

#include "jobs-world.h"
#include "lens-data-desk.h"

/* A file among the scenes; owned path. */
char *data_write(World *world, const char *name, const char *text);
/* FILE.tsv among the scenes with `n` images "img0", "img1", … of made-up boxes; owned path. */
char *data_write_features(World *world, const char *name, int n);
GPtrArray *data_find(World *world, const char *path, GError **error);
/* Opens the one data set that the path holds and waits until it was read. */
LensDataSet *data_open(World *world, const char *path);
/* Runs the model (NULL: the tiny one) and waits. */
void data_evaluate(World *world, LensDataSet *set, LensModel *model);
/* Every row with the answers of the set's evaluation, of LensDataRow; owned. */
GPtrArray *data_read_rows(World *world, LensDataSet *set);
LensDataSummary *data_summarize(World *world, LensDataSet *set); /* owned */
/* The set's only evaluation; owned. */
LensDataEvaluation *data_get_evaluation(LensDataSet *set);
/* Writes the answers; FALSE with `error`. */
gboolean data_submit(World *world, LensDataSet *set, const char *path, GError **error);

/* World conditions. */
gboolean data_is_idle(gpointer desk);
gboolean data_has_answers(gpointer set);
gboolean data_is_done(gpointer set);
gboolean data_is_filled(gpointer row);
gboolean data_has_searched(gpointer rows);
/* Keeps the result in the GAsyncResult * that `data` points to. */
void data_on_done(GObject *source, GAsyncResult *result, gpointer data);
