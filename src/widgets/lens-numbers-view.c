#include "lens-numbers-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lens-head-item.h"
#include "lens-numbers-cells.h"
#include "lens-numbers-columns.h"
#include "lens-numbers-items.h"
#include "lens-numbers-order.h"
#include "lens-scroll-start.h"
#include "lens-slow-rows.h"
#include "lens-tab-stop.h"

struct _LensNumbersView {
  GtkWidget parent_instance;

  LensRun *run;
  LensRun *other;       /* beside it; NULL: none */
  LensEffects *effects; /* NULL: the heads were not tried */
  LensSelection *selection;
  gboolean syncing;

  GListStore *items;
  GtkCustomFilter *filter;
  GtkSortListModel *sorted; /* all rows */
  LensSlowRows *slow;       /* those that the table has already */
  GtkSingleSelection *rows;
  LensNumbersColumns *columns;
  GtkWidget *box, *search, *stat_drop, *least_entry, *most_entry, *column_view;

  char *needle;
  guint refreshing; /* timer: effects came, order and filter follow; 0 = none */
  guint telling;    /* idle: rows are told of another run's numbers */
  guint told;       /* so many were, of those that are shown */
  LensStat bound_stat;
  double least, most;
};

enum { PROP_0, PROP_GROUP, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(LensNumbersView, lens_numbers_view, GTK_TYPE_WIDGET)

GtkWidget *
lens_numbers_view_new(void)
{
  return g_object_new(LENS_TYPE_NUMBERS_VIEW, NULL);
}

char *
lens_numbers_view_describe(LensNumbersView *self)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->sorted));
  guint all = g_list_model_get_n_items(G_LIST_MODEL(self->items));

  if (n == all)
    return g_strdup_printf(ngettext("Numbers of %u head", "Numbers of %u heads", n), n);
  return g_strdup_printf(ngettext("Numbers of %u of %u head", "Numbers of %u of %u heads", all), n,
                         all);
}

GListModel *
lens_numbers_view_get_rows(LensNumbersView *self)
{
  return G_LIST_MODEL(self->sorted);
}

/* ---- filter and order ---- */

static gboolean
matches(gpointer object, gpointer data)
{
  LensNumbersView *self = data;
  LensHeadItem *item = object;
  double value;

  if (self->needle) {
    g_autofree char *title = lens_map_format_title(lens_map_get_name(lens_head_item_get_map(item)));
    g_autofree char *folded = g_utf8_casefold(title, -1);

    if (!strstr(folded, self->needle))
      return FALSE;
  }
  if (isnan(self->least) && isnan(self->most))
    return TRUE;
  value = lens_head_item_get_stat(item, self->bound_stat);
  if (isnan(value))
    return FALSE;
  return (isnan(self->least) || value >= self->least) && (isnan(self->most) || value <= self->most);
}

void
lens_numbers_view_filter(LensNumbersView *self, const char *text, LensStat stat, double least,
                         double most)
{
  g_clear_pointer(&self->needle, g_free);
  if (text && *text)
    self->needle = g_utf8_casefold(text, -1);
  self->bound_stat = stat;
  self->least = least;
  self->most = most;
  lens_numbers_columns_set_filtered(self->columns, isnan(least) && isnan(most) ? -1 : (int)stat);
  if (g_list_model_get_n_items(G_LIST_MODEL(self->rows)) < 2 * LENS_SLOW_ROWS_FIRST)
    lens_slow_rows_begin_again(self->slow); /* hundreds may come back */
  gtk_filter_changed(GTK_FILTER(self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

void
lens_numbers_view_put_first(LensNumbersView *self, LensStat stat)
{
  lens_numbers_columns_put_first(self->columns, stat);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_GROUP]);
}

static double
parse_bound(GtkWidget *entry)
{
  const char *text = gtk_editable_get_text(GTK_EDITABLE(entry));
  char *end;
  double value = g_strtod(text, &end);
  gboolean number = end != text && !*g_strchug(end);

  if (*text && !number)
    gtk_widget_add_css_class(entry, "error");
  else
    gtk_widget_remove_css_class(entry, "error");
  return *text && number ? value : NAN;
}

static void
on_filter_edited(LensNumbersView *self)
{
  LensStat stat = lens_numbers_columns_get_stats(
      NULL)[gtk_drop_down_get_selected(GTK_DROP_DOWN(self->stat_drop))];

  gtk_widget_set_tooltip_text(self->stat_drop, lens_stat_get_blurb(stat));
  lens_numbers_view_filter(self, gtk_editable_get_text(GTK_EDITABLE(self->search)), stat,
                           parse_bound(self->least_entry), parse_bound(self->most_entry));
}

void
lens_numbers_view_sort(LensNumbersView *self, LensStat stat, GtkSortType order)
{
  lens_numbers_columns_sort(self->columns, stat, order);
}

const char *
lens_numbers_view_get_group_name(guint group)
{
  return lens_numbers_columns_get_group_name(group);
}

void
lens_numbers_view_set_group(LensNumbersView *self, guint group)
{
  if (lens_numbers_columns_get_group(self->columns) == group)
    return;
  lens_numbers_columns_set_group(self->columns, group);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_GROUP]);
}

