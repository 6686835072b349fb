#include "lens-data-filters.h"

#include <glib/gi18n.h>

#include "lens-short-drop.h"

struct _LensDataFilters {
  AdwBin parent_instance;

  LensDataFilter filter;
  gboolean filling;

  /* template widgets */
  GtkSearchEntry *search;
  GtkDropDown *verdict_drop, *answer_type_drop, *question_type_drop, *truth_drop, *answer_drop;
  GtkDropDown *sure_drop;
  GtkButton *clear_button;
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensDataFilters, lens_data_filters, ADW_TYPE_BIN)

const LensDataFilter *
lens_data_filters_get(LensDataFilters *self)
{
  return &self->filter;
}

static void
take(char **at, char *value)
{
  g_free(*at);
  *at = value;
}

/* The first item means any. */
static char *
picked(GtkDropDown *drop)
{
  GtkStringObject *item = gtk_drop_down_get_selected_item(drop);

  if (gtk_drop_down_get_selected(drop) == 0 || !item)
    return NULL;
  return g_strdup(gtk_string_object_get_string(item));
}

static void
on_changed(LensDataFilters *self)
{
  static const double bounds[][2] = { { 0, 0 }, { 0.9, 1 }, { 0.5, 0.9 }, { 0, 0.5 } };
  guint sure = MIN(gtk_drop_down_get_selected(self->sure_drop), G_N_ELEMENTS(bounds) - 1);

  if (self->filling)
    return;
  take(&self->filter.text, g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->search))));
  self->filter.verdict
      = (LensVerdict)MIN(gtk_drop_down_get_selected(self->verdict_drop), LENS_VERDICT_PARTLY);
  take(&self->filter.answer_type, picked(self->answer_type_drop));
  take(&self->filter.question_type, picked(self->question_type_drop));
  take(&self->filter.truth, picked(self->truth_drop));
  take(&self->filter.answer, picked(self->answer_drop));
  self->filter.least = bounds[sure][0];
  self->filter.most = bounds[sure][1];
  gtk_widget_set_sensitive(GTK_WIDGET(self->clear_button),
                           !lens_data_filter_is_empty(&self->filter));
  g_signal_emit(self, signals[CHANGED], 0);
}

/* Selects `chosen`, adding it when it is too rare to be listed. */
static void
choose(GtkDropDown *drop, const char *chosen)
{
  GListModel *list = gtk_drop_down_get_model(drop);
  guint n = g_list_model_get_n_items(list), at = chosen ? n : 0;

  for (guint i = 1; chosen && i < n; i++) {
    g_autoptr(GtkStringObject) item = g_list_model_get_item(list, i);

    if (g_strcmp0(gtk_string_object_get_string(item), chosen) == 0)
      at = i;
  }
  if (at == n)
    gtk_string_list_append(GTK_STRING_LIST(list), chosen);
  gtk_drop_down_set_selected(drop, at);
}

static void
fill(GtkDropDown *drop, GPtrArray *tallies, const char *any, const char *chosen)
{
  g_autoptr(GtkStringList) list = gtk_string_list_new(NULL);

  gtk_string_list_append(list, any);
  for (guint i = 0; tallies && i < tallies->len; i++) {
    const LensTally *tally = tallies->pdata[i];

    if (tally->name && *tally->name)
      gtk_string_list_append(list, tally->name);
  }
  gtk_drop_down_set_model(drop, G_LIST_MODEL(list));
  choose(drop, chosen);
  gtk_widget_set_visible(GTK_WIDGET(drop), g_list_model_get_n_items(G_LIST_MODEL(list)) > 1);
}

void
lens_data_filters_set_summary(LensDataFilters *self, LensDataSummary *summary, gboolean answered)
{
  self->filling = TRUE;
  fill(self->answer_type_drop, summary ? summary->answer_types : NULL, _("Kind"),
       self->filter.answer_type);
  fill(self->question_type_drop, summary ? summary->question_types : NULL, _("Type"),
       self->filter.question_type);
  fill(self->truth_drop, summary ? summary->truths : NULL, _("Right answer"), self->filter.truth);
  fill(self->answer_drop, summary ? summary->answers : NULL, _("Answered"), self->filter.answer);
  gtk_widget_set_sensitive(GTK_WIDGET(self->verdict_drop), answered);
  gtk_widget_set_sensitive(GTK_WIDGET(self->sure_drop), answered);
  self->filling = FALSE;
}

