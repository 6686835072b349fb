/* Opening data on the Data page, and its dialogs. */
#include "lens-data-page-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lens-chosen.h"

static void
on_chosen(GtkNativeDialog *chooser, int response, LensDataPage *self)
{
  g_autofree char *path = lens_chosen_path(chooser, response);

  if (path)
    lens_data_page_open(self, path);
  g_object_unref(chooser);
}

void
lens_data_page_choose(LensDataPage *self, gboolean folder)
{
  GtkWindow *window = GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self)));
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
      folder ? _("Open a Folder of Data") : _("Open Questions or Features"), window,
      folder ? GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER : GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  if (!folder) {
    g_autoptr(GtkFileFilter) known = gtk_file_filter_new();

    gtk_file_filter_set_name(known, _("Questions (.json, .csv) and features (.tsv)"));
    gtk_file_filter_add_pattern(known, "*.json");
    gtk_file_filter_add_pattern(known, "*.csv");
    gtk_file_filter_add_pattern(known, "*.tsv");
    gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), known);
  }
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_chosen), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* ---- which of several ---- */

static void
on_picked(AdwMessageDialog *dialog, const char *response, LensDataPage *self)
{
  GPtrArray *sources = g_object_get_data(G_OBJECT(dialog), "sources");
  GtkWidget *check = gtk_widget_get_first_child(adw_message_dialog_get_extra_child(dialog));

  if (!g_str_equal(response, "open"))
    return;
  for (guint i = 0; check && i < sources->len; i++, check = gtk_widget_get_next_sibling(check))
    if (gtk_check_button_get_active(GTK_CHECK_BUTTON(check)))
      lens_data_desk_open(lens_data_page_get_desk(self), sources->pdata[i]);
}

void
lens_data_page_pick(LensDataPage *self, GPtrArray *sources)
{
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))),
                                             _("Which data sets?"), NULL);
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);

  for (guint i = 0; i < sources->len; i++) {
    const LensDataSource *source = sources->pdata[i];
    g_autofree char *kind = g_ascii_strup(source->kind, -1);
    g_autofree char *label = g_strdup_printf("%s  (%s)", source->name, kind);
    GtkWidget *check = gtk_check_button_new_with_label(label);

    /* training lists are long and rarely what one wants to look at */
    gtk_check_button_set_active(GTK_CHECK_BUTTON(check), !strstr(source->name, "train"));
    gtk_box_append(GTK_BOX(box), check);
  }
  adw_message_dialog_set_extra_child(ADW_MESSAGE_DIALOG(dialog), box);
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "open",
                                   _("_Open"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "open",
                                             ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response(ADW_MESSAGE_DIALOG(dialog), "open");
  g_object_set_data_full(G_OBJECT(dialog), "sources", g_ptr_array_ref(sources),
                         (GDestroyNotify)g_ptr_array_unref);
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_picked), self, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}

/* ---- submission ---- */

static void
on_submitted(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataPage) self = data;
  g_autoptr(GError) error = NULL;

  if (lens_data_desk_submit_finish(LENS_DATA_DESK(source), result, &error))
    g_signal_emit_by_name(self, "told", _("The submission file was written"));
  else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit_by_name(self, "failed", error->message);
}

typedef struct {
  LensDataSet *set;
  gint64 evaluation_id;
} Submission;

static void
submission_free(gpointer data, GClosure *closure)
{
  Submission *submission = data;

  g_object_unref(submission->set);
  g_free(submission);
}

static void
on_named(GtkNativeDialog *chooser, int response, Submission *submission)
{
  LensDataPage *self = g_object_get_data(G_OBJECT(chooser), "page");
  g_autofree char *path = lens_chosen_path(chooser, response);

  if (path)
    lens_data_desk_submit_async(lens_data_page_get_desk(self), submission->set,
                                submission->evaluation_id, path, NULL, on_submitted,
                                g_object_ref(self));
  g_object_unref(chooser);
}

void
lens_data_page_submit(LensDataPage *self, LensDataSet *set, LensDataEvaluation *evaluation)
{
  const LensDataSource *source = lens_data_set_get_source(set);
  gboolean pairs = g_str_equal(source->kind, "nlvr2");
  g_autofree char *name = g_strdup_printf("%s_%s.%s", lens_data_evaluation_get_model_id(evaluation),
                                          source->kind, pairs ? "csv" : "json");
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new(_("Save the Submission"),
                                    GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self))),
                                    GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  Submission *submission = g_new0(Submission, 1);

  submission->set = g_object_ref(set);
  submission->evaluation_id = lens_data_evaluation_get_id(evaluation);
  g_object_set_data_full(G_OBJECT(chooser), "page", g_object_ref(self), g_object_unref);
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), g_strdelimit(name, ":/", '-'));
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_data(chooser, "response", G_CALLBACK(on_named), submission, submission_free, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* ---- what is found there ---- */

static void
on_found(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = lens_data_desk_find_finish(LENS_DATA_DESK(source), result, &error);

  if (!self->desk || !found) {
    if (self->desk && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      lens_data_page_fail(self, error->message);
    return;
  }
  if (found->len > 1) {
    lens_data_page_pick(self, found);
    return;
  }
  lens_data_desk_open(self->desk, found->pdata[0]);
  gtk_single_selection_set_selected(self->set_selection, 0);
}

static void
on_demo_found(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) found = lens_data_desk_find_finish(LENS_DATA_DESK(source), result, &error);

  if (!self->desk)
    return;
  if (!found)
    lens_data_page_fail(self, error->message);
  for (guint i = 0; found && i < found->len; i++)
    lens_data_desk_open(self->desk, found->pdata[i]);
  gtk_single_selection_set_selected(self->set_selection, 0);
}

void
lens_data_page_open(LensDataPage *self, const char *path)
{
  if (self->desk)
    lens_data_desk_find_async(self->desk, path, NULL, path ? on_found : on_demo_found,
                              g_object_ref(self));
}
