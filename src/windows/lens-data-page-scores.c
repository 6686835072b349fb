/* The scores of the set that is shown: headline, filters, confusion and the page of scores. */
#include "lens-data-page-private.h"

#include <glib/gi18n.h>

#include "lens-data-scores.h"

/* The figure that counts; the others are its tooltip and the page of scores. */
static void
show_headline(LensDataPage *self, const LensDataSummary *summary)
{
  g_autofree char *all = lens_data_percent(summary->accuracy);
  g_autofree char *oracle = lens_data_percent(summary->oracle);
  g_autofree char *consistency = lens_data_percent(summary->consistency);
  LensDataEvaluation *evaluation = lens_data_page_get_evaluation(self);
  g_autofree char *text = NULL, *more = NULL;

  if (evaluation && !summary->n
      && g_str_equal(lens_data_evaluation_get_state(evaluation), "running"))
    text = g_strdup(_("Answering…"));
  else if (!self->evaluation_id || !evaluation || !lens_data_evaluation_get_done(evaluation))
    text = g_strdup(_("Not answered yet"));
  else if (summary->accuracy >= 0)
    text = g_strdup_printf(_("%s right"), all);
  else
    text = g_strdup(_("Not scored: the file gives no right answers"));
  if (self->evaluation_id && summary->consistency >= 0)
    more = g_strdup_printf(_("%s right, consistency %s"), all, consistency);
  else if (self->evaluation_id && summary->accuracy >= 0)
    more
        = g_strdup_printf(_("%s right, at most %s with the model's table of answers"), all, oracle);
  gtk_label_set_text(self->headline, text);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->headline), more ? more : text);
}

static void
show_confusion(LensDataPage *self, const LensDataSummary *summary)
{
  lens_data_confusion_set_pairs(self->confusion, summary->confusion);
  gtk_label_set_text(self->confusion_label, lens_canvas_get_n_nodes(LENS_CANVAS(self->confusion))
                                                ? _("The most frequent right answers, and what the "
                                                    "model answered. Pick a cell to see its "
                                                    "questions.")
                                                : _("There is nothing to compare yet: it takes "
                                                    "right answers in the data, and the model's, "
                                                    "which Evaluate asks for."));
}

static void
on_summarized(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataPage) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensDataSummary) summary
      = lens_data_desk_summarize_finish(LENS_DATA_DESK(source), result, &error);

  if (g_task_get_cancellable(G_TASK(result)) != self->summarizing || !self->set)
    return;
  g_clear_object(&self->summarizing);
  if (!summary) {
    if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      lens_data_page_fail(self, error->message);
    return;
  }
  show_headline(self, summary);
  lens_data_filters_set_summary(self->filters, summary, self->evaluation_id != 0);
  show_confusion(self, summary);
  gtk_scrolled_window_set_child(self->scores,
                                lens_data_scores_new(summary,
                                                     lens_data_set_get_source(self->set)->kind,
                                                     self->evaluation_id != 0));
}

void
lens_data_page_summarize(LensDataPage *self)
{
  if (self->summarizing)
    g_cancellable_cancel(self->summarizing);
  g_clear_object(&self->summarizing);
  if (!self->set || !lens_data_set_get_id(self->set))
    return;
  self->summarizing = g_cancellable_new();
  lens_data_desk_summarize_async(self->desk, self->set, self->evaluation_id, self->summarizing,
                                 on_summarized, g_object_ref(self));
}
