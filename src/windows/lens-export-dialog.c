#include "lens-export-dialog.h"

#include <glib/gi18n.h>

#include "lens-chosen.h"
#include "lens-settings.h"
#include "lens-spoken.h"

struct _LensExportDialog {
  AdwWindow parent_instance;

  LensExplorePage *page;
  LensExplorer *explorer;

  /* template widgets */
  GtkButton *cancel_button, *copy_button, *save_button;
  AdwComboRow *what_row, *format_row;
  GtkWidget *look_group;
  AdwEntryRow *caption_row;
  AdwActionRow *paths_row, *light_row;
  GtkSwitch *paths_switch, *light_switch;
};

enum { SAVED, COPIED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensExportDialog, lens_export_dialog, ADW_TYPE_WINDOW)

static LensTake
take_of(LensExportDialog *self)
{
  return MIN(adw_combo_row_get_selected(self->what_row), LENS_N_TAKES - 1);
}

static const char *
ending_of(LensExportDialog *self)
{
  const char *ending
      = lens_take_get_ending(take_of(self), adw_combo_row_get_selected(self->format_row));

  return ending ? ending : lens_take_get_ending(take_of(self), 0);
}

static void
update_format(LensExportDialog *self)
{
  gboolean picture = g_str_equal(ending_of(self), "png");

  gtk_widget_set_sensitive(GTK_WIDGET(self->paths_row), !picture);
}

/* ---- what there is to choose ---- */

static const char *
format_name(const char *ending)
{
  static const struct {
    const char *ending, *name;
  } names[] = { { "svg", N_("SVG drawing") }, { "pdf", N_("PDF") },
                { "png", N_("PNG picture") }, { "csv", N_("Table (CSV)") },
                { "npz", N_("NumPy (NPZ)") }, { "crosslens", N_("Crosslens session") } };

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    if (g_str_equal(ending, names[i].ending))
      return _(names[i].name);
  }
  return ending;
}

static void
update_take(LensExportDialog *self)
{
  LensTake take = take_of(self);
  g_autoptr(GtkStringList) formats = gtk_string_list_new(NULL);
  g_autofree char *caption = lens_take_caption(self->page, self->explorer, take);
  guint format = adw_combo_row_get_selected(self->format_row), n = 0;
  const char *ending;

  for (; (ending = lens_take_get_ending(take, n)); n++)
    gtk_string_list_append(formats, format_name(ending));
  adw_combo_row_set_model(self->format_row, G_LIST_MODEL(formats));
  if (format < n)
    adw_combo_row_set_selected(self->format_row, format);
  gtk_widget_set_sensitive(GTK_WIDGET(self->format_row), n > 1);
  gtk_widget_set_visible(self->look_group, n > 1);
  gtk_widget_set_visible(GTK_WIDGET(self->copy_button), n > 1);
  gtk_widget_set_visible(GTK_WIDGET(self->light_row), take != LENS_TAKE_PAGE);
  gtk_editable_set_text(GTK_EDITABLE(self->caption_row), caption);
  update_format(self);
}

static LensPrint
print_of(LensExportDialog *self)
{
  const char *caption = gtk_editable_get_text(GTK_EDITABLE(self->caption_row));

  return (LensPrint){ .paths = gtk_switch_get_active(self->paths_switch),
                      .light = gtk_switch_get_active(self->light_switch),
                      .caption = *caption ? caption : NULL };
}

/* ---- saving ---- */

/* The name as typed where it ends in a form that this can be saved in, else with the chosen form's
 * ending. */
static char *
with_ending(LensExportDialog *self, const char *path)
{
  const char *ending;

  for (guint i = 0; (ending = lens_take_get_ending(take_of(self), i)); i++) {
    g_autofree char *dotted = g_strconcat(".", ending, NULL);

    if (g_str_has_suffix(path, dotted))
      return g_strdup(path);
  }
  return g_strconcat(path, ".", ending_of(self), NULL);
}

gboolean
lens_export_dialog_save(LensExportDialog *self, const char *path, GError **error)
{
  LensPrint print = print_of(self);
  g_autofree char *full = with_ending(self, path);
  g_autofree char *name = g_filename_display_basename(full);

  if (!lens_take_write(self->page, self->explorer, take_of(self), &print, full, error))
    return FALSE;
  g_signal_emit(self, signals[SAVED], 0, name);
  return TRUE;
}

static void
save_and_close(LensExportDialog *self, const char *path)
{
  g_autoptr(GError) error = NULL;

  if (!lens_export_dialog_save(self, path, &error))
    g_signal_emit(self, signals[FAILED], 0, error->message);
  gtk_window_close(GTK_WINDOW(self));
}

static void
on_replace(AdwMessageDialog *dialog, const char *response, LensExportDialog *self)
{
  if (!g_str_equal(response, "replace"))
    return;
  gtk_window_set_transient_for(GTK_WINDOW(dialog),
                               NULL); /* it outlives the window that it is over */
  save_and_close(self, g_object_get_data(G_OBJECT(dialog), "path"));
}