/* ---- run and selection ---- */

/* Order and filter follow the numbers. */
static void
refresh(LensNumbersView *self)
{
  self->syncing = TRUE;
  gtk_filter_changed(GTK_FILTER(self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  gtk_sorter_changed(gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->column_view)),
                     GTK_SORTER_CHANGE_DIFFERENT);
  self->syncing = FALSE;
}

static gboolean
on_refresh(gpointer data)
{
  LensNumbersView *self = data;

  self->refreshing = 0;
  refresh(self);
  return G_SOURCE_REMOVE;
}

/* Some rows in each turn: with all of them at once the window would not answer. */
static gboolean
on_telling(gpointer data)
{
  LensNumbersView *self = data;
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->sorted));

  for (guint i = 0; i < LENS_SLOW_ROWS_FIRST && self->told < n; i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(G_LIST_MODEL(self->sorted), self->told++);

    lens_head_item_tell(item);
  }
  if (self->told < n)
    return G_SOURCE_CONTINUE;
  self->telling = 0;
  refresh(self);
  return G_SOURCE_REMOVE;
}

void
lens_numbers_view_set_runs(LensNumbersView *self, LensRun *run, LensRun *other)
{
  gboolean changed = g_set_object(&self->run, run), reversed = FALSE;
  LensRun *a = run ? lens_run_get_compared(run, 0, &reversed) : NULL;
  LensRun *b = a ? lens_run_get_compared(run, 1, NULL) : run;
  int sign = !a ? 0 : reversed ? -1 : 1;

  if (!g_set_object(&self->other, other) && !changed)
    return;
  if (b && lens_numbers_items_are_of(self->items, b)) {
    lens_numbers_items_exchange(self->items, b, a ? a : other, sign, self->effects);
    self->told = 0;
    if (!self->telling)
      self->telling = g_idle_add(on_telling, self);
    return;
  }
  if (b)
    lens_numbers_columns_fit_map(self->columns, b);
  self->syncing = TRUE;
  lens_slow_rows_begin_again(self->slow);
  lens_numbers_items_replace(self->items, b, a ? a : other, sign, self->effects);
  self->syncing = FALSE;
}

void
lens_numbers_view_set_effects(LensNumbersView *self, LensEffects *effects)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->items));

  if (self->effects != effects) {
    g_clear_pointer(&self->effects, lens_effects_unref);
    self->effects = effects ? lens_effects_ref(effects) : NULL;
  }
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(G_LIST_MODEL(self->items), i);

    lens_head_item_set_effect(item,
                              lens_effects_get(effects,
                                               lens_map_get_name(lens_head_item_get_map(item)),
                                               lens_head_item_get_head(item)));
  }
  if (!self->refreshing)
    self->refreshing = g_timeout_add(300, on_refresh, self);
}

static void
on_row_selected(LensNumbersView *self)
{
  LensHeadItem *item = gtk_single_selection_get_selected_item(self->rows);

  if (self->syncing || !item || !self->selection)
    return;
  lens_selection_set_cell(self->selection, lens_map_get_name(lens_head_item_get_map(item)),
                          lens_head_item_get_head(item));
}

static gboolean
is_head(LensHeadItem *item, const char *map, int head)
{
  return lens_head_item_get_head(item) == head
         && g_strcmp0(lens_map_get_name(lens_head_item_get_map(item)), map) == 0;
}

static void
scroll_to(LensNumbersView *self, guint row)
{
  if (gtk_widget_get_mapped(self->column_view))
    gtk_widget_activate_action(gtk_widget_get_last_child(self->column_view), "list.scroll-to-item",
                               "u", row);
}

/* Who sorts wants to see what comes first. */
static void
on_sorted(LensNumbersView *self)
{
  if (!self->syncing && g_list_model_get_n_items(G_LIST_MODEL(self->rows)) > 0)
    scroll_to(self, 0);
}

/* The row of a head that is pointed at, here or in another pane. */
static void
mark_previewed(LensNumbersView *self)
{
  int head, shown = lens_selection_get_head(self->selection);
  const char *map = lens_selection_get_picked(self->selection, &head);
  const char *shown_map = lens_selection_get_map(self->selection);
  gboolean previewed = head != shown || g_strcmp0(map, shown_map) != 0;
  GtkWidget *list = gtk_widget_get_last_child(self->column_view);

  for (GtkWidget *row = gtk_widget_get_first_child(list); row;
       row = gtk_widget_get_next_sibling(row)) {
    LensHeadItem *item = lens_numbers_item_of_row(row);

    if (previewed && item && is_head(item, shown_map, shown))
      gtk_widget_add_css_class(row, "previewed");
    else
      gtk_widget_remove_css_class(row, "previewed");
  }
}

