#include "lens-train-page.h"

#include <glib/gi18n.h>

#include "lens-job-row.h"
#include "lens-job-view.h"
#include "lens-tab-stop.h"
#include "lens-window.h"

struct _LensTrainPage {
  AdwBin parent_instance;

  LensWorkbench *workbench;
  GtkSingleSelection *selection;

  /* template widgets */
  GtkStack *stack;
  GtkListView *job_list;
  LensJobView *job_view;
};

enum { USE_MODEL, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensTrainPage, lens_train_page, ADW_TYPE_BIN)

static void
update_stack(LensTrainPage *self)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->selection));

  gtk_stack_set_visible_child_name(self->stack, n ? "jobs" : "empty");
}

static void
update_job(LensTrainPage *self)
{
  lens_job_view_set_job(self->job_view, gtk_single_selection_get_selected_item(self->selection));
}

void
lens_train_page_select_job(LensTrainPage *self, LensJob *job)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->selection));

  for (guint i = 0; i < n; i++) {
    g_autoptr(LensJob) item = g_list_model_get_item(G_LIST_MODEL(self->selection), i);

    if (item == job)
      gtk_single_selection_set_selected(self->selection, i);
  }
}

static void
on_use_model(LensTrainPage *self, LensModel *model)
{
  g_signal_emit(self, signals[USE_MODEL], 0, model);
}

/* ---- messages, shown by the window ---- */

static LensWindow *
window_of(LensTrainPage *self)
{
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));

  return LENS_IS_WINDOW(root) ? LENS_WINDOW(root) : NULL;
}

static void
on_failed(LensTrainPage *self, const char *text)
{
  if (window_of(self))
    lens_window_show_error(window_of(self), text);
}

static void
on_told(LensTrainPage *self, const char *text)
{
  if (window_of(self))
    lens_window_show_toast(window_of(self), text);
}

typedef struct {
  LensTrainPage *page;
  LensTrainJob *job;
} Removal;

static void
removal_free(gpointer data)
{
  Removal *removal = data;

  g_object_unref(removal->page);
  g_object_unref(removal->job);
  g_free(removal);
}

static void
on_undo(Removal *removal)
{
  g_autoptr(GError) error = NULL;

  if (lens_workbench_restore_training(removal->page->workbench, removal->job, &error))
    lens_train_page_select_job(removal->page, LENS_JOB(removal->job));
  else
    on_failed(removal->page, error->message);
}

static void
on_removed(LensTrainPage *self, LensJob *job)
{
  g_autofree char *text
      = g_strdup_printf(_("“%s” and its models were deleted"), lens_job_get_title(job));
  Removal *removal;

  if (!window_of(self))
    return;
  removal = g_new0(Removal, 1);
  removal->page = g_object_ref(self);
  removal->job = LENS_TRAIN_JOB(g_object_ref(job));
  lens_window_show_undo_toast(window_of(self), text, G_CALLBACK(on_undo), removal, removal_free);
}

/* ---- the list ---- */

static void
on_setup(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  gtk_list_item_set_child(item, lens_job_row_new());
}

static void
on_bind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  lens_job_row_bind(LENS_JOB_ROW(gtk_list_item_get_child(item)), gtk_list_item_get_item(item));
}

static void
on_unbind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  lens_job_row_bind(LENS_JOB_ROW(gtk_list_item_get_child(item)), NULL);
}

void
lens_train_page_set_workbench(LensTrainPage *self, LensWorkbench *workbench)
{
  g_return_if_fail(!self->workbench);
  self->workbench = g_object_ref(workbench);
  lens_job_view_set_workbench(self->job_view, workbench);
  self->selection = gtk_single_selection_new(g_object_ref(lens_workbench_get_jobs(workbench)));
  gtk_list_view_set_model(self->job_list, GTK_SELECTION_MODEL(self->selection));
  g_signal_connect_object(self->selection, "items-changed", G_CALLBACK(update_stack), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->selection, "notify::selected-item", G_CALLBACK(update_job), self,
                          G_CONNECT_SWAPPED);
  update_stack(self);
  update_job(self);
}

static void
lens_train_page_dispose(GObject *object)
{
  LensTrainPage *self = LENS_TRAIN_PAGE(object);

  g_clear_object(&self->selection);
  g_clear_object(&self->workbench);
  G_OBJECT_CLASS(lens_train_page_parent_class)->dispose(object);
}

static void
lens_train_page_class_init(LensTrainPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_train_page_dispose;
  signals[USE_MODEL] = g_signal_new("use-model", LENS_TYPE_TRAIN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_MODEL);
  g_type_ensure(LENS_TYPE_JOB_VIEW);
  g_type_ensure(LENS_TYPE_TAB_STOP);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-train-page.ui");
  gtk_widget_class_bind_template_child(widget_class, LensTrainPage, stack);
  gtk_widget_class_bind_template_child(widget_class, LensTrainPage, job_list);
  gtk_widget_class_bind_template_child(widget_class, LensTrainPage, job_view);
}

static void
lens_train_page_init(LensTrainPage *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new();

  gtk_widget_init_template(GTK_WIDGET(self));
  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), NULL);
  g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), NULL);
  gtk_list_view_set_factory(self->job_list, factory);
  g_signal_connect_object(self->job_view, "use-model", G_CALLBACK(on_use_model), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->job_view, "failed", G_CALLBACK(on_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->job_view, "told", G_CALLBACK(on_told), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->job_view, "removed", G_CALLBACK(on_removed), self,
                          G_CONNECT_SWAPPED);
}

LensJobView *
lens_train_page_get_job_view(LensTrainPage *self)
{
  return self->job_view;
}
