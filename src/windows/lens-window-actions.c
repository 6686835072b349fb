/* The window's actions, and the one function that decides which are enabled. */
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "lens-export-run.h"
#include "lens-export.h"
#include "lens-page-export.h"
#include "lens-train-dialog.h"
#include "lens-window.h"

static LensAttentionPane *
attention_of(GtkWidget *widget)
{
  return lens_explore_page_get_attention_pane(
      lens_window_get_explore_page(LENS_WINDOW(widget)));
}

/* ---- files ---- */

static void
on_image_chosen(GtkNativeDialog *chooser, int response, LensWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));

    lens_window_open_file(self, file);
  }
  g_object_unref(chooser);
}

static void
open_image(GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
      _("Open an Image"), GTK_WINDOW(widget), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_autoptr(GtkFileFilter) images = gtk_file_filter_new();
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new();

  gtk_file_filter_set_name(images, _("Images and saved views"));
  gtk_file_filter_add_pixbuf_formats(images);
  gtk_file_filter_add_pattern(images, "*.crosslens");
  gtk_file_filter_set_name(all, _("All files"));
  gtk_file_filter_add_pattern(all, "*");
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), images);
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), all);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_image_chosen), widget, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void
on_imported(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensWindow) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensModel) model
      = lens_workbench_import_model_finish(LENS_WORKBENCH(source), result, &error);

  if (!lens_window_get_explorer(self))
    return;
  if (model) {
    g_autofree char *text = g_strdup_printf(_("%s was added"), lens_model_get_name(model));

    lens_explorer_set_model(lens_window_get_explorer(self), model);
    lens_window_show_toast(self, text);
  } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    lens_window_show_error(self, error->message);
  }
}

static void
on_model_chosen(GtkNativeDialog *chooser, int response, LensWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));
    g_autofree char *path = g_file_get_path(file);

    if (path)
      lens_workbench_import_model_async(lens_window_get_workbench(self), path, NULL, on_imported,
                                        g_object_ref(self));
  }
  g_object_unref(chooser);
}

static void
import_model(GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new(_("Import a Model Folder"), GTK_WINDOW(widget),
                                    GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);

  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_model_chosen), widget, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* ---- saving the figure ---- */

/* A figure, or the view itself, by the name's ending. */
static gboolean
write_figure(LensWindow *self, const char *path, GError **error)
{
  LensExplorer *explorer = lens_window_get_explorer(self);
  LensAttentionPane *pane = attention_of(GTK_WIDGET(self));
  g_autoptr(LensSavedView) saved = NULL;

  if (g_str_has_suffix(path, ".npz"))
    return lens_export_run(lens_explorer_get_run(explorer), path, error);
  if (!g_str_has_suffix(path, ".crosslens"))
    return lens_attention_pane_export(pane, path, error);
  saved = lens_saved_view_new(lens_explorer_get_run(explorer),
                              lens_explorer_get_selection(explorer),
                              lens_attention_pane_get_view(pane));
  g_free(saved->question); /* as it was asked first; another wording is one of the edits */
  saved->question = g_strdup(lens_explorer_get_question(explorer));
  return lens_saved_view_write(saved, path, error);
}

static void
on_figure_named(GtkNativeDialog *chooser, int response, LensWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));
    g_autofree char *path = g_file_get_path(file);
    g_autofree char *name = g_file_get_basename(file);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    if (write_figure(self, path, &error)) {
      text = g_strdup_printf(_("Saved %s"), name);
      lens_window_show_toast(self, text);
    } else {
      lens_window_show_error(self, error->message);
    }
  }
  g_object_unref(chooser);
}

static void
add_filter(GtkFileChooser *chooser, const char *name, const char *pattern)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();

  gtk_file_filter_set_name(filter, name);
  gtk_file_filter_add_pattern(filter, pattern);
  gtk_file_chooser_add_filter(chooser, filter);
}

static void
export_figure(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensExplorer *explorer = lens_window_get_explorer(LENS_WINDOW(widget));
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
      _("Save the Figure"), GTK_WINDOW(widget), GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  g_autofree char *stem = lens_export_suggest_name(lens_explorer_get_run(explorer),
                                                   lens_explorer_get_selection(explorer));
  g_autofree char *suggested = g_strconcat(stem, ".svg", NULL);

  add_filter(GTK_FILE_CHOOSER(chooser), _("SVG drawing (.svg)"), "*.svg");
  add_filter(GTK_FILE_CHOOSER(chooser), _("PDF (.pdf)"), "*.pdf");
  add_filter(GTK_FILE_CHOOSER(chooser), _("PNG picture (.png)"), "*.png");
  add_filter(GTK_FILE_CHOOSER(chooser), _("Numbers (.csv)"), "*.csv");
  add_filter(GTK_FILE_CHOOSER(chooser), _("Numbers of all maps for NumPy (.npz)"), "*.npz");
  add_filter(GTK_FILE_CHOOSER(chooser), _("View to open again (.crosslens)"), "*.crosslens");
  add_filter(GTK_FILE_CHOOSER(chooser), _("By the name's ending"), "*");
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), suggested);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_figure_named), widget, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* ---- the whole page ---- */

