/* What a run holds beside its maps, worked out in the session thread. */
#include "lens-workbench-private.h"

typedef struct {
  LensRun *run, *beside; /* beside NULL: alone */
  int image, beside_image, answer, head;
  LensExplain method;
  char *map;
} Look;

static void look_free(gpointer p)
{
  Look *look = p;
  g_object_unref(look->run);
  g_clear_object(&look->beside);
  g_free(look->map);
  g_free(look);
}

static LensSessionAsk ask_of(LensRun *run)
{
  return (LensSessionAsk){
      .scene = lens_run_get_scene(run),
      .right = lens_run_is_pair(run) ? lens_run_get_scene(lens_run_get_half(run, 1)) : NULL,
      .question = lens_run_get_question(run),
      .model = lens_run_get_model(run),
      .edits = lens_run_get_edits(run)};
}

static void give(GTask *task, gpointer result, GDestroyNotify release, GError *error)
{
  if (result)
    g_task_return_pointer(task, result, release);
  else
    g_task_return_error(task, error);
}

static void explain(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensWorkbench *self = source;
  Look *look = data;
  GError *error = NULL;
  LensSessionAsk ask = ask_of(look->run);
  LensRelevancy *found = lens_session_explain(self->session, &ask, look->image, look->answer,
                                              look->method, cancellable, &error);
  give(task, found, (GDestroyNotify)lens_relevancy_free, error);
}

static void look_at_head(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensWorkbench *self = source;
  Look *look = data;
  GError *error = NULL;
  LensSessionAsk ask = ask_of(look->run);
  LensNeuron *found = lens_session_look_at_head(self->session, &ask, look->image, look->map,
                                                look->head, cancellable, &error);
  give(task, found, (GDestroyNotify)lens_neuron_free, error);
}

static void look_at_states(GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  LensWorkbench *self = source;
  Look *look = data;
  GError *error = NULL;
  LensSessionAsk ask = ask_of(look->run), beside = {0};
  if (look->beside)
    beside = ask_of(look->beside);
  LensStates *found =
      lens_session_look_at_states(self->session, &ask, look->image, look->beside ? &beside : NULL,
                                  look->beside_image, cancellable, &error);
  give(task, found, (GDestroyNotify)lens_states_free, error);
}

/* Takes `look`. */
static void push(LensWorkbench *self, Look *look, gpointer tag, GTaskThreadFunc func,
                 GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr(GTask) task = g_task_new(self, cancellable, callback, user_data);
  g_task_set_source_tag(task, tag);
  g_task_set_task_data(task, look, look_free);
  lens_workbench_push(self, task, func);
}

static Look *look_new(LensRun *run, int image)
{
  Look *look = g_new0(Look, 1);
  look->run = g_object_ref(run);
  look->image = image;
  return look;
}

static gpointer finish(LensWorkbench *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail(g_task_is_valid(result, self), NULL);
  return g_task_propagate_pointer(G_TASK(result), error);
}

void lens_workbench_explain_async(LensWorkbench *self, LensRun *run, int image, int answer,
                                  LensExplain method, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  Look *look = look_new(run, image);
  look->answer = answer;
  look->method = method;
  push(self, look, lens_workbench_explain_async, explain, cancellable, callback, user_data);
}

LensRelevancy *lens_workbench_explain_finish(LensWorkbench *self, GAsyncResult *result,
                                             GError **error)
{
  return finish(self, result, error);
}

void lens_workbench_look_at_head_async(LensWorkbench *self, LensRun *run, int image,
                                       const char *map, int head, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data)
{
  Look *look = look_new(run, image);
  look->map = g_strdup(map);
  look->head = head;
  push(self, look, lens_workbench_look_at_head_async, look_at_head, cancellable, callback,
       user_data);
}

LensNeuron *lens_workbench_look_at_head_finish(LensWorkbench *self, GAsyncResult *result,
                                               GError **error)
{
  return finish(self, result, error);
}

void lens_workbench_look_at_states_async(LensWorkbench *self, LensRun *run, int image,
                                         LensRun *beside, int beside_image,
                                         GCancellable *cancellable, GAsyncReadyCallback callback,
                                         gpointer user_data)
{
  Look *look = look_new(run, image);
  g_set_object(&look->beside, beside);
  look->beside_image = beside_image;
  push(self, look, lens_workbench_look_at_states_async, look_at_states, cancellable, callback,
       user_data);
}

LensStates *lens_workbench_look_at_states_finish(LensWorkbench *self, GAsyncResult *result,
                                                 GError **error)
{
  return finish(self, result, error);
}