/* The file chooser has asked about the name that was typed, not about the one with an ending. */
static void
ask_to_replace(LensExportDialog *self, const char *path)
{
  g_autofree char *name = g_filename_display_basename(path);
  GtkWidget *dialog = adw_message_dialog_new(GTK_WINDOW(self), NULL, NULL);

  adw_message_dialog_format_heading(ADW_MESSAGE_DIALOG(dialog), _("Replace “%s”?"), name);
  adw_message_dialog_set_body(
      ADW_MESSAGE_DIALOG(dialog),
      _("A file of this name is there already. What it holds will be lost."));
  adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("_Cancel"), "replace",
                                   _("_Replace"), NULL);
  adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "replace",
                                             ADW_RESPONSE_DESTRUCTIVE);
  g_object_set_data_full(G_OBJECT(dialog), "path", g_strdup(path), g_free);
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_replace), self, 0);
  gtk_window_present(GTK_WINDOW(dialog));
}

void
lens_export_dialog_save_named(LensExportDialog *self, const char *path)
{
  g_autofree char *full = with_ending(self, path);

  if (!g_str_equal(full, path) && g_file_test(full, G_FILE_TEST_EXISTS))
    ask_to_replace(self, full);
  else
    save_and_close(self, full);
}

static void
on_named(GtkNativeDialog *chooser, int response, LensExportDialog *self)
{
  g_autoptr(GFile) file = lens_chosen_file(chooser, response);

  if (file) {
    g_autofree char *path = g_file_get_path(file);

    if (path) {
      lens_export_dialog_save_named(self, path);
    } else {
      g_autofree char *uri = g_file_get_uri(file);
      g_autofree char *message
          = g_strdup_printf(_("%s is not on this machine. Choose another folder."), uri);

      g_signal_emit(self, signals[FAILED], 0, message);
      gtk_window_close(GTK_WINDOW(self));
    }
  }
  g_object_unref(chooser);
}

static void
on_save(LensExportDialog *self)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new(_("Save"), GTK_WINDOW(self), GTK_FILE_CHOOSER_ACTION_SAVE, NULL,
                                    NULL);
  g_autofree char *stem = lens_take_suggest_name(self->page, self->explorer, take_of(self));
  g_autofree char *name = g_strconcat(stem, ".", ending_of(self), NULL);

  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser), name);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_named), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

static void
on_copy(LensExportDialog *self)
{
  LensPrint print = print_of(self);
  g_autoptr(GError) error = NULL;
  g_autoptr(GdkContentProvider) content
      = lens_take_copy(self->page, self->explorer, take_of(self), &print, &error);

  if (content) {
    gdk_clipboard_set_content(gtk_widget_get_clipboard(GTK_WIDGET(self)), content);
    g_signal_emit(self, signals[COPIED], 0);
  } else {
    g_signal_emit(self, signals[FAILED], 0, error->message);
  }
  gtk_window_close(GTK_WINDOW(self));
}

/* ---- object ---- */

LensExportDialog *
lens_export_dialog_new(GtkWindow *parent, LensExplorePage *page, LensExplorer *explorer,
                       LensTake take)
{
  LensExportDialog *self = g_object_new(LENS_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);

  self->page = g_object_ref(page);
  self->explorer = g_object_ref(explorer);
  for (guint i = 0; i < LENS_N_TAKES; i++)
    gtk_string_list_append(names, lens_take_get_name(i));
  adw_combo_row_set_model(self->what_row, G_LIST_MODEL(names));
  adw_combo_row_set_selected(self->what_row, take);
  g_signal_connect_object(self->what_row, "notify::selected", G_CALLBACK(update_take), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->format_row, "notify::selected", G_CALLBACK(update_format), self,
                          G_CONNECT_SWAPPED);
  update_take(self);
  return self;
}

static void
lens_export_dialog_dispose(GObject *object)
{
  LensExportDialog *self = LENS_EXPORT_DIALOG(object);

  g_clear_object(&self->page);
  g_clear_object(&self->explorer);
  G_OBJECT_CLASS(lens_export_dialog_parent_class)->dispose(object);
}

static void
lens_export_dialog_class_init(LensExportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  GType type = LENS_TYPE_EXPORT_DIALOG;

  G_OBJECT_CLASS(klass)->dispose = lens_export_dialog_dispose;
  signals[SAVED] = g_signal_new("saved", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                1, G_TYPE_STRING);
  signals[COPIED]
      = g_signal_new("copied", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-export-dialog.ui");
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, cancel_button);
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, copy_button);
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, save_button);
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, what_row);
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, format_row);
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, look_group);
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, caption_row);
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, paths_row);
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, light_row);
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, paths_switch);
  gtk_widget_class_bind_template_child(widget_class, LensExportDialog, light_switch);
  gtk_widget_class_add_binding_action(widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
lens_export_dialog_init(LensExportDialog *self)
{
  gtk_widget_init_template(GTK_WIDGET(self));
  lens_spoken_name_controls(GTK_WIDGET(self));
  lens_settings_bind("text-as-paths", self->paths_switch, "active");
  lens_settings_bind("light-figures", self->light_switch, "active");
  g_signal_connect_object(self->cancel_button, "clicked", G_CALLBACK(gtk_window_close), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->copy_button, "clicked", G_CALLBACK(on_copy), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->save_button, "clicked", G_CALLBACK(on_save), self,
                          G_CONNECT_SWAPPED);
  gtk_window_set_focus(GTK_WINDOW(self), GTK_WIDGET(self->save_button)); /* not on Cancel */
}
