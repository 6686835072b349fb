/* Questions: asking in the session thread, listing from the store. */
#include "lens-workbench-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lens-question.h"
#include "lens-store-images.h"
#include "lens-store-questions.h"

/* ---- interactive work ---- */

/* Its own reference: GTask drops the source object before this. */
typedef struct {
  GTaskThreadFunc func;
  LensWorkbench *workbench;
} Guarded;

static void leave_gateway(gpointer p)
{
  Guarded *guarded = p;
  lens_gateway_leave(&guarded->workbench->gateway);
  g_object_unref(guarded->workbench);
  g_free(guarded);
}

static void run_guarded(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Guarded *guarded = g_object_get_data(G_OBJECT(task), "guarded");
  guarded->func(task, source, data, cancellable);
  g_object_set_data(G_OBJECT(task), "guarded", NULL);
}

void lens_workbench_push(LensWorkbench *self, GTask *task, GTaskThreadFunc func)
{
  if (self->closed) {
    g_task_return_new_error(task, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Crosslens is closing"));
    return;
  }
  Guarded *guarded = g_new0(Guarded, 1);
  *guarded = (Guarded){func, g_object_ref(self)};
  lens_gateway_enter(&self->gateway);
  /* With the task, so that one that is never begun leaves, too. */
  g_object_set_data_full(G_OBJECT(task), "guarded", guarded, leave_gateway);
  lens_worker_push(self->worker, task, run_guarded);
}

/* ---- asking ---- */

typedef struct {
  LensScene *scene, *right;
  LensModel *model;
  LensEdits *edits;
  char *question;
  char *notice;
} AskArgs;

static void ask_args_free(gpointer p)
{
  AskArgs *args = p;
  g_clear_object(&args->scene);
  g_clear_object(&args->right);
  g_clear_object(&args->model);
  g_clear_pointer(&args->edits, lens_edits_free);
  g_free(args->question);
  g_free(args->notice);
  g_free(args);
}

static void ask_in_session(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensWorkbench *self = source;
  AskArgs *args = data;
  GError *error = NULL;
  LensSessionAsk ask = {args->scene, args->right, args->question, args->model, args->edits};
  LensRun *run = lens_session_ask(self->session, &ask, cancellable, &args->notice, &error);
  if (run)
    g_task_return_pointer(task, run, g_object_unref);
  else
    g_task_return_error(task, error);
}

/* The question as it is asked: trimmed. NULL with `error` for one that cannot be. */
static char *check_question(const char *text, GError **error)
{
  if (!g_utf8_validate(text, -1, NULL)) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT,
                _("The question is not readable text (UTF-8)."));
    return NULL;
  }
  g_autofree char *trimmed = g_strstrip(g_strdup(text));
  glong length = g_utf8_strlen(trimmed, -1);
  if (length == 0)
    g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT,
                _("The question is empty. Type what you want to know about the picture."));
  else if (length > LENS_QUESTION_MAX_CHARACTERS)
    g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT,
                _("The question has %ld characters; at most %d can be asked. Shorten it: the model "
                  "reads about twenty words."),
                length, LENS_QUESTION_MAX_CHARACTERS);
  else
    return g_steal_pointer(&trimmed);
  return NULL;
}

void lens_workbench_ask_async(LensWorkbench *self, LensScene *scene, const char *question,
                              LensModel *model, const LensEdits *edits, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  lens_workbench_ask_pair_async(self, scene, NULL, question, model, edits, cancellable, callback,
                                user_data);
}

void lens_workbench_ask_pair_async(LensWorkbench *self, LensScene *scene, LensScene *right,
                                   const char *question, LensModel *model, const LensEdits *edits,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GError *error = NULL;
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  AskArgs *args = g_new0(AskArgs, 1);
  g_task_set_source_tag(task, lens_workbench_ask_async);
  g_task_set_task_data(task, args, ask_args_free);
  if (!model)
    model = lens_workbench_get_default_model(self);
  if (!model)
    g_set_error(&error, LENS_ERROR, LENS_ERROR_MISSING,
                _("There is no model to ask: none was found in %s/models. Import a model folder."),
                self->data_dir);
  else
    args->question = check_question(question, &error);
  if (error) {
    g_task_return_error(task, error);
    return;
  }
  args->scene = g_object_ref(scene);
  g_set_object(&args->right, right);
  args->model = g_object_ref(model);
  args->edits = edits && !lens_edits_is_empty(edits) ? lens_edits_copy(edits) : NULL;
  lens_workbench_push(self, task, ask_in_session);
}

