#include "lens-data-findings.h"

#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>

#include "figure-export.h"
#include "lens-data-scores.h"
#include "lens-findings-plot.h"
#include "lens-findings-table.h"
#include "lens-map.h"
#include "lens-short-drop.h"

struct _LensDataFindings {
  AdwBin parent_instance;

  LensDataDesk *desk;
  GListModel *models;
  LensDataSet *set;
  LensModel *model;
  LensFindings *findings;
  GCancellable *reading;
  gboolean filling;

  /* template widgets */
  GtkDropDown *bert_drop, *examples_drop, *measure_drop;
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

/* ---- claims ---- */

/* "x.0.vis_to_lang/3" of the report in the window's words. */
static gboolean
on_head(const GMatchInfo *match, GString *out, gpointer unused)
{
  g_autofree char *map = g_match_info_fetch(match, 1), *head = g_match_info_fetch(match, 2);
  g_autofree char *title = lens_map_format_title(map);

  g_string_append_printf(out, _("“%s, head %d”"), title,
                         (int)g_ascii_strtoll(head, NULL, 10) + 1);
  return FALSE;
}

static char *
name_heads(const char *evidence)
{
  g_autoptr(GRegex) regex
      = g_regex_new("\\b((?:lang|vis|x)\\.[0-9a-z_.]+)/([0-9]+)", 0, 0, NULL);

  return g_regex_replace_eval(regex, evidence, -1, 0, 0, on_head, NULL, NULL);
}

/* Told by a mark and a word, not by colour. */
static void
add_claim(LensDataFindings *self, const LensClaim *claim)
{
  GtkWidget *row = adw_action_row_new(), *mark = gtk_label_new(claim->holds ? "✓" : "✗");
  g_autofree char *evidence = name_heads(claim->evidence);
  g_autofree char *subtitle = g_markup_escape_text(evidence, -1);

  gtk_accessible_update_property(GTK_ACCESSIBLE(mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 claim->holds ? _("holds") : _("does not hold"), -1);
  gtk_widget_set_tooltip_text(mark, claim->holds ? _("holds") : _("does not hold"));
  gtk_widget_add_css_class(mark, claim->holds ? "accent" : "dim-label");
  gtk_widget_add_css_class(mark, "title-3");
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _(claim->claim));
  adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
  adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  adw_action_row_add_prefix(ADW_ACTION_ROW(row), mark);
  gtk_list_box_append(self->claim_list, row);
}

static char *
format_origin(LensFindings *findings)
{
  gint64 n = lens_findings_get_examples(findings);
  double accuracy = lens_findings_get_accuracy(findings);
  GString *out = g_string_new(NULL);

  g_string_append_printf(out,
                         ngettext("%" PRId64 " question of %s, model %s",
                                  "%" PRId64 " questions of %s, model %s", (gulong)n),
                         n, lens_findings_get_data(findings), lens_findings_get_model(findings));
  if (lens_findings_get_bert(findings))
    g_string_append_printf(out, _(", beside it %s"), lens_findings_get_bert(findings));
  if (!isnan(accuracy)) {
    g_autofree char *percent = lens_data_percent(accuracy);

    g_string_append_printf(out, _("; the model answers %s of them right"), percent);
  }
  g_string_append(out, ". ");
  g_string_append(out, lens_findings_get_nouns(findings)
                           ? ""
                           : _("Without scene graphs beside the questions the pointing game is left "
                               "out."));
  return g_string_free(out, FALSE);
}

static void
fill_claims(LensDataFindings *self)
{
  GPtrArray *claims = lens_findings_get_claims(self->findings);
  g_autofree char *origin = format_origin(self->findings);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child(GTK_WIDGET(self->claim_list))))
    gtk_list_box_remove(self->claim_list, row);
  for (guint i = 0; i < claims->len; i++)
    add_claim(self, claims->pdata[i]);
  gtk_label_set_text(self->origin_label, origin);
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

/* ---- reading ---- */

static void
take(LensDataFindings *self, LensFindings *findings)
{
  g_set_object(&self->findings, findings);
  gtk_stack_set_visible_child_name(self->stack, findings ? "measured" : "empty");
  if (findings) {
    fill_claims(self);
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
                                     self->reading, on_read, g_object_ref(self));
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
  guint i = MIN(gtk_drop_down_get_selected(self->examples_drop),
                G_N_ELEMENTS(numbers_of_examples) - 1);
  g_autoptr(GError) error = NULL;

  if (!lens_data_desk_measure(self->desk, self->set, self->model, picked_bert(self),
                              numbers_of_examples[i], &error))
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
  g_signal_connect_object(models, "items-changed", G_CALLBACK(fill_berts), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(desk, "measured", G_CALLBACK(on_measured), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(desk, "job-changed", G_CALLBACK(update_actions), self,
                          G_CONNECT_SWAPPED);
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
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr(GFile) file = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser));
    g_autofree char *path = g_file_get_path(file);

    if (path)
      lens_data_findings_export(self, path);
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
do_export(GtkWidget *widget, const char *name, GVariant *parameter)
{
  LensDataFindings *self = LENS_DATA_FINDINGS(widget);
  gboolean plot = g_strcmp0(gtk_stack_get_visible_child_name(self->views), "plot") == 0;
  GtkFileChooserNative *chooser = gtk_file_chooser_native_new(
      _("Save the Findings"), GTK_WINDOW(gtk_widget_get_root(widget)),
      GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

  add_filter(GTK_FILE_CHOOSER(chooser), _("By the name's ending"), "*");
  add_filter(GTK_FILE_CHOOSER(chooser), _("Report (.md)"), "*.md");
  add_filter(GTK_FILE_CHOOSER(chooser), _("Every number (.csv)"), "*.csv");
  add_filter(GTK_FILE_CHOOSER(chooser), _("Every number (.json)"), "*.json");
  add_filter(GTK_FILE_CHOOSER(chooser), _("The plot as SVG drawing (.svg)"), "*.svg");
  add_filter(GTK_FILE_CHOOSER(chooser), _("The plot as PDF (.pdf)"), "*.pdf");
  add_filter(GTK_FILE_CHOOSER(chooser), _("The plot as PNG picture (.png)"), "*.png");
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser),
                                    plot ? "findings.svg" : "findings.md");
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
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
  g_autoptr(LensFinding) number = g_list_model_get_item(
      G_LIST_MODEL(gtk_column_view_get_model(self->table)), position);

  if (number)
    look_at(self, number);
}

/* ---- object ---- */

static void
lens_data_findings_dispose(GObject *object)
{
  LensDataFindings *self = LENS_DATA_FINDINGS(object);

  stop_reading(self);
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
  signals[TOLD] = g_signal_new("told", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               1, G_TYPE_STRING);
  signals[LOOK] = g_signal_new("look", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               2, G_TYPE_STRING, G_TYPE_INT);
  g_type_ensure(LENS_TYPE_FINDINGS_PLOT);
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
  g_signal_connect_object(self->measure_drop, "notify::selected", G_CALLBACK(on_measure_picked),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->views, "notify::visible-child-name", G_CALLBACK(update_actions),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->plot, "picked", G_CALLBACK(look_at), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->table, "activate", G_CALLBACK(on_row_activated), self,
                          G_CONNECT_SWAPPED);
  update_actions(self);
}
