#include "lens-window.h"

#include <glib/gi18n.h>

#include "lens-announcer.h"
#include "lens-model-row.h"
#include "lens-settings.h"
#include "lens-spoken.h"
#include "lens-window-open.h"

struct _LensWindow {
  AdwApplicationWindow parent_instance;

  LensWorkbench *workbench;
  LensExplorer *explorer;
  LensModel *model, *model_before; /* that answers, and the one before it; either may be NULL */
  gboolean syncing;                /* the model menu follows the explorer */
  LensOpening opening;

  /* template widgets */
  AdwToastOverlay *toasts;
  GtkToggleButton *library_button;
  GtkButton *open_button;
  GtkDropDown *model_drop;
  GtkWidget *model_back_button;
  GtkInfoBar *error_bar;
  LensAnnouncer *announcer;
  GtkLabel *error_label;
  AdwViewStack *stack;
  LensExplorePage *explore_page;
  LensTrainPage *train_page;
  LensDataPage *data_page;
};

G_DEFINE_FINAL_TYPE(LensWindow, lens_window, ADW_TYPE_APPLICATION_WINDOW)

LensExplorer *
lens_window_get_explorer(LensWindow *self)
{
  return self->explorer;
}

LensWorkbench *
lens_window_get_workbench(LensWindow *self)
{
  return self->workbench;
}

LensExplorePage *
lens_window_get_explore_page(LensWindow *self)
{
  return self->explore_page;
}

LensTrainPage *
lens_window_get_train_page(LensWindow *self)
{
  return self->train_page;
}

LensDataPage *
lens_window_get_data_page(LensWindow *self)
{
  return self->data_page;
}

void
lens_window_show_page(LensWindow *self, const char *page)
{
  adw_view_stack_set_visible_child_name(self->stack, page);
}

/* ---- messages ---- */

void
lens_window_show_error(LensWindow *self, const char *message)
{
  gtk_label_set_text(self->error_label, message ? message : "");
  gtk_info_bar_set_revealed(self->error_bar, message != NULL);
  if (message)
    lens_announcer_say(self->announcer, message);
}

const char *
lens_window_get_error(LensWindow *self)
{
  return gtk_info_bar_get_revealed(self->error_bar) ? gtk_label_get_text(self->error_label) : NULL;
}

void
lens_window_show_toast(LensWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text(text, -1);

  adw_toast_overlay_add_toast(self->toasts, adw_toast_new(escaped));
  lens_announcer_say(self->announcer, text);
}

void
lens_window_show_undo_toast(LensWindow *self, const char *text, GCallback undo, gpointer user_data,
                            GDestroyNotify destroy)
{
  g_autofree char *escaped = g_markup_escape_text(text, -1);
  AdwToast *toast = adw_toast_new(escaped);

  adw_toast_set_button_label(toast, _("_Undo"));
  g_signal_connect_data(toast, "button-clicked", undo, user_data,
                        (GClosureNotify)(void (*)(void))destroy, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast(self->toasts, toast);
  lens_announcer_say(self->announcer, text);
}

static void
hide_error(LensWindow *self)
{
  gtk_info_bar_set_revealed(self->error_bar, FALSE);
}

static void
on_failed(LensWindow *self, const char *message)
{
  lens_window_show_error(self, message);
  lens_window_open_instead(self);
}

static void
on_notice(LensWindow *self, const char *message)
{
  lens_window_show_error(self, message);
}

/* ---- opening ---- */

LensOpening *
lens_window_get_opening(LensWindow *self)
{
  return &self->opening;
}

static gboolean
on_drop(GtkDropTarget *target, const GValue *value, double x, double y, LensWindow *self)
{
  g_autoptr(GPtrArray) files = g_ptr_array_new();

  for (GSList *at = g_value_get_boxed(value); at; at = at->next)
    g_ptr_array_add(files, at->data);
  lens_window_open_files(self, (GFile **)files->pdata, (int)files->len);
  return files->len > 0;
}

/* ---- the model menu ---- */

static void
on_bind_model(GtkSignalListItemFactory *factory, GtkListItem *item, LensWindow *self)
{
  lens_model_row_bind(item, self->workbench);
}

static void
show_back_button(LensWindow *self)
{
  gtk_widget_set_visible(self->model_back_button,
                         self->model_before
                             && gtk_widget_get_visible(GTK_WIDGET(self->model_drop)));
}

/* One click goes back to the model before, and another one forth again. */
static void
remember_model(LensWindow *self)
{
  LensModel *model = lens_explorer_get_model(self->explorer);
  g_autofree char *text = NULL;

  if (model != self->model) {
    g_set_object(&self->model_before, self->model);
    g_set_object(&self->model, model);
  }
  if (self->model_before)
    text = g_strdup_printf(_("Back to %s (Ctrl+B)"), lens_model_get_name(self->model_before));
  show_back_button(self);
  gtk_widget_set_tooltip_text(self->model_back_button, text);
}

void
lens_window_switch_model(LensWindow *self)
{
  if (self->model_before)
    lens_explorer_set_model(self->explorer, self->model_before);
}

static void
on_model_picked(LensWindow *self)
{
  LensModel *model = gtk_drop_down_get_selected_item(self->model_drop);

  if (!self->syncing && model)
    lens_explorer_set_model(self->explorer, model);
}

static void
sync_model(LensWindow *self)
{
  LensModel *model = lens_explorer_get_model(self->explorer);
  GListModel *models = lens_workbench_get_models(self->workbench);
  guint n = g_list_model_get_n_items(models);

  self->syncing = TRUE;
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensModel) item = g_list_model_get_item(models, i);

    if (item == model)
      gtk_drop_down_set_selected(self->model_drop, i);
  }
  self->syncing = FALSE;
  if (model)
    lens_settings_set_string("model", lens_model_get_id(model));
  remember_model(self);
  lens_window_update_actions(self);
}

