#include "cli-data.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli-images.h"
#include "cli.h"
#include "lx-file.h"

#define MOST_FILES 64
#define MOST_SPLITS 16
/* 36 published features take 300 KB: some fifty images; questions about an image follow each other,
 * and a miss costs 0.6 ms. */
#define CACHE_BYTES ((size_t)16 << 20)

static const char *task_folder(LxTask task)
{
  return task == LX_TASK_PRETRAIN ? "lxmert" : lx_task_name(task);
}

static LxDataKind task_kind(LxTask task)
{
  return task == LX_TASK_VQA     ? LX_DATA_VQA
         : task == LX_TASK_GQA   ? LX_DATA_GQA
         : task == LX_TASK_NLVR2 ? LX_DATA_NLVR2
                                 : LX_DATA_PRETRAIN;
}

static bool ends_with(const char *text, const char *end)
{
  const size_t n = strlen(text), k = strlen(end);
  return n >= k && !strcmp(text + n - k, end);
}

/* The first of the usual names that is there. */
static LxStatus find_questions(const char *folder, LxTask task, const char *split, char *path,
                               size_t size, LxError *error)
{
  for (int i = 0; i < 2; i++) {
    snprintf(path, size, "%s/%s/%s%s.json", folder, task_folder(task), i ? "world_" : "", split);
    if (lx_file_exists(path))
      return LX_OK;
  }
  for (int i = 0; i < 2; i++) {
    snprintf(path, size, "%s/%s%s", folder, split, i ? ".csv" : ".json");
    if (lx_file_exists(path))
      return LX_OK;
  }
  const bool is_file = ends_with(split, ".json") || ends_with(split, ".csv");
  for (int i = 0; is_file && i < 2; i++) {
    snprintf(path, size, "%s%s%s", i ? folder : "", i ? "/" : "", split);
    if (lx_file_exists(path))
      return LX_OK;
  }
  return lx_fail(error, LX_ERR_MISSING,
                 "%s holds no %s questions of the split \"%s\" (%s/%s.json, %s.json or %s.csv).",
                 folder, lx_task_name(task), split, task_folder(task), split, split, split);
}

/* "train,nominival": every split of the list; paths[i] is owned by the caller. */
static LxStatus find_all_questions(const char *folder, LxTask task, const char *splits,
                                   char *paths[MOST_SPLITS], int *n, LxError *error)
{
  char split[4096], path[8192];
  LxStatus status = LX_OK;

  for (*n = 0; status == LX_OK && *splits; splits += *splits == ',') {
    size_t length = strcspn(splits, ",");
    if (length >= sizeof split || *n == MOST_SPLITS)
      return lx_fail(error, LX_ERR_ARGUMENT, "The list of splits is too long: %d at most.",
                     MOST_SPLITS);
    memcpy(split, splits, length);
    split[length] = '\0';
    splits += length;
    status = find_questions(folder, task, split, path, sizeof path, error);
    if (status == LX_OK && !(paths[(*n)++] = strdup(path)))
      status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory.");
  }
  return status == LX_OK && *n == 0 ? lx_fail(error, LX_ERR_ARGUMENT, "No split is named.")
                                    : status;
}

