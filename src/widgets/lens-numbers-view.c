#include "lens-numbers-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lens-head-item.h"
#include "lens-row-name.h"
#include "lens-scroll-start.h"
#include "lens-tab-stop.h"

/* The statistics shown as columns. */
static const LensStat columns[]
    = { LENS_STAT_ENTROPY,       LENS_STAT_PEAK,    LENS_STAT_K90,           LENS_STAT_EFFECTIVE,
        LENS_STAT_TOP_SHARE,     LENS_STAT_USED,    LENS_STAT_EFFECT,        LENS_STAT_NEXT,
        LENS_STAT_PREVIOUS,      LENS_STAT_CLS,     LENS_STAT_SEP,           LENS_STAT_NOUN,
        LENS_STAT_NOUN_RATIO,    LENS_STAT_PRONOUN, LENS_STAT_PRONOUN_RATIO, LENS_STAT_ARTICLE,
        LENS_STAT_ARTICLE_RATIO, LENS_STAT_VERB,    LENS_STAT_VERB_RATIO };
#define N_COLUMNS G_N_ELEMENTS(columns)
#define N_FIXED 3 /* before them: map, head, what it looks at most */
#define CELL_PADDING 13

struct _LensNumbersView {
  GtkWidget parent_instance;

  LensRun *run;
  LensRun *other; /* beside it; NULL: none */
  LensEffects *effects; /* NULL: the heads were not tried */
  LensSelection *selection;
  gboolean syncing;

  GListStore *items;
  GtkCustomFilter *filter;
  GtkSortListModel *sorted;
  GtkSingleSelection *rows;
  GtkColumnViewColumn *map_column, *stat_columns[N_COLUMNS];
  GtkWidget *box, *search, *stat_drop, *least_entry, *most_entry, *column_view;

  char *needle;
  guint refreshing; /* timer: effects came, order and filter follow; 0 = none */
  LensStat bound_stat;
  double least, most;
};

G_DEFINE_FINAL_TYPE(LensNumbersView, lens_numbers_view, GTK_TYPE_WIDGET)

GtkWidget *
lens_numbers_view_new(void)
{
  return g_object_new(LENS_TYPE_NUMBERS_VIEW, NULL);
}

GListModel *
lens_numbers_view_get_rows(LensNumbersView *self)
{
  return G_LIST_MODEL(self->rows);
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
  gtk_filter_changed(GTK_FILTER(self->filter), GTK_FILTER_CHANGE_DIFFERENT);
}

void
lens_numbers_view_put_first(LensNumbersView *self, LensStat stat)
{
  for (guint i = 0; i < N_COLUMNS; i++) {
    if (columns[i] == stat)
      gtk_column_view_insert_column(GTK_COLUMN_VIEW(self->column_view), N_FIXED,
                                    self->stat_columns[i]);
  }
}

static double
parse_bound(GtkWidget *entry)
{
  const char *text = gtk_editable_get_text(GTK_EDITABLE(entry));
  char *end;
  double value = g_strtod(text, &end);

  if (!*text || end == text || *g_strchug(end))
    return NAN;
  return value;
}

static void
on_filter_edited(LensNumbersView *self)
{
  LensStat stat = columns[gtk_drop_down_get_selected(GTK_DROP_DOWN(self->stat_drop))];

  gtk_widget_set_tooltip_text(self->stat_drop, lens_stat_get_blurb(stat));
  lens_numbers_view_put_first(self, stat);
  lens_numbers_view_filter(self, gtk_editable_get_text(GTK_EDITABLE(self->search)), stat,
                           parse_bound(self->least_entry), parse_bound(self->most_entry));
}

/* What has no value goes last in rising order. */
static int
compare_stat(gconstpointer a, gconstpointer b, gpointer data)
{
  LensStat stat = GPOINTER_TO_INT(data);
  double x = lens_head_item_get_stat((LensHeadItem *)a, stat);
  double y = lens_head_item_get_stat((LensHeadItem *)b, stat);

  if (isnan(x) || isnan(y))
    return isnan(x) - isnan(y);
  return (x > y) - (x < y);
}

