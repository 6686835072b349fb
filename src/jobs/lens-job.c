#include "lens-job.h"

/* What was reported and not yet shown. */
typedef struct {
  gboolean progress_set, state_set;
  double progress;
  char *message;
  LensJobState state;
  char *error_text;
} Pending;

typedef struct {
  /* the main thread's */
  char *title;
  LensJobState state;
  double progress;
  char *message;
  char *error_text;
  /* behind the lock */
  GMutex lock;
  Pending pending;
  GSource *idle;
  /* owned */
  GMainContext *context;
} LensJobPrivate;

enum {
  PROP_0,
  PROP_TITLE,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_MESSAGE,
  PROP_ERROR_TEXT,
  PROP_FINISHED,
  N_PROPS
};

static GParamSpec *props[N_PROPS];
static guint updated_signal;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(LensJob, lens_job, G_TYPE_OBJECT)

#define PRIVATE(self) ((LensJobPrivate *)lens_job_get_instance_private(self))

static const GEnumValue state_values[] = {
    {LENS_JOB_QUEUED, "LENS_JOB_QUEUED", "queued"},
    {LENS_JOB_RUNNING, "LENS_JOB_RUNNING", "running"},
    {LENS_JOB_PAUSED, "LENS_JOB_PAUSED", "paused"},
    {LENS_JOB_DONE, "LENS_JOB_DONE", "done"},
    {LENS_JOB_FAILED, "LENS_JOB_FAILED", "failed"},
    {LENS_JOB_STOPPED, "LENS_JOB_STOPPED", "stopped"},
    {LENS_JOB_INTERRUPTED, "LENS_JOB_INTERRUPTED", "interrupted"},
    {0, NULL, NULL},
};

GType lens_job_state_get_type(void)
{
  static GType type;
  if (g_once_init_enter(&type))
    g_once_init_leave(&type, g_enum_register_static("LensJobState", state_values));
  return type;
}

const char *lens_job_state_name(LensJobState state)
{
  return state_values[state].value_nick;
}

LensJobState lens_job_state_from_name(const char *name)
{
  for (const GEnumValue *value = state_values; value->value_nick; value++)
    if (g_strcmp0(value->value_nick, name) == 0)
      return (LensJobState)value->value;
  return LENS_JOB_INTERRUPTED;
}

/* ---- reports ---- */

static gboolean set_string(char **at, char *value)
{
  gboolean changed = g_strcmp0(*at, value) != 0;
  g_free(*at);
  *at = value;
  return changed;
}

static void show(LensJob *self, Pending *pending)
{
  LensJobPrivate *priv = PRIVATE(self);
  GObject *object = G_OBJECT(self);
  gboolean was_finished = lens_job_is_finished(self);

  g_object_freeze_notify(object);
  if (pending->progress_set && priv->progress != pending->progress) {
    priv->progress = pending->progress;
    g_object_notify_by_pspec(object, props[PROP_PROGRESS]);
  }
  if (pending->message && set_string(&priv->message, g_steal_pointer(&pending->message)))
    g_object_notify_by_pspec(object, props[PROP_MESSAGE]);
  if (pending->state_set) {
    if (set_string(&priv->error_text, g_steal_pointer(&pending->error_text)))
      g_object_notify_by_pspec(object, props[PROP_ERROR_TEXT]);
    if (priv->state != pending->state) {
      priv->state = pending->state;
      g_object_notify_by_pspec(object, props[PROP_STATE]);
    }
    if (was_finished != lens_job_is_finished(self))
      g_object_notify_by_pspec(object, props[PROP_FINISHED]);
  }
  if (LENS_JOB_GET_CLASS(self)->publish)
    LENS_JOB_GET_CLASS(self)->publish(self);
  g_object_thaw_notify(object);
  g_signal_emit(self, updated_signal, 0);
}

void lens_job_flush(LensJob *self)
{
  LensJobPrivate *priv = PRIVATE(self);
  g_mutex_lock(&priv->lock);
  Pending pending = priv->pending;
  GSource *idle = g_steal_pointer(&priv->idle);
  priv->pending = (Pending){0};
  g_mutex_unlock(&priv->lock);
  if (!idle)
    return;

  g_object_ref(self);
  g_source_destroy(idle); /* drops the reference that it held */
  g_source_unref(idle);
  show(self, &pending);
  g_free(pending.message);
  g_free(pending.error_text);
  g_object_unref(self);
}

static gboolean on_idle(gpointer self)
{
  lens_job_flush(self);
  return G_SOURCE_REMOVE;
}

/* Called with the lock held. */
static void want_idle(LensJob *self)
{
  LensJobPrivate *priv = PRIVATE(self);
  if (priv->idle)
    return;
  priv->idle = g_idle_source_new();
  g_source_set_callback(priv->idle, on_idle, g_object_ref(self), g_object_unref);
  g_source_attach(priv->idle, priv->context);
}

void lens_job_report(LensJob *self, double progress, const char *message)
{
  LensJobPrivate *priv = PRIVATE(self);
  g_mutex_lock(&priv->lock);
  priv->pending.progress_set = TRUE;
  priv->pending.progress = CLAMP(progress, 0, 1);
  if (message) {
    g_free(priv->pending.message);
    priv->pending.message = g_strdup(message);
  }
  want_idle(self);
  g_mutex_unlock(&priv->lock);
}

