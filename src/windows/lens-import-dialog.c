#include "lens-import-dialog.h"

#include <glib/gi18n.h>

#include "lens-chosen.h"
#include "lens-spoken.h"

struct _LensImportDialog {
  AdwWindow parent_instance;

  LensWorkbench *workbench;
  LensImport *import;
  char *vocab_path, *answers_path; /* chosen; NULL: what lies beside the weights */
  GCancellable *cancellable;

  /* template widgets */
  GtkButton *cancel_button, *import_button, *vocab_button, *answers_button;
  GtkStack *stack;
  GtkSpinner *spinner;
  GtkLabel *failed_label, *missing_label, *unused_label, *error_label;
  GtkInfoBar *error_bar;
  AdwEntryRow *name_row;
  AdwActionRow *layout_row, *size_row, *loaded_row, *vocab_row, *answers_row, *detector_row;
  AdwExpanderRow *missing_row, *unused_row;
  GtkWidget *parameters_group, *beside_group;
  AdwPreferencesGroup *models_group;
  GPtrArray *takers; /* of GtkSwitch: the models that a detector may see for */
};

enum { IMPORTED, DETECTOR_ADDED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensImportDialog, lens_import_dialog, ADW_TYPE_WINDOW)

const LensImport *
lens_import_dialog_get_import(LensImportDialog *self)
{
  return self->import;
}

static void
show_error(LensImportDialog *self, const char *message)
{
  gtk_label_set_text(self->error_label, message ? message : "");
  gtk_info_bar_set_revealed(self->error_bar, message != NULL);
}

const char *
lens_import_dialog_get_error(LensImportDialog *self)
{
  if (g_strcmp0(gtk_stack_get_visible_child_name(self->stack), "failed") == 0)
    return gtk_label_get_text(self->failed_label);
  return gtk_info_bar_get_revealed(self->error_bar) ? gtk_label_get_text(self->error_label) : NULL;
}

/* The spinner turns only where it is seen: it costs every frame. */
static void
show_page(LensImportDialog *self, const char *page)
{
  gtk_stack_set_visible_child_name(self->stack, page);
  gtk_spinner_set_spinning(self->spinner, g_str_equal(page, "reading"));
}

static void
update_button(LensImportDialog *self)
{
  gboolean named = *gtk_editable_get_text(GTK_EDITABLE(self->name_row)) != 0;
  gboolean words = self->vocab_path || (self->import && self->import->vocab_path);

  gtk_widget_set_sensitive(GTK_WIDGET(self->import_button),
                           self->import
                               && (self->import->eyes ? named || self->import->in_place
                                                      : named && words));
}

/* ---- the report ---- */

static void
set_subtitle(gpointer row, char *text)
{
  g_autofree char *escaped = g_markup_escape_text(text, -1);

  if (ADW_IS_EXPANDER_ROW(row))
    adw_expander_row_set_subtitle(row, escaped);
  else
    adw_action_row_set_subtitle(row, escaped);
  g_free(text);
}

static void
show_names(AdwExpanderRow *row, GtkLabel *label, char **names, char *count)
{
  g_autofree char *text = g_strjoinv("\n", names);
  g_autofree char *spoken
      = g_strdup_printf("%s: %s", adw_preferences_row_get_title(ADW_PREFERENCES_ROW(row)), count);

  gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  set_subtitle(row, count);
  gtk_label_set_text(label, text);
  adw_expander_row_set_enable_expansion(row, *names != NULL);
  adw_expander_row_set_expanded(row, *names != NULL && g_strv_length(names) <= 8);
}

static void
show_parameters(LensImportDialog *self)
{
  const LensImport *import = self->import;
  guint missing = g_strv_length(import->missing), unused = g_strv_length(import->unused);

  set_subtitle(self->loaded_row, g_strdup_printf(ngettext("%u parameter tensor",
                                                          "%u parameter tensors", import->loaded),
                                                 import->loaded));
  show_names(self->missing_row, self->missing_label, import->missing,
             missing ? g_strdup_printf(ngettext("%u begins at random: answers mean little before "
                                                "it is trained",
                                                "%u begin at random: answers mean little before "
                                                "they are trained",
                                                missing),
                                       missing)
                     : g_strdup(_("None")));
  show_names(self->unused_row, self->unused_label, import->unused,
             unused ? g_strdup_printf(ngettext("%u of the file", "%u of the file", unused), unused)
                    : g_strdup(_("None")));
}

