#include "lens-data-page-private.h"

#include <inttypes.h>
#include <glib/gi18n.h>

#include "lens-data-table.h"
#include "lens-scroll-start.h"
#include "lens-short-drop.h"
#include "lens-tab-stop.h"

enum { FAILED, TOLD, REMOVED, EXPLORE, LOOK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensDataPage, lens_data_page, ADW_TYPE_BIN)

LensDataDesk *
lens_data_page_get_desk(LensDataPage *self)
{
  return self->desk;
}

LensDataSet *
lens_data_page_get_set(LensDataPage *self)
{
  return self->set;
}

LensDataRows *
lens_data_page_get_rows(LensDataPage *self)
{
  return self->rows;
}

LensDataFindings *
lens_data_page_get_findings(LensDataPage *self)
{
  return self->findings;
}

LensDataFilters *
lens_data_page_get_filters(LensDataPage *self)
{
  return self->filters;
}

void
lens_data_page_show(LensDataPage *self, const char *view)
{
  gtk_stack_set_visible_child_name(self->views, view);
}

void
lens_data_page_select_row(LensDataPage *self, guint position)
{
  gtk_single_selection_set_selected(self->row_selection, position);
}

void
lens_data_page_fail(LensDataPage *self, const char *message)
{
  g_signal_emit(self, signals[FAILED], 0, message);
}

LensModel *
lens_data_page_get_model(LensDataPage *self)
{
  return gtk_drop_down_get_selected_item(self->model_drop);
}

LensDataEvaluation *
lens_data_page_get_evaluation(LensDataPage *self)
{
  LensModel *model = lens_data_page_get_model(self);

  return self->set && model ? lens_data_set_find_evaluation(self->set, lens_model_get_id(model))
                            : NULL;
}

gboolean
lens_data_page_fits(LensDataPage *self, LensModel *model)
{
  gboolean pairs = self->set && g_strcmp0(lens_data_set_get_source(self->set)->kind, "nlvr2") == 0;
  const LensModelInfo *info = lens_model_get_info(model);

  return info->cross_layers > 0 && (g_strcmp0(info->task, "nlvr2") == 0) == pairs;
}

/* How near a model is to the set: it answered it, was trained for its task, is the usual one, can
 * answer it at all; 0: it cannot. */
static int
rank_of(LensDataPage *self, LensModel *model)
{
  if (!model || !lens_data_page_fits(self, model))
    return 0;
  if (self->set && lens_data_set_find_evaluation(self->set, lens_model_get_id(model)))
    return 4;
  if (self->set
      && g_strcmp0(lens_model_get_info(model)->task, lens_data_set_get_source(self->set)->kind)
             == 0)
    return 3;
  return model == lens_workbench_get_default_model(self->workbench) ? 2 : 1;
}

LensModel *
lens_data_page_find_model(LensDataPage *self)
{
  GListModel *models = lens_workbench_get_models(self->workbench);
  LensModel *best = NULL;

  for (guint i = 0; i < g_list_model_get_n_items(models); i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(models, i);

    if (rank_of(self, model) > rank_of(self, best))
      best = model; /* the list keeps it */
  }
  return best;
}

/* ---- what is said ---- */

static void
update_count(LensDataPage *self)
{
  guint shown = g_list_model_get_n_items(G_LIST_MODEL(self->rows));
  gint64 n = self->set ? lens_data_set_get_n(self->set) : 0;
  g_autofree char *text = shown == n ? g_strdup_printf(ngettext("%u row", "%u rows", shown), shown)
                                     : g_strdup_printf(_("%u of %" PRId64 " rows"), shown, n);

  gtk_label_set_text(self->count_label, text);
  lens_data_page_update_actions(self);
}

static void
on_job_updated(LensDataPage *self, LensJob *job)
{
  g_autofree char *text = NULL;

  if (job != LENS_JOB(lens_data_desk_get_job(self->desk)))
    return;
  text = *lens_job_get_message(job)
             ? g_strdup_printf("%s: %s", lens_job_get_title(job), lens_job_get_message(job))
             : g_strdup(lens_job_get_title(job));
  gtk_label_set_text(self->job_label, text);
  gtk_progress_bar_set_fraction(self->job_bar, CLAMP(lens_job_get_progress(job), 0, 1));
}

