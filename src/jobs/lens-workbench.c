#include "lens-workbench-private.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "config.h"
#include "lens-image-list.h"
#include "lens-data-desk.h"
#include "lens-engine-error.h"
#include "lens-models.h"
#include "lens-shipped.h"
#include "lens-store-jobs.h"

enum { NOTICE, QUESTION_ADDED, N_SIGNALS };

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensWorkbench, lens_workbench, G_TYPE_OBJECT)

/* ---- folders ---- */

static char *choose_data_dir(const char *given)
{
  const char *env = g_getenv("CROSSLENS_DATA_DIR");
  if (given || (env && *env))
    return g_strdup(given ? given : env);
  g_autofree char *models = g_build_filename(CROSSLENS_DATA_DIR, "models", NULL);
  gboolean installed = g_file_test(models, G_FILE_TEST_IS_DIR);
  return g_strdup(installed ? CROSSLENS_DATA_DIR : CROSSLENS_SOURCE_DATA_DIR);
}

static char *choose_state_dir(const char *given)
{
  const char *env = g_getenv("CROSSLENS_STATE_DIR");
  if (given || (env && *env))
    return g_strdup(given ? given : env);
  return g_build_filename(g_get_user_data_dir(), "crosslens", NULL);
}

/* ---- notices ---- */

void lens_workbench_tell(LensWorkbench *self, char *text)
{
  if (text && !self->closed)
    g_signal_emit(self, signals[NOTICE], 0, text);
  g_free(text);
}

/* Before anybody can listen: joins what there is to tell about the start. */
static void note_at_start(LensWorkbench *self, const char *text)
{
  if (!text)
    return;
  char *both = self->notice ? g_strdup_printf("%s\n%s", self->notice, text) : g_strdup(text);
  g_free(self->notice);
  self->notice = both;
}

static void on_library_notice(LensLibrary *library, const char *text, gpointer data)
{
  lens_workbench_tell(data, g_strdup(text));
}

/* ---- models ---- */

static guint find_model_at(LensWorkbench *self, const char *id)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->models));
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(G_LIST_MODEL(self->models), i);
    if (g_strcmp0(lens_model_get_id(model), id) == 0)
      return i;
  }
  return G_MAXUINT;
}

void lens_workbench_add_model(LensWorkbench *self, LensModel *model)
{
  guint at = find_model_at(self, lens_model_get_id(model));
  gpointer items[] = {model};
  if (at == G_MAXUINT)
    g_list_store_append(self->models, model);
  else
    g_list_store_splice(self->models, at, 1, items, 1);
}

LensModel *lens_workbench_find_model(LensWorkbench *self, const char *id)
{
  guint at = id ? find_model_at(self, id) : G_MAXUINT;
  if (at == G_MAXUINT)
    return NULL;
  g_autoptr(LensModel) model = g_list_model_get_item(G_LIST_MODEL(self->models), at);
  return model; /* the list keeps it */
}

LensModel *lens_workbench_get_default_model(LensWorkbench *self)
{
  LensModel *first = NULL;
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->models));
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(G_LIST_MODEL(self->models), i);
    const LensModelInfo *info = lens_model_get_info(model);
    if (g_strcmp0(info->task, "vqa") == 0)
      return model;
    if (!first)
      first = model;
  }
  return first;
}

static void add_scanned(LensWorkbench *self, const char *parent, const char *prefix,
                        gboolean shipped)
{
  g_autofree char *folder = g_build_filename(parent, "models", NULL);
  g_autofree char *problem = NULL;
  g_autoptr(GPtrArray) found = lens_models_scan(folder, prefix, shipped, &problem);
  for (guint i = 0; i < found->len; i++)
    lens_workbench_add_model(self, found->pdata[i]);
  note_at_start(self, problem);
}

/* Shipped, trained here, imported. An imported folder that is gone is left out until it is back. */
static void list_models(LensWorkbench *self)
{
  add_scanned(self, self->data_dir, "", TRUE);
  add_scanned(self, self->state_dir, "my:", FALSE);
  g_autoptr(GPtrArray) imported = lens_store_list_models(self->store, NULL);
  for (guint i = 0; imported && i < imported->len; i++) {
    const LensStoreModel *row = imported->pdata[i];
    g_autoptr(LensModel) model = lens_models_describe(row->path, row->id, FALSE, NULL);
    if (model)
      lens_workbench_add_model(self, model);
  }
  if (!g_list_model_get_n_items(G_LIST_MODEL(self->models))) {
    g_autofree char *text = g_strdup_printf(_("No model was found in %s/models. Install Crosslens "
                                              "with its data, or import a model folder."),
                                            self->data_dir);
    note_at_start(self, text);
  }
}

/* ---- life ---- */

static LensModel *find_for_queue(const char *id, gpointer data)
{
  return id && *id ? lens_workbench_find_model(data, id) : lens_workbench_get_default_model(data);
}

static void on_model_made(LensModel *model, gpointer data)
{
  lens_workbench_add_model(data, model);
}

static void on_queue_notice(const char *text, gpointer data)
{
  lens_workbench_tell(data, g_strdup(text));
}