gboolean
lens_window_export_page(LensWindow *self, const char *path, GError **error)
{
  LensExplorer *explorer = lens_window_get_explorer(self);
  LensExplorePage *page = lens_window_get_explore_page(self);
  LensRun *run = lens_explorer_get_run(explorer);
  g_autofree char *caption
      = run ? lens_export_caption(run, lens_explorer_get_selection(explorer)) : NULL;

  return lens_page_export(GTK_WIDGET(page), caption,
                          adw_style_manager_get_dark(adw_style_manager_get_default()), path,
                          error);
}

static void
on_page_named(GtkNativeDialog *chooser, int response, LensWindow *self)
{
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));
    g_autofree char *path = g_file_get_path(file);
    g_autofree char *name = g_file_get_basename(file);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;

    if (lens_window_export_page(self, path, &error)) {
      text = g_strdup_printf(_("Saved %s"), name);
      lens_window_show_toast(self, text);
    } else {
      lens_window_show_error(self, error->message);
    }
  }
  g_object_unref(chooser);
}

static void
export_page(GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
      _("Save the Whole Page"), GTK_WINDOW(widget), GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

  add_filter(GTK_FILE_CHOOSER(chooser), _("SVG drawing (.svg)"), "*.svg");
  add_filter(GTK_FILE_CHOOSER(chooser), _("PDF (.pdf)"), "*.pdf");
  add_filter(GTK_FILE_CHOOSER(chooser), _("PNG picture (.png)"), "*.png");
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), "crosslens.svg");
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_page_named), widget, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void
copy_figure(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensWindow *self = LENS_WINDOW(widget);
  g_autofree char *folder = g_dir_make_tmp("crosslens-XXXXXX", NULL);
  g_autofree char *path = folder ? g_build_filename(folder, "figure.png", NULL) : NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkTexture) texture = NULL;

  if (path && lens_attention_pane_export(attention_of(widget), path, &error))
    texture = gdk_texture_new_from_filename(path, &error);
  if (texture) {
    gdk_clipboard_set_texture(gtk_widget_get_clipboard(widget), texture);
    lens_window_show_toast(self, _("The figure is on the clipboard"));
  } else {
    lens_window_show_error(self, error ? error->message : _("There is no temporary folder."));
  }
  if (path)
    g_unlink(path);
  if (folder)
    g_rmdir(folder);
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
  lens_ask_pane_focus_question(
      lens_explore_page_get_ask_pane(lens_window_get_explore_page(self)));
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
  AdwFlap *flap
      = lens_explore_page_get_flap(lens_window_get_explore_page(LENS_WINDOW(widget)));

  adw_flap_set_reveal_flap(flap, !adw_flap_get_reveal_flap(flap));
}

static void
show_page(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_window_show_page(LENS_WINDOW(widget), g_variant_get_string(parameter, NULL));
}

static void
clear_selection(GtkWidget *widget, const char *name, GVariant *parameter)
{
  lens_selection_clear(
      lens_explorer_get_selection(lens_window_get_explorer(LENS_WINDOW(widget))));
}

void
lens_window_update_actions(LensWindow *self)
{
  GtkWidget *widget = GTK_WIDGET(self);
  LensExplorer *explorer = lens_window_get_explorer(self);
  gboolean workbench = lens_window_get_workbench(self) != NULL, can_undo, can_redo;
  gboolean run = explorer && lens_explorer_get_run(explorer);

  if (!explorer)
    return;
  g_object_get(explorer, "can-undo", &can_undo, "can-redo", &can_redo, NULL);
  gtk_widget_action_set_enabled(widget, "win.open", workbench);
  gtk_widget_action_set_enabled(widget, "win.import-model", workbench);
  gtk_widget_action_set_enabled(widget, "win.train", workbench);
  gtk_widget_action_set_enabled(widget, "win.undo", can_undo);
  gtk_widget_action_set_enabled(widget, "win.redo", can_redo);
  gtk_widget_action_set_enabled(widget, "win.reset-edits",
                                !lens_edits_is_empty(lens_explorer_get_edits(explorer)));
  gtk_widget_action_set_enabled(widget, "win.export", run);
  gtk_widget_action_set_enabled(widget, "win.export-page", run);
  gtk_widget_action_set_enabled(widget, "win.copy-figure", run);
  gtk_widget_action_set_enabled(widget, "win.pin-run", run);
  gtk_widget_action_set_enabled(widget, "win.step", run);
  gtk_widget_action_set_enabled(widget, "win.pick-column", run);
}

void
lens_window_class_add_actions(GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action(widget_class, "win.open", NULL, open_image);
  gtk_widget_class_install_action(widget_class, "win.import-model", NULL, import_model);
  gtk_widget_class_install_action(widget_class, "win.export", NULL, export_figure);
  gtk_widget_class_install_action(widget_class, "win.export-page", NULL, export_page);
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
  gtk_widget_class_install_action(widget_class, "win.search", NULL, search);
  gtk_widget_class_install_action(widget_class, "win.toggle-library", NULL, toggle_library);
  gtk_widget_class_install_action(widget_class, "win.page", "s", show_page);
  gtk_widget_class_install_action(widget_class, "win.clear-selection", NULL, clear_selection);
}