static void
show_beside(LensImportDialog *self)
{
  const LensImport *import = self->import;
  const char *vocab = self->vocab_path ? self->vocab_path : import->vocab_path;

  set_subtitle(self->vocab_row,
               vocab
                   ? g_filename_display_name(vocab)
                   : g_strdup_printf(_("Not beside the weights; choose the vocab.txt of %d words"),
                                     import->words));
  set_subtitle(self->answers_row,
               !import->can_answer
                   ? g_strdup(_("No answer head: it opens with its attention maps, and answers "
                                "nothing until it is fine-tuned"))
               : self->answers_path ? g_filename_display_name(self->answers_path)
               : import->answers    ? g_strdup_printf(_("%d answers"), import->answers)
                                    : g_strdup(_("None: answers are numbers")));
  gtk_widget_set_visible(GTK_WIDGET(self->answers_button), import->can_answer);
  set_subtitle(self->detector_row,
               !import->vision_layers && !import->cross_layers
                   ? g_strdup(_("None is needed: it reads words alone"))
               : import->detector
                   ? g_strdup_printf(_("%s gives its features of %d numbers"), import->detector,
                                     import->features)
                   : g_strdup_printf(_("No detector here gives features of %d numbers: images "
                                       "need features from a file, through the Data page"),
                                     import->features));
  update_button(self);
}

/* A switch for each model here that takes such features: whether the detector is to see for it. */
static void
list_takers(LensImportDialog *self, int features)
{
  GListModel *models = lens_workbench_get_models(self->workbench);
  g_autofree char *none = NULL;

  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(models, i);
    g_autofree char *now = NULL, *base = NULL, *text = NULL, *name = NULL;
    GtkWidget *row, *taken;

    if (lens_model_get_info(model)->features != features)
      continue;
    row = adw_action_row_new();
    taken = gtk_switch_new();
    now = lens_workbench_find_detector(self->workbench, model);
    base = now ? g_path_get_basename(now) : NULL;
    text = base ? g_strdup_printf(_("Now %s sees for it"), base) : NULL;
    name = g_markup_escape_text(lens_model_get_name(model), -1);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), name);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), text ? text : "");
    gtk_switch_set_active(GTK_SWITCH(taken), TRUE);
    gtk_widget_set_valign(taken, GTK_ALIGN_CENTER);
    adw_action_row_add_suffix(ADW_ACTION_ROW(row), taken);
    adw_action_row_set_activatable_widget(ADW_ACTION_ROW(row), taken);
    adw_preferences_group_add(self->models_group, row);
    g_object_set_data_full(G_OBJECT(taken), "lens-model", g_object_ref(model), g_object_unref);
    g_object_set_data_full(G_OBJECT(taken), "lens-detector", g_steal_pointer(&now), g_free);
    g_ptr_array_add(self->takers, taken);
  }
  none = g_strdup_printf(_("No model here takes features of %d numbers yet"), features);
  adw_preferences_group_set_description(self->models_group, self->takers->len ? NULL : none);
  gtk_widget_set_visible(GTK_WIDGET(self->models_group), TRUE);
}

/* Each of those models has this detector from now on, or stays with its own. */
static gboolean
give_to_takers(LensImportDialog *self, const char *path, GError **error)
{
  for (guint i = 0; i < self->takers->len; i++) {
    GtkSwitch *taken = self->takers->pdata[i];
    LensModel *model = g_object_get_data(G_OBJECT(taken), "lens-model");

    const char *now = g_object_get_data(G_OBJECT(taken), "lens-detector");
    const char *wanted = gtk_switch_get_active(taken) ? path : now;

    if (wanted && !lens_workbench_choose_detector(self->workbench, model, wanted, error))
      return FALSE;
  }
  return TRUE;
}

/* "faster_rcnn" of ".../faster_rcnn.pkl", a folder's whole name. */
static void
suggest_name(LensImportDialog *self)
{
  const LensImport *import = self->import;
  g_autofree char *base = g_path_get_basename(import->path);
  char *dot = strrchr(base, '.');

  if (dot && dot != base && !g_file_test(import->path, G_FILE_TEST_IS_DIR))
    *dot = 0;
  gtk_editable_set_text(GTK_EDITABLE(self->name_row), base);
  gtk_widget_set_visible(GTK_WIDGET(self->name_row), !import->in_place);
}

