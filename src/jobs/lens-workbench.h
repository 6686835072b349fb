/* The one thing that windows talk to: models, the library of images and questions, asking, and
 * jobs. Every list changes and every callback arrives on the main thread (the thread that
 * called lens_workbench_new), which never waits for the engine or the disk. */
#pragma once

#include <gio/gio.h>

#include "lens-edits.h"
#include "lens-error.h"
#include "lens-image.h"
#include "lens-import.h"
#include "lens-job.h"
#include "lens-model.h"
#include "lens-look.h"
#include "lens-run.h"
#include "lens-scene.h"
#include "lens-train-estimate.h"
#include "lens-train-job.h"

G_BEGIN_DECLS

#define LENS_TYPE_WORKBENCH (lens_workbench_get_type())
G_DECLARE_FINAL_TYPE(LensWorkbench, lens_workbench, LENS, WORKBENCH, GObject)

/* The longest question that is taken, in characters; more is a clear error. */
#define LENS_QUESTION_MAX_CHARACTERS 1000

/* data_dir NULL: CROSSLENS_DATA_DIR, else the installed data, else the source tree's. state_dir
 * NULL: CROSSLENS_STATE_DIR, else the XDG data folder's `crosslens`. Opens the library
 * (milliseconds); seeding and thumbnails go on in the background. Fails with LENS_ERROR when
 * neither the library nor a substitute in memory can be had; damage that could be worked around is
 * told by lens_workbench_get_notice. */
LensWorkbench *lens_workbench_new(const char *data_dir, const char *state_dir, GError **error);
/* Ends the threads: cancels interactive work, checkpoints a running training (it shows as
 * interrupted and resumable next time) and closes the library. Idempotent; call before exit. */
void lens_workbench_close(LensWorkbench *self);

/* Something about the start that the person should read (a damaged library was set aside, the
 * folder is read-only, no model found), or NULL. Borrowed. Signal "notice" (const char *) tells of
 * later ones. */
const char *lens_workbench_get_notice(LensWorkbench *self);
const char *lens_workbench_get_data_dir(LensWorkbench *self);

/* Borrowed lists. */
GListModel *lens_workbench_get_models(LensWorkbench *self); /* LensModel, shipped first */
GListModel *
lens_workbench_get_images(LensWorkbench *self); /* LensImage, newest first, then shipped */
GListModel *lens_workbench_get_jobs(LensWorkbench *self); /* LensJob, newest first */
/* The model to ask when none was picked: shipped question answering; NULL when there is none.
 * Borrowed. */
LensModel *lens_workbench_get_default_model(LensWorkbench *self);
LensModel *lens_workbench_find_model(LensWorkbench *self, const char *id); /* borrowed or NULL */
/* The shipped scene to show at start (path), or NULL; `question` (borrowed, may be NULL) goes with
 * it. */
const char *lens_workbench_get_start_image(LensWorkbench *self, const char **question);

/* ---- images ---- */
/* Decodes and detects (or takes the stored regions of the same file contents and detector), adds
 * the image to the library. Progress is NULL or called on the main thread with 0..1 and what is
 * being done. */
typedef void (*LensProgress)(double done, const char *what, gpointer user_data);
void lens_workbench_open_image_async(LensWorkbench *self, const char *path,
                                     GCancellable *cancellable, LensProgress progress,
                                     gpointer progress_data, GAsyncReadyCallback callback,
                                     gpointer user_data);
/* The image with these contents (SHA-256 of the file, as hex; NULL: whatever is there): at `path`, or
 * else wherever the library knows it. What is at `path` is opened when it is nowhere. */
void lens_workbench_open_known_image_async(LensWorkbench *self, const char *path,
                                           const char *sha256, GCancellable *cancellable,
                                           LensProgress progress, gpointer progress_data,
                                           GAsyncReadyCallback callback, gpointer user_data);
LensScene *lens_workbench_open_image_finish(LensWorkbench *self, GAsyncResult *result,
                                            GError **error); /* owned */

