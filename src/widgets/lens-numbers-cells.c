#include "lens-numbers-cells.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lens-row-name.h"

#define ITEM "lens-head-item"

/* ---- cells ---- */

static void
set_up_text(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  GtkWidget *label = gtk_label_new(NULL);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child(cell, label);
}

/* A number that is cut is another number. */
static void
set_up_number(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  GtkWidget *label = gtk_label_new(NULL);

  gtk_label_set_xalign(GTK_LABEL(label), 1);
  gtk_widget_add_css_class(label, "numeric");
  gtk_list_item_set_child(cell, label);
}

static GtkListItemFactory *
cells_new(GCallback set_up, GCallback bind, gpointer data)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();

  g_signal_connect(factory, "setup", set_up, NULL);
  g_signal_connect(factory, "bind", bind, data);
  return factory;
}

static void
bind_map(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  LensHeadItem *item = gtk_list_item_get_item(cell);
  GtkWidget *label = gtk_list_item_get_child(cell);
  g_autofree char *title = lens_map_format_title(lens_map_get_name(lens_head_item_get_map(item)));
  g_autofree char *head = g_strdup_printf(_("head %d"), lens_head_item_get_head(item) + 1);

  gtk_label_set_text(GTK_LABEL(label), title);
  lens_row_name(label, title, head);
  g_object_set_data_full(G_OBJECT(label), ITEM, g_object_ref(item), g_object_unref);
}

static void
bind_head(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  g_autofree char *text
      = g_strdup_printf("%d", lens_head_item_get_head(gtk_list_item_get_item(cell)) + 1);

  gtk_label_set_text(GTK_LABEL(gtk_list_item_get_child(cell)), text);
}

/* The word or box that the head looks at most. */
static void
show_top(LensHeadItem *item, GtkLabel *label)
{
  LensRun *run = *(LensRun *const *)g_object_get_data(G_OBJECT(label), "run");
  LensMap *map = lens_head_item_get_map(item);
  int rows = lens_map_get_rows(map), cols = lens_map_get_cols(map);
  int top = lens_head_top_key(lens_map_get_values(map)
                                  + (gsize)lens_head_item_get_head(item) * rows * cols,
                              rows, cols);
  const char *text = NULL;

  if (lens_map_get_key(map) == LENS_SIDE_WORDS && top < (int)lens_run_get_n_tokens(run))
    text = lens_run_get_tokens(run)[top];
  else if (lens_map_get_key(map) == LENS_SIDE_BOXES
           && top < (int)lens_scene_get_n_regions(lens_run_get_scene(run)))
    text = lens_region_get_title(lens_scene_get_region(lens_run_get_scene(run), top));
  gtk_label_set_text(label, text ? text : "–");
}

static void
show_stat(LensHeadItem *item, GtkLabel *label)
{
  LensStat stat = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(label), "stat"));
  g_autofree char *text = lens_head_item_format_stat(item, stat);

  gtk_label_set_text(label, text);
}

/* Shows the row's item, and again when its numbers change; `show` finds `data` in the label as `key`. */
static void
follow(GtkListItem *cell, const char *key, gpointer data,
       void (*show)(LensHeadItem *item, GtkLabel *label))
{
  LensHeadItem *item = gtk_list_item_get_item(cell);
  GtkWidget *label = gtk_list_item_get_child(cell);

  g_object_set_data(G_OBJECT(label), key, data);
  g_signal_connect_object(item, "changed", G_CALLBACK(show), label, 0);
  show(item, GTK_LABEL(label));
}

static void
bind_top(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  follow(cell, "run", data, show_top);
}

static void
bind_stat(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  follow(cell, "stat", data, show_stat);
}

static void
unbind_changing(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  g_signal_handlers_disconnect_by_data(gtk_list_item_get_item(cell), gtk_list_item_get_child(cell));
}

GtkListItemFactory *
lens_numbers_map_cells(void)
{
  return cells_new(G_CALLBACK(set_up_text), G_CALLBACK(bind_map), NULL);
}

GtkListItemFactory *
lens_numbers_head_cells(void)
{
  return cells_new(G_CALLBACK(set_up_number), G_CALLBACK(bind_head), NULL);
}

GtkListItemFactory *
lens_numbers_top_cells(LensRun *const *run)
{
  GtkListItemFactory *factory
      = cells_new(G_CALLBACK(set_up_text), G_CALLBACK(bind_top), (gpointer)run);

  g_signal_connect(factory, "unbind", G_CALLBACK(unbind_changing), NULL);
  return factory;
}

GtkListItemFactory *
lens_numbers_stat_cells(LensStat stat)
{
  GtkListItemFactory *factory
      = cells_new(G_CALLBACK(set_up_number), G_CALLBACK(bind_stat), GINT_TO_POINTER(stat));

  g_signal_connect(factory, "unbind", G_CALLBACK(unbind_changing), NULL);
  return factory;
}

/* ---- rows ---- */

LensHeadItem *
lens_numbers_item_of_row(GtkWidget *row)
{
  GtkWidget *cell = gtk_widget_get_first_child(row); /* of the map's title */
  GtkWidget *label = cell ? gtk_widget_get_first_child(cell) : NULL;

  return label ? g_object_get_data(G_OBJECT(label), ITEM) : NULL;
}

LensHeadItem *
lens_numbers_item_at(GtkWidget *table, double x, double y)
{
  GtkWidget *at = gtk_widget_pick(table, x, y, GTK_PICK_DEFAULT);

  while (at && at != table && g_strcmp0(gtk_widget_get_css_name(at), "row") != 0)
    at = gtk_widget_get_parent(at);
  return at && at != table ? lens_numbers_item_of_row(at) : NULL;
}

/* ---- CSV ---- */

static void
append_number(GString *csv, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE] = "";

  if (!isnan(value))
    g_ascii_formatd(number, sizeof number, "%.6g", value);
  g_string_append_printf(csv, ",%s", number);
}

static void
append_titles(GString *csv, LensRun *run, LensRun *other, const LensStat *stats, guint n_stats)
{
  gboolean reversed, difference = lens_run_get_compared(run, 0, &reversed) != NULL;

  g_string_append(csv, "map,head");
  for (guint i = 0; i < n_stats; i++) {
    const char *name = lens_stat_get_name(stats[i]);

    if (other)
      g_string_append_printf(csv, ",%s A,%s B", name, name);
    else
      g_string_append_printf(csv, ",%s%s", name, !difference ? "" : reversed ? " A-B" : " B-A");
  }
  g_string_append(csv, "\r\n");
}

char *
lens_numbers_csv(GListModel *rows, LensRun *run, LensRun *other, const LensStat *stats,
                 guint n_stats)
{
  GString *csv = g_string_new(NULL);
  guint n = g_list_model_get_n_items(rows);

  if (run)
    append_titles(csv, run, other, stats, n_stats);
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(rows, i);

    g_string_append_printf(csv, "%s,%d", lens_map_get_name(lens_head_item_get_map(item)),
                           lens_head_item_get_head(item));
    for (guint c = 0; c < n_stats; c++) {
      if (other)
        append_number(csv, lens_head_item_get_other_stat(item, stats[c]));
      append_number(csv, lens_head_item_get_stat(item, stats[c]));
    }
    g_string_append(csv, "\r\n");
  }
  return g_string_free(csv, FALSE);
}