static void
show_detector(LensImportDialog *self)
{
  const LensDetector *eyes = self->import->eyes;

  gtk_window_set_title(GTK_WINDOW(self), _("Import a Detector"));
  suggest_name(self);
  gtk_widget_set_visible(self->parameters_group, FALSE);
  gtk_widget_set_visible(self->beside_group, FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(self->layout_row), _("Detector"));
  set_subtitle(self->layout_row, g_strdup(*eyes->warnings ? eyes->warnings : eyes->path));
  set_subtitle(self->size_row,
               g_strdup_printf(_("%d classes, %d attributes; at most %d boxes with features of %d "
                                 "numbers"),
                               eyes->classes, eyes->attributes, eyes->boxes, eyes->features));
  list_takers(self, eyes->features);
  update_button(self);
  show_page(self, "report");
}

static void
show_import(LensImportDialog *self)
{
  const LensImport *import = self->import;

  suggest_name(self);
  set_subtitle(self->layout_row,
               import->heads_assumed
                   ? g_strdup_printf(_("%s; no config.json: sizes are taken from the tensors, and "
                                       "%d heads are assumed"),
                                     import->layout, import->heads)
               : import->config_inferred
                   ? g_strdup_printf(_("%s; no config.json, sizes are taken from the tensors"),
                                     import->layout)
                   : g_strdup(import->layout));
  set_subtitle(self->size_row,
               g_strdup_printf(_("%d language, %d vision, %d cross-modality layers; %d heads; "
                                 "hidden size %d"),
                               import->language_layers, import->vision_layers, import->cross_layers,
                               import->heads, import->hidden));
  show_parameters(self);
  show_beside(self);
  show_page(self, "report");
}

static void
on_looked(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensImportDialog) self = data;
  g_autoptr(GError) error = NULL;
  LensImport *import = lens_workbench_look_at_model_finish(LENS_WORKBENCH(source), result, &error);

  if (g_cancellable_is_cancelled(self->cancellable)) {
    lens_import_free(import);
    return;
  }
  if (import) {
    self->import = import;
    if (import->eyes)
      show_detector(self);
    else
      show_import(self);
  } else {
    gtk_label_set_text(self->failed_label, error->message);
    show_page(self, "failed");
  }
}

/* ---- files beside the weights ---- */

void
lens_import_dialog_set_vocabulary(LensImportDialog *self, const char *path)
{
  g_free(self->vocab_path);
  self->vocab_path = g_strdup(path);
  show_error(self, NULL);
  show_beside(self);
}

static void
on_vocab_chosen(GtkNativeDialog *chooser, int response, LensImportDialog *self)
{
  g_autofree char *path = lens_chosen_path(chooser, response);

  if (path)
    lens_import_dialog_set_vocabulary(self, path);
  g_object_unref(chooser);
}

static void
on_answers_chosen(GtkNativeDialog *chooser, int response, LensImportDialog *self)
{
  g_autofree char *path = lens_chosen_path(chooser, response);

  if (path) {
    g_free(self->answers_path);
    self->answers_path = g_steal_pointer(&path);
    show_error(self, NULL);
    show_beside(self);
  }
  g_object_unref(chooser);
}

static void
choose_file(LensImportDialog *self, const char *title, GCallback chosen)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new(title, GTK_WINDOW(self), GTK_FILE_CHOOSER_ACTION_OPEN, NULL,
                                    NULL);

  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_object(chooser, "response", chosen, self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void
choose_vocab(LensImportDialog *self)
{
  choose_file(self, _("Vocabulary"), G_CALLBACK(on_vocab_chosen));
}

static void
choose_answers(LensImportDialog *self)
{
  choose_file(self, _("Table of Answers"), G_CALLBACK(on_answers_chosen));
}

/* ---- importing ---- */

static void
on_imported(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensImportDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensModel) model
      = lens_workbench_import_model_finish(LENS_WORKBENCH(source), result, &error);

  if (g_cancellable_is_cancelled(self->cancellable))
    return;
  if (model) {
    g_signal_emit(self, signals[IMPORTED], 0, model);
    gtk_window_close(GTK_WINDOW(self));
    return;
  }
  show_page(self, "report");
  show_error(self, error->message);
  update_button(self);
}

static void
on_detector_added(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensImportDialog) self = data;
  g_autoptr(GError) error = NULL;
  g_autofree char *path
      = lens_workbench_add_detector_finish(LENS_WORKBENCH(source), result, &error);
  g_autofree char *name = path ? g_path_get_basename(path) : NULL;

  if (g_cancellable_is_cancelled(self->cancellable))
    return;
  if (path && give_to_takers(self, path, &error)) {
    g_signal_emit(self, signals[DETECTOR_ADDED], 0, name);
    gtk_window_close(GTK_WINDOW(self));
    return;
  }
  show_page(self, "report");
  show_error(self, error->message);
  update_button(self);
}