static void
show_picked(LensNumbersView *self)
{
  int head = 0;
  const char *map = self->selection ? lens_selection_get_picked(self->selection, &head) : NULL;
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->rows));
  LensHeadItem *now = gtk_single_selection_get_selected_item(self->rows);

  if (!map || (now && is_head(now, map, head)))
    return;
  self->syncing = TRUE;
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(G_LIST_MODEL(self->rows), i);

    if (is_head(item, map, head)) {
      gtk_single_selection_set_selected(self->rows, i);
      scroll_to(self, i);
      break;
    }
  }
  self->syncing = FALSE;
}

static void
on_view_changed(LensNumbersView *self)
{
  show_picked(self);
  mark_previewed(self);
}

/* Pointing at a row shows its head in the other panes. */
static void
on_motion(GtkEventControllerMotion *controller, double x, double y, LensNumbersView *self)
{
  LensHeadItem *item = lens_numbers_item_at(self->column_view, x, y);

  if (self->selection && item)
    lens_selection_preview(self->selection, lens_map_get_name(lens_head_item_get_map(item)),
                           lens_head_item_get_head(item));
  else if (self->selection)
    lens_selection_preview(self->selection, NULL, 0);
}

static void
on_leave(LensNumbersView *self)
{
  if (self->selection)
    lens_selection_preview(self->selection, NULL, 0);
}

void
lens_numbers_view_set_selection(LensNumbersView *self, LensSelection *selection)
{
  if (self->selection)
    g_signal_handlers_disconnect_by_data(self->selection, self);
  g_set_object(&self->selection, selection);
  if (selection)
    g_signal_connect_object(selection, "view-changed", G_CALLBACK(on_view_changed), self,
                            G_CONNECT_SWAPPED);
}

char *
lens_numbers_view_to_csv(LensNumbersView *self)
{
  guint n;
  const LensStat *stats = lens_numbers_columns_get_stats(&n);

  return lens_numbers_csv(G_LIST_MODEL(self->sorted), self->run, self->other, stats, n);
}

/* ---- object ---- */

/* No row is made before somebody sees it. */
static void
lens_numbers_view_map(GtkWidget *widget)
{
  LensNumbersView *self = LENS_NUMBERS_VIEW(widget);

  if (!gtk_column_view_get_model(GTK_COLUMN_VIEW(self->column_view)))
    gtk_column_view_set_model(GTK_COLUMN_VIEW(self->column_view), GTK_SELECTION_MODEL(self->rows));
  lens_slow_rows_set_seen(self->slow, TRUE);
  GTK_WIDGET_CLASS(lens_numbers_view_parent_class)->map(widget);
}

static void
lens_numbers_view_unmap(GtkWidget *widget)
{
  LensNumbersView *self = LENS_NUMBERS_VIEW(widget);

  on_leave(self);
  GTK_WIDGET_CLASS(lens_numbers_view_parent_class)->unmap(widget);
  lens_slow_rows_set_seen(self->slow, FALSE);
}

static GtkWidget *
bound_entry(LensNumbersView *self, const char *hint)
{
  GtkWidget *entry = gtk_entry_new();

  gtk_entry_set_placeholder_text(GTK_ENTRY(entry), hint);
  gtk_editable_set_width_chars(GTK_EDITABLE(entry), 5);
  gtk_editable_set_max_width_chars(GTK_EDITABLE(entry), 5);
  gtk_accessible_update_property(GTK_ACCESSIBLE(entry), GTK_ACCESSIBLE_PROPERTY_LABEL, hint, -1);
  g_signal_connect_object(entry, "changed", G_CALLBACK(on_filter_edited), self, G_CONNECT_SWAPPED);
  return entry;
}

static void
add_filter_bar(LensNumbersView *self)
{
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  guint n;
  const LensStat *stats = lens_numbers_columns_get_stats(&n);

  for (guint i = 0; i < n; i++)
    gtk_string_list_append(names, lens_stat_get_name(stats[i]));
  self->search = gtk_search_entry_new();
  g_object_set(self->search, "placeholder-text", _("Maps"), NULL);
  gtk_widget_set_hexpand(self->search, TRUE);
  self->stat_drop = gtk_drop_down_new(g_object_ref(G_LIST_MODEL(names)), NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->stat_drop), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Number to filter by"), -1);
  self->least_entry = bound_entry(self, _("least"));
  self->most_entry = bound_entry(self, _("most"));
  g_signal_connect_object(self->search, "search-changed", G_CALLBACK(on_filter_edited), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->stat_drop, "notify::selected", G_CALLBACK(on_filter_edited), self,
                          G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(bar), self->search);
  gtk_box_append(GTK_BOX(bar), self->stat_drop);
  gtk_box_append(GTK_BOX(bar), self->least_entry);
  gtk_box_append(GTK_BOX(bar), self->most_entry);
  gtk_box_append(GTK_BOX(self->box), bar);
}

