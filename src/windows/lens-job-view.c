#include "lens-job-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lens-curve.h"
#include "lens-job-row.h"
#include "lens-train-job.h"

enum { FACT_STEP, FACT_LOSS, FACT_ACCURACY, FACT_SPEED, FACT_LEFT, N_FACTS };

struct _LensJobView {
  AdwBin parent_instance;

  LensWorkbench *workbench;
  LensJob *job;

  /* template widgets */
  GtkLabel *title_label, *state_label, *error_label, *settings_label, *report_label;
  GtkButton *pause_button, *stop_button, *use_button;
  GtkProgressBar *progress_bar;
  GtkWidget *error_box;
  LensCurve *curve;
  GtkFlowBox *facts;
  GtkLabel *fact_values[N_FACTS];
};

enum { USE_MODEL, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensJobView, lens_job_view, ADW_TYPE_BIN)

static LensTrainJob *
train_job(LensJobView *self)
{
  return LENS_IS_TRAIN_JOB(self->job) ? LENS_TRAIN_JOB(self->job) : NULL;
}

/* ---- what is shown ---- */

/* "2 h 05 min", "3 min 20 s", "15 s" */
static char *
format_duration(double seconds)
{
  int s = (int)ceil(MAX(seconds, 0));

  if (s >= 3600)
    return g_strdup_printf(_("%d h %02d min"), s / 3600, s / 60 % 60);
  if (s >= 60)
    return g_strdup_printf(_("%d min %02d s"), s / 60, s % 60);
  return g_strdup_printf(_("%d s"), s);
}

static char *
last_value(LensSeries *series, gboolean smooth, const char *format_kind)
{
  guint n = series ? lens_series_get_n_points(series) : 0;
  double step, value;

  if (!n)
    return NULL;
  lens_series_get_point(series, n - 1, &step, &value);
  if (smooth) {
    g_autofree double *mean = g_new(double, n);

    lens_series_smooth(series, 0.92, mean);
    value = mean[n - 1];
  }
  return *format_kind == '%' ? g_strdup_printf("%.1f%%", 100 * value)
                             : g_strdup_printf("%.3f", value);
}

static void
set_fact(LensJobView *self, int fact, char *text)
{
  gtk_label_set_text(self->fact_values[fact], text ? text : "–");
  g_free(text);
}

static void
update_facts(LensJobView *self, LensTrainJob *job)
{
  guint step = lens_train_job_get_step(job), total = lens_train_job_get_total_steps(job);
  double speed = lens_train_job_get_examples_per_second(job);
  double left = lens_train_job_get_seconds_left(job);
  gboolean active = !lens_job_is_finished(self->job);

  set_fact(self, FACT_STEP,
           total ? g_strdup_printf("%u / %u", step, total) : g_strdup_printf("%u", step));
  set_fact(self, FACT_LOSS, last_value(lens_train_job_get_loss_series(job), TRUE, "f"));
  set_fact(self, FACT_ACCURACY, last_value(lens_train_job_get_accuracy_series(job), FALSE, "%"));
  set_fact(self, FACT_SPEED, speed > 0 ? g_strdup_printf(_("%.0f / s"), speed) : NULL);
  set_fact(self, FACT_LEFT, active && left >= 0 ? format_duration(left) : NULL);
  lens_curve_set_total_steps(self->curve, total);
  gtk_label_set_text(self->report_label, lens_train_job_get_load_report(job)
                                             ? lens_train_job_get_load_report(job)
                                             : "");
}

static gboolean
can_resume(LensJobState state)
{
  return state == LENS_JOB_PAUSED || state == LENS_JOB_INTERRUPTED || state == LENS_JOB_FAILED
         || state == LENS_JOB_STOPPED;
}

static void
update_buttons(LensJobView *self)
{
  LensJobState state = lens_job_get_state(self->job);
  LensTrainJob *job = train_job(self);
  gboolean finished = lens_job_is_finished(self->job);

  gtk_widget_set_visible(GTK_WIDGET(self->stop_button), !finished);
  gtk_widget_set_visible(GTK_WIDGET(self->pause_button),
                         job && (state == LENS_JOB_RUNNING || can_resume(state)));
  gtk_button_set_label(self->pause_button,
                       state == LENS_JOB_RUNNING ? _("Pause") : _("Go On"));
  gtk_widget_set_visible(GTK_WIDGET(self->use_button), job && lens_train_job_get_model(job));
}

static void
update(LensJobView *self)
{
  LensJobState state = lens_job_get_state(self->job);
  const char *message = lens_job_get_message(self->job);
  const char *error = lens_job_get_error_text(self->job);
  g_autofree char *text = NULL;

  gtk_label_set_text(self->title_label, lens_job_get_title(self->job));
  text = message && *message && g_strcmp0(message, lens_job_row_state_text(state)) != 0
             ? g_strdup_printf("%s · %s", lens_job_row_state_text(state), message)
             : g_strdup(lens_job_row_state_text(state));
  gtk_label_set_text(self->state_label, text);
  gtk_progress_bar_set_fraction(self->progress_bar,
                                CLAMP(lens_job_get_progress(self->job), 0, 1));
  gtk_widget_set_visible(GTK_WIDGET(self->progress_bar), !lens_job_is_finished(self->job));
  gtk_widget_set_visible(self->error_box, error != NULL);
  gtk_label_set_text(self->error_label, error ? error : "");
  if (train_job(self))
    update_facts(self, train_job(self));
  update_buttons(self);
}

