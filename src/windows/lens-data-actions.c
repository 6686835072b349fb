/* What a person does on the Data page. */
#include "lens-data-page-private.h"

#include <glib/gi18n.h>

/* ---- what is enabled ---- */

/* What was stopped, or cut off with the program, goes on. */
static void
update_evaluate_button(LensDataPage *self, LensDataEvaluation *evaluation)
{
  gint64 done = evaluation ? lens_data_evaluation_get_done(evaluation) : 0;
  gboolean part = done > 0 && done < lens_data_set_get_n(self->set);

  gtk_button_set_label(self->evaluate_button, part ? _("_Go On") : _("E_valuate"));
}

void
lens_data_page_update_actions(LensDataPage *self)
{
  LensDataJob *job = self->desk ? lens_data_desk_get_job(self->desk) : NULL;
  LensDataEvaluation *evaluation = lens_data_page_get_evaluation(self);
  gboolean questions = self->set && lens_data_set_get_n(self->set) > 0
                       && !g_str_equal(lens_data_set_get_source(self->set)->kind, "images");
  GtkWidget *widget = GTK_WIDGET(self);

  update_evaluate_button(self, evaluation);
  gtk_widget_action_set_enabled(widget, "data.evaluate",
                                questions && lens_data_page_get_model(self) && !job);
  gtk_widget_action_set_enabled(widget, "data.stop", job != NULL);
  gtk_widget_action_set_enabled(widget, "data.submit",
                                evaluation && lens_data_evaluation_get_done(evaluation) > 0);
  gtk_widget_action_set_enabled(widget, "data.remove", self->set != NULL);
  gtk_widget_action_set_enabled(widget, "data.explore",
                                self->row && lens_data_row_is_filled(self->row));
}

/* ---- doing it ---- */

static void
do_open(GtkWidget *widget, const char *name, GVariant *parameter)
{
  if (g_str_equal(name, "data.open-demo"))
    lens_data_page_open(LENS_DATA_PAGE(widget), NULL);
  else
    lens_data_page_choose(LENS_DATA_PAGE(widget), g_str_equal(name, "data.open-folder"));
}

static void
do_evaluate(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensDataPage *self = LENS_DATA_PAGE(widget);
  g_autoptr(GError) error = NULL;

  if (self->set && lens_data_page_get_model(self)
      && !lens_data_desk_evaluate(self->desk, self->set, lens_data_page_get_model(self), &error))
    lens_data_page_fail(self, error->message);
}

static void
do_stop(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensDataJob *job = lens_data_desk_get_job(LENS_DATA_PAGE(widget)->desk);

  if (job)
    lens_job_cancel(LENS_JOB(job));
}

static void
do_submit(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensDataPage *self = LENS_DATA_PAGE(widget);
  LensDataEvaluation *evaluation = lens_data_page_get_evaluation(self);

  if (evaluation)
    lens_data_page_submit(self, self->set, evaluation);
}

static void
do_remove(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensDataPage *self = LENS_DATA_PAGE(widget);
  g_autoptr(LensDataSet) set = self->set ? g_object_ref(self->set) : NULL;

  if (!set)
    return;
  lens_data_desk_remove(self->desk, set);
  g_signal_emit_by_name(self, "removed", set);
}

/* ---- a row in Explore ---- */

/* The chosen model where it can answer the row, else the first that can. */
static LensModel *
model_for_row(LensDataPage *self)
{
  LensModel *picked = lens_data_page_get_model(self);

  return picked && lens_data_page_fits(self, picked) ? picked : lens_data_page_find_model(self);
}

static void
on_row_opened(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) scenes
      = lens_data_desk_open_row_finish(LENS_DATA_DESK(source), result, &error);
  LensDataRow *row
      = self->row_selection ? gtk_single_selection_get_selected_item(self->row_selection) : NULL;

  if (!row)
    return;
  if (scenes)
    g_signal_emit_by_name(self, "explore", NULL, scenes, lens_data_row_get_info(row)->question,
                          model_for_row(self));
  else
    lens_data_page_fail(self, error->message);
}

/* Pictures are opened as ever where the detector looks at them; where the set brings features, the
 * boxes are these, so that the answer is the one in the table. */
static void
do_explore(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensDataPage *self = LENS_DATA_PAGE(widget);
  LensDataRow *row = gtk_single_selection_get_selected_item(self->row_selection);
  gboolean pair = row && *lens_data_row_get_info(row)->image2;
  char *pictures[3] = { NULL };

  if (!row || !lens_data_row_is_filled(row))
    return;
  if (!*lens_data_set_get_source(self->set)->features) {
    pictures[0] = lens_data_desk_find_picture(self->desk, self->set, row, 0);
    pictures[1] = pair ? lens_data_desk_find_picture(self->desk, self->set, row, 1) : NULL;
  }
  if (pictures[0] && (pictures[1] || !pair))
    g_signal_emit_by_name(self, "explore", pictures, NULL, lens_data_row_get_info(row)->question,
                          model_for_row(self));
  else
    lens_data_desk_open_row_async(self->desk, self->set, row, NULL, on_row_opened,
                                  g_object_ref(self));
  g_free(pictures[0]);
  g_free(pictures[1]);
}

void
lens_data_page_class_add_actions(GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action(widget_class, "data.open-demo", NULL, do_open);
  gtk_widget_class_install_action(widget_class, "data.open-folder", NULL, do_open);
  gtk_widget_class_install_action(widget_class, "data.open-file", NULL, do_open);
  gtk_widget_class_install_action(widget_class, "data.evaluate", NULL, do_evaluate);
  gtk_widget_class_install_action(widget_class, "data.stop", NULL, do_stop);
  gtk_widget_class_install_action(widget_class, "data.submit", NULL, do_submit);
  gtk_widget_class_install_action(widget_class, "data.remove", NULL, do_remove);
  gtk_widget_class_install_action(widget_class, "data.explore", NULL, do_explore);
}
