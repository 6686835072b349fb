#include "lens-data-findings.h"

#include <glib/gi18n.h>

#include "figure-export.h"
#include "lens-chosen.h"
#include "lens-findings-chooser.h"
#include "lens-findings-claims.h"
#include "lens-findings-plot.h"
#include "lens-findings-table.h"
#include "lens-map.h"
#include "lens-short-drop.h"
#include "lens-tab-stop.h"

struct _LensDataFindings {
  AdwBin parent_instance;

  LensDataDesk *desk;
  GListModel *models;
  LensDataSet *set;
  LensModel *model;
  LensDataFilter *filter; /* of the page */
  LensFindings *findings;
  GCancellable *reading;
  gboolean filling;

  /* template widgets */
  GtkDropDown *bert_drop, *rows_drop, *examples_drop, *measure_drop;
  GtkStack *stack, *views;
  GtkWidget *switcher, *measure_box;
  GtkLabel *origin_label, *meaning_label;
  GtkListBox *claim_list;
  LensFindingsPlot *plot;
  GtkColumnView *table;
};

enum { FAILED, TOLD, LOOK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensDataFindings, lens_data_findings, ADW_TYPE_BIN)

/* As in the template. */
static const gint64 numbers_of_examples[] = { 100, 500, 1500, 5000, 0 };

LensFindings *
lens_data_findings_get(LensDataFindings *self)
{
  return self->findings;
}

void
lens_data_findings_show_view(LensDataFindings *self, const char *view)
{
  gtk_stack_set_visible_child_name(self->views, view);
}

void
lens_data_findings_set_examples(LensDataFindings *self, gint64 examples)
{
  for (guint i = 0; i < G_N_ELEMENTS(numbers_of_examples); i++)
    if (numbers_of_examples[i] == examples)
      gtk_drop_down_set_selected(self->examples_drop, i);
}

static void
fail(LensDataFindings *self, const char *message)
{
  g_signal_emit(self, signals[FAILED], 0, message);
}

static void
update_actions(LensDataFindings *self)
{
  GtkWidget *widget = GTK_WIDGET(self);
  gboolean busy = self->desk && lens_data_desk_get_job(self->desk);
  gboolean claims = g_strcmp0(gtk_stack_get_visible_child_name(self->views), "claims") == 0;

  gtk_widget_action_set_enabled(widget, "findings.measure", self->set && self->model && !busy);
  gtk_widget_action_set_enabled(widget, "findings.export", self->findings != NULL);
  gtk_widget_set_sensitive(self->switcher, self->findings != NULL);
  gtk_widget_set_visible(self->measure_box, !claims);
  /* the plot says it itself */
  gtk_widget_set_visible(GTK_WIDGET(self->meaning_label),
                         g_strcmp0(gtk_stack_get_visible_child_name(self->views), "plot") != 0);
}

/* ---- measures ---- */

static const LensMeasure *
picked_measure(LensDataFindings *self)
{
  GPtrArray *measures = self->findings ? lens_findings_get_measures(self->findings) : NULL;
  guint i = gtk_drop_down_get_selected(self->measure_drop);

  return measures && i < measures->len ? measures->pdata[i] : NULL;
}

static void
on_measure_picked(LensDataFindings *self)
{
  const LensMeasure *measure = picked_measure(self);
  g_autoptr(GListModel) numbers = NULL;

  if (self->filling)
    return;
  if (measure)
    numbers = lens_findings_list(self->findings, measure);
  gtk_label_set_text(self->meaning_label, measure ? _(measure->meaning) : "");
  lens_findings_plot_show(self->plot, self->findings, measure);
  lens_findings_table_show(self->table, numbers);
}

static void
fill_measures(LensDataFindings *self)
{
  GPtrArray *measures = lens_findings_get_measures(self->findings);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint before = gtk_drop_down_get_selected(self->measure_drop);

  for (guint i = 0; i < measures->len; i++) {
    g_autofree char *title = lens_measure_format_title(measures->pdata[i]);

    gtk_string_list_append(names, title);
  }
  self->filling = TRUE;
  gtk_drop_down_set_model(self->measure_drop, G_LIST_MODEL(names));
  gtk_drop_down_set_selected(self->measure_drop, before < measures->len ? before : 0);
  self->filling = FALSE;
  on_measure_picked(self);
}

void
lens_data_findings_pick_measure(LensDataFindings *self, const char *key, const char *group)
{
  GPtrArray *measures = self->findings ? lens_findings_get_measures(self->findings) : NULL;

  for (guint i = 0; measures && i < measures->len; i++) {
    const LensMeasure *measure = measures->pdata[i];

    if (g_str_equal(measure->key, key) && g_str_equal(measure->group, group))
      gtk_drop_down_set_selected(self->measure_drop, i);
  }
}

/* ---- over which rows ---- */

/* NULL: over all. */
static const LensDataFilter *
picked_rows(LensDataFindings *self)
{
  return gtk_drop_down_get_selected(self->rows_drop) == 1 ? self->filter : NULL;
}

