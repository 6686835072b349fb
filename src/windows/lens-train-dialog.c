#include "lens-train-dialog.h"

#include <glib/gi18n.h>
#include <math.h>

struct _LensTrainDialog {
  AdwWindow parent_instance;

  LensWorkbench *workbench;
  char *data_folder; /* NULL: the demo questions */

  /* template widgets */
  GtkButton *cancel_button, *start_button, *demo_button, *data_button;
  GtkInfoBar *error_bar;
  GtkLabel *error_label;
  GtkEditable *name_row, *rate_row;
  AdwComboRow *base_row, *task_row;
  AdwActionRow *data_row;
  GtkSpinButton *examples_spin, *epochs_spin, *batch_spin, *seed_spin;
  GtkSwitch *freeze_language, *freeze_vision, *freeze_cross;
};

enum { STARTED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const LensTask tasks[]
    = { LENS_TASK_VQA, LENS_TASK_GQA, LENS_TASK_NLVR2, LENS_TASK_PRETRAIN };

G_DEFINE_FINAL_TYPE(LensTrainDialog, lens_train_dialog, ADW_TYPE_WINDOW)

static void
show_problem(LensTrainDialog *self, const char *problem)
{
  gtk_label_set_text(self->error_label, problem ? problem : "");
  gtk_info_bar_set_revealed(self->error_bar, problem != NULL);
}

static gboolean
parse_rate(const char *text, double *rate)
{
  char *end;

  *rate = g_ascii_strtod(text, &end);
  return end != text && *end == '\0' && isfinite(*rate) && *rate > 0 && *rate <= 1;
}

LensTrainSettings *
lens_train_dialog_get_settings(LensTrainDialog *self, char **problem)
{
  g_autoptr(LensTrainSettings) settings
      = lens_train_settings_new(tasks[adw_combo_row_get_selected(self->task_row)]);
  LensModel *base = adw_combo_row_get_selected_item(self->base_row);
  g_autofree char *name = g_strstrip(g_strdup(gtk_editable_get_text(self->name_row)));

  if (!base) {
    *problem = g_strdup(_("There is no model to begin from. Import one first."));
    return NULL;
  }
  if (!*name) {
    *problem = g_strdup(_("Give the new model a name."));
    return NULL;
  }
  if (!parse_rate(gtk_editable_get_text(self->rate_row), &settings->learning_rate)) {
    *problem = g_strdup(_("The learning rate must be a number above 0 and at most 1, such as 5e-5."));
    return NULL;
  }
  settings->name = g_steal_pointer(&name);
  settings->base_model_id = g_strdup(lens_model_get_id(base));
  if (self->data_folder) {
    g_free(settings->data);
    settings->data = g_strdup(self->data_folder);
  }
  settings->examples = gtk_spin_button_get_value_as_int(self->examples_spin);
  settings->epochs = gtk_spin_button_get_value_as_int(self->epochs_spin);
  settings->batch = gtk_spin_button_get_value_as_int(self->batch_spin);
  settings->seed = (guint64)gtk_spin_button_get_value(self->seed_spin);
  settings->freeze_language = gtk_switch_get_active(self->freeze_language);
  settings->freeze_vision = gtk_switch_get_active(self->freeze_vision);
  settings->freeze_cross = gtk_switch_get_active(self->freeze_cross);
  return g_steal_pointer(&settings);
}

void
lens_train_dialog_start(LensTrainDialog *self)
{
  g_autofree char *problem = NULL;
  g_autoptr(LensTrainSettings) settings = lens_train_dialog_get_settings(self, &problem);
  g_autoptr(GError) error = NULL;
  LensTrainJob *job;

  if (!settings) {
    show_problem(self, problem);
    return;
  }
  job = lens_workbench_start_training(self->workbench, settings, &error);
  if (!job) {
    show_problem(self, error->message);
    return;
  }
  g_signal_emit(self, signals[STARTED], 0, job);
  gtk_window_close(GTK_WINDOW(self));
}

/* ---- filling in ---- */

static void
suggest_name(LensTrainDialog *self)
{
  LensModel *base = adw_combo_row_get_selected_item(self->base_row);
  g_autofree char *name = NULL;

  if (!base)
    return;
  name = g_strdup_printf("%s-%s", lens_model_get_name(base),
                         lens_task_get_id(tasks[adw_combo_row_get_selected(self->task_row)]));
  gtk_editable_set_text(self->name_row, name);
}

static void
fill_for_task(LensTrainDialog *self)
{
  g_autoptr(LensTrainSettings) settings
      = lens_train_settings_new(tasks[adw_combo_row_get_selected(self->task_row)]);
  char rate[G_ASCII_DTOSTR_BUF_SIZE];

  gtk_spin_button_set_value(self->examples_spin, settings->examples);
  gtk_spin_button_set_value(self->epochs_spin, settings->epochs);
  gtk_spin_button_set_value(self->batch_spin, settings->batch);
  gtk_editable_set_text(self->rate_row,
                        g_ascii_formatd(rate, sizeof rate, "%g", settings->learning_rate));
  suggest_name(self);
}

static void
show_data(LensTrainDialog *self)
{
  g_autofree char *name
      = self->data_folder ? g_filename_display_name(self->data_folder) : NULL;

  adw_action_row_set_subtitle(self->data_row, name ? name : _("Demo questions"));
  gtk_widget_set_visible(GTK_WIDGET(self->demo_button), self->data_folder != NULL);
}

static void
on_folder(GtkNativeDialog *chooser, int response, LensTrainDialog *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));

    g_free(self->data_folder);
    self->data_folder = g_file_get_path(file);
    show_data(self);
  }
  g_object_unref(chooser);
}