void
lens_data_filters_clear(LensDataFilters *self)
{
  self->filling = TRUE;
  gtk_editable_set_text(GTK_EDITABLE(self->search), "");
  gtk_drop_down_set_selected(self->verdict_drop, 0);
  gtk_drop_down_set_selected(self->answer_type_drop, 0);
  gtk_drop_down_set_selected(self->question_type_drop, 0);
  gtk_drop_down_set_selected(self->truth_drop, 0);
  gtk_drop_down_set_selected(self->answer_drop, 0);
  gtk_drop_down_set_selected(self->sure_drop, 0);
  self->filling = FALSE;
  on_changed(self);
}

void
lens_data_filters_set_text(LensDataFilters *self, const char *text)
{
  gtk_editable_set_text(GTK_EDITABLE(self->search), text);
}

void
lens_data_filters_set_verdict(LensDataFilters *self, LensVerdict verdict)
{
  gtk_drop_down_set_selected(self->verdict_drop, verdict);
}

void
lens_data_filters_set_confidence(LensDataFilters *self, guint band)
{
  gtk_drop_down_set_selected(self->sure_drop, band);
}

void
lens_data_filters_set_pair(LensDataFilters *self, const char *truth, const char *answer)
{
  lens_data_filters_clear(self);
  self->filling = TRUE;
  choose(self->truth_drop, truth);
  choose(self->answer_drop, answer);
  self->filling = FALSE;
  on_changed(self);
}

void
lens_data_filters_focus_search(LensDataFilters *self)
{
  gtk_widget_grab_focus(GTK_WIDGET(self->search));
}

static void
lens_data_filters_finalize(GObject *object)
{
  lens_data_filter_clear(&LENS_DATA_FILTERS(object)->filter);
  G_OBJECT_CLASS(lens_data_filters_parent_class)->finalize(object);
}

static void
lens_data_filters_class_init(LensDataFiltersClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = lens_data_filters_finalize;
  signals[CHANGED] = g_signal_new("changed", LENS_TYPE_DATA_FILTERS, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-data-filters.ui");
  gtk_widget_class_bind_template_child(widget_class, LensDataFilters, search);
  gtk_widget_class_bind_template_child(widget_class, LensDataFilters, verdict_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataFilters, answer_type_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataFilters, question_type_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataFilters, truth_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataFilters, answer_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataFilters, sure_drop);
  gtk_widget_class_bind_template_child(widget_class, LensDataFilters, clear_button);
}

static void
lens_data_filters_init(LensDataFilters *self)
{
  gtk_widget_init_template(GTK_WIDGET(self));
  g_signal_connect_object(self->search, "search-changed", G_CALLBACK(on_changed), self,
                          G_CONNECT_SWAPPED);
  GtkDropDown *drops[] = { self->verdict_drop,       self->sure_drop,  self->answer_type_drop,
                           self->question_type_drop, self->truth_drop, self->answer_drop };

  for (gsize i = 0; i < G_N_ELEMENTS(drops); i++)
    g_signal_connect_object(drops[i], "notify::selected", G_CALLBACK(on_changed), self,
                            G_CONNECT_SWAPPED);
  for (gsize i = 2; i < G_N_ELEMENTS(drops); i++) { /* there may be hundreds */
    lens_short_drop_set_up(drops[i], GTK_TYPE_STRING_OBJECT, "string", 12);
    gtk_drop_down_set_enable_search(drops[i], TRUE);
  }
  g_signal_connect_object(self->clear_button, "clicked", G_CALLBACK(lens_data_filters_clear), self,
                          G_CONNECT_SWAPPED);
  lens_data_filters_set_summary(self, NULL, FALSE);
}
