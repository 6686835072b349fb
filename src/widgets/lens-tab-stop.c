#include "lens-tab-stop.h"

struct _LensTabStop {
  AdwBin parent_instance;

  GtkColumnViewColumn *sorted; /* by the keyboard; borrowed, only compared */
  GtkSortType order;
};

G_DEFINE_FINAL_TYPE(LensTabStop, lens_tab_stop, ADW_TYPE_BIN)

static GtkWidget *
find_below(GtkWidget *widget, GType type)
{
  GtkWidget *found = G_TYPE_CHECK_INSTANCE_TYPE(widget, type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child(widget); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = find_below(child, type);
  return found;
}

static GtkWidget *
table_of(LensTabStop *self)
{
  return find_below(GTK_WIDGET(self), GTK_TYPE_COLUMN_VIEW);
}

/* The row of titles is a table's first child. */
static GtkWidget *
titles_of(LensTabStop *self)
{
  GtkWidget *table = table_of(self);

  return table ? gtk_widget_get_first_child(table) : NULL;
}

/* The column under a title, NULL when it does not sort. Titles stand in the order of the columns. */
static GtkColumnViewColumn *
column_of(LensTabStop *self, GtkWidget *title)
{
  GListModel *columns = gtk_column_view_get_columns(GTK_COLUMN_VIEW(table_of(self)));
  guint place = 0;
  g_autoptr(GtkColumnViewColumn) column = NULL;

  for (GtkWidget *before = gtk_widget_get_prev_sibling(title); before;
       before = gtk_widget_get_prev_sibling(before))
    place++;
  column = g_list_model_get_item(columns, place);
  return column && gtk_column_view_column_get_visible(column)
                 && gtk_column_view_column_get_sorter(column)
             ? column /* the table keeps it */
             : NULL;
}

/* ---- sorting ---- */

static gboolean
sort(GtkWidget *title, GVariant *args, gpointer data)
{
  LensTabStop *self = data;
  GtkColumnViewColumn *column = column_of(self, title);

  if (!column)
    return FALSE;
  self->order = self->sorted == column && self->order == GTK_SORT_ASCENDING ? GTK_SORT_DESCENDING
                                                                            : GTK_SORT_ASCENDING;
  self->sorted = column;
  gtk_column_view_sort_by_column(GTK_COLUMN_VIEW(table_of(self)), column, self->order);
  /* The list stays with the rows that it shows, wherever they went. */
  gtk_widget_activate_action(gtk_widget_get_next_sibling(gtk_widget_get_parent(title)),
                             "list.scroll-to-item", "u", 0);
  return TRUE;
}

static void
make_reachable(LensTabStop *self, GtkWidget *title)
{
  static const guint keys[] = { GDK_KEY_space, GDK_KEY_Return, GDK_KEY_KP_Enter };
  GtkEventController *controller = gtk_shortcut_controller_new();

  for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
    gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(controller),
                                         gtk_shortcut_new(gtk_keyval_trigger_new(keys[i], 0),
                                                          gtk_callback_action_new(sort, self,
                                                                                  NULL)));
  gtk_widget_add_controller(title, controller);
  gtk_accessible_update_property(GTK_ACCESSIBLE(title), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 gtk_column_view_column_get_title(column_of(self, title)), -1);
  gtk_widget_set_focusable(title, TRUE);
  gtk_widget_set_can_focus(gtk_widget_get_parent(title), TRUE);
}

/* The next title that sorts, from one of them (NULL: from the start); NULL when there is none. */
static GtkWidget *
next_title(LensTabStop *self, GtkWidget *from, gboolean forward)
{
  GtkWidget *titles = titles_of(self), *title;

  if (!titles)
    return NULL;
  title = !from     ? gtk_widget_get_first_child(titles)
          : forward ? gtk_widget_get_next_sibling(from)
                    : gtk_widget_get_prev_sibling(from);
  while (title && !column_of(self, title))
    title = forward ? gtk_widget_get_next_sibling(title) : gtk_widget_get_prev_sibling(title);
  return title;
}

