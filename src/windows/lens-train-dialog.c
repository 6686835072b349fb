#include "lens-train-dialog.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lens-chosen.h"
#include "lens-spoken.h"
#include "lens-train-forecast.h"
#include "lens-train-suggest.h"

struct _LensTrainDialog {
  AdwWindow parent_instance;

  LensWorkbench *workbench;
  char *data_folder;    /* NULL: the demo questions */
  LensModel *shown;     /* on the Explore page when the dialog opened; may be NULL */
  char *suggested_name; /* what the name was set to last; NULL: not yet */
  gpointer suggested;   /* what the base row was set to last; borrowed, only compared */
  gboolean filling;     /* values are being set for a task */

  /* template widgets */
  GtkButton *cancel_button, *start_button, *demo_button, *data_button;
  GtkMenuButton *sets_button;
  GtkInfoBar *error_bar;
  GtkLabel *error_label;
  GtkEditable *name_row, *rate_row;
  AdwComboRow *base_row, *task_row, *images_row;
  AdwActionRow *data_row;
  GtkSpinButton *examples_spin, *epochs_spin, *batch_spin, *seed_spin;
  GtkSpinButton *accumulate_spin, *warmup_spin, *dropout_spin;
  GtkSwitch *freeze_embeddings, *freeze_language, *freeze_vision, *freeze_cross, *freeze_heads;
  GtkSwitch *dropout_switch, *multi_class;
  GtkWidget *loss_row;
  LensTrainForecast *forecast;
};

enum { STARTED, ESTIMATED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const LensTask tasks[]
    = { LENS_TASK_VQA, LENS_TASK_GQA, LENS_TASK_NLVR2, LENS_TASK_PRETRAIN };

/* Of each feature file, as the authors' switches have it; in the order of the list. */
static const int subsets[] = { 0, 5000, 512 };

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
    *problem
        = g_strdup(_("The learning rate must be a number above 0 and at most 1, such as 5e-5."));
    return NULL;
  }
  settings->name = g_steal_pointer(&name);
  settings->base_model_id = g_strdup(lens_model_get_id(base));
  if (self->data_folder) {
    g_free(settings->data);
    settings->data = g_strdup(self->data_folder);
  }
  settings->images = subsets[adw_combo_row_get_selected(self->images_row)];
  settings->examples = gtk_spin_button_get_value_as_int(self->examples_spin);
  settings->epochs = gtk_spin_button_get_value_as_int(self->epochs_spin);
  settings->batch = gtk_spin_button_get_value_as_int(self->batch_spin);
  settings->accumulate = gtk_spin_button_get_value_as_int(self->accumulate_spin);
  settings->warmup = gtk_spin_button_get_value(self->warmup_spin) / 100;
  settings->dropout = gtk_switch_get_active(self->dropout_switch)
                          ? gtk_spin_button_get_value(self->dropout_spin)
                          : -1;
  settings->multi_class
      = gtk_widget_get_visible(self->loss_row) && gtk_switch_get_active(self->multi_class);
  settings->seed = (guint64)gtk_spin_button_get_value(self->seed_spin);
  settings->freeze_language = gtk_switch_get_active(self->freeze_language);
  settings->freeze_vision = gtk_switch_get_active(self->freeze_vision);
  settings->freeze_cross = gtk_switch_get_active(self->freeze_cross);
  settings->freeze_embeddings = gtk_switch_get_active(self->freeze_embeddings);
  settings->freeze_heads = gtk_switch_get_active(self->freeze_heads);
  return g_steal_pointer(&settings);
}

/* A number just typed counts only when its field is left, which Alt+S does not do. */
static void
take_typed(LensTrainDialog *self)
{
  GtkSpinButton *spins[]
      = { self->examples_spin,   self->epochs_spin, self->batch_spin,  self->seed_spin,
          self->accumulate_spin, self->warmup_spin, self->dropout_spin };

  for (gsize i = 0; i < G_N_ELEMENTS(spins); i++)
    gtk_spin_button_update(spins[i]);
}

