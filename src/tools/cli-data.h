/* A data folder: questions in the authors' JSON, object features in TSV files, answer tables. */
#pragma once

#include "lx-batch.h"

typedef struct {
  LxFeatures *features;
  LxDataset *dataset;
  LxDatasetSource *source;
} CliData;

/* "lxmert/world_train.json", "vqa/minival.json", … in `folder`, or in it directly, by task and split;
 * questions may be a .csv of images, questions and answers (lx-csv.h). `split` may also be a file, or a
 * list ("train,nominival"). Features come from every .tsv in the folder and one below, without any
 * from the detector (cli-images.h); examples whose image has none are left out. `answers` may be NULL.
 * *out: cli_data_close. */
LxStatus cli_data_open(const char *folder, LxTask task, const char *split, const LxAnswers *answers,
                       LxProgress progress, void *user_data, CliData *out, LxError *error);
/* The same with `limit` images of each feature file at most (LX_SUBSET_*), and with the folder of the
 * detector for pictures; NULL: the shipped one. */
LxStatus cli_data_open_part(const char *folder, LxTask task, const char *split,
                            const LxAnswers *answers, int64_t limit, const char *detector,
                            LxProgress progress, void *user_data, CliData *out, LxError *error);
void cli_data_close(CliData *self); /* zeroed is fine */

/* The task's answer table in the folder: trainval_label2ans.json or all_ans.json. NLVR2 has none
 * (*out NULL). *out is owned. */
LxStatus cli_data_answers(const char *folder, LxTask task, LxAnswers **out, LxError *error);
