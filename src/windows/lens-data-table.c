#include "lens-data-table.h"

#include <inttypes.h>
#include <glib/gi18n.h>
#include <math.h>

#include "lens-data-row.h"
#include "lens-data-scores.h"
#include "lens-data-set.h"
#include "lens-inscription.h"
#include "lens-row-name.h"

/* ---- columns ---- */

typedef enum { QUESTION, TRUTH, ANSWER, CONFIDENCE, TYPE, N_COLUMNS } Column;

/* Characters that fit; 0: it takes what the others leave. */
static const int column_chars[N_COLUMNS] = { 0, 10, 10, 4, 13 };
#define CELL_PADDING 13
#define TYPE_COLUMN "lens-type-column"

static char *
text_of(Column column, const LensDataRowInfo *info)
{
  switch (column) {
  case QUESTION:
    /* a cell shows one line */
    return g_strdelimit(g_strdup(*info->question ? info->question : info->image), "\r\n\t", ' ');
  case TRUTH:
    return g_strdup(info->truth ? info->truth : "");
  case ANSWER:
    return g_strdup(info->answer ? info->answer : "");
  case CONFIDENCE:
    return info->answer ? g_strdup_printf("%.0f%%", 100 * info->confidence) : g_strdup("");
  case TYPE:
    return g_strdup(*info->question_type ? info->question_type : info->answer_type);
  case N_COLUMNS:
    break;
  }
  return g_strdup("");
}

static void
show_text(GtkInscription *cell, Column column, const char *text, const char *spoken, gboolean wrong)
{
  if (g_strcmp0(gtk_inscription_get_text(cell), text) == 0)
    return;
  lens_inscription_show(cell, text, column == CONFIDENCE ? 1 : 0);
  gtk_accessible_update_property(GTK_ACCESSIBLE(cell), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  if (wrong)
    gtk_widget_add_css_class(GTK_WIDGET(cell), "error");
  else
    gtk_widget_remove_css_class(GTK_WIDGET(cell), "error");
}

static char *
speak_answer(const LensDataRowInfo *info)
{
  if (!info->answer || info->score < 0)
    return g_strdup(info->answer ? info->answer : "");
  return g_strdup_printf(info->score > 0 ? _("%s, right") : _("%s, wrong"), info->answer);
}

/* Right and wrong are told by a mark, not by colour alone. */
static void
show_cell(GtkWidget *cell, LensDataRow *row)
{
  Column column = (Column)GPOINTER_TO_INT(g_object_get_data(G_OBJECT(cell), "column"));
  const LensDataRowInfo *info = lens_data_row_get_info(row);
  g_autofree char *text = text_of(column, info), *answer = speak_answer(info);

  if (column == ANSWER && info->answer && info->score >= 0) {
    gboolean right = info->score > 0;
    g_autofree char *marked = g_strdup_printf("%s %s", right ? "✓" : "✗", text);

    show_text(GTK_INSCRIPTION(cell), column, marked, answer, !right);
  } else {
    show_text(GTK_INSCRIPTION(cell), column, text, text, FALSE);
  }
  if (column == QUESTION)
    lens_row_name(cell, text, answer);
}

static void
on_filled(LensDataRow *row, GtkWidget *cell)
{
  show_cell(cell, row);
}

/* The list holds 200 rows, most of them out of sight: an inscription, unlike a label, lays its
 * text out only where it is drawn. */
static void
on_setup(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *cell = gtk_inscription_new(NULL);
  GtkInscription *inscription = GTK_INSCRIPTION(cell);

  gtk_inscription_set_text_overflow(inscription, GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  if (GPOINTER_TO_INT(column) == CONFIDENCE)
    gtk_widget_add_css_class(cell, "numeric");
  g_object_set_data(G_OBJECT(cell), "column", column);
  gtk_list_item_set_child(item, cell);
}

static void
on_bind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  LensDataRow *row = gtk_list_item_get_item(item);
  GtkWidget *cell = gtk_list_item_get_child(item);

  g_signal_connect(row, "filled", G_CALLBACK(on_filled), cell);
  show_cell(cell, row);
}

static void
on_unbind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  g_signal_handlers_disconnect_by_func(gtk_list_item_get_item(item), on_filled,
                                       gtk_list_item_get_child(item));
}