static void
on_job_changed(LensDataPage *self)
{
  LensDataJob *job = lens_data_desk_get_job(self->desk);

  gtk_widget_set_visible(self->job_box, job != NULL);
  if (job && !g_object_get_data(G_OBJECT(job), "watched")) {
    g_object_set_data(G_OBJECT(job), "watched", self);
    g_signal_connect_object(job, "updated", G_CALLBACK(on_job_updated), self, G_CONNECT_SWAPPED);
  }
  if (job)
    on_job_updated(self, LENS_JOB(job));
  lens_data_page_update_actions(self);
}

/* ---- rows ---- */

static void
show_rows(LensDataPage *self)
{
  self->n_shown = self->set ? lens_data_set_get_n(self->set) : 0;
  lens_data_findings_set_filter(self->findings, lens_data_filters_get(self->filters));
  lens_data_rows_show(self->rows, self->set ? lens_data_set_get_id(self->set) : 0,
                      self->evaluation_id, self->n_shown, lens_data_filters_get(self->filters));
}

static void
show_problem(LensDataPage *self)
{
  LensDataEvaluation *evaluation = lens_data_page_get_evaluation(self);
  const char *problem = self->set ? lens_data_set_get_problem(self->set) : NULL;
  const char *note = evaluation ? lens_data_evaluation_get_note(evaluation) : NULL;
  g_autofree char *text = NULL;

  if (self->set && g_str_equal(lens_data_set_get_state(self->set), "stopped"))
    problem = _("Reading was stopped: these are the rows read so far. Open the data again to read "
                "the others.");
  text = g_strjoin(problem && note && *note ? "\n" : "", problem ? problem : "", note ? note : "",
                   NULL);
  gtk_label_set_text(self->problem_label, text);
  gtk_widget_set_visible(GTK_WIDGET(self->problem_label), *text != 0);
}

static void
show_set(LensDataPage *self)
{
  LensDataEvaluation *evaluation = lens_data_page_get_evaluation(self);

  self->evaluation_id = evaluation ? lens_data_evaluation_get_id(evaluation) : 0;
  show_problem(self);
  lens_data_findings_show(self->findings, self->set, lens_data_page_get_model(self));
  show_rows(self);
  lens_data_page_summarize(self);
  lens_data_page_update_actions(self);
}

/* More was read. */
static void
show_more_rows(LensDataPage *self)
{
  if (self->n_shown == 0 || !lens_data_filter_is_empty(lens_data_filters_get(self->filters)))
    show_rows(self);
  else
    lens_data_rows_grow(self->rows, lens_data_set_get_n(self->set));
  self->n_shown = lens_data_set_get_n(self->set);
}

static void
on_set_changed(LensDataPage *self)
{
  show_problem(self);
  if (lens_data_set_get_n(self->set) != self->n_shown)
    show_more_rows(self);
  else
    lens_data_rows_grow(self->rows, self->n_shown);
  lens_data_page_update_actions(self);
}

static void
on_set_selected(LensDataPage *self)
{
  LensDataSet *set = gtk_single_selection_get_selected_item(self->set_selection);

  if (set == self->set && set)
    return;
  if (self->set)
    g_signal_handlers_disconnect_by_data(self->set, self);
  g_set_object(&self->set, set);
  gtk_stack_set_visible_child_name(self->stack, set ? "set" : "empty");
  if (set) {
    LensModel *nearest = lens_data_page_find_model(self);

    g_signal_connect_object(set, "changed", G_CALLBACK(on_set_changed), self, G_CONNECT_SWAPPED);
    lens_data_filters_clear(self->filters);
    lens_data_table_set_kind(self->table, lens_data_set_get_source(set)->kind);
    if (rank_of(self, nearest) > rank_of(self, lens_data_page_get_model(self)))
      lens_data_page_set_model(self, nearest);
  }
  show_set(self);
}