static char *
describe_settings(LensJobView *self, LensTrainSettings *settings)
{
  LensModel *base = self->workbench && settings->base_model_id
                        ? lens_workbench_find_model(self->workbench, settings->base_model_id)
                        : NULL;
  g_autofree char *examples = settings->examples
                                  ? g_strdup_printf(_("%d examples"), settings->examples)
                                  : g_strdup(_("all examples"));

  return g_strdup_printf(_("%s · from %s · %s · %d epochs · batch %d · learning rate %g · seed %u"),
                         lens_task_get_name(settings->task),
                         base ? lens_model_get_name(base) : settings->base_model_id, examples,
                         settings->epochs, settings->batch, settings->learning_rate,
                         (guint)settings->seed);
}

void
lens_job_view_set_job(LensJobView *self, LensJob *job)
{
  LensTrainJob *training;

  if (self->job == job)
    return;
  if (self->job)
    g_signal_handlers_disconnect_by_func(self->job, update, self);
  g_set_object(&self->job, job);
  gtk_widget_set_visible(GTK_WIDGET(self), job != NULL);
  training = train_job(self);
  lens_curve_set_series(self->curve, training ? lens_train_job_get_loss_series(training) : NULL,
                        training ? lens_train_job_get_accuracy_series(training) : NULL);
  gtk_widget_set_visible(GTK_WIDGET(self->curve), training != NULL);
  gtk_widget_set_visible(GTK_WIDGET(self->facts), training != NULL);
  if (!job)
    return;
  if (training) {
    g_autofree char *text = describe_settings(self, lens_train_job_get_settings(training));

    gtk_label_set_text(self->settings_label, text);
  }
  g_signal_connect_object(job, "updated", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  update(self);
}

void
lens_job_view_set_workbench(LensJobView *self, LensWorkbench *workbench)
{
  g_set_object(&self->workbench, workbench);
}

/* ---- what the person does ---- */

static void
on_stop(LensJobView *self)
{
  if (self->job)
    lens_job_cancel(self->job);
}

static void
on_pause(LensJobView *self)
{
  LensTrainJob *job = train_job(self);
  LensJobState state;
  g_autoptr(GError) error = NULL;

  if (!job)
    return;
  state = lens_job_get_state(self->job);
  if (state == LENS_JOB_RUNNING)
    lens_train_job_pause(job);
  else if (state == LENS_JOB_PAUSED)
    lens_train_job_resume(job);
  else if (!lens_workbench_resume_training(self->workbench, job, &error))
    g_signal_emit(self, signals[FAILED], 0, error->message);
}

static void
on_use(LensJobView *self)
{
  LensTrainJob *job = train_job(self);

  if (job && lens_train_job_get_model(job))
    g_signal_emit(self, signals[USE_MODEL], 0, lens_train_job_get_model(job));
}

static void
add_facts(LensJobView *self)
{
  static const char *const names[N_FACTS]
      = { N_("Step"), N_("Loss"), N_("Accuracy"), N_("Examples"), N_("Time left") };

  for (int i = 0; i < N_FACTS; i++) {
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    GtkWidget *name = gtk_label_new(_(names[i])), *value = gtk_label_new("–");

    gtk_widget_add_css_class(box, "fact");
    gtk_widget_add_css_class(name, "caption");
    gtk_widget_add_css_class(name, "dim-label");
    gtk_widget_add_css_class(value, "heading");
    gtk_widget_add_css_class(value, "numeric");
    gtk_box_append(GTK_BOX(box), value);
    gtk_box_append(GTK_BOX(box), name);
    gtk_flow_box_insert(self->facts, box, -1);
    gtk_widget_set_focusable(gtk_widget_get_parent(box), FALSE);
    self->fact_values[i] = GTK_LABEL(value);
  }
}

static void
lens_job_view_dispose(GObject *object)
{
  LensJobView *self = LENS_JOB_VIEW(object);

  if (self->job)
    g_signal_handlers_disconnect_by_func(self->job, update, self);
  g_clear_object(&self->job);
  g_clear_object(&self->workbench);
  G_OBJECT_CLASS(lens_job_view_parent_class)->dispose(object);
}

static void
lens_job_view_class_init(LensJobViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_job_view_dispose;
  signals[USE_MODEL] = g_signal_new("use-model", LENS_TYPE_JOB_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_MODEL);
  signals[FAILED] = g_signal_new("failed", LENS_TYPE_JOB_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure(LENS_TYPE_CURVE);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-job-view.ui");
  gtk_widget_class_bind_template_child(widget_class, LensJobView, title_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, state_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, error_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, settings_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, report_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, pause_button);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, stop_button);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, use_button);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, progress_bar);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, error_box);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, curve);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, facts);
}

static void
lens_job_view_init(LensJobView *self)
{
  gtk_widget_init_template(GTK_WIDGET(self));
  add_facts(self);
  g_signal_connect_object(self->stop_button, "clicked", G_CALLBACK(on_stop), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->pause_button, "clicked", G_CALLBACK(on_pause), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->use_button, "clicked", G_CALLBACK(on_use), self,
                          G_CONNECT_SWAPPED);
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}
