#include "lens-train-forecast.h"

#include <glib/gi18n.h>

#include "lens-duration.h"

#define AFTER 700 /* milliseconds without a change */
#define LINES 3   /* of a long error; the tooltip has the rest */

struct _LensTrainForecast {
  GtkWidget parent_instance;

  LensWorkbench *workbench; /* NULL: not yet, or no more */
  LensTrainAsk ask;
  gpointer owner;
  GCancellable *cancellable; /* of the estimate that is being made, or NULL */
  guint timeout;
  GtkWidget *spinner, *label;
};

enum { READY, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensTrainForecast, lens_train_forecast, GTK_TYPE_WIDGET)

static void
say(LensTrainForecast *self, const char *text, const char *tooltip)
{
  gtk_label_set_text(GTK_LABEL(self->label), text);
  gtk_widget_set_tooltip_text(self->label, tooltip);
}

static void
show(LensTrainForecast *self, const LensTrainEstimate *estimate)
{
  g_autofree char *time = lens_format_duration(estimate->seconds);
  g_autofree char *memory = g_format_size(estimate->memory);
  g_autofree char *disk = g_format_size(estimate->disk);
  g_autofree char *text = g_strdup_printf(
      _("About %s · %s of memory · up to %s on disk\n%u steps; %u examples to learn from, %u to "
        "check with"),
      time, memory, disk, estimate->steps, estimate->examples, estimate->validation);

  say(self, text, estimate->load_report);
}

static void
on_estimate(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensTrainForecast) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensTrainEstimate) estimate
      = lens_workbench_estimate_training_finish(LENS_WORKBENCH(source), result, &error);

  if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || !self->workbench
      || g_task_get_cancellable(G_TASK(result)) != self->cancellable)
    return; /* a newer one is under way */
  gtk_spinner_stop(GTK_SPINNER(self->spinner));
  g_clear_object(&self->cancellable);
  if (estimate)
    show(self, estimate);
  else
    say(self, error->message, error->message);
  g_signal_emit(self, signals[READY], 0);
}

static void
stop(LensTrainForecast *self)
{
  g_clear_handle_id(&self->timeout, g_source_remove);
  if (self->cancellable)
    g_cancellable_cancel(self->cancellable);
  g_clear_object(&self->cancellable);
  gtk_spinner_stop(GTK_SPINNER(self->spinner));
}

static gboolean
begin(gpointer data)
{
  LensTrainForecast *self = data;
  g_autofree char *problem = NULL;
  g_autoptr(LensTrainSettings) settings = self->ask(self->owner, &problem);

  self->timeout = 0;
  if (!settings) {
    say(self, problem, problem);
    return G_SOURCE_REMOVE;
  }
  say(self, _("Trying two steps to tell how long it will take…"), NULL);
  gtk_spinner_start(GTK_SPINNER(self->spinner));
  self->cancellable = g_cancellable_new();
  lens_workbench_estimate_training_async(self->workbench, settings, self->cancellable, on_estimate,
                                         g_object_ref(self));
  return G_SOURCE_REMOVE;
}

void
lens_train_forecast_refresh(LensTrainForecast *self)
{
  if (!self->workbench)
    return;
  stop(self);
  self->timeout = g_timeout_add(AFTER, begin, self);
}

void
lens_train_forecast_watch(LensTrainForecast *self, LensWorkbench *workbench, LensTrainAsk ask,
                          gpointer owner)
{
  g_set_object(&self->workbench, workbench);
  self->ask = ask;
  self->owner = owner;
  lens_train_forecast_refresh(self);
}

const char *
lens_train_forecast_get_text(LensTrainForecast *self)
{
  return gtk_label_get_text(GTK_LABEL(self->label));
}

static void
lens_train_forecast_dispose(GObject *object)
{
  LensTrainForecast *self = LENS_TRAIN_FORECAST(object);

  if (self->spinner)
    stop(self);
  g_clear_object(&self->workbench);
  g_clear_pointer(&self->spinner, gtk_widget_unparent);
  g_clear_pointer(&self->label, gtk_widget_unparent);
  G_OBJECT_CLASS(lens_train_forecast_parent_class)->dispose(object);
}

static void
lens_train_forecast_class_init(LensTrainForecastClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_train_forecast_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BOX_LAYOUT);
  signals[READY] = g_signal_new("ready", LENS_TYPE_TRAIN_FORECAST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void
lens_train_forecast_init(LensTrainForecast *self)
{
  GtkLabel *label;

  gtk_box_layout_set_spacing(GTK_BOX_LAYOUT(gtk_widget_get_layout_manager(GTK_WIDGET(self))), 10);
  self->spinner = gtk_spinner_new();
  self->label = gtk_label_new(NULL);
  label = GTK_LABEL(self->label);
  gtk_label_set_xalign(label, 0);
  gtk_label_set_wrap(label, TRUE);
  gtk_label_set_lines(label, LINES);
  gtk_label_set_ellipsize(label, PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(self->label, TRUE);
  gtk_widget_set_size_request(self->label, -1, 40); /* two lines: the dialog does not jump */
  gtk_widget_add_css_class(self->label, "numeric");
  gtk_widget_set_parent(self->spinner, GTK_WIDGET(self));
  gtk_widget_set_parent(self->label, GTK_WIDGET(self));
}