/* More is answered: the rows that are seen, and at the end the scores. */
static void
on_evaluated(LensDataPage *self, LensDataSet *set)
{
  LensDataEvaluation *evaluation = lens_data_page_get_evaluation(self);
  gint64 id = evaluation ? lens_data_evaluation_get_id(evaluation) : 0;

  if (set != self->set)
    return;
  if (!evaluation || id != self->evaluation_id
      || !g_str_equal(lens_data_evaluation_get_state(evaluation), "running"))
    show_set(self);
  else
    lens_data_rows_grow(self->rows, lens_data_set_get_n(self->set));
  lens_data_page_update_actions(self);
}

static void
show_row(LensDataPage *self)
{
  g_autofree char *picture = NULL, *second = NULL;

  if (self->row && lens_data_row_is_filled(self->row)) {
    picture = lens_data_desk_find_picture(self->desk, self->set, self->row, 0);
    second = lens_data_desk_find_picture(self->desk, self->set, self->row, 1);
  }
  lens_data_details_set_row(self->details, self->row, picture, second);
  lens_data_page_update_actions(self);
}

/* Its texts and its picture are known when it was read, and it may become another. */
static void
on_row_selected(LensDataPage *self)
{
  LensDataRow *row = gtk_single_selection_get_selected_item(self->row_selection);

  if (self->row)
    g_signal_handlers_disconnect_by_func(self->row, show_row, self);
  g_set_object(&self->row, row);
  if (row)
    g_signal_connect_object(row, "filled", G_CALLBACK(show_row), self, G_CONNECT_SWAPPED);
  show_row(self);
}

/* Other rows are looked at from the first one on. */
static void
on_exchanging(LensDataPage *self)
{
  gtk_adjustment_set_value(gtk_scrollable_get_vadjustment(GTK_SCROLLABLE(self->table)), 0);
  gtk_single_selection_set_selected(self->row_selection, 0);
}

static void
on_row_activated(LensDataPage *self, guint position)
{
  gtk_widget_activate_action(GTK_WIDGET(self), "data.explore", NULL);
}

static void
on_pair_picked(LensDataPage *self, const char *truth, const char *answer)
{
  lens_data_page_show(self, "rows");
  lens_data_filters_set_pair(self->filters, truth, answer);
}

static void
on_told(LensDataPage *self, const char *message)
{
  g_signal_emit(self, signals[TOLD], 0, message);
}

static void
on_look(LensDataPage *self, const char *map, int head)
{
  g_signal_emit(self, signals[LOOK], 0, map, head);
}

void
lens_data_page_set_model(LensDataPage *self, LensModel *model)
{
  GListModel *models = gtk_drop_down_get_model(self->model_drop);

  for (guint i = 0; models && i < g_list_model_get_n_items(models); i++) {
    g_autoptr(LensModel) item = g_list_model_get_item(models, i);

    if (item == model)
      gtk_drop_down_set_selected(self->model_drop, i);
  }
}

void
lens_data_page_set_workbench(LensDataPage *self, LensWorkbench *workbench)
{
  g_return_if_fail(!self->workbench);
  self->workbench = g_object_ref(workbench);
  self->desk = lens_workbench_get_data_desk(workbench);
  if (!self->desk)
    return;
  g_object_ref(self->desk);
  self->rows = lens_data_desk_get_rows(self->desk);
  self->row_selection = gtk_single_selection_new(g_object_ref(G_LIST_MODEL(self->rows)));
  gtk_column_view_set_model(self->table, GTK_SELECTION_MODEL(self->row_selection));
  self->set_selection = gtk_single_selection_new(g_object_ref(lens_data_desk_get_sets(self->desk)));
  gtk_list_view_set_model(self->set_list, GTK_SELECTION_MODEL(self->set_selection));
  gtk_drop_down_set_model(self->model_drop, lens_workbench_get_models(workbench));
  lens_data_findings_set_desk(self->findings, self->desk, lens_workbench_get_models(workbench));
  lens_data_page_set_model(self, lens_workbench_get_default_model(workbench));
  g_signal_connect_object(self->rows, "exchanging", G_CALLBACK(on_exchanging), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->rows, "found", G_CALLBACK(update_count), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->rows, "failed", G_CALLBACK(lens_data_page_fail), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->row_selection, "notify::selected-item", G_CALLBACK(on_row_selected),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->set_selection, "notify::selected-item", G_CALLBACK(on_set_selected),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->model_drop, "notify::selected", G_CALLBACK(show_set), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->desk, "failed", G_CALLBACK(lens_data_page_fail), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->desk, "evaluated", G_CALLBACK(on_evaluated), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->desk, "job-changed", G_CALLBACK(on_job_changed), self,
                          G_CONNECT_SWAPPED);
  on_set_selected(self);
  on_job_changed(self);
}