void
lens_import_dialog_import(LensImportDialog *self)
{
  g_return_if_fail(self->import);
  gtk_widget_set_sensitive(GTK_WIDGET(self->import_button), FALSE);
  show_page(self, "reading");
  show_error(self, NULL);
  if (self->import->eyes)
    lens_workbench_add_detector_async(self->workbench, self->import,
                                      gtk_editable_get_text(GTK_EDITABLE(self->name_row)),
                                      self->cancellable, on_detector_added, g_object_ref(self));
  else if (self->import->in_place && !self->vocab_path && !self->answers_path)
    lens_workbench_import_model_async(self->workbench, self->import->path, self->cancellable,
                                      on_imported, g_object_ref(self));
  else
    lens_workbench_copy_model_async(self->workbench, self->import,
                                    gtk_editable_get_text(GTK_EDITABLE(self->name_row)),
                                    self->vocab_path, self->answers_path, self->cancellable,
                                    on_imported, g_object_ref(self));
}

/* ---- object ---- */

LensImportDialog *
lens_import_dialog_new(GtkWindow *parent, LensWorkbench *workbench, const char *path)
{
  LensImportDialog *self = g_object_new(LENS_TYPE_IMPORT_DIALOG, "transient-for", parent, NULL);

  self->workbench = g_object_ref(workbench);
  lens_workbench_look_at_model_async(workbench, path, self->cancellable, on_looked,
                                     g_object_ref(self));
  return self;
}

static void
lens_import_dialog_dispose(GObject *object)
{
  LensImportDialog *self = LENS_IMPORT_DIALOG(object);

  g_cancellable_cancel(self->cancellable);
  g_clear_object(&self->workbench);
  G_OBJECT_CLASS(lens_import_dialog_parent_class)->dispose(object);
}

static void
lens_import_dialog_finalize(GObject *object)
{
  LensImportDialog *self = LENS_IMPORT_DIALOG(object);

  g_clear_object(&self->cancellable);
  g_ptr_array_unref(self->takers);
  lens_import_free(self->import);
  g_free(self->vocab_path);
  g_free(self->answers_path);
  G_OBJECT_CLASS(lens_import_dialog_parent_class)->finalize(object);
}

static gboolean
on_close(LensImportDialog *self)
{
  g_cancellable_cancel(self->cancellable);
  return GDK_EVENT_PROPAGATE;
}

static void
bind_children(GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, cancel_button);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, import_button);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, vocab_button);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, answers_button);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, spinner);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, stack);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, failed_label);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, missing_label);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, unused_label);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, error_label);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, error_bar);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, name_row);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, layout_row);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, size_row);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, loaded_row);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, vocab_row);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, answers_row);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, detector_row);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, missing_row);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, parameters_group);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, beside_group);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, models_group);
  gtk_widget_class_bind_template_child(widget_class, LensImportDialog, unused_row);
}

static void
lens_import_dialog_class_init(LensImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_import_dialog_dispose;
  G_OBJECT_CLASS(klass)->finalize = lens_import_dialog_finalize;
  signals[IMPORTED] = g_signal_new("imported", LENS_TYPE_IMPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_MODEL);
  signals[DETECTOR_ADDED]
      = g_signal_new("detector-added", LENS_TYPE_IMPORT_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                     NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-import-dialog.ui");
  bind_children(widget_class);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lens_import_dialog_init(LensImportDialog *self)
{
  self->cancellable = g_cancellable_new();
  self->takers = g_ptr_array_new();
  gtk_widget_init_template(GTK_WIDGET(self));
  lens_spoken_name_controls(GTK_WIDGET(self));
  show_page(self, "reading");
  g_signal_connect(self, "close-request", G_CALLBACK(on_close), NULL);
  g_signal_connect_object(self->cancel_button, "clicked", G_CALLBACK(gtk_window_close), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->import_button, "clicked", G_CALLBACK(lens_import_dialog_import),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->vocab_button, "clicked", G_CALLBACK(choose_vocab), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->answers_button, "clicked", G_CALLBACK(choose_answers), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->name_row, "changed", G_CALLBACK(update_button), self,
                          G_CONNECT_SWAPPED);
}