/* "Whole data set", and what the page's filter lets through. */
static void
fill_rows_drop(LensDataFindings *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  g_autofree char *words = lens_data_filter_describe(self->filter);
  g_autofree char *filtered = g_strdup_printf(_("Filtered: %s"), words);
  guint before = gtk_drop_down_get_selected(self->rows_drop);

  gtk_string_list_append(names, _("Whole data set"));
  if (*words)
    gtk_string_list_append(names, filtered);
  self->filling = TRUE;
  gtk_drop_down_set_model(self->rows_drop, G_LIST_MODEL(names));
  gtk_drop_down_set_selected(self->rows_drop, *words && before == 1 ? 1 : 0);
  self->filling = FALSE;
  gtk_widget_set_visible(GTK_WIDGET(self->rows_drop), *words != 0);
}

void
lens_data_findings_set_filtered(LensDataFindings *self, gboolean filtered)
{
  gtk_drop_down_set_selected(self->rows_drop, filtered ? 1 : 0);
}

/* ---- reading ---- */

static void
take(LensDataFindings *self, LensFindings *findings)
{
  g_set_object(&self->findings, findings);
  gtk_stack_set_visible_child_name(self->stack, findings ? "measured" : "empty");
  if (findings) {
    g_autofree char *origin = lens_findings_claims_format_origin(findings);

    gtk_label_set_text(self->origin_label, origin);
    lens_findings_claims_show(self->claim_list, findings);
    fill_measures(self);
  }
  update_actions(self);
}

static void
on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataFindings) self = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(LensFindings) findings
      = lens_data_desk_read_findings_finish(LENS_DATA_DESK(source), result, &error);

  if (g_task_get_cancellable(G_TASK(result)) != self->reading)
    return;
  g_clear_object(&self->reading);
  if (error)
    fail(self, error->message);
  take(self, findings);
}

static void
stop_reading(LensDataFindings *self)
{
  if (self->reading)
    g_cancellable_cancel(self->reading);
  g_clear_object(&self->reading);
}

static void
read_findings(LensDataFindings *self)
{
  stop_reading(self);
  if (!self->set || !self->model || !lens_data_set_get_id(self->set)) {
    take(self, NULL);
    return;
  }
  self->reading = g_cancellable_new();
  lens_data_desk_read_findings_async(self->desk, self->set, lens_model_get_id(self->model),
                                     picked_rows(self), self->reading, on_read, g_object_ref(self));
}

static void
on_rows_picked(LensDataFindings *self)
{
  if (!self->filling)
    read_findings(self);
}

void
lens_data_findings_set_filter(LensDataFindings *self, const LensDataFilter *filter)
{
  g_autofree char *old = lens_data_filter_to_key(self->filter);
  g_autofree char *key = lens_data_filter_to_key(filter);
  gboolean shown = picked_rows(self) != NULL;

  if (g_str_equal(old, key))
    return;
  lens_data_filter_free(self->filter);
  self->filter = lens_data_filter_copy(filter);
  fill_rows_drop(self);
  if (shown)
    read_findings(self);
}

void
lens_data_findings_show(LensDataFindings *self, LensDataSet *set, LensModel *model)
{
  gboolean other = g_set_object(&self->set, set);

  other = g_set_object(&self->model, model) || other;
  if (other)
    read_findings(self);
  update_actions(self);
}

static void
on_measured(LensDataFindings *self, LensDataSet *set)
{
  if (set == self->set)
    read_findings(self);
}

/* ---- measuring ---- */

static LensModel *
picked_bert(LensDataFindings *self)
{
  guint i = gtk_drop_down_get_selected(self->bert_drop);
  g_autoptr(LensModel) model = i ? g_list_model_get_item(self->models, i - 1) : NULL;

  return model; /* the list keeps it */
}

static void
do_measure(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensDataFindings *self = LENS_DATA_FINDINGS(widget);
  guint i
      = MIN(gtk_drop_down_get_selected(self->examples_drop), G_N_ELEMENTS(numbers_of_examples) - 1);
  g_autoptr(GError) error = NULL;

  if (!lens_data_desk_measure(self->desk, self->set, self->model, picked_bert(self),
                              numbers_of_examples[i], picked_rows(self), &error))
    fail(self, error->message);
}

/* "No BERT beside it", then the models; at first one that knows language alone. */
static void
fill_berts(LensDataFindings *self)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint chosen = 0;

  gtk_string_list_append(names, _("No BERT beside it"));
  for (guint i = 0; i < g_list_model_get_n_items(self->models); i++) {
    g_autoptr(LensModel) model = g_list_model_get_item(self->models, i);

    gtk_string_list_append(names, lens_model_get_name(model));
    if (!chosen && lens_model_get_info(model)->cross_layers == 0)
      chosen = i + 1;
  }
  gtk_drop_down_set_model(self->bert_drop, G_LIST_MODEL(names));
  gtk_drop_down_set_selected(self->bert_drop, chosen);
}