gboolean
lens_data_page_is_shown(LensDataPage *self)
{
  return gtk_widget_get_mapped(GTK_WIDGET(self));
}

void
lens_data_page_search(LensDataPage *self)
{
  if (!self->set)
    return;
  lens_data_page_show(self, "rows");
  lens_data_filters_focus_search(self->filters);
}

/* ---- object ---- */

static void
lens_data_page_dispose(GObject *object)
{
  LensDataPage *self = LENS_DATA_PAGE(object);

  if (self->summarizing)
    g_cancellable_cancel(self->summarizing);
  g_clear_object(&self->summarizing);
  g_clear_object(&self->set);
  g_clear_object(&self->row);
  g_clear_object(&self->rows);
  g_clear_object(&self->row_selection);
  g_clear_object(&self->set_selection);
  g_clear_object(&self->desk);
  g_clear_object(&self->workbench);
  G_OBJECT_CLASS(lens_data_page_parent_class)->dispose(object);
}

static void
bind_children(GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-data-page.ui");
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, stack);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, views);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, set_list);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, model_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, evaluate_button);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, job_box);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, job_label);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, job_bar);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, count_label);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, headline);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, problem_label);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, filters);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, table);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, details);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, confusion);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, confusion_label);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, scores);
  gtk_widget_class_bind_template_child(widget_class, LensDataPage, findings);
}

static void
lens_data_page_class_init(LensDataPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  GType type = LENS_TYPE_DATA_PAGE;

  G_OBJECT_CLASS(klass)->dispose = lens_data_page_dispose;
  signals[FAILED] = g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TOLD] = g_signal_new("told", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                               G_TYPE_STRING);
  signals[REMOVED] = g_signal_new("removed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, LENS_TYPE_DATA_SET);
  signals[EXPLORE]
      = g_signal_new("explore", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 4,
                     G_TYPE_STRV, G_TYPE_PTR_ARRAY, G_TYPE_STRING, LENS_TYPE_MODEL);
  signals[LOOK] = g_signal_new("look", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                               G_TYPE_STRING, G_TYPE_INT);
  g_type_ensure(LENS_TYPE_DATA_FILTERS);
  g_type_ensure(LENS_TYPE_DATA_DETAILS);
  g_type_ensure(LENS_TYPE_DATA_CONFUSION);
  g_type_ensure(LENS_TYPE_DATA_FINDINGS);
  g_type_ensure(LENS_TYPE_TAB_STOP);
  bind_children(widget_class);
  lens_data_page_class_add_actions(widget_class);
}

static void
lens_data_page_init(LensDataPage *self)
{
  gtk_widget_init_template(GTK_WIDGET(self));
  lens_short_drop_set_up(self->model_drop, LENS_TYPE_MODEL, "name", 16);
  lens_data_table_set_up(self->table);
  lens_scroll_start(GTK_SCROLLED_WINDOW(gtk_widget_get_parent(GTK_WIDGET(self->table))));
  lens_scroll_start(GTK_SCROLLED_WINDOW(
      gtk_widget_get_ancestor(GTK_WIDGET(self->confusion), GTK_TYPE_SCROLLED_WINDOW)));
  lens_data_table_set_up_sets(self->set_list);
  g_signal_connect_object(self->filters, "changed", G_CALLBACK(show_rows), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->confusion, "picked", G_CALLBACK(on_pair_picked), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->table, "activate", G_CALLBACK(on_row_activated), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->findings, "failed", G_CALLBACK(lens_data_page_fail), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->findings, "told", G_CALLBACK(on_told), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->findings, "look", G_CALLBACK(on_look), self, G_CONNECT_SWAPPED);
  lens_data_page_update_actions(self);
}