void
lens_train_dialog_start(LensTrainDialog *self)
{
  g_autofree char *problem = NULL;
  g_autoptr(LensTrainSettings) settings = NULL;
  g_autoptr(GError) error = NULL;
  LensTrainJob *job;

  take_typed(self);
  settings = lens_train_dialog_get_settings(self, &problem);
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

/* ---- the estimate ---- */

static LensTrainSettings *
ask_settings(gpointer self, char **problem)
{
  return lens_train_dialog_get_settings(self, problem);
}

static void
on_forecast(LensTrainDialog *self)
{
  g_signal_emit(self, signals[ESTIMATED], 0);
}

static void
estimate_soon(LensTrainDialog *self)
{
  if (!self->filling)
    lens_train_forecast_refresh(self->forecast);
}

const char *
lens_train_dialog_get_estimate(LensTrainDialog *self)
{
  return lens_train_forecast_get_text(self->forecast);
}

/* ---- filling in ---- */

static void
suggest_name(LensTrainDialog *self)
{
  LensModel *base = adw_combo_row_get_selected_item(self->base_row);

  if (!base)
    return;
  if (self->suggested_name
      && g_strcmp0(gtk_editable_get_text(self->name_row), self->suggested_name) != 0)
    return; /* a person's own */
  g_free(self->suggested_name);
  self->suggested_name = lens_train_suggest_name(self->workbench, base,
                                                 tasks[adw_combo_row_get_selected(self->task_row)]);
  gtk_editable_set_text(self->name_row, self->suggested_name);
}

/* Leaves alone what a person picked. */
static void
suggest_base(LensTrainDialog *self)
{
  GListModel *models = adw_combo_row_get_model(self->base_row);
  LensModel *base;

  if (!self->workbench || adw_combo_row_get_selected_item(self->base_row) != self->suggested)
    return;
  base = lens_train_suggest_base(self->workbench, tasks[adw_combo_row_get_selected(self->task_row)],
                                 self->shown, self->data_folder == NULL);
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(models, i);

    if (model == base)
      adw_combo_row_set_selected(self->base_row, i);
  }
  self->suggested = adw_combo_row_get_selected_item(self->base_row);
}

/* The paper's values for a data folder, those for few questions with the demo. */
static void
fill_for_task(LensTrainDialog *self)
{
  LensTask task = tasks[adw_combo_row_get_selected(self->task_row)];
  g_autoptr(LensTrainSettings) settings
      = self->data_folder ? lens_train_settings_new(task) : lens_train_settings_new_demo(task);
  char rate[G_ASCII_DTOSTR_BUF_SIZE];

  self->filling = TRUE;
  gtk_spin_button_set_value(self->examples_spin, settings->examples);
  gtk_spin_button_set_value(self->epochs_spin, settings->epochs);
  gtk_spin_button_set_value(self->batch_spin, settings->batch);
  gtk_spin_button_set_value(self->accumulate_spin, settings->accumulate);
  gtk_spin_button_set_value(self->warmup_spin, 100 * settings->warmup);
  gtk_editable_set_text(self->rate_row,
                        g_ascii_formatd(rate, sizeof rate, "%g", settings->learning_rate));
  gtk_switch_set_active(self->dropout_switch, settings->dropout >= 0);
  if (settings->dropout >= 0)
    gtk_spin_button_set_value(self->dropout_spin, settings->dropout);
  gtk_switch_set_active(self->multi_class, settings->multi_class);
  gtk_switch_set_active(self->freeze_language, settings->freeze_language);
  gtk_switch_set_active(self->freeze_vision, settings->freeze_vision);
  gtk_switch_set_active(self->freeze_cross, settings->freeze_cross);
  gtk_switch_set_active(self->freeze_embeddings, settings->freeze_embeddings);
  gtk_switch_set_active(self->freeze_heads, settings->freeze_heads);
  gtk_widget_set_visible(self->loss_row, task == LENS_TASK_VQA || task == LENS_TASK_GQA);
  suggest_base(self);
  suggest_name(self);
  self->filling = FALSE;
  estimate_soon(self);
}

static void
show_data(LensTrainDialog *self)
{
  g_autofree char *name = self->data_folder ? g_filename_display_name(self->data_folder) : NULL;

  adw_action_row_set_subtitle(self->data_row, name ? name : _("Demo questions"));
  gtk_widget_set_visible(GTK_WIDGET(self->demo_button), self->data_folder != NULL);
}

static void
use_folder(LensTrainDialog *self, const char *path)
{
  g_free(self->data_folder);
  self->data_folder = g_strdup(path);
  show_data(self);
  fill_for_task(self);
}

static void
use_set(GtkWidget *widget, const char *action, GVariant *path)
{
  use_folder(LENS_TRAIN_DIALOG(widget), g_variant_get_bytestring(path));
}

/* What is open on the Data page and can teach the task. */
static void
offer_sets(LensTrainDialog *self)
{
  LensTask task = tasks[adw_combo_row_get_selected(self->task_row)];
  g_autoptr(GPtrArray) folders = lens_workbench_list_training_folders(self->workbench, task);
  g_autoptr(GMenu) menu = g_menu_new();

  for (guint i = 0; i < folders->len; i++) {
    g_autofree char *name = g_filename_display_name(folders->pdata[i]);
    g_autoptr(GMenuItem) item = g_menu_item_new(name, NULL);

    g_menu_item_set_action_and_target_value(item, "data.use",
                                            g_variant_new_bytestring(folders->pdata[i]));
    g_menu_append_item(menu, item);
  }
  gtk_menu_button_set_menu_model(self->sets_button, G_MENU_MODEL(menu));
  gtk_widget_set_visible(GTK_WIDGET(self->sets_button), folders->len > 0);
}