void
lens_data_findings_set_desk(LensDataFindings *self, LensDataDesk *desk, GListModel *models)
{
  g_return_if_fail(!self->desk);
  self->desk = g_object_ref(desk);
  self->models = g_object_ref(models);
  fill_berts(self);
  g_signal_connect_object(models, "items-changed", G_CALLBACK(fill_berts), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(desk, "measured", G_CALLBACK(on_measured), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(desk, "job-changed", G_CALLBACK(update_actions), self, G_CONNECT_SWAPPED);
}

/* ---- export ---- */

static void
on_written(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataFindings) self = data;
  g_autoptr(GError) error = NULL;

  if (lens_data_desk_write_findings_finish(LENS_DATA_DESK(source), result, &error))
    g_signal_emit(self, signals[TOLD], 0, _("The numbers were saved"));
  else
    fail(self, error->message);
}

void
lens_data_findings_export(LensDataFindings *self, const char *path)
{
  g_autoptr(GError) error = NULL;
  gboolean dark = adw_style_manager_get_dark(adw_style_manager_get_default());

  if (!self->findings)
    return;
  if (!figure_export_knows(path))
    lens_data_desk_write_findings_async(self->desk, self->findings, path, NULL, on_written,
                                        g_object_ref(self));
  else if (lens_findings_plot_export(self->plot, path, dark, &error))
    g_signal_emit(self, signals[TOLD], 0, _("The plot was saved"));
  else
    fail(self, error->message);
}

static void
on_named(GtkNativeDialog *chooser, int response, LensDataFindings *self)
{
  g_autofree char *path = lens_chosen_path(chooser, response);

  if (path)
    lens_data_findings_export(self, path);
  g_object_unref(chooser);
}

static void
do_export(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensDataFindings *self = LENS_DATA_FINDINGS(widget);
  gboolean plot = g_strcmp0(gtk_stack_get_visible_child_name(self->views), "plot") == 0;
  GtkFileChooserNative *chooser = lens_findings_chooser_new(widget, plot);

  g_signal_connect_object(chooser, "response", G_CALLBACK(on_named), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}

/* ---- a head to look at ---- */

static void
look_at(LensDataFindings *self, LensFinding *number)
{
  const LensFindingInfo *info = lens_finding_get_info(number);
  LensModule module;
  int layer;

  if (!info->bert && lens_map_parse_name(info->map, &module, &layer))
    g_signal_emit(self, signals[LOOK], 0, info->map, info->head);
}

static void
on_row_activated(LensDataFindings *self, guint position)
{
  g_autoptr(LensFinding) number
      = g_list_model_get_item(G_LIST_MODEL(gtk_column_view_get_model(self->table)), position);

  if (number)
    look_at(self, number);
}

/* ---- object ---- */

static void
lens_data_findings_dispose(GObject *object)
{
  LensDataFindings *self = LENS_DATA_FINDINGS(object);

  stop_reading(self);
  g_clear_pointer(&self->filter, lens_data_filter_free);
  g_clear_object(&self->findings);
  g_clear_object(&self->set);
  g_clear_object(&self->model);
  g_clear_object(&self->models);
  g_clear_object(&self->desk);
  G_OBJECT_CLASS(lens_data_findings_parent_class)->dispose(object);
}

static void
bind_children(GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-data-findings.ui");
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, bert_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, rows_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, examples_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, measure_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, stack);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, views);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, switcher);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, measure_box);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, origin_label);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, meaning_label);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, claim_list);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, plot);
  gtk_widget_class_bind_template_child(widget_class, LensDataFindings, table);
}

static void
lens_data_findings_class_init(LensDataFindingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  GType type = LENS_TYPE_DATA_FINDINGS;

  G_OBJECT_CLASS(klass)->dispose = lens_data_findings_dispose;
  signals[FAILED] = g_signal_new("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TOLD] = g_signal_new("told", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                               G_TYPE_STRING);
  signals[LOOK] = g_signal_new("look", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                               G_TYPE_STRING, G_TYPE_INT);
  g_type_ensure(LENS_TYPE_FINDINGS_PLOT);
  g_type_ensure(LENS_TYPE_TAB_STOP);
  bind_children(widget_class);
  gtk_widget_class_install_action(widget_class, "findings.measure", NULL, do_measure);
  gtk_widget_class_install_action(widget_class, "findings.export", NULL, do_export);
}

static void
lens_data_findings_init(LensDataFindings *self)
{
  gtk_widget_init_template(GTK_WIDGET(self));
  lens_findings_table_set_up(self->table);
  lens_short_drop_set_up(self->bert_drop, GTK_TYPE_STRING_OBJECT, "string", 16);
  lens_short_drop_set_up(self->rows_drop, GTK_TYPE_STRING_OBJECT, "string", 48);
  self->filter = lens_data_filter_copy(NULL);
  fill_rows_drop(self);
  g_signal_connect_object(self->rows_drop, "notify::selected", G_CALLBACK(on_rows_picked), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->measure_drop, "notify::selected", G_CALLBACK(on_measure_picked),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->views, "notify::visible-child-name", G_CALLBACK(update_actions),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->plot, "picked", G_CALLBACK(look_at), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->table, "activate", G_CALLBACK(on_row_activated), self,
                          G_CONNECT_SWAPPED);
  update_actions(self);
}