/* Of text now in the settings, to what the table still has while they change. */
static double
growth(GtkWidget *table)
{
  double has = pango_cairo_context_get_resolution(gtk_widget_get_pango_context(table));
  int dots;

  g_object_get(gtk_widget_get_settings(table), "gtk-xft-dpi", &dots, NULL);
  return dots > 0 && has > 0 ? dots / 1024.0 / has : 1;
}

/* Wide enough for its title and for so many characters, whatever the font and its size. */
static int
width_for(GtkWidget *table, const char *title, int chars)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(table, title);
  PangoContext *context = gtk_widget_get_pango_context(table);
  PangoAttrList *attributes = pango_attr_list_new();
  PangoFontMetrics *metrics = pango_context_get_metrics(context, NULL, NULL);
  int one = pango_font_metrics_get_approximate_char_width(metrics), width;

  pango_attr_list_insert(attributes, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes(layout, attributes);
  pango_layout_get_size(layout, &width, NULL);
  pango_attr_list_unref(attributes);
  pango_font_metrics_unref(metrics);
  return (int)ceil(growth(table) * MAX(width, chars * one) / PANGO_SCALE) + 2 * CELL_PADDING;
}

static void
fit_columns(GtkWidget *table)
{
  GListModel *columns = gtk_column_view_get_columns(GTK_COLUMN_VIEW(table));

  for (guint i = 0; i < g_list_model_get_n_items(columns); i++) {
    g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item(columns, i);

    if (column_chars[i])
      gtk_column_view_column_set_fixed_width(
          column, width_for(table, gtk_column_view_column_get_title(column), column_chars[i]));
  }
}

static void
add_column(GtkColumnView *table, Column column, const char *title)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_autoptr(GtkColumnViewColumn) made = NULL;

  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), GINT_TO_POINTER(column));
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), GINT_TO_POINTER(column));
  g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), GINT_TO_POINTER(column));
  made = gtk_column_view_column_new(title, factory);
  gtk_column_view_column_set_resizable(made, TRUE);
  gtk_column_view_column_set_expand(made, column_chars[column] == 0);
  gtk_column_view_append_column(table, made);
  if (column == TYPE)
    g_object_set_data_full(G_OBJECT(table), TYPE_COLUMN, g_object_ref(made), g_object_unref);
}