static int compare_names(const void *a, const void *b)
{
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Adds the .tsv files of `folder` and, with `deeper`, of the folders in it. */
static int list_tsv(const char *folder, bool deeper, char **paths, int n)
{
  DIR *dir = opendir(folder);
  struct dirent *entry;

  while (dir && (entry = readdir(dir)) != NULL && n < MOST_FILES) {
    const char *dot = strrchr(entry->d_name, '.');
    char *path;
    if (entry->d_name[0] == '.' || !(path = lx_file_join(folder, entry->d_name)))
      continue;
    if (dot && !strcmp(dot, ".tsv"))
      paths[n++] = path;
    else {
      if (deeper && lx_file_is_folder(path))
        n = list_tsv(path, false, paths, n);
      free(path);
    }
  }
  if (dir)
    closedir(dir);
  return n;
}

/* The files of the folder, or what the detector finds in the pictures of the `n_lists` lists. */
static LxStatus open_features(const char *folder, LxTask task, char *const *lists, int n_lists,
                              int64_t limit, const char *detector, LxProgress progress,
                              void *user_data, LxFeatures **out, LxError *error)
{
  char *paths[MOST_FILES];
  int n = list_tsv(folder, true, paths, 0);
  LxStatus status;

  qsort(paths, (size_t)n, sizeof *paths, compare_names);
  if (n == 0 && cli_images_exist(folder))
    status = cli_images_features(folder, task_kind(task), (const char *const *)lists, n_lists,
                                 detector, out, error);
  else if (n == 0)
    status = lx_fail(error, LX_ERR_MISSING,
                     "%s holds neither object features (.tsv) nor pictures; make features with "
                     "crosslens-cli detect --folder IMAGES --tsv FILE, or crosslens-cli world "
                     "--features.",
                     folder);
  else
    status = lx_features_open((const char *const *)paths, n, limit, CACHE_BYTES, progress,
                              user_data, out, error);
  if (status == LX_OK && lx_features_cut(*out))
    cli_fail(
        "note: %s ends in the middle of a line: it is cut short, and questions about images that "
        "it lacks are left out; copy it again",
        lx_features_cut(*out));
  for (int i = 0; i < n; i++)
    free(paths[i]);
  return status;
}

LxStatus cli_data_open(const char *folder, LxTask task, const char *split, const LxAnswers *answers,
                       LxProgress progress, void *user_data, CliData *out, LxError *error)
{
  return cli_data_open_part(folder, task, split, answers, LX_SUBSET_ALL, NULL, progress, user_data,
                            out, error);
}

LxStatus cli_data_open_part(const char *folder, LxTask task, const char *split,
                            const LxAnswers *answers, int64_t limit, const char *detector,
                            LxProgress progress, void *user_data, CliData *out, LxError *error)
{
  char *paths[MOST_SPLITS] = {NULL};
  int n = 0;
  LxStatus status;

  memset(out, 0, sizeof *out);
  if (!lx_file_is_folder(folder))
    return lx_fail(error, LX_ERR_MISSING, "%s: there is no such data folder.", folder);
  status = find_all_questions(folder, task, split, paths, &n, error);
  if (status == LX_OK)
    status = open_features(folder, task, paths, n, limit, detector, progress, user_data,
                           &out->features, error);
  if (status == LX_OK)
    status = lx_dataset_open(task_kind(task), (const char *const *)paths, n, answers, out->features,
                             progress, user_data, &out->dataset, error);
  if (status == LX_OK && lx_dataset_count(out->dataset) == 0)
    status = lx_fail(error, LX_ERR_MISSING,
                     "%s: no example is left; are the features those of these images?", paths[0]);
  if (status == LX_OK)
    status = lx_dataset_source_new(out->dataset, out->features, &out->source, error);
  if (status != LX_OK)
    cli_data_close(out);
  for (int i = 0; i < n; i++)
    free(paths[i]);
  return status;
}

void cli_data_close(CliData *self)
{
  lx_dataset_source_free(self->source);
  lx_dataset_free(self->dataset);
  lx_features_free(self->features);
  memset(self, 0, sizeof *self);
}

LxStatus cli_data_answers(const char *folder, LxTask task, LxAnswers **out, LxError *error)
{
  static const char *const names[] = {"trainval_label2ans.json", "trainval_ans2label.json",
                                      "all_ans.json", "answers.json"};
  char path[4096];

  *out = NULL;
  if (task == LX_TASK_NLVR2)
    return LX_OK;
  for (int deep = 1; deep >= 0; deep--)
    for (int i = 0; i < 4; i++) {
      snprintf(path, sizeof path, "%s/%s%s%s", folder, deep ? task_folder(task) : "",
               deep ? "/" : "", names[i]);
      if (lx_file_exists(path))
        return lx_answers_read(path, out, error);
    }
  return lx_fail(error, LX_ERR_MISSING,
                 "%s holds no answer table (%s/trainval_label2ans.json or all_ans.json).", folder,
                 task_folder(task));
}
