#include "lens-detectors-dialog.h"

#include <glib/gi18n.h>

struct _LensDetectorsDialog {
  AdwWindow parent_instance;

  LensWorkbench *workbench;
  AdwPreferencesGroup *group;
};

enum { CHOSEN, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensDetectorsDialog, lens_detectors_dialog, ADW_TYPE_WINDOW)

/* ---- a model's row ---- */

#define MODEL "lens-model"
#define FOLDERS "lens-folders"

static void
on_selected(LensDetectorsDialog *self, GParamSpec *pspec, AdwComboRow *row)
{
  LensModel *model = g_object_get_data(G_OBJECT(row), MODEL);
  GPtrArray *folders = g_object_get_data(G_OBJECT(row), FOLDERS);
  guint selected = adw_combo_row_get_selected(row);
  g_autoptr(GError) error = NULL;

  if (selected >= folders->len)
    return;
  if (lens_workbench_choose_detector(self->workbench, model, folders->pdata[selected], &error))
    g_signal_emit(self, signals[CHOSEN], 0, model);
  else
    g_signal_emit(self, signals[FAILED], 0, error->message);
}

/* Two folders of one name are told apart by their paths. */
static GListModel *
name_folders(GPtrArray *folders)
{
  GtkStringList *names = gtk_string_list_new(NULL);

  for (guint i = 0; i < folders->len; i++) {
    g_autofree char *name = g_path_get_basename(folders->pdata[i]);
    gboolean same = FALSE;

    for (guint j = 0; j < folders->len; j++) {
      g_autofree char *other = g_path_get_basename(folders->pdata[j]);

      same |= i != j && g_str_equal(name, other);
    }
    gtk_string_list_append(names, same ? folders->pdata[i] : name);
  }
  return G_LIST_MODEL(names);
}

static void
set_texts(gpointer row, LensModel *model, guint n_detectors)
{
  int features = lens_model_get_info(model)->features;
  g_autofree char *name = g_markup_escape_text(lens_model_get_name(model), -1);
  g_autofree char *text
      = n_detectors ? g_strdup_printf(_("Takes features of %d numbers"), features)
                    : g_strdup_printf(_("No detector here gives features of %d numbers"), features);

  adw_preferences_row_set_title(row, name);
  adw_action_row_set_subtitle(row, text);
}

static void
add_model(LensDetectorsDialog *self, LensModel *model)
{
  GPtrArray *folders
      = lens_workbench_list_detectors(self->workbench, lens_model_get_info(model)->features);
  g_autofree char *current = lens_workbench_find_detector(self->workbench, model);
  g_autoptr(GListModel) names = name_folders(folders);
  GtkWidget *row = adw_combo_row_new();

  adw_combo_row_set_model(ADW_COMBO_ROW(row), names);
  for (guint i = 0; i < folders->len; i++) {
    if (g_strcmp0(current, folders->pdata[i]) == 0)
      adw_combo_row_set_selected(ADW_COMBO_ROW(row), i);
  }
  set_texts(row, model, folders->len);
  g_object_set_data_full(G_OBJECT(row), MODEL, g_object_ref(model), g_object_unref);
  g_object_set_data_full(G_OBJECT(row), FOLDERS, folders, (GDestroyNotify)g_ptr_array_unref);
  g_signal_connect_object(row, "notify::selected", G_CALLBACK(on_selected), self,
                          G_CONNECT_SWAPPED);
  adw_preferences_group_add(self->group, row);
}

/* ---- object ---- */

LensDetectorsDialog *
lens_detectors_dialog_new(GtkWindow *parent, LensWorkbench *workbench)
{
  LensDetectorsDialog *self = g_object_new(LENS_TYPE_DETECTORS_DIALOG, "transient-for", parent,
                                           "modal", TRUE, "default-width", 560, "default-height",
                                           480, "title", _("Detectors of the Models"), NULL);
  GListModel *models = lens_workbench_get_models(workbench);

  self->workbench = g_object_ref(workbench);
  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(models, i);
    const LensModelInfo *info = lens_model_get_info(model);

    if (info->vision_layers + info->cross_layers > 0) /* a BERT sees nothing */
      add_model(self, model);
  }
  return self;
}

static void
lens_detectors_dialog_dispose(GObject *object)
{
  LensDetectorsDialog *self = LENS_DETECTORS_DIALOG(object);

  g_clear_object(&self->workbench);
  G_OBJECT_CLASS(lens_detectors_dialog_parent_class)->dispose(object);
}

static void
lens_detectors_dialog_class_init(LensDetectorsDialogClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_detectors_dialog_dispose;
  signals[CHOSEN] = g_signal_new("chosen", LENS_TYPE_DETECTORS_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_MODEL);
  signals[FAILED] = g_signal_new("failed", LENS_TYPE_DETECTORS_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_add_binding_action(GTK_WIDGET_CLASS(klass), GDK_KEY_Escape, 0, "window.close",
                                      NULL);
}

static void
lens_detectors_dialog_init(LensDetectorsDialog *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *page = adw_preferences_page_new();

  self->group = ADW_PREFERENCES_GROUP(adw_preferences_group_new());
  adw_preferences_group_set_description(
      self->group,
      _("A model answers about the boxes of its detector. A detector is added through Import."));
  adw_preferences_page_add(ADW_PREFERENCES_PAGE(page), self->group);
  gtk_widget_set_vexpand(page, TRUE);
  gtk_box_append(GTK_BOX(box), adw_header_bar_new());
  gtk_box_append(GTK_BOX(box), page);
  adw_window_set_content(ADW_WINDOW(self), box);
}