static void
lens_numbers_view_dispose(GObject *object)
{
  LensNumbersView *self = LENS_NUMBERS_VIEW(object);

  g_clear_handle_id(&self->refreshing, g_source_remove);
  g_clear_handle_id(&self->telling, g_source_remove);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->slow);
  g_clear_object(&self->sorted);
  g_clear_object(&self->rows);
  g_clear_object(&self->items);
  g_clear_object(&self->run);
  g_clear_object(&self->other);
  g_clear_pointer(&self->effects, lens_effects_unref);
  g_clear_object(&self->selection);
  g_clear_pointer(&self->needle, g_free);
  g_clear_pointer(&self->columns, g_free);
  G_OBJECT_CLASS(lens_numbers_view_parent_class)->dispose(object);
}

static void
lens_numbers_view_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_GROUP)
    g_value_set_uint(value, lens_numbers_columns_get_group(LENS_NUMBERS_VIEW(object)->columns));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_numbers_view_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_GROUP)
    lens_numbers_view_set_group(LENS_NUMBERS_VIEW(object), g_value_get_uint(value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_numbers_view_class_init(LensNumbersViewClass *klass)
{
  G_OBJECT_CLASS(klass)->get_property = lens_numbers_view_get_property;
  G_OBJECT_CLASS(klass)->set_property = lens_numbers_view_set_property;
  props[PROP_GROUP]
      = g_param_spec_uint("group", NULL, NULL, 0, G_MAXUINT, 0,
                          G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(G_OBJECT_CLASS(klass), N_PROPS, props);
  G_OBJECT_CLASS(klass)->dispose = lens_numbers_view_dispose;
  GTK_WIDGET_CLASS(klass)->map = lens_numbers_view_map;
  GTK_WIDGET_CLASS(klass)->unmap = lens_numbers_view_unmap;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(klass), "lensnumbers");
}

static void
lens_numbers_view_init(LensNumbersView *self)
{
  GtkWidget *scrolled = gtk_scrolled_window_new();
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkFilterListModel *filtered;
  GtkSorter *order;

  self->least = self->most = NAN;
  self->items = g_list_store_new(LENS_TYPE_HEAD_ITEM);
  self->filter = gtk_custom_filter_new(matches, self, NULL);
  filtered = gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(self->items)),
                                       GTK_FILTER(self->filter));
  self->sorted = gtk_sort_list_model_new(G_LIST_MODEL(filtered), NULL);
  self->slow = lens_slow_rows_new(G_LIST_MODEL(self->sorted));
  self->rows = gtk_single_selection_new(g_object_ref(lens_slow_rows_get_shown(self->slow)));
  gtk_single_selection_set_autoselect(self->rows, FALSE);
  gtk_single_selection_set_can_unselect(self->rows, TRUE);

  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  add_filter_bar(self);
  self->column_view = gtk_column_view_new(NULL);
  gtk_widget_add_css_class(self->column_view, "data-table");
  gtk_widget_add_css_class(self->column_view, "numbers");
  self->columns = lens_numbers_columns_new(GTK_COLUMN_VIEW(self->column_view), &self->run);
  order = lens_numbers_order_new(
      g_object_ref(gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->column_view))));
  gtk_sort_list_model_set_sorter(self->sorted, order);
  g_signal_connect_object(order, "changed", G_CALLBACK(on_sorted), self, G_CONNECT_SWAPPED);
  g_object_unref(order);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->column_view);
  gtk_widget_set_vexpand(scrolled, TRUE);
  gtk_scrolled_window_set_overlay_scrolling(GTK_SCROLLED_WINDOW(scrolled), FALSE);
  g_signal_connect_object(self->slow, "whole", G_CALLBACK(show_picked), self, G_CONNECT_SWAPPED);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect_swapped(motion, "leave", G_CALLBACK(on_leave), self);
  gtk_widget_add_controller(self->column_view, motion);
  lens_scroll_start(GTK_SCROLLED_WINDOW(scrolled));
  gtk_accessible_update_property(GTK_ACCESSIBLE(scrolled), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Numbers of the heads"), -1);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->column_view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Numbers of the heads"), -1);
  gtk_widget_add_css_class(scrolled, "card");
  gtk_box_append(GTK_BOX(self->box), lens_tab_stop_new(scrolled));
  g_signal_connect_object(self->rows, "notify::selected-item", G_CALLBACK(on_row_selected), self,
                          G_CONNECT_SWAPPED);
}