static gboolean
focus_title(GtkWidget *title)
{
  return title && gtk_widget_grab_focus(title);
}

/* Columns may be shown or made while the table is not. */
static void
lens_tab_stop_map(GtkWidget *widget)
{
  LensTabStop *self = LENS_TAB_STOP(widget);

  for (GtkWidget *title = next_title(self, NULL, TRUE); title;
       title = next_title(self, title, TRUE))
    if (!gtk_widget_get_focusable(title))
      make_reachable(self, title);
  GTK_WIDGET_CLASS(lens_tab_stop_parent_class)->map(widget);
}

/* ---- moving about ---- */

static gboolean
enter_rows(LensTabStop *self, GtkDirectionType direction)
{
  GtkWidget *titles = titles_of(self);

  return gtk_widget_child_focus(gtk_widget_get_next_sibling(titles), direction);
}

/* From the titles to the rows with Tab or Down, along them with Left and Right. */
static gboolean
move_from_title(LensTabStop *self, GtkWidget *title, GtkDirectionType direction)
{
  gboolean rtl = gtk_widget_get_direction(GTK_WIDGET(self)) == GTK_TEXT_DIR_RTL;

  if (direction == GTK_DIR_LEFT || direction == GTK_DIR_RIGHT)
    focus_title(next_title(self, title, (direction == GTK_DIR_RIGHT) != rtl));
  else if (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_DOWN)
    return enter_rows(self, direction);
  else
    return FALSE;
  return TRUE;
}

/* GTK enters a list at the row that it has known longest. Where all rows are there (of a long list only
 * some are) the one that is selected is entered. */
static gboolean
enter_selected(GtkWidget *list)
{
  GtkSelectionModel *model = gtk_list_view_get_model(GTK_LIST_VIEW(list));
  g_autoptr(GtkBitset) selected = model ? gtk_selection_model_get_selection(model) : NULL;
  GtkWidget *row = gtk_widget_get_first_child(list), *wanted = NULL;
  guint place = 0;

  if (!selected || gtk_bitset_is_empty(selected))
    return FALSE;
  for (; row; row = gtk_widget_get_next_sibling(row))
    if (place++ == gtk_bitset_get_minimum(selected))
      wanted = row;
  return wanted && place == g_list_model_get_n_items(G_LIST_MODEL(model))
         && gtk_widget_child_focus(wanted, GTK_DIR_TAB_FORWARD);
}

static gboolean
lens_tab_stop_focus(GtkWidget *widget, GtkDirectionType direction)
{
  LensTabStop *self = LENS_TAB_STOP(widget);
  GtkWidget *focus = gtk_root_get_focus(gtk_widget_get_root(widget)), *titles = titles_of(self);
  GtkWidget *list = find_below(widget, GTK_TYPE_LIST_VIEW);
  gboolean tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  if (titles && focus && gtk_widget_get_parent(focus) == titles)
    return move_from_title(self, focus, direction);
  if (focus && tab && gtk_widget_is_ancestor(focus, widget))
    return direction == GTK_DIR_TAB_BACKWARD && focus_title(next_title(self, NULL, TRUE));
  if (direction == GTK_DIR_TAB_FORWARD && focus_title(next_title(self, NULL, TRUE)))
    return TRUE;
  if (tab && list && enter_selected(list))
    return TRUE;
  return GTK_WIDGET_CLASS(lens_tab_stop_parent_class)->focus(widget, direction);
}

GtkWidget *
lens_tab_stop_new(GtkWidget *child)
{
  return g_object_new(LENS_TYPE_TAB_STOP, "child", child, NULL);
}

static void
lens_tab_stop_class_init(LensTabStopClass *klass)
{
  GTK_WIDGET_CLASS(klass)->focus = lens_tab_stop_focus;
  GTK_WIDGET_CLASS(klass)->map = lens_tab_stop_map;
}

static void
lens_tab_stop_init(LensTabStop *self)
{
}