static int
compare_place(gconstpointer a, gconstpointer b, gpointer data)
{
  LensHeadItem *x = (LensHeadItem *)a, *y = (LensHeadItem *)b;
  int order = lens_head_item_get_order(x) - lens_head_item_get_order(y);

  return order ? order : lens_head_item_get_head(x) - lens_head_item_get_head(y);
}

static int
compare_head(gconstpointer a, gconstpointer b, gpointer data)
{
  return lens_head_item_get_head((LensHeadItem *)a) - lens_head_item_get_head((LensHeadItem *)b);
}

void
lens_numbers_view_sort(LensNumbersView *self, LensStat stat, GtkSortType order)
{
  for (guint i = 0; i < N_COLUMNS; i++) {
    if (columns[i] == stat)
      gtk_column_view_sort_by_column(GTK_COLUMN_VIEW(self->column_view), self->stat_columns[i],
                                     order);
  }
}

/* ---- cells ---- */

static void
on_setup(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  GtkWidget *label = gtk_label_new(NULL);

  gtk_label_set_xalign(GTK_LABEL(label), data ? 1 : 0);
  if (data) /* a number that is cut is another number */
    gtk_widget_add_css_class(label, "numeric");
  else
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_list_item_set_child(cell, label);
}

static void
bind_map(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  LensHeadItem *item = gtk_list_item_get_item(cell);
  g_autofree char *title = lens_map_format_title(lens_map_get_name(lens_head_item_get_map(item)));

  g_autofree char *head = g_strdup_printf(_("head %d"), lens_head_item_get_head(item) + 1);

  gtk_label_set_text(GTK_LABEL(gtk_list_item_get_child(cell)), title);
  lens_row_name(gtk_list_item_get_child(cell), title, head);
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
bind_top(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  LensNumbersView *self = data;
  LensHeadItem *item = gtk_list_item_get_item(cell);
  LensMap *map = lens_head_item_get_map(item);
  int rows = lens_map_get_rows(map), cols = lens_map_get_cols(map);
  int top = lens_head_top_key(lens_map_get_values(map)
                                  + (gsize)lens_head_item_get_head(item) * rows * cols,
                              rows, cols);
  const char *text = NULL;

  if (lens_map_get_key(map) == LENS_SIDE_WORDS && top < (int)lens_run_get_n_tokens(self->run))
    text = lens_run_get_tokens(self->run)[top];
  else if (lens_map_get_key(map) == LENS_SIDE_BOXES
           && top < (int)lens_scene_get_n_regions(lens_run_get_scene(self->run)))
    text = lens_region_get_title(lens_scene_get_region(lens_run_get_scene(self->run), top));
  gtk_label_set_text(GTK_LABEL(gtk_list_item_get_child(cell)), text ? text : "–");
}

static void
show_stat(LensHeadItem *item, GtkLabel *label)
{
  LensStat stat = GPOINTER_TO_INT(g_object_get_data(G_OBJECT(label), "stat"));
  g_autofree char *text = lens_head_item_format_stat(item, stat);

  gtk_label_set_text(label, text);
}

static void
bind_stat(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  LensHeadItem *item = gtk_list_item_get_item(cell);
  GtkWidget *label = gtk_list_item_get_child(cell);

  g_object_set_data(G_OBJECT(label), "stat", GINT_TO_POINTER(GPOINTER_TO_INT(data) - 1));
  g_signal_connect_object(item, "changed", G_CALLBACK(show_stat), label, 0);
  show_stat(item, GTK_LABEL(label));
}

static void
unbind_stat(GtkSignalListItemFactory *factory, GtkListItem *cell, gpointer data)
{
  g_signal_handlers_disconnect_by_data(gtk_list_item_get_item(cell), gtk_list_item_get_child(cell));
}

static GtkColumnViewColumn *
add_column(LensNumbersView *self, const char *title, GCallback bind, gpointer data,
           GCompareDataFunc compare, gpointer compare_data)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  GtkColumnViewColumn *column = gtk_column_view_column_new(title, factory);
  g_autoptr(GtkSorter) sorter = GTK_SORTER(gtk_custom_sorter_new(compare, compare_data, NULL));

  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), data);
  g_signal_connect(factory, "bind", bind, data);
  if (bind == G_CALLBACK(bind_stat))
    g_signal_connect(factory, "unbind", G_CALLBACK(unbind_stat), data);
  gtk_column_view_column_set_sorter(column, sorter);
  gtk_column_view_column_set_resizable(column, TRUE);
  gtk_column_view_append_column(GTK_COLUMN_VIEW(self->column_view), column);
  g_object_unref(column); /* the view keeps it */
  return column;
}