static void count_question(LensWorkbench *self, LensRun *run)
{
  gint64 image_id = lens_scene_get_id(lens_run_get_scene(run));
  if (!lens_run_get_id(run) || self->closed)
    return;
  g_signal_emit_by_name(self, "question-added", image_id);
}

LensRun *lens_workbench_ask_finish(LensWorkbench *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  AskArgs *args = g_task_get_task_data(G_TASK(result));
  LensRun *run = g_task_propagate_pointer(G_TASK(result), error);
  if (run)
    count_question(self, run);
  lens_workbench_tell(self, g_steal_pointer(&args->notice));
  return run;
}

/* ---- listing ---- */

static gpointer list_in_store(LensStore *store, gpointer data, GError **error)
{
  g_autoptr(GPtrArray) rows = lens_store_list_questions(store, *(gint64 *)data, error);
  if (!rows)
    return NULL;
  GListStore *list = g_list_store_new(LENS_TYPE_QUESTION);
  for (guint i = 0; i < rows->len; i++) {
    const LensStoreQuestion *row = rows->pdata[i];
    const LensStoreAnswer *best = row->n_answers ? &row->answers[0] : NULL;
    g_autoptr(LensQuestion) question =
        lens_question_new(row->id, row->image_id, row->text, best ? best->text : "",
                          best ? best->probability : 0, row->model_id ? row->model_id : "");
    lens_question_set_second(question, row->second_path, row->second_name);
    g_list_store_append(list, question);
  }
  return list;
}

static void on_listed(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GTask) task = data;
  GError *error = NULL;
  GListStore *list = lens_store_run_finish(LENS_STORE(source), result, &error);
  if (!list) {
    g_task_return_error(task, error);
    return;
  }
  LensWorkbench *self = g_task_get_source_object(task);
  LensImage *image = lens_library_find(self->library, *(gint64 *)g_task_get_task_data(task));
  if (image)
    lens_image_set_n_questions(image, g_list_model_get_n_items(G_LIST_MODEL(list)));
  g_task_return_pointer(task, list, g_object_unref);
}

void lens_workbench_list_questions_async(LensWorkbench *self, gint64 image_id,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  GTask *task = g_task_new(self, cancellable, callback, user_data);
  g_task_set_source_tag(task, lens_workbench_list_questions_async);
  g_task_set_task_data(task, g_memdup2(&image_id, sizeof image_id), g_free);
  lens_store_run_async(self->store, list_in_store, g_memdup2(&image_id, sizeof image_id), g_free,
                       g_object_unref, cancellable, on_listed, task);
}

GListModel *lens_workbench_list_questions_finish(LensWorkbench *self, GAsyncResult *result,
                                                 GError **error)
{
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  return g_task_propagate_pointer(G_TASK(result), error);
}

/* ---- deleting ---- */

static void on_deleted(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensWorkbench) self = data;
  g_autoptr(GError) error = NULL;
  lens_store_run_finish(LENS_STORE(source), result, &error);
  if (error)
    lens_workbench_tell(self, g_strdup(error->message));
}

void lens_workbench_set_deleted(LensWorkbench *self, LensStoreKind kind, const char *target,
                                gboolean deleted)
{
  lens_store_set_deleted_async(self->store, kind, target, deleted, on_deleted, g_object_ref(self));
}

static void set_deleted(LensWorkbench *self, gint64 id, gboolean deleted)
{
  g_autofree char *target = g_strdup_printf("%" G_GINT64_FORMAT, id);
  lens_workbench_set_deleted(self, LENS_STORE_KIND_QUESTION, target, deleted);
}

void lens_workbench_remove_question(LensWorkbench *self, gint64 question_id)
{
  set_deleted(self, question_id, TRUE);
}

void lens_workbench_restore_question(LensWorkbench *self, gint64 question_id)
{
  set_deleted(self, question_id, FALSE);
}