/* A default appears when the list of models was still empty at the start, or the model that is asked
 * was removed. */
static void
on_models_changed(LensWindow *self)
{
  LensModel *model = lens_workbench_get_default_model(self->workbench);
  LensModel *asked = lens_explorer_get_model(self->explorer);
  gboolean removed = asked && !lens_workbench_find_model(self->workbench, lens_model_get_id(asked));

  if (model && (!asked || removed))
    lens_explorer_set_model(self->explorer, model);
  sync_model(self);
  if (self->model_before
      && !lens_workbench_find_model(self->workbench, lens_model_get_id(self->model_before))) {
    g_clear_object(&self->model_before); /* no way back to what is not there */
    show_back_button(self);
  }
}

static void
setup_models(LensWindow *self)
{
  g_autofree char *id = lens_settings_dup_string("model");
  GListModel *models = lens_workbench_get_models(self->workbench);
  LensModel *model = id && *id ? lens_workbench_find_model(self->workbench, id) : NULL;

  self->syncing = TRUE;
  gtk_drop_down_set_model(self->model_drop, models);
  self->syncing = FALSE;
  if (model)
    lens_explorer_set_model(self->explorer, model);
  g_signal_connect_object(models, "items-changed", G_CALLBACK(on_models_changed), self,
                          G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  on_models_changed(self);
}

static void
on_use_model(LensWindow *self, LensModel *model)
{
  g_autofree char *text = g_strdup_printf(_("Questions now go to %s"), lens_model_get_name(model));

  lens_explorer_set_model(self->explorer, model);
  lens_window_show_page(self, "explore");
  lens_window_show_toast(self, text);
}

/* ---- data sets ---- */

static void
on_told(LensWindow *self, const char *message)
{
  lens_window_show_toast(self, message);
}

/* Of a pair nothing is asked before both images are there. */
static void
on_explore_row(LensWindow *self, const char *const *pictures, GPtrArray *scenes,
               const char *question, LensModel *model)
{
  const char *wanted = *question ? question : NULL;
  gboolean pair = pictures ? pictures[1] != NULL : scenes->len > 1;

  if (pair)
    lens_explorer_set_partner(self->explorer, NULL);
  if (model && wanted)
    lens_explorer_set_model(self->explorer, model);
  lens_window_show_page(self, "explore");
  if (pictures)
    lens_explorer_open(self->explorer, pictures[0], wanted);
  else
    lens_explorer_show_scene(self->explorer, scenes->pdata[0], wanted);
  if (pair && pictures)
    lens_explorer_open_partner(self->explorer, pictures[1]);
  else if (pair)
    lens_explorer_set_partner(self->explorer, scenes->pdata[1]);
}

/* A head that the findings name, in the run that is there. */
static void
on_look_at_head(LensWindow *self, const char *map, int head)
{
  LensSelection *selection = lens_explorer_get_selection(self->explorer);

  lens_window_show_page(self, "explore");
  if (head >= 0) {
    lens_selection_set_cell(selection, map, head);
  } else {
    lens_selection_set_map(selection, map);
    lens_selection_set_reading(selection, LENS_READING_MEAN);
  }
}

static void
on_undo_data(LensDataSet *set)
{
  LensDataDesk *desk = g_object_get_data(G_OBJECT(set), "removed-from");

  lens_data_desk_restore(desk, set);
}

static void
on_data_removed(LensWindow *self, LensDataSet *set)
{
  g_autofree char *text
      = g_strdup_printf(_("“%s” was removed from the list"), lens_data_set_get_source(set)->name);

  g_object_set_data_full(G_OBJECT(set), "removed-from",
                         g_object_ref(lens_data_page_get_desk(self->data_page)), g_object_unref);
  lens_window_show_undo_toast(self, text, G_CALLBACK(on_undo_data), g_object_ref(set),
                              g_object_unref);
}

/* ---- the library ---- */

typedef struct {
  LensWorkbench *workbench;
  LensLibraryPane *pane;
  gint64 id;
  gboolean is_image;
} Removal;

static void
removal_free(gpointer data)
{
  Removal *removal = data;

  g_object_unref(removal->workbench);
  g_object_unref(removal->pane);
  g_free(removal);
}

static void
on_undo_removal(Removal *removal)
{
  if (removal->is_image)
    lens_workbench_restore_image(removal->workbench, removal->id);
  else
    lens_workbench_restore_question(removal->workbench, removal->id);
  lens_library_pane_reload(removal->pane);
}

static void
on_removed(LensWindow *self, gboolean is_image, gint64 id, const char *name)
{
  g_autofree char *text = g_strdup_printf(_("“%s” was removed from the library"), name);
  Removal *removal = g_new0(Removal, 1);

  removal->workbench = g_object_ref(self->workbench);
  removal->pane = g_object_ref(lens_explore_page_get_library_pane(self->explore_page));
  removal->id = id;
  removal->is_image = is_image;
  lens_window_show_undo_toast(self, text, G_CALLBACK(on_undo_removal), removal, removal_free);
}

/* ---- remembering ---- */

/* The keyboard stays in the question: what was answered would not be heard. */
static void
announce_answer(LensWindow *self, LensRun *run)
{
  g_autoptr(LensAnswer) best = g_list_model_get_item(lens_run_get_answers(run), 0);
  g_autofree char *text = NULL;

  if (!best)
    return;
  text = g_strdup_printf("%s, %.1f%%", lens_answer_get_text(best),
                         100 * lens_answer_get_probability(best));
  lens_announcer_say(self->announcer, text);
}

static void
on_run_changed(LensWindow *self)
{
  LensRun *run = lens_explorer_get_run(self->explorer);

  lens_window_update_actions(self);
  if (!run)
    return;
  announce_answer(self, run);
  if (!lens_opening_answered(&self->opening))
    hide_error(self);
  lens_settings_set_string("last-image", lens_scene_get_path(lens_run_get_scene(run)));
  lens_settings_set_string("last-question", lens_run_get_question(run));
  if (lens_run_is_pair(run))
    lens_settings_set_string("last-partner",
                             lens_scene_get_path(lens_run_get_scene(lens_run_get_half(run, 1))));
}

static void
on_scene_changed(LensWindow *self)
{
  LensScene *scene = lens_explorer_get_scene(self->explorer);
  g_autofree char *title = NULL;

  if (!self->opening.instead)
    hide_error(self);
  if (scene)
    lens_window_check_expected(self, scene);
  title = scene ? g_strdup_printf("%s – Crosslens", lens_scene_get_name(scene))
                : g_strdup("Crosslens");
  gtk_window_set_title(GTK_WINDOW(self), title);
}

static void
on_page_changed(LensWindow *self)
{
  gboolean explore = g_strcmp0(adw_view_stack_get_visible_child_name(self->stack), "explore") == 0;

  gtk_widget_set_visible(GTK_WIDGET(self->library_button), explore);
  gtk_widget_set_visible(GTK_WIDGET(self->open_button), explore);
  gtk_widget_set_visible(GTK_WIDGET(self->model_drop), explore);
  show_back_button(self);
  lens_window_update_actions(self);
}

static gboolean
lens_window_close_request(GtkWindow *window)
{
  int width, height;

  if (!gtk_window_is_maximized(window)) {
    gtk_window_get_default_size(window, &width, &height);
    lens_settings_set_int("width", width);
    lens_settings_set_int("height", height);
  }
  return GTK_WINDOW_CLASS(lens_window_parent_class)->close_request(window);
}

/* ---- object ---- */

static void
connect_explorer(LensWindow *self)
{
  g_signal_connect_object(self->explorer, "failed", G_CALLBACK(on_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->explorer, "told", G_CALLBACK(lens_window_show_toast), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->explorer, "run-changed", G_CALLBACK(on_run_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->explorer, "scene-changed", G_CALLBACK(on_scene_changed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->explorer, "notify::can-undo",
                          G_CALLBACK(lens_window_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->explorer, "notify::can-redo",
                          G_CALLBACK(lens_window_update_actions), self, G_CONNECT_SWAPPED);
}

LensWindow *
lens_window_new(AdwApplication *application, LensWorkbench *workbench)
{
  LensWindow *self = g_object_new(LENS_TYPE_WINDOW, "application", application, NULL);
  const char *notice;

  self->explorer = lens_explorer_new(workbench);
  connect_explorer(self);
  lens_explore_page_set_explorer(self->explore_page, self->explorer);
  if (workbench) {
    self->workbench = g_object_ref(workbench);
    lens_train_page_set_workbench(self->train_page, workbench);
    lens_data_page_set_workbench(self->data_page, workbench);
    setup_models(self);
    g_signal_connect_object(self->explorer, "notify::model", G_CALLBACK(sync_model), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(workbench, "notice", G_CALLBACK(on_notice), self, G_CONNECT_SWAPPED);
    notice = lens_workbench_get_notice(workbench);
    if (notice)
      lens_window_show_error(self, notice);
  }
  lens_window_update_actions(self);
  return self;
}

static void
lens_window_dispose(GObject *object)
{
  LensWindow *self = LENS_WINDOW(object);

  lens_opening_clear(&self->opening);
  g_clear_object(&self->explorer);
  g_clear_object(&self->model);
  g_clear_object(&self->model_before);
  g_clear_object(&self->workbench);
  G_OBJECT_CLASS(lens_window_parent_class)->dispose(object);
}

static void
lens_window_class_init(LensWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_window_dispose;
  GTK_WINDOW_CLASS(klass)->close_request = lens_window_close_request;
  g_type_ensure(LENS_TYPE_ANNOUNCER);
  g_type_ensure(LENS_TYPE_EXPLORE_PAGE);
  g_type_ensure(LENS_TYPE_TRAIN_PAGE);
  g_type_ensure(LENS_TYPE_DATA_PAGE);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-window.ui");
  gtk_widget_class_bind_template_child(widget_class, LensWindow, toasts);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, library_button);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, open_button);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, model_drop);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, model_back_button);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, announcer);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, error_bar);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, error_label);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, stack);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, explore_page);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, train_page);
  gtk_widget_class_bind_template_child(widget_class, LensWindow, data_page);
  lens_window_class_add_actions(widget_class);
}

