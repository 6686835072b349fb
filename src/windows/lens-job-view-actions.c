/* What can be done with a finished job: rename, export, delete. */
#include <glib/gi18n.h>

#include "lens-chosen.h"

#include "lens-job-view-private.h"

static LensTrainJob *
finished_job(LensJobView *self)
{
  return LENS_IS_TRAIN_JOB(self->job) && lens_job_is_finished(self->job) ? LENS_TRAIN_JOB(self->job)
                                                                         : NULL;
}

void
lens_job_view_update_actions(LensJobView *self)
{
  LensTrainJob *job = finished_job(self);
  GtkWidget *widget = GTK_WIDGET(self);

  gtk_widget_action_set_enabled(widget, "job.rename", job != NULL);
  gtk_widget_action_set_enabled(widget, "job.delete", job != NULL);
  gtk_widget_action_set_enabled(widget, "job.export", job && lens_train_job_get_model(job));
  gtk_widget_set_visible(GTK_WIDGET(self->menu_button), job != NULL);
}

/* ---- rename ---- */

gboolean
lens_job_view_rename(LensJobView *self, const char *name)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *stripped = g_strstrip(g_strdup(name));

  if (lens_workbench_rename_training(self->workbench, LENS_TRAIN_JOB(self->job), stripped, &error))
    return TRUE;
  lens_job_view_fail(self, error->message);
  return FALSE;
}

static void
on_renamed(AdwMessageDialog *dialog, const char *response, LensJobView *self)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child(dialog);

  if (g_str_equal(response, "rename") && finished_job(self))
    lens_job_view_rename(self, gtk_editable_get_text(GTK_EDITABLE(entry)));
}

static void
rename_job(GtkWidget *widget, const char *action, GVariant *parameter)
{
  LensJobView *self = LENS_JOB_VIEW(widget);
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(gtk_widget_get_root(widget)),
                                             _("Rename the Run and Its Models"), NULL);
  GtkWidget *entry = gtk_entry_new();

  gtk_editable_set_text(GTK_EDITABLE(entry), lens_job_get_title(self->job));
  gtk_entry_set_activates_default(GTK_ENTRY(entry), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name"),
                                 -1);
  adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), entry);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "rename",
                                   _("_Rename"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "rename",
                                             ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "rename");
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_renamed), self, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}

/* ---- export ---- */

static void
on_exported(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensJobView) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path
      = lens_workbench_export_model_finish(LENS_WORKBENCH(source), result, &error);
  g_autofree char *text = path ? g_strdup_printf(_("The model is in %s"), path) : NULL;

  if (path)
    lens_job_view_tell(self, text);
  else
    lens_job_view_fail(self, error->message);
}

void
lens_job_view_export(LensJobView *self, const char *into)
{
  LensTrainJob *job = finished_job(self);
  LensModel *model = job ? lens_train_job_get_best_model(job) : NULL;

  if (job && !model)
    model = lens_train_job_get_model(job);
  if (model)
    lens_workbench_export_model_async(self->workbench, model, into, NULL, on_exported,
                                      g_object_ref(self));
}

static void
on_folder(GtkNativeDialog *chooser, int response, LensJobView *self)
{
  g_autofree char *path = lens_chosen_path(chooser, response);

  if (path)
    lens_job_view_export(self, path);
  g_object_unref(chooser);
}

static void
export_job(GtkWidget *widget, const char *action, GVariant *parameter)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new(_("Export the Model Into a Folder"),
                                    GTK_WINDOW(gtk_widget_get_root(widget)),
                                    GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Export"), NULL);

  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_folder), widget, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* ---- delete ---- */

void
lens_job_view_remove(LensJobView *self)
{
  g_autoptr(LensJob) job = self->job ? g_object_ref(self->job) : NULL;
  g_autoptr(GError) error = NULL;

  if (!finished_job(self))
    return;
  if (lens_workbench_remove_training(self->workbench, LENS_TRAIN_JOB(job), &error))
    lens_job_view_emit_removed(self, job);
  else
    lens_job_view_fail(self, error->message);
}

static void
delete_job(GtkWidget *widget, const char *action, GVariant *parameter)
{
  lens_job_view_remove(LENS_JOB_VIEW(widget));
}

void
lens_job_view_add_actions(GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action(widget_class, "job.rename", NULL, rename_job);
  gtk_widget_class_install_action(widget_class, "job.export", NULL, export_job);
  gtk_widget_class_install_action(widget_class, "job.delete", NULL, delete_job);
}