static void
choose_folder(LensTrainDialog *self)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new(_("Data Folder"), GTK_WINDOW(self),
                                    GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);

  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_folder), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void
use_demo(LensTrainDialog *self)
{
  g_clear_pointer(&self->data_folder, g_free);
  show_data(self);
}

LensTrainDialog *
lens_train_dialog_new(GtkWindow *parent, LensWorkbench *workbench, LensModel *base)
{
  LensTrainDialog *self = g_object_new(LENS_TYPE_TRAIN_DIALOG, "transient-for", parent, NULL);
  GListModel *models = lens_workbench_get_models(workbench);
  guint n = g_list_model_get_n_items(models);

  self->workbench = g_object_ref(workbench);
  adw_combo_row_set_model(self->base_row, models);
  if (!base)
    base = lens_workbench_get_default_model(workbench);
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(models, i);

    if (model == base)
      adw_combo_row_set_selected(self->base_row, i);
  }
  suggest_name(self);
  return self;
}

static void
lens_train_dialog_dispose(GObject *object)
{
  LensTrainDialog *self = LENS_TRAIN_DIALOG(object);

  g_clear_object(&self->workbench);
  g_clear_pointer(&self->data_folder, g_free);
  G_OBJECT_CLASS(lens_train_dialog_parent_class)->dispose(object);
}

static void
lens_train_dialog_class_init(LensTrainDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_train_dialog_dispose;
  signals[STARTED] = g_signal_new("started", LENS_TYPE_TRAIN_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_TRAIN_JOB);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-train-dialog.ui");
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, cancel_button);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, start_button);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, demo_button);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, data_button);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, error_bar);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, error_label);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, name_row);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, rate_row);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, base_row);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, task_row);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, data_row);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, examples_spin);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, epochs_spin);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, batch_spin);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, seed_spin);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, freeze_language);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, freeze_vision);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, freeze_cross);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lens_train_dialog_init(LensTrainDialog *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  g_autoptr(GtkExpression) expression
      = gtk_property_expression_new(LENS_TYPE_MODEL, NULL, "name");

  gtk_widget_init_template(GTK_WIDGET(self));
  adw_combo_row_set_expression(self->base_row, expression);
  for (gsize i = 0; i < G_N_ELEMENTS(tasks); i++)
    gtk_string_list_append(names, lens_task_get_name(tasks[i]));
  adw_combo_row_set_model(self->task_row, G_LIST_MODEL(names));
  g_signal_connect_object(self->cancel_button, "clicked", G_CALLBACK(gtk_window_close), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->start_button, "clicked", G_CALLBACK(lens_train_dialog_start), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->task_row, "notify::selected", G_CALLBACK(fill_for_task), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->base_row, "notify::selected", G_CALLBACK(suggest_name), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->data_button, "clicked", G_CALLBACK(choose_folder), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->demo_button, "clicked", G_CALLBACK(use_demo), self,
                          G_CONNECT_SWAPPED);
  fill_for_task(self);
}