static void
lens_window_init(LensWindow *self)
{
  GtkDropTarget *drop = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);
  g_autoptr(GtkListItemFactory) rows = gtk_signal_list_item_factory_new();
  g_autoptr(GtkExpression) expression = gtk_property_expression_new(LENS_TYPE_MODEL, NULL, "name");

  gtk_widget_init_template(GTK_WIDGET(self));
  gtk_window_set_default_size(GTK_WINDOW(self), lens_settings_get_int("width", 1280),
                              lens_settings_get_int("height", 800));
  gtk_drop_down_set_expression(self->model_drop, expression);
  g_signal_connect(rows, "setup", G_CALLBACK(lens_model_row_setup), NULL);
  g_signal_connect_object(rows, "bind", G_CALLBACK(on_bind_model), self, 0);
  gtk_drop_down_set_list_factory(self->model_drop, rows);
  g_object_bind_property(lens_explore_page_get_flap(self->explore_page), "reveal-flap",
                         self->library_button, "active",
                         G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  lens_settings_bind("maximized", self, "maximized");
  g_signal_connect(drop, "drop", G_CALLBACK(on_drop), self);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(drop));
  g_signal_connect_object(self->error_bar, "response", G_CALLBACK(hide_error), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->model_drop, "notify::selected", G_CALLBACK(on_model_picked), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(lens_explore_page_get_library_pane(self->explore_page), "removed",
                          G_CALLBACK(on_removed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->train_page, "use-model", G_CALLBACK(on_use_model), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->data_page, "failed", G_CALLBACK(on_failed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->data_page, "told", G_CALLBACK(on_told), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->data_page, "removed", G_CALLBACK(on_data_removed), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->data_page, "look", G_CALLBACK(on_look_at_head), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->data_page, "explore", G_CALLBACK(on_explore_row), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->stack, "notify::visible-child", G_CALLBACK(on_page_changed), self,
                          G_CONNECT_SWAPPED);
  lens_spoken_name_controls(GTK_WIDGET(self));
}