void
lens_data_table_set_up(GtkColumnView *table)
{
  GtkSettings *settings = gtk_widget_get_settings(GTK_WIDGET(table));

  add_column(table, QUESTION, _("Question"));
  add_column(table, TRUTH, _("Right answer"));
  add_column(table, ANSWER, _("Answered"));
  add_column(table, CONFIDENCE, _("Sure"));
  add_column(table, TYPE, _("Type"));
  fit_columns(GTK_WIDGET(table));
  g_signal_connect_object(settings, "notify::gtk-xft-dpi", G_CALLBACK(fit_columns), table,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(settings, "notify::gtk-font-name", G_CALLBACK(fit_columns), table,
                          G_CONNECT_SWAPPED);
}

void
lens_data_table_set_kind(GtkColumnView *table, const char *kind)
{
  GtkColumnViewColumn *type = g_object_get_data(G_OBJECT(table), TYPE_COLUMN);
  gboolean shown = gtk_column_view_column_get_column_view(type) != NULL;
  gboolean wanted = !g_str_equal(kind, "nlvr2");

  /* GTK 4.8 leaves the room of a column that is only hidden. */
  if (shown && !wanted)
    gtk_column_view_remove_column(table, type);
  else if (!shown && wanted)
    gtk_column_view_append_column(table, type);
  fit_columns(GTK_WIDGET(table));
}

/* ---- data sets ---- */

static char *
scores_of(LensDataSet *set)
{
  GListModel *evaluations = lens_data_set_get_evaluations(set);
  GString *out = g_string_new(NULL);

  for (guint i = 0; i < MIN(g_list_model_get_n_items(evaluations), 4); i++) {
    g_autoptr(LensDataEvaluation) one = g_list_model_get_item(evaluations, i);
    g_autofree char *score = lens_data_percent(lens_data_evaluation_get_score(one));
    gboolean running = g_str_equal(lens_data_evaluation_get_state(one), "running");
    gboolean done = g_str_equal(lens_data_evaluation_get_state(one), "done");

    g_string_append_printf(out, "%s%s: %s%s", i ? "\n" : "",
                           lens_data_evaluation_get_model_name(one), running ? "…" : score,
                           done || running ? "" : _(" (part)"));
  }
  return g_string_free(out, FALSE);
}

static void
show_set(LensDataSet *set, GtkWidget *box)
{
  GtkWidget *name = gtk_widget_get_first_child(box);
  GtkWidget *facts = gtk_widget_get_next_sibling(name);
  GtkWidget *scores = gtk_widget_get_next_sibling(facts);
  const LensDataSource *source = lens_data_set_get_source(set);
  gint64 n = lens_data_set_get_n(set);
  const char *state = lens_data_set_get_state(set);
  g_autofree char *kind = g_ascii_strup(source->kind, -1);
  g_autofree char *marks = scores_of(set);
  g_autofree char *text = NULL;

  if (g_str_equal(state, "failed"))
    text = g_strdup_printf(_("%s, cannot be read"), kind);
  else
    text = g_strdup_printf(ngettext("%s, %" PRId64 " row%s", "%s, %" PRId64 " rows%s", (gulong)n),
                           kind, n, g_str_equal(state, "reading") ? "…" : "");
  gtk_label_set_text(GTK_LABEL(name), source->name);
  gtk_label_set_text(GTK_LABEL(facts), text);
  gtk_label_set_text(GTK_LABEL(scores), marks);
  gtk_widget_set_visible(scores, *marks != 0);
  lens_row_name_labels(box, GTK_LABEL(name), GTK_LABEL(facts));
  gtk_widget_set_tooltip_text(box, *source->questions ? source->questions : source->features);
}

static void
on_set_setup(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  static const char *const classes[] = { "heading", "dim-label", "caption" };

  for (int i = 0; i < 3; i++) {
    GtkWidget *label = gtk_label_new(NULL);

    gtk_label_set_xalign(GTK_LABEL(label), 0);
    if (i == 0)
      gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
    gtk_label_set_wrap(GTK_LABEL(label), i > 0);
    gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
    gtk_widget_add_css_class(label, classes[i]);
    gtk_box_append(GTK_BOX(box), label);
  }
  gtk_widget_set_margin_top(box, 4);
  gtk_widget_set_margin_bottom(box, 4);
  gtk_list_item_set_child(item, box);
}

static void
on_set_bind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  LensDataSet *set = gtk_list_item_get_item(item);
  GtkWidget *box = gtk_list_item_get_child(item);

  g_signal_connect(set, "changed", G_CALLBACK(show_set), box);
  show_set(set, box);
}

static void
on_set_unbind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  g_signal_handlers_disconnect_by_func(gtk_list_item_get_item(item), show_set,
                                       gtk_list_item_get_child(item));
}

void
lens_data_table_set_up_sets(GtkListView *list)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new();

  g_signal_connect(factory, "setup", G_CALLBACK(on_set_setup), NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(on_set_bind), NULL);
  g_signal_connect(factory, "unbind", G_CALLBACK(on_set_unbind), NULL);
  gtk_list_view_set_factory(list, factory);
}