static void
add_columns(LensNumbersView *self)
{
  GtkColumnViewColumn *top,
      *map = add_column(self, _("Map"), G_CALLBACK(bind_map), NULL, compare_place, NULL);

  self->map_column = map;
  add_column(self, _("Head"), G_CALLBACK(bind_head), GINT_TO_POINTER(1), compare_head, NULL);
  top = add_column(self, _("Looks most at"), G_CALLBACK(bind_top), self, compare_place, NULL);
  gtk_column_view_column_set_sorter(top, NULL);
  for (guint i = 0; i < N_COLUMNS; i++)
    self->stat_columns[i]
        = add_column(self, lens_stat_get_name(columns[i]), G_CALLBACK(bind_stat),
                     GINT_TO_POINTER(columns[i] + 1), compare_stat, GINT_TO_POINTER(columns[i]));
}

/* ---- run and selection ---- */

/* As wide as the longest name of a map, whichever rows are seen. */
static void
fit_map_column(LensNumbersView *self, LensRun *run)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), NULL);
  int most = 0, width;

  for (guint i = 0; i < lens_run_get_n_maps(run); i++) {
    g_autofree char *title = lens_map_format_title(lens_map_get_name(lens_run_get_map(run, i)));

    pango_layout_set_text(layout, title, -1);
    pango_layout_get_pixel_size(layout, &width, NULL);
    most = MAX(most, width);
  }
  gtk_column_view_column_set_fixed_width(self->map_column, most + 2 * CELL_PADDING);
}

static LensHeadItem *
make_item(LensNumbersView *self, LensMap *map, int order, int head, LensRun *other, int sign)
{
  LensHeadItem *item = lens_head_item_new(map, order, head);

  lens_head_item_set_effect(item, lens_effects_get(self->effects, lens_map_get_name(map), head));
  if (other)
    lens_head_item_set_other(item, lens_run_find_map(other, lens_map_get_name(map)), sign);
  return item;
}

void
lens_numbers_view_set_runs(LensNumbersView *self, LensRun *run, LensRun *other)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);
  gboolean changed = g_set_object(&self->run, run), reversed = FALSE;
  LensRun *a = run ? lens_run_get_compared(run, 0, &reversed) : NULL;
  LensRun *b = a ? lens_run_get_compared(run, 1, NULL) : run;
  int sign = !a ? 0 : reversed ? -1 : 1;

  if (!g_set_object(&self->other, other) && !changed)
    return;
  for (guint i = 0; b && i < lens_run_get_n_maps(b); i++) {
    LensMap *map = lens_run_get_map(b, i);

    for (int head = 0; head < lens_map_get_heads(map); head++)
      g_ptr_array_add(items, make_item(self, map, i, head, a ? a : other, sign));
  }
  if (b)
    fit_map_column(self, b);
  self->syncing = TRUE;
  g_list_store_splice(self->items, 0, g_list_model_get_n_items(G_LIST_MODEL(self->items)),
                      items->pdata, items->len);
  self->syncing = FALSE;
}

static gboolean
on_refresh(gpointer data)
{
  LensNumbersView *self = data;
  GtkSorter *sorter = gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->column_view));

  self->refreshing = 0;
  self->syncing = TRUE;
  gtk_filter_changed(GTK_FILTER(self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  gtk_sorter_changed(sorter, GTK_SORTER_CHANGE_DIFFERENT);
  self->syncing = FALSE;
  return G_SOURCE_REMOVE;
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

static void
on_view_changed(LensNumbersView *self)
{
  const char *map = lens_selection_get_map(self->selection);
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->rows));

  self->syncing = TRUE;
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(G_LIST_MODEL(self->rows), i);

    if (lens_head_item_get_head(item) == lens_selection_get_head(self->selection)
        && g_strcmp0(lens_map_get_name(lens_head_item_get_map(item)), map) == 0) {
      gtk_single_selection_set_selected(self->rows, i);
      break;
    }
  }
  self->syncing = FALSE;
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

