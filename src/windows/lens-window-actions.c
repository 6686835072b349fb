/* The window's actions, and the one function that decides which are enabled. */
#include <glib/gi18n.h>

#include "lens-detectors-dialog.h"
#include "lens-chosen.h"
#include "lens-export-dialog.h"
#include "lens-image-chooser.h"
#include "lens-import-dialog.h"
#include "lens-train-dialog.h"
#include "lens-window.h"

static LensAttentionPane *
attention_of(GtkWidget *widget)
{
  return lens_explore_page_get_attention_pane(lens_window_get_explore_page(LENS_WINDOW(widget)));
}

/* ---- files ---- */

static void
open_image(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_image_chooser_run(widget, _("Open an Image"), TRUE, G_CALLBACK(lens_window_open_file),
                         widget);
}

static void
on_imported(LensWindow *self, LensModel *model)
{
  g_autofree char *text = g_strdup_printf(_("%s was added"), lens_model_get_name(model));

  lens_explorer_set_model(lens_window_get_explorer(self), model);
  lens_window_show_toast(self, text);
}

/* What could not be asked for want of boxes with such features may be now. */
static void
on_detector_added(LensWindow *self, const char *name)
{
  g_autofree char *text = g_strdup_printf(_("The detector %s was added"), name);
  const char *question = lens_explorer_get_question(lens_window_get_explorer(self));

  lens_window_show_toast(self, text);
  if (question)
    lens_explorer_ask(lens_window_get_explorer(self), question);
}