void lens_job_report_state(LensJob *self, LensJobState state, const char *error_text)
{
  LensJobPrivate *priv = PRIVATE(self);
  g_mutex_lock(&priv->lock);
  priv->pending.state_set = TRUE;
  priv->pending.state = state;
  g_free(priv->pending.error_text);
  priv->pending.error_text = g_strdup(error_text);
  want_idle(self);
  g_mutex_unlock(&priv->lock);
}

void lens_job_report_changed(LensJob *self)
{
  LensJobPrivate *priv = PRIVATE(self);
  g_mutex_lock(&priv->lock);
  want_idle(self);
  g_mutex_unlock(&priv->lock);
}

void lens_job_cancel(LensJob *self)
{
  if (LENS_JOB_GET_CLASS(self)->cancel)
    LENS_JOB_GET_CLASS(self)->cancel(self);
}

/* ---- properties ---- */

const char *lens_job_get_title(LensJob *self)
{
  return PRIVATE(self)->title;
}

void lens_job_set_title(LensJob *self, const char *title)
{
  if (!set_string(&PRIVATE(self)->title, g_strdup(title)))
    return;
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_TITLE]);
  g_signal_emit(self, updated_signal, 0);
}

LensJobState lens_job_get_state(LensJob *self)
{
  return PRIVATE(self)->state;
}

double lens_job_get_progress(LensJob *self)
{
  return PRIVATE(self)->progress;
}

const char *lens_job_get_message(LensJob *self)
{
  return PRIVATE(self)->message;
}

const char *lens_job_get_error_text(LensJob *self)
{
  return PRIVATE(self)->error_text;
}

gboolean lens_job_is_finished(LensJob *self)
{
  return PRIVATE(self)->state > LENS_JOB_PAUSED;
}

static void lens_job_get_property(GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  LensJob *self = LENS_JOB(object);
  LensJobPrivate *priv = PRIVATE(self);
  switch (id) {
  case PROP_TITLE:
    g_value_set_string(value, priv->title);
    break;
  case PROP_STATE:
    g_value_set_enum(value, (int)priv->state);
    break;
  case PROP_PROGRESS:
    g_value_set_double(value, priv->progress);
    break;
  case PROP_MESSAGE:
    g_value_set_string(value, priv->message);
    break;
  case PROP_ERROR_TEXT:
    g_value_set_string(value, priv->error_text);
    break;
  case PROP_FINISHED:
    g_value_set_boolean(value, lens_job_is_finished(self));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

/* Only at construction: later changes come as reports. */
static void lens_job_set_property(GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  LensJobPrivate *priv = PRIVATE(LENS_JOB(object));
  switch (id) {
  case PROP_TITLE:
    priv->title = g_value_dup_string(value);
    break;
  case PROP_STATE:
    priv->state = (LensJobState)g_value_get_enum(value);
    break;
  case PROP_PROGRESS:
    priv->progress = g_value_get_double(value);
    break;
  case PROP_MESSAGE:
    priv->message = g_value_get_string(value) ? g_value_dup_string(value) : g_strdup("");
    break;
  case PROP_ERROR_TEXT:
    priv->error_text = g_value_dup_string(value);
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, spec);
  }
}

static void lens_job_finalize(GObject *object)
{
  LensJobPrivate *priv = PRIVATE(LENS_JOB(object));
  g_free(priv->title);
  g_free(priv->message);
  g_free(priv->error_text);
  g_free(priv->pending.message);
  g_free(priv->pending.error_text);
  g_main_context_unref(priv->context);
  g_mutex_clear(&priv->lock);
  G_OBJECT_CLASS(lens_job_parent_class)->finalize(object);
}

static void lens_job_class_init(LensJobClass *klass)
{
  const GParamFlags flags =
      G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GObjectClass *object = G_OBJECT_CLASS(klass);
  object->get_property = lens_job_get_property;
  object->set_property = lens_job_set_property;
  object->finalize = lens_job_finalize;

  props[PROP_TITLE] = g_param_spec_string("title", NULL, NULL, NULL, flags);
  props[PROP_STATE] =
      g_param_spec_enum("state", NULL, NULL, LENS_TYPE_JOB_STATE, LENS_JOB_QUEUED, flags);
  props[PROP_PROGRESS] = g_param_spec_double("progress", NULL, NULL, 0, 1, 0, flags);
  props[PROP_MESSAGE] = g_param_spec_string("message", NULL, NULL, "", flags);
  props[PROP_ERROR_TEXT] = g_param_spec_string("error-text", NULL, NULL, NULL, flags);
  props[PROP_FINISHED] = g_param_spec_boolean("finished", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(object, N_PROPS, props);
  updated_signal = g_signal_new("updated", LENS_TYPE_JOB, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
}

static void lens_job_init(LensJob *self)
{
  LensJobPrivate *priv = PRIVATE(self);
  g_mutex_init(&priv->lock);
  priv->context = g_main_context_ref_thread_default();
}
