#include "lens-job-row.h"

#include <glib/gi18n.h>

#include "lens-cut-label.h"
#include "lens-row-name.h"

struct _LensJobRow {
  GtkWidget parent_instance;

  LensJob *job;
  GtkWidget *box, *title, *state, *bar;
};

G_DEFINE_FINAL_TYPE(LensJobRow, lens_job_row, GTK_TYPE_WIDGET)

GtkWidget *
lens_job_row_new(void)
{
  return g_object_new(LENS_TYPE_JOB_ROW, NULL);
}

const char *
lens_job_row_state_text(LensJobState state)
{
  switch (state) {
  case LENS_JOB_QUEUED:
    return _("Waiting");
  case LENS_JOB_RUNNING:
    return _("Running");
  case LENS_JOB_PAUSED:
    return _("Paused");
  case LENS_JOB_DONE:
    return _("Done");
  case LENS_JOB_FAILED:
    return _("Failed");
  case LENS_JOB_STOPPED:
    return _("Stopped");
  case LENS_JOB_INTERRUPTED:
    return _("Interrupted");
  }
  return "";
}

static void
update(LensJobRow *self)
{
  gboolean active = !lens_job_is_finished(self->job);
  const char *title = lens_job_get_title(self->job);

  if (g_strcmp0(gtk_label_get_text(GTK_LABEL(self->title)), title) != 0)
    lens_cut_label_set_text(GTK_LABEL(self->title), title); /* a narrow list shortens it */
  gtk_label_set_text(GTK_LABEL(self->state),
                     lens_job_row_state_text(lens_job_get_state(self->job)));
  gtk_progress_bar_set_fraction(GTK_PROGRESS_BAR(self->bar),
                                CLAMP(lens_job_get_progress(self->job), 0, 1));
  gtk_widget_set_visible(self->bar, active);
  lens_row_name_labels(GTK_WIDGET(self), GTK_LABEL(self->title), GTK_LABEL(self->state));
}

void
lens_job_row_bind(LensJobRow *self, LensJob *job)
{
  if (self->job)
    g_signal_handlers_disconnect_by_func(self->job, update, self);
  g_set_object(&self->job, job);
  if (!job)
    return;
  g_signal_connect_object(job, "updated", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  update(self);
}

static void
lens_job_row_dispose(GObject *object)
{
  LensJobRow *self = LENS_JOB_ROW(object);

  lens_job_row_bind(self, NULL);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(lens_job_row_parent_class)->dispose(object);
}

static void
lens_job_row_class_init(LensJobRowClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_job_row_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
lens_job_row_init(LensJobRow *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);

  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_set_margin_top(self->box, 6);
  gtk_widget_set_margin_bottom(self->box, 6);
  self->title = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->title), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->title), PANGO_ELLIPSIZE_END);
  gtk_widget_set_hexpand(self->title, TRUE);
  self->state = gtk_label_new(NULL);
  gtk_widget_add_css_class(self->state, "caption");
  gtk_widget_add_css_class(self->state, "dim-label");
  self->bar = gtk_progress_bar_new();
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Progress"), -1);
  gtk_box_append(GTK_BOX(line), self->title);
  gtk_box_append(GTK_BOX(line), self->state);
  gtk_box_append(GTK_BOX(self->box), line);
  gtk_box_append(GTK_BOX(self->box), self->bar);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}
