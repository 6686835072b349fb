#include "lens-findings-table.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lens-findings-plot.h"
#include "lens-row-name.h"
#include "lens-scroll-start.h"

typedef enum { MAP, HEAD, VALUE, INTERVAL, CHANCE, P, EXAMPLES, N_COLUMNS } Column;

static const struct {
  const char *key, *title;
  int width;
} columns[N_COLUMNS] = {
  { "map", N_("Map"), 0 },
  { "head", N_("Head"), 72 },
  { "value", N_("Value"), 80 },
  /* xgettext:no-c-format */
  { "low", N_("95% interval"), 128 },
  { "chance", N_("By chance"), 90 },
  { "p", N_("p"), 64 },
  { "examples", N_("Questions"), 90 },
};

/* ---- text ---- */

static char *
format_interval(LensFinding *number, const LensFindingInfo *info)
{
  g_autofree char *low = lens_finding_format(number, info->low);
  g_autofree char *high = lens_finding_format(number, info->high);

  return g_strdup_printf(_("%s to %s"), low, high);
}

static char *
text_of(Column column, LensFinding *number)
{
  const LensFindingInfo *info = lens_finding_get_info(number);

  switch (column) {
  case MAP:
    return lens_finding_format_map(number);
  case HEAD:
    return info->head == LENS_FINDING_MEAN ? g_strdup(_("mean"))
                                           : g_strdup_printf("%d", info->head + 1);
  case VALUE:
    return lens_finding_format(number, info->value);
  case INTERVAL:
    return format_interval(number, info);
  case CHANCE:
    return lens_finding_format(number, info->chance);
  case P:
    return isnan(info->p) ? g_strdup("–") : g_strdup_printf("%.3f", info->p);
  case EXAMPLES:
    return g_strdup_printf("%" G_GINT64_FORMAT, info->examples);
  case N_COLUMNS:
    break;
  }
  return g_strdup("");
}

/* ---- order ---- */

static double
number_of(Column column, const LensFindingInfo *info)
{
  switch (column) {
  case HEAD:
    return info->head;
  case VALUE:
    return info->value;
  case INTERVAL:
    return info->low;
  case CHANCE:
    return info->chance;
  case P:
    return info->p;
  case EXAMPLES:
    return (double)info->examples;
  case MAP:
  case N_COLUMNS:
    break;
  }
  return 0;
}

/* What has no value goes last in rising order. */
static int
compare(gconstpointer a, gconstpointer b, gpointer data)
{
  const LensFindingInfo *x = lens_finding_get_info((LensFinding *)a);
  const LensFindingInfo *y = lens_finding_get_info((LensFinding *)b);
  Column column = GPOINTER_TO_INT(data);
  double p = number_of(column, x), q = number_of(column, y);

  if (column == MAP && x->bert != y->bert)
    return x->bert - y->bert;
  if (column == MAP)
    return g_strcmp0(x->map, y->map);
  if (isnan(p) || isnan(q))
    return isnan(p) - isnan(q);
  return (p > q) - (p < q);
}

/* ---- cells ---- */

static void
on_setup(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  GtkWidget *label = gtk_label_new(NULL);

  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign(GTK_LABEL(label), GPOINTER_TO_INT(column) == MAP ? 0 : 1);
  if (GPOINTER_TO_INT(column) != MAP)
    gtk_widget_add_css_class(label, "numeric");
  gtk_list_item_set_child(item, label);
}

static void
on_bind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
  LensFinding *number = gtk_list_item_get_item(item);
  GtkWidget *label = gtk_list_item_get_child(item);
  g_autofree char *text = text_of(GPOINTER_TO_INT(column), number);
  g_autofree char *whole
      = GPOINTER_TO_INT(column) == MAP ? lens_finding_format_whole(number) : NULL;

  gtk_label_set_text(GTK_LABEL(label), text);
  if (whole)
    lens_row_name(label, whole, "");
}

static void
add_column(GtkColumnView *table, Column column)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  g_autoptr(GtkSorter) sorter
      = GTK_SORTER(gtk_custom_sorter_new(compare, GINT_TO_POINTER(column), NULL));
  g_autoptr(GtkColumnViewColumn) made
      = gtk_column_view_column_new(_(columns[column].title), factory);

  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), GINT_TO_POINTER(column));
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), GINT_TO_POINTER(column));
  gtk_column_view_column_set_sorter(made, sorter);
  gtk_column_view_column_set_resizable(made, TRUE);
  if (columns[column].width)
    gtk_column_view_column_set_fixed_width(made, columns[column].width);
  else
    gtk_column_view_column_set_expand(made, TRUE);
  gtk_column_view_append_column(table, made);
}

void
lens_findings_table_set_up(GtkColumnView *table)
{
  for (int column = 0; column < N_COLUMNS; column++)
    add_column(table, column);
  lens_scroll_start(
      GTK_SCROLLED_WINDOW(gtk_widget_get_ancestor(GTK_WIDGET(table), GTK_TYPE_SCROLLED_WINDOW)));
}

void
lens_findings_table_show(GtkColumnView *table, GListModel *numbers)
{
  GtkSorter *sorter = gtk_column_view_get_sorter(table);
  GtkSortListModel *sorted = gtk_sort_list_model_new(numbers ? g_object_ref(numbers) : NULL,
                                                     sorter ? g_object_ref(sorter) : NULL);
  g_autoptr(GtkSingleSelection) selection = gtk_single_selection_new(G_LIST_MODEL(sorted));

  gtk_column_view_set_model(table, GTK_SELECTION_MODEL(selection));
}

void
lens_findings_table_sort(GtkColumnView *table, const char *column, GtkSortType order)
{
  GListModel *list = gtk_column_view_get_columns(table);

  for (guint i = 0; i < N_COLUMNS; i++) {
    g_autoptr(GtkColumnViewColumn) one = g_list_model_get_item(list, i);

    if (g_str_equal(columns[i].key, column))
      gtk_column_view_sort_by_column(table, one, order);
  }
}
