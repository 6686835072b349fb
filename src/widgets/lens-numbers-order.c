#include "lens-numbers-order.h"

#include <math.h>

#include "lens-head-item.h"

/* GTK 4.8 does not tell by which column a view is sorted. Two rows that are none are compared by its
 * sorter to learn that: what compares them first is it. */
static const int probes[2];
static int probed; /* the statistic, -1: another column */

static gboolean
probe(gconstpointer a, gconstpointer b, int stat)
{
  if (a != &probes[0] || b != &probes[1])
    return FALSE;
  probed = stat;
  return TRUE;
}

static int
compare_stat(gconstpointer a, gconstpointer b, gpointer data)
{
  LensStat stat = GPOINTER_TO_INT(data);
  double x, y;

  if (probe(a, b, stat))
    return -1;
  x = lens_head_item_get_stat((LensHeadItem *)a, stat);
  y = lens_head_item_get_stat((LensHeadItem *)b, stat);
  if (isnan(x) || isnan(y))
    return isnan(x) - isnan(y);
  return (x > y) - (x < y);
}

static int
compare_place(gconstpointer a, gconstpointer b, gpointer data)
{
  LensHeadItem *x = (LensHeadItem *)a, *y = (LensHeadItem *)b;
  int order;

  if (probe(a, b, -1))
    return -1;
  order = lens_head_item_get_order(x) - lens_head_item_get_order(y);
  return order ? order : lens_head_item_get_head(x) - lens_head_item_get_head(y);
}

static int
compare_head(gconstpointer a, gconstpointer b, gpointer data)
{
  if (probe(a, b, -1))
    return -1;
  return lens_head_item_get_head((LensHeadItem *)a) - lens_head_item_get_head((LensHeadItem *)b);
}

GtkSorter *
lens_numbers_order_by_place(void)
{
  return GTK_SORTER(gtk_custom_sorter_new(compare_place, NULL, NULL));
}

GtkSorter *
lens_numbers_order_by_head(void)
{
  return GTK_SORTER(gtk_custom_sorter_new(compare_head, NULL, NULL));
}

GtkSorter *
lens_numbers_order_by_stat(LensStat stat)
{
  return GTK_SORTER(gtk_custom_sorter_new(compare_stat, GINT_TO_POINTER(stat), NULL));
}

/* `data`: the statistic that is sorted by, -1 for none. */
static int
compare_lack(gconstpointer a, gconstpointer b, gpointer data)
{
  int stat = *(int *)data;

  if (stat < 0)
    return 0;
  return isnan(lens_head_item_get_stat((LensHeadItem *)a, stat))
         - isnan(lens_head_item_get_stat((LensHeadItem *)b, stat));
}

static void
on_changed(GtkSorter *of_view, GtkSorterChange change, int *stat)
{
  probed = -1;
  gtk_sorter_compare(of_view, (gpointer)&probes[0], (gpointer)&probes[1]);
  *stat = probed;
}

GtkSorter *
lens_numbers_order_new(GtkSorter *of_view)
{
  GtkMultiSorter *order = gtk_multi_sorter_new();
  int *stat = g_new(int, 1);
  GtkCustomSorter *lack = gtk_custom_sorter_new(compare_lack, stat, g_free);
  GClosure *asked = g_cclosure_new(G_CALLBACK(on_changed), stat, NULL);

  *stat = -1;
  g_object_watch_closure(G_OBJECT(lack), asked);
  g_signal_connect_closure(of_view, "changed", asked, FALSE); /* before the multi-sorter hears it */
  gtk_multi_sorter_append(order, GTK_SORTER(lack));
  gtk_multi_sorter_append(order, of_view);
  return GTK_SORTER(order);
}