static void
append_number(GString *csv, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE] = "";

  if (!isnan(value))
    g_ascii_formatd(number, sizeof number, "%.6g", value);
  g_string_append_printf(csv, ",%s", number);
}

static void
append_titles(LensNumbersView *self, GString *csv)
{
  gboolean reversed, difference = lens_run_get_compared(self->run, 0, &reversed) != NULL;

  g_string_append(csv, "map,head");
  for (guint i = 0; i < N_COLUMNS; i++) {
    const char *name = lens_stat_get_name(columns[i]);

    if (self->other)
      g_string_append_printf(csv, ",%s A,%s B", name, name);
    else
      g_string_append_printf(csv, ",%s%s", name, !difference ? "" : reversed ? " A-B" : " B-A");
  }
  g_string_append(csv, "\r\n");
}

char *
lens_numbers_view_to_csv(LensNumbersView *self)
{
  GString *csv = g_string_new(NULL);
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->rows));

  if (self->run)
    append_titles(self, csv);
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensHeadItem) item = g_list_model_get_item(G_LIST_MODEL(self->rows), i);

    g_string_append_printf(csv, "%s,%d", lens_map_get_name(lens_head_item_get_map(item)),
                           lens_head_item_get_head(item));
    for (guint c = 0; c < N_COLUMNS; c++) {
      if (self->other)
        append_number(csv, lens_head_item_get_other_stat(item, columns[c]));
      append_number(csv, lens_head_item_get_stat(item, columns[c]));
    }
    g_string_append(csv, "\r\n");
  }
  return g_string_free(csv, FALSE);
}

/* ---- object ---- */

/* Hundreds of rows are made only when somebody sees them. */
static void
lens_numbers_view_map(GtkWidget *widget)
{
  LensNumbersView *self = LENS_NUMBERS_VIEW(widget);

  gtk_column_view_set_model(GTK_COLUMN_VIEW(self->column_view), GTK_SELECTION_MODEL(self->rows));
  GTK_WIDGET_CLASS(lens_numbers_view_parent_class)->map(widget);
}

static void
lens_numbers_view_unmap(GtkWidget *widget)
{
  LensNumbersView *self = LENS_NUMBERS_VIEW(widget);

  GTK_WIDGET_CLASS(lens_numbers_view_parent_class)->unmap(widget);
  gtk_column_view_set_model(GTK_COLUMN_VIEW(self->column_view), NULL);
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

  for (guint i = 0; i < N_COLUMNS; i++)
    gtk_string_list_append(names, lens_stat_get_name(columns[i]));
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
  g_clear_pointer(&self->box, gtk_widget_unparent);
  g_clear_object(&self->rows);
  g_clear_object(&self->items);
  g_clear_object(&self->run);
  g_clear_object(&self->other);
  g_clear_pointer(&self->effects, lens_effects_unref);
  g_clear_object(&self->selection);
  g_clear_pointer(&self->needle, g_free);
  G_OBJECT_CLASS(lens_numbers_view_parent_class)->dispose(object);
}

static void
lens_numbers_view_class_init(LensNumbersViewClass *klass)
{
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
  GtkFilterListModel *filtered;

  self->least = self->most = NAN;
  self->items = g_list_store_new(LENS_TYPE_HEAD_ITEM);
  self->filter = gtk_custom_filter_new(matches, self, NULL);
  filtered = gtk_filter_list_model_new(g_object_ref(G_LIST_MODEL(self->items)),
                                       GTK_FILTER(self->filter));
  self->sorted = gtk_sort_list_model_new(G_LIST_MODEL(filtered), NULL);
  self->rows = gtk_single_selection_new(G_LIST_MODEL(self->sorted));
  gtk_single_selection_set_autoselect(self->rows, FALSE);
  gtk_single_selection_set_can_unselect(self->rows, TRUE);

  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  add_filter_bar(self);
  self->column_view = gtk_column_view_new(NULL);
  gtk_widget_add_css_class(self->column_view, "data-table");
  add_columns(self);
  gtk_sort_list_model_set_sorter(self->sorted,
                                 gtk_column_view_get_sorter(GTK_COLUMN_VIEW(self->column_view)));
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), self->column_view);
  gtk_widget_set_vexpand(scrolled, TRUE);
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