static void start_parts(LensWorkbench *self)
{
  LensTrainContext context = {
      .data_dir = self->data_dir,
      .state_dir = self->state_dir,
      .store = self->store,
      .gateway = &self->gateway,
      .find_model = find_for_queue,
      .model_made = on_model_made,
      .notice = on_queue_notice,
      .user_data = self,
  };
  note_at_start(self, lens_store_get_notice(self->store));
  list_models(self);
  self->shipped = lens_shipped_list(self->data_dir);
  self->library = lens_library_new(self->store, self->shipped);
  g_signal_connect(self->library, "notice", G_CALLBACK(on_library_notice), self);
  self->session = lens_session_new(self->data_dir, self->state_dir, self->store);
  self->worker = lens_worker_new("session");
  self->queue = lens_train_queue_new(&context);
}

LensWorkbench *lens_workbench_new(const char *data_dir, const char *state_dir, GError **error)
{
  g_autoptr(LensWorkbench) self = g_object_new(LENS_TYPE_WORKBENCH, NULL);
  GError *store_error = NULL;
  lens_engine_speak();
  self->data_dir = choose_data_dir(data_dir);
  self->state_dir = choose_state_dir(state_dir);
  g_autofree char *path = g_build_filename(self->state_dir, "library.db", NULL);
  self->store = lens_store_open(path, &store_error);
  if (!self->store) {
    g_set_error_literal(error, LENS_ERROR, LENS_ERROR_STORE, store_error->message);
    g_error_free(store_error);
    return NULL;
  }
  start_parts(self);
  return g_steal_pointer(&self);
}

void lens_workbench_close(LensWorkbench *self)
{
  if (self->closed)
    return;
  self->closed = TRUE;
  g_cancellable_cancel(self->closing);
  if (self->desk)
    lens_data_desk_close(self->desk);
  if (self->queue)
    lens_train_queue_close(self->queue);
  g_clear_pointer(&self->estimator, lens_worker_free);
  g_clear_pointer(&self->worker, lens_worker_free);
  g_clear_pointer(&self->session, lens_session_free);
  if (self->library) {
    g_signal_handlers_disconnect_by_data(self->library, self);
    lens_library_close(self->library);
  }
  if (self->store)
    lens_store_close(self->store);
}

/* ---- getters ---- */

const char *lens_workbench_get_notice(LensWorkbench *self)
{
  return self->notice;
}

const char *lens_workbench_get_data_dir(LensWorkbench *self)
{
  return self->data_dir;
}

GListModel *lens_workbench_get_models(LensWorkbench *self)
{
  return G_LIST_MODEL(self->models);
}

GListModel *lens_workbench_get_images(LensWorkbench *self)
{
  return lens_library_get_images(self->library);
}

const char *lens_workbench_get_start_image(LensWorkbench *self, const char **question)
{
  if (question)
    *question = NULL;
  if (!self->shipped->len)
    return NULL;
  const LensShippedScene *scene = self->shipped->pdata[0];
  if (question)
    *question = scene->questions[0];
  return scene->path;
}

void lens_workbench_remove_image(LensWorkbench *self, gint64 image_id)
{
  lens_library_remove(self->library, image_id);
}

void lens_workbench_restore_image(LensWorkbench *self, gint64 image_id)
{
  lens_library_restore(self->library, image_id);
}

void lens_workbench_search_images(LensWorkbench *self, const char *needle, gboolean favourites)
{
  lens_library_search(self->library, needle, favourites);
}

gboolean lens_workbench_find_image(LensWorkbench *self, gint64 image_id, guint *position)
{
  return lens_image_list_find(LENS_IMAGE_LIST(lens_workbench_get_images(self)), image_id, position);
}

void lens_workbench_set_favourite(LensWorkbench *self, gint64 image_id, gboolean favourite)
{
  lens_library_set_favourite(self->library, image_id, favourite);
}

static void lens_workbench_finalize(GObject *object)
{
  LensWorkbench *self = LENS_WORKBENCH(object);
  lens_workbench_close(self);
  g_clear_pointer(&self->queue, lens_train_queue_free);
  g_clear_object(&self->desk);
  g_clear_object(&self->library);
  g_clear_object(&self->models);
  g_clear_object(&self->store);
  g_clear_object(&self->closing);
  g_clear_pointer(&self->shipped, g_ptr_array_unref);
  lens_gateway_clear(&self->gateway);
  g_free(self->data_dir);
  g_free(self->state_dir);
  g_free(self->notice);
  G_OBJECT_CLASS(lens_workbench_parent_class)->finalize(object);
}

static void lens_workbench_class_init(LensWorkbenchClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_workbench_finalize;
  signals[NOTICE] = g_signal_new("notice", LENS_TYPE_WORKBENCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[QUESTION_ADDED] = g_signal_new("question-added", LENS_TYPE_WORKBENCH, G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void lens_workbench_init(LensWorkbench *self)
{
  self->models = g_list_store_new(LENS_TYPE_MODEL);
  self->closing = g_cancellable_new();
  lens_gateway_init(&self->gateway);
}