/* Removes from the library (recoverable: restore brings it and its questions back) or marks.
 * Changes are seen in the list at once and written in the background; a failure comes as "notice".
 */
void lens_workbench_remove_image(LensWorkbench *self, gint64 image_id);
void lens_workbench_restore_image(LensWorkbench *self, gint64 image_id);
void lens_workbench_set_favourite(LensWorkbench *self, gint64 image_id, gboolean favourite);

/* get_images shows only what is found (lens-store-search.h says what is); NULL and FALSE:
 * everything. */
void lens_workbench_search_images(LensWorkbench *self, const char *needle, gboolean favourites);
/* The image's place in get_images; FALSE when it is not shown. */
gboolean lens_workbench_find_image(LensWorkbench *self, gint64 image_id, guint *position);

/* ---- questions ---- */
/* GListModel of LensQuestion, newest first. Owned. Signal "question-added" (gint64 image id) is
 * emitted after each stored answer. */
void lens_workbench_list_questions_async(LensWorkbench *self, gint64 image_id,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
GListModel *lens_workbench_list_questions_finish(LensWorkbench *self, GAsyncResult *result,
                                                 GError **error);
void lens_workbench_remove_question(LensWorkbench *self, gint64 question_id);
void lens_workbench_restore_question(LensWorkbench *self, gint64 question_id);

/* Answers and every attention map. `model` NULL: the default; `edits` NULL: none (copied). With
 * edits the run also carries the unedited answers as baseline, and nothing is stored. A newer ask
 * does not cancel an older one: cancel through `cancellable`. */
void lens_workbench_ask_async(LensWorkbench *self, LensScene *scene, const char *question,
                              LensModel *model, const LensEdits *edits, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
/* A statement about two images, for a model of such; `right` NULL: as above. */
void lens_workbench_ask_pair_async(LensWorkbench *self, LensScene *scene, LensScene *right,
                                   const char *question, LensModel *model, const LensEdits *edits,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
LensRun *lens_workbench_ask_finish(LensWorkbench *self, GAsyncResult *result,
                                   GError **error); /* owned */

/* The scene, and of a pair the right one (NULL: there is none), with the boxes where the edits put
 * them, for pictures that nothing was asked of yet (a run's scenes have them). */
void lens_workbench_place_boxes_async(LensWorkbench *self, LensScene *scene, LensScene *right,
                                      const LensEdits *edits, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data);
/* Owned, and so is *right, NULL where there was none. */
LensScene *lens_workbench_place_boxes_finish(LensWorkbench *self, GAsyncResult *result,
                                             LensScene **right, GError **error);

/* Which words and boxes of image 0, or of a pair's 1, an answer rests on (row of the answer table,
 * -1 = the best). `run` is a whole run, here and in the next two. */
void lens_workbench_explain_async(LensWorkbench *self, LensRun *run, int image, int answer,
                                  LensExplain method, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
LensRelevancy *lens_workbench_explain_finish(LensWorkbench *self, GAsyncResult *result,
                                             GError **error); /* owned */

/* One head's queries and keys. */
void lens_workbench_look_at_head_async(LensWorkbench *self, LensRun *run, int image,
                                       const char *map, int head, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
LensNeuron *lens_workbench_look_at_head_finish(LensWorkbench *self, GAsyncResult *result,
                                               GError **error); /* owned */

/* The hidden states of all layers as points, with those of another whole run beside them (NULL:
 * alone), which may be the other half of the same. */
void lens_workbench_look_at_states_async(LensWorkbench *self, LensRun *run, int image,
                                         LensRun *beside, int beside_image,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data);
LensStates *lens_workbench_look_at_states_finish(LensWorkbench *self, GAsyncResult *result,
                                                 GError **error); /* owned */

/* ---- models and training ---- */
/* Checks a model folder and adds it to the list (it stays where it is). */
void lens_workbench_import_model_async(LensWorkbench *self, const char *path,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
LensModel *lens_workbench_import_model_finish(LensWorkbench *self, GAsyncResult *result,
                                              GError **error); /* owned */

/* What is in a folder or file of weights; finish gives it owned. */
void lens_workbench_look_at_model_async(LensWorkbench *self, const char *path,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
LensImport *lens_workbench_look_at_model_finish(LensWorkbench *self, GAsyncResult *result,
                                                GError **error);
/* Copies what was looked at into a folder of ours, opens it and adds it to the list. NULL paths: what
 * lies beside the weights. Finished by lens_workbench_import_model_finish. */
void lens_workbench_copy_model_async(LensWorkbench *self, const LensImport *import,
                                     const char *name, const char *vocab_path,
                                     const char *answers_path, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data);
/* An imported model: shipped ones stay, and those of a training go with it. */
gboolean lens_workbench_can_remove_model(LensWorkbench *self, LensModel *model);
/* Off the list; what was copied goes for good after a month, a folder elsewhere stays. restore undoes
 * it. */
gboolean lens_workbench_remove_model(LensWorkbench *self, LensModel *model, GError **error);
gboolean lens_workbench_restore_model(LensWorkbench *self, LensModel *model, GError **error);
/* Adds a detector that was looked at to those that may see for the models that take its features. A
 * folder stays where it is, a file is copied into a folder `name` of ours; finish gives its path. */
void lens_workbench_add_detector_async(LensWorkbench *self, const LensImport *import,
                                       const char *name, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
char *lens_workbench_add_detector_finish(LensWorkbench *self, GAsyncResult *result,
                                         GError **error); /* owned */
/* The folders of the detectors whose features have so many numbers: of char *, owned. */
GPtrArray *lens_workbench_list_detectors(LensWorkbench *self, int features);
gboolean lens_workbench_choose_detector(LensWorkbench *self, LensModel *model, const char *detector,
                                        GError **error);
/* The folder of the detector that sees for the model: the one that was chosen, else the first of those
 * that would do; owned, NULL: none is here. */
char *lens_workbench_find_detector(LensWorkbench *self, LensModel *model);

/* Queues a job and returns it at once (borrowed; it is first in get_jobs). Fails for settings that
 * cannot work. When it is done its model appears in get_models. */
LensTrainJob *lens_workbench_start_training(LensWorkbench *self, LensTrainSettings *settings,
                                            GError **error);
/* An interrupted, stopped or failed job goes on from its last checkpoint. */
gboolean lens_workbench_resume_training(LensWorkbench *self, LensTrainJob *job, GError **error);
/* Folders of the data sets that are open and hold questions to learn the task from: `data` of a
 * training's settings. Of char *, owned. */
GPtrArray *lens_workbench_list_training_folders(LensWorkbench *self, LensTask task);
/* How long it will take and what it will hold: makes two steps of it in the background, in turn with
 * a training that runs. */
void lens_workbench_estimate_training_async(LensWorkbench *self, const LensTrainSettings *settings,
                                            GCancellable *cancellable, GAsyncReadyCallback callback,
                                            gpointer user_data);
LensTrainEstimate *lens_workbench_estimate_training_finish(LensWorkbench *self,
                                                           GAsyncResult *result,
                                                           GError **error); /* owned */
/* Of a finished job, with its models; restore undoes remove. */
gboolean lens_workbench_remove_training(LensWorkbench *self, LensTrainJob *job, GError **error);
gboolean lens_workbench_restore_training(LensWorkbench *self, LensTrainJob *job, GError **error);
gboolean lens_workbench_rename_training(LensWorkbench *self, LensTrainJob *job, const char *name,
                                        GError **error);
/* Copies a model into a new folder inside `into`, as Hugging Face reads it; finish gives its path. */
void lens_workbench_export_model_async(LensWorkbench *self, LensModel *model, const char *into,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
char *lens_workbench_export_model_finish(LensWorkbench *self, GAsyncResult *result,
                                         GError **error); /* owned */

G_END_DECLS