static void
on_folder(GtkNativeDialog *chooser, int response, LensTrainDialog *self)
{
  g_autofree char *path = lens_chosen_path(chooser, response);

  if (path)
    use_folder(self, path);
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
  fill_for_task(self);
}

LensTrainDialog *
lens_train_dialog_new(GtkWindow *parent, LensWorkbench *workbench, LensModel *base)
{
  LensTrainDialog *self = g_object_new(LENS_TYPE_TRAIN_DIALOG, "transient-for", parent, NULL);

  self->workbench = g_object_ref(workbench);
  self->shown = base ? g_object_ref(base) : NULL;
  adw_combo_row_set_model(self->base_row, lens_workbench_get_models(workbench));
  self->suggested = adw_combo_row_get_selected_item(self->base_row);
  suggest_base(self);
  suggest_name(self);
  offer_sets(self);
  g_signal_connect_object(self->task_row, "notify::selected", G_CALLBACK(offer_sets), self,
                          G_CONNECT_SWAPPED);
  lens_train_forecast_watch(self->forecast, workbench, ask_settings, self);
  return self;
}

static void
lens_train_dialog_dispose(GObject *object)
{
  LensTrainDialog *self = LENS_TRAIN_DIALOG(object);

  g_clear_object(&self->workbench);
  g_clear_object(&self->shown);
  g_clear_pointer(&self->data_folder, g_free);
  g_clear_pointer(&self->suggested_name, g_free);
  G_OBJECT_CLASS(lens_train_dialog_parent_class)->dispose(object);
}

static void
lens_train_dialog_class_init(LensTrainDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_train_dialog_dispose;
  signals[STARTED] = g_signal_new("started", LENS_TYPE_TRAIN_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_TRAIN_JOB);
  signals[ESTIMATED] = g_signal_new("estimated", LENS_TYPE_TRAIN_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
  g_type_ensure(LENS_TYPE_TRAIN_FORECAST);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-train-dialog.ui");
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, cancel_button);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, start_button);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, demo_button);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, data_button);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, sets_button);
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
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, freeze_embeddings);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, freeze_heads);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, images_row);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, accumulate_spin);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, warmup_spin);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, dropout_spin);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, dropout_switch);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, multi_class);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, loss_row);
  gtk_widget_class_bind_template_child(widget_class, LensTrainDialog, forecast);
  gtk_widget_class_install_action(widget_class, "data.use", "ay", use_set);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

/* Whatever changes what is to be done changes how long it takes. */
static void
watch_values(LensTrainDialog *self)
{
  GtkSpinButton *spins[]
      = { self->examples_spin, self->epochs_spin, self->batch_spin, self->accumulate_spin };
  GtkSwitch *switches[]
      = { self->freeze_embeddings, self->freeze_language, self->freeze_vision, self->freeze_cross,
          self->freeze_heads,      self->multi_class,     self->dropout_switch };

  for (gsize i = 0; i < G_N_ELEMENTS(spins); i++)
    g_signal_connect_object(spins[i], "value-changed", G_CALLBACK(estimate_soon), self,
                            G_CONNECT_SWAPPED);
  for (gsize i = 0; i < G_N_ELEMENTS(switches); i++)
    g_signal_connect_object(switches[i], "notify::active", G_CALLBACK(estimate_soon), self,
                            G_CONNECT_SWAPPED);
  g_signal_connect_object(self->base_row, "notify::selected", G_CALLBACK(estimate_soon), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->images_row, "notify::selected", G_CALLBACK(estimate_soon), self,
                          G_CONNECT_SWAPPED);
}

static void
lens_train_dialog_init(LensTrainDialog *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  g_autoptr(GtkExpression) expression = gtk_property_expression_new(LENS_TYPE_MODEL, NULL, "name");

  gtk_widget_init_template(GTK_WIDGET(self));
  lens_spoken_name_controls(GTK_WIDGET(self));
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
  g_signal_connect_object(self->forecast, "ready", G_CALLBACK(on_forecast), self,
                          G_CONNECT_SWAPPED);
  watch_values(self);
  fill_for_task(self);
  gtk_window_set_focus(GTK_WINDOW(self), GTK_WIDGET(self->start_button)); /* not on Cancel */
}