void
lens_window_import_model(LensWindow *self, const char *path)
{
  LensImportDialog *dialog
      = lens_import_dialog_new(GTK_WINDOW(self), lens_window_get_workbench(self), path);

  g_signal_connect_object(dialog, "imported", G_CALLBACK(on_imported), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "detector-added", G_CALLBACK(on_detector_added), self,
                          G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void
on_model_chosen(GtkNativeDialog *chooser, int response, LensWindow *self)
{
  g_autofree char *path = lens_chosen_path(chooser, response);

  if (path)
    lens_window_import_model(self, path);
  g_object_unref(chooser);
}

/* The shown answer may be one of other boxes now. */
static void
on_detector_chosen(LensWindow *self, LensModel *model)
{
  LensExplorer *explorer = lens_window_get_explorer(self);
  const char *question = lens_explorer_get_question(explorer);

  if (question && model == lens_explorer_get_model(explorer))
    lens_explorer_ask(explorer, question);
}

static void
show_detectors(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensWindow *self = LENS_WINDOW(widget);
  LensDetectorsDialog *dialog
      = lens_detectors_dialog_new(GTK_WINDOW(self), lens_window_get_workbench(self));

  g_signal_connect_object(dialog, "chosen", G_CALLBACK(on_detector_chosen), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "failed", G_CALLBACK(lens_window_show_error), self,
                          G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

typedef struct {
  LensWindow *window; /* borrowed: the toast is in it */
  LensModel *model;
} Removed;

static void
removed_free(gpointer data)
{
  Removed *removed = data;

  g_object_unref(removed->model);
  g_free(removed);
}

static void
on_undo_model(Removed *removed)
{
  g_autoptr(GError) error = NULL;

  if (lens_workbench_restore_model(lens_window_get_workbench(removed->window), removed->model,
                                   &error))
    lens_explorer_set_model(lens_window_get_explorer(removed->window), removed->model);
  else
    lens_window_show_error(removed->window, error->message);
}

/* The model that is asked: what it answered stays in the library. */
static void
remove_model(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensWindow *self = LENS_WINDOW(widget);
  Removed *removed = g_new0(Removed, 1);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  *removed
      = (Removed){ self, g_object_ref(lens_explorer_get_model(lens_window_get_explorer(self))) };
  if (!lens_workbench_remove_model(lens_window_get_workbench(self), removed->model, &error)) {
    lens_window_show_error(self, error->message);
    removed_free(removed);
    return;
  }
  text = g_strdup_printf(_("“%s” was removed from the list"), lens_model_get_name(removed->model));
  lens_window_show_undo_toast(self, text, G_CALLBACK(on_undo_model), removed, removed_free);
}

static void
choose_model(GtkWidget *widget, GtkFileChooserNative *chooser)
{
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_model_chosen), widget, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void
import_model(GtkWidget *widget, const char *name, GVariant *parameter)
{
  choose_model(widget,
               gtk_file_chooser_native_new(_("Import a Model Folder"), GTK_WINDOW(widget),
                                           GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL));
}

static void
import_weights(GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new(_("Import a File of Weights"), GTK_WINDOW(widget),
                                    GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  static const char *const endings[] = { "*.safetensors", "*.bin", "*.pth", "*.pt", "*.pkl" };
  g_autoptr(GtkFileFilter) weights = gtk_file_filter_new();
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new();

  gtk_file_filter_set_name(weights, _("Weights (.safetensors, .bin, .pth, .pkl)"));
  for (gsize i = 0; i < G_N_ELEMENTS(endings); i++)
    gtk_file_filter_add_pattern(weights, endings[i]);
  gtk_file_filter_set_name(all, _("All files"));
  gtk_file_filter_add_pattern(all, "*");
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), weights);
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), all);
  choose_model(widget, chooser);
}

/* ---- taking away ---- */

static void
on_saved(LensWindow *self, const char *name)
{
  g_autofree char *text = g_strdup_printf(_("Saved %s"), name);

  lens_window_show_error(self, NULL);
  lens_window_show_toast(self, text);
}

static void
on_copied(LensWindow *self)
{
  lens_window_show_error(self, NULL);
  lens_window_show_toast(self, _("The figure is on the clipboard"));
}

static void
take_away(GtkWidget *widget, LensTake take)
{
  LensWindow *self = LENS_WINDOW(widget);
  LensExportDialog *dialog;

  lens_window_show_page(self, "explore");
  dialog = lens_export_dialog_new(GTK_WINDOW(self), lens_window_get_explore_page(self),
                                  lens_window_get_explorer(self), take);
  g_signal_connect_object(dialog, "saved", G_CALLBACK(on_saved), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "copied", G_CALLBACK(on_copied), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(dialog, "failed", G_CALLBACK(lens_window_show_error), self,
                          G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

static void
export_figure(GtkWidget *widget, const char *name, GVariant *parameter)
{
  take_away(widget, LENS_TAKE_VIEW);
}

static void
export_page(GtkWidget *widget, const char *name, GVariant *parameter)
{
  take_away(widget, LENS_TAKE_PAGE);
}

static void
save_session(GtkWidget *widget, const char *name, GVariant *parameter)
{
  take_away(widget, LENS_TAKE_SESSION);
}

static void
copy_figure(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensWindow *self = LENS_WINDOW(widget);
  LensExplorePage *page = lens_window_get_explore_page(self);
  LensExplorer *explorer = lens_window_get_explorer(self);
  g_autofree char *caption = lens_take_caption(page, explorer, LENS_TAKE_VIEW);
  LensPrint print = { .caption = caption };
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkContentProvider) content
      = lens_take_copy(page, explorer, LENS_TAKE_VIEW, &print, &error);

  if (content) {
    gdk_clipboard_set_content(gtk_widget_get_clipboard(widget), content);
    on_copied(self);
  } else {
    lens_window_show_error(self, error->message);
  }
}

/* ---- training ---- */

static void
on_training_started(LensWindow *self, LensTrainJob *job)
{
  lens_window_show_page(self, "train");
  lens_train_page_select_job(lens_window_get_train_page(self), LENS_JOB(job));
}

static void
new_training(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensWindow *self = LENS_WINDOW(widget);
  LensTrainDialog *dialog
      = lens_train_dialog_new(GTK_WINDOW(self), lens_window_get_workbench(self),
                              lens_explorer_get_model(lens_window_get_explorer(self)));

  g_signal_connect_object(dialog, "started", G_CALLBACK(on_training_started), self,
                          G_CONNECT_SWAPPED);
  gtk_window_present(GTK_WINDOW(dialog));
}

/* ---- edits ---- */

static void
undo(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_explorer_undo(lens_window_get_explorer(LENS_WINDOW(widget)));
}

static void
redo(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_explorer_redo(lens_window_get_explorer(LENS_WINDOW(widget)));
}

static void
reset_edits(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_explorer_reset_edits(lens_window_get_explorer(LENS_WINDOW(widget)));
}

static void
pin_run(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensExplorer *explorer = lens_window_get_explorer(LENS_WINDOW(widget));

  lens_explorer_pin_run(explorer, lens_explorer_get_pinned_run(explorer)
                                      ? NULL
                                      : lens_explorer_get_run(explorer));
}

/* ---- moving about ---- */

static void
step(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensModelMap *map = lens_attention_pane_get_model_map(attention_of(widget));
  const char *way = g_variant_get_string(parameter, NULL);

  lens_model_map_step(map, g_str_equal(way, "up")     ? GTK_DIR_UP
                           : g_str_equal(way, "down") ? GTK_DIR_DOWN
                           : g_str_equal(way, "left") ? GTK_DIR_LEFT
                                                      : GTK_DIR_RIGHT);
}

static void
pick_column(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_model_map_pick_column(lens_attention_pane_get_model_map(attention_of(widget)),
                             g_variant_get_int32(parameter) - 1);
}

static void
show_view(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_attention_pane_set_view(attention_of(widget), g_variant_get_string(parameter, NULL));
}

static void
focus_question(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensWindow *self = LENS_WINDOW(widget);

  lens_window_show_page(self, "explore");
  lens_ask_pane_focus_question(lens_explore_page_get_ask_pane(lens_window_get_explore_page(self)));
}

static void
choose_partner(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensWindow *self = LENS_WINDOW(widget);

  lens_window_show_page(self, "explore");
  lens_ask_pane_choose_partner(lens_explore_page_get_ask_pane(lens_window_get_explore_page(self)));
}

static void
search(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensExplorePage *page = lens_window_get_explore_page(LENS_WINDOW(widget));

  if (lens_data_page_is_shown(lens_window_get_data_page(LENS_WINDOW(widget)))) {
    lens_data_page_search(lens_window_get_data_page(LENS_WINDOW(widget)));
    return;
  }
  lens_window_show_page(LENS_WINDOW(widget), "explore");
  adw_flap_set_reveal_flap(lens_explore_page_get_flap(page), TRUE);
  lens_library_pane_focus_search(lens_explore_page_get_library_pane(page));
}

static void
toggle_library(GtkWidget *widget, const char *name, GVariant *parameter)
{
  AdwFlap *flap = lens_explore_page_get_flap(lens_window_get_explore_page(LENS_WINDOW(widget)));

  adw_flap_set_reveal_flap(flap, !adw_flap_get_reveal_flap(flap));
}

static void
switch_model(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_window_switch_model(LENS_WINDOW(widget));
}

static void
show_page(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_window_show_page(LENS_WINDOW(widget), g_variant_get_string(parameter, NULL));
}

static void
clear_selection(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_selection_clear(lens_explorer_get_selection(lens_window_get_explorer(LENS_WINDOW(widget))));
}

void
lens_window_update_actions(LensWindow *self)
{
  GtkWidget *widget = GTK_WIDGET(self);
  LensExplorer *explorer = lens_window_get_explorer(self);
  gboolean workbench = lens_window_get_workbench(self) != NULL, can_undo, can_redo;
  gboolean run = explorer && lens_explorer_get_run(explorer);
  LensModel *model = explorer ? lens_explorer_get_model(explorer) : NULL;

  if (!explorer)
    return;
  g_object_get(explorer, "can-undo", &can_undo, "can-redo", &can_redo, NULL);
  gtk_widget_action_set_enabled(widget, "win.open", workbench);
  gtk_widget_action_set_enabled(widget, "win.import-model", workbench);
  gtk_widget_action_set_enabled(widget, "win.import-weights", workbench);
  gtk_widget_action_set_enabled(widget, "win.detectors", workbench);
  gtk_widget_action_set_enabled(
      widget, "win.remove-model",
      workbench && model
          && lens_workbench_can_remove_model(lens_window_get_workbench(self), model));
  gtk_widget_action_set_enabled(widget, "win.train", workbench);
  gtk_widget_action_set_enabled(widget, "win.undo", can_undo);
  gtk_widget_action_set_enabled(widget, "win.redo", can_redo);
  gtk_widget_action_set_enabled(widget, "win.reset-edits",
                                !lens_edits_is_empty(lens_explorer_get_edits(explorer)));
  gtk_widget_action_set_enabled(widget, "win.export", run);
  gtk_widget_action_set_enabled(widget, "win.export-page", run);
  gtk_widget_action_set_enabled(widget, "win.save-session", run);
  gtk_widget_action_set_enabled(widget, "win.copy-figure", run);
  gtk_widget_action_set_enabled(widget, "win.pin-run", run);
  gtk_widget_action_set_enabled(widget, "win.choose-partner",
                                workbench && lens_explorer_takes_pair(explorer));
  gtk_widget_action_set_enabled(widget, "win.step", run);
  gtk_widget_action_set_enabled(widget, "win.pick-column", run);
}

void
lens_window_class_add_actions(GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action(widget_class, "win.open", NULL, open_image);
  gtk_widget_class_install_action(widget_class, "win.import-model", NULL, import_model);
  gtk_widget_class_install_action(widget_class, "win.import-weights", NULL, import_weights);
  gtk_widget_class_install_action(widget_class, "win.detectors", NULL, show_detectors);
  gtk_widget_class_install_action(widget_class, "win.remove-model", NULL, remove_model);
  gtk_widget_class_install_action(widget_class, "win.export", NULL, export_figure);
  gtk_widget_class_install_action(widget_class, "win.export-page", NULL, export_page);
  gtk_widget_class_install_action(widget_class, "win.save-session", NULL, save_session);
  gtk_widget_class_install_action(widget_class, "win.copy-figure", NULL, copy_figure);
  gtk_widget_class_install_action(widget_class, "win.train", NULL, new_training);
  gtk_widget_class_install_action(widget_class, "win.undo", NULL, undo);
  gtk_widget_class_install_action(widget_class, "win.redo", NULL, redo);
  gtk_widget_class_install_action(widget_class, "win.reset-edits", NULL, reset_edits);
  gtk_widget_class_install_action(widget_class, "win.pin-run", NULL, pin_run);
  gtk_widget_class_install_action(widget_class, "win.step", "s", step);
  gtk_widget_class_install_action(widget_class, "win.pick-column", "i", pick_column);
  gtk_widget_class_install_action(widget_class, "win.view", "s", show_view);
  gtk_widget_class_install_action(widget_class, "win.focus-question", NULL, focus_question);
  gtk_widget_class_install_action(widget_class, "win.choose-partner", NULL, choose_partner);
  gtk_widget_class_install_action(widget_class, "win.search", NULL, search);
  gtk_widget_class_install_action(widget_class, "win.toggle-library", NULL, toggle_library);
  gtk_widget_class_install_action(widget_class, "win.switch-model", NULL, switch_model);
  gtk_widget_class_install_action(widget_class, "win.page", "s", show_page);
  gtk_widget_class_install_action(widget_class, "win.clear-selection", NULL, clear_selection);
}
