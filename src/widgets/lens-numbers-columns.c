#include "lens-numbers-columns.h"

#include <glib/gi18n.h>

#include "lens-numbers-cells.h"
#include "lens-numbers-order.h"

static const LensStat columns[]
    = { LENS_STAT_ENTROPY,       LENS_STAT_PEAK,    LENS_STAT_K90,           LENS_STAT_EFFECTIVE,
        LENS_STAT_TOP_SHARE,     LENS_STAT_USED,    LENS_STAT_EFFECT,        LENS_STAT_NEXT,
        LENS_STAT_PREVIOUS,      LENS_STAT_CLS,     LENS_STAT_SEP,           LENS_STAT_NOUN,
        LENS_STAT_NOUN_RATIO,    LENS_STAT_PRONOUN, LENS_STAT_PRONOUN_RATIO, LENS_STAT_ARTICLE,
        LENS_STAT_ARTICLE_RATIO, LENS_STAT_VERB,    LENS_STAT_VERB_RATIO };
#define N_COLUMNS G_N_ELEMENTS(columns)
#define N_FIXED 3 /* before them: map, head, what it looks at most */

/* The numbers that are read together; as many as have room beside map and head. */
enum { GROUP_SPREAD, GROUP_KEYS, GROUP_NEIGHBOURS, GROUP_KINDS, GROUP_RATIOS, GROUP_ALL, N_GROUPS };

static guint
group_of(LensStat stat)
{
  switch (stat) {
  case LENS_STAT_ENTROPY:
  case LENS_STAT_PEAK:
  case LENS_STAT_K90:
  case LENS_STAT_EFFECTIVE:
    return GROUP_SPREAD;
  case LENS_STAT_TOP_SHARE:
  case LENS_STAT_USED:
  case LENS_STAT_EFFECT:
    return GROUP_KEYS;
  case LENS_STAT_NEXT:
  case LENS_STAT_PREVIOUS:
  case LENS_STAT_CLS:
  case LENS_STAT_SEP:
    return GROUP_NEIGHBOURS;
  default:
    return stat >= LENS_STAT_NOUN_RATIO ? GROUP_RATIOS : GROUP_KINDS;
  }
}

#define CELL_PADDING 6

struct _LensNumbersColumns {
  GtkColumnView *view; /* borrowed, as the columns are */
  GtkColumnViewColumn *map, *top, *stats[N_COLUMNS];
  guint group;
  int filtered; /* -1: none */
};

const LensStat *
lens_numbers_columns_get_stats(guint *n)
{
  if (n)
    *n = N_COLUMNS;
  return columns;
}

/* Takes `factory` and `sorter`; a NULL sorter: not to be sorted by. */
static GtkColumnViewColumn *
add_column(LensNumbersColumns *self, const char *title, GtkListItemFactory *factory,
           GtkSorter *sorter)
{
  GtkColumnViewColumn *column = gtk_column_view_column_new(title, factory);

  gtk_column_view_column_set_sorter(column, sorter);
  g_clear_object(&sorter);
  gtk_column_view_column_set_resizable(column, TRUE);
  gtk_column_view_append_column(self->view, column);
  g_object_unref(column); /* the view keeps it */
  return column;
}

/* A title of several words takes two lines rather than be wider than any number. */
static char *
break_title(const char *title)
{
  char *text = g_strdup(title), *middle = NULL;
  int half = (int)strlen(text) / 2;

  for (char *p = text; *p; p++) {
    if (*p == ' ' && (!middle || ABS(p - text - half) < ABS(middle - text - half)))
      middle = p;
  }
  if (middle)
    *middle = '\n';
  return text;
}

/* What a column's number means, and its title over the numbers' end. */
static void
explain_titles(GtkWidget *widget)
{
  const char *text = GTK_IS_LABEL(widget) ? gtk_label_get_text(GTK_LABEL(widget)) : "";

  for (guint i = 0; i < N_COLUMNS; i++) {
    g_autofree char *title = break_title(lens_stat_get_name(columns[i]));

    if (!g_str_equal(title, text))
      continue;
    gtk_widget_set_tooltip_text(widget, lens_stat_get_blurb(columns[i]));
    gtk_widget_set_hexpand(widget, TRUE);
    gtk_label_set_xalign(GTK_LABEL(widget), 1);
    gtk_label_set_justify(GTK_LABEL(widget), GTK_JUSTIFY_RIGHT);
  }
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    explain_titles(child);
}

/* Those of the group, and the one that is filtered by. */
static void
update(LensNumbersColumns *self)
{
  gboolean all = self->group == GROUP_ALL;

  for (guint i = 0; i < N_COLUMNS; i++)
    gtk_column_view_column_set_visible(self->stats[i], all || group_of(columns[i]) == self->group
                                                           || (int)columns[i] == self->filtered);
  gtk_column_view_column_set_visible(self->top, all || self->group == GROUP_KEYS);
  explain_titles(gtk_widget_get_first_child(GTK_WIDGET(self->view))); /* come with the columns */
}

static void
add_columns(LensNumbersColumns *self, LensRun *const *run)
{
  self->map = add_column(self, _("Map"), lens_numbers_map_cells(), lens_numbers_order_by_place());
  add_column(self, _("Head"), lens_numbers_head_cells(), lens_numbers_order_by_head());
  self->top = add_column(self, _("Looks most at"), lens_numbers_top_cells(run), NULL);
  for (guint i = 0; i < N_COLUMNS; i++) {
    g_autofree char *title = break_title(lens_stat_get_name(columns[i]));

    self->stats[i] = add_column(self, title, lens_numbers_stat_cells(columns[i]),
                                lens_numbers_order_by_stat(columns[i]));
  }
}

LensNumbersColumns *
lens_numbers_columns_new(GtkColumnView *view, LensRun *const *run)
{
  LensNumbersColumns *self = g_new0(LensNumbersColumns, 1);

  self->view = view;
  self->filtered = -1;
  add_columns(self, run);
  update(self);
  return self;
}

const char *
lens_numbers_columns_get_group_name(guint group)
{
  static const char *const names[N_GROUPS]
      = { N_("How widely it looks"), N_("What it looks at"),  N_("Neighbours, [CLS] and [SEP]"),
          N_("Kinds of words"),      N_("Kinds of words, ×"), N_("All numbers") };

  return group < N_GROUPS ? _(names[group]) : NULL;
}

guint
lens_numbers_columns_get_group(LensNumbersColumns *self)
{
  return self->group;
}

void
lens_numbers_columns_set_group(LensNumbersColumns *self, guint group)
{
  g_return_if_fail(group < N_GROUPS);
  self->group = group;
  update(self);
}

void
lens_numbers_columns_set_filtered(LensNumbersColumns *self, int stat)
{
  if (self->filtered == stat)
    return;
  self->filtered = stat;
  update(self);
}

void
lens_numbers_columns_put_first(LensNumbersColumns *self, LensStat stat)
{
  for (guint i = 0; i < N_COLUMNS; i++) {
    if (columns[i] == stat)
      gtk_column_view_insert_column(self->view, N_FIXED, self->stats[i]);
  }
  if (self->group != GROUP_ALL)
    self->group = group_of(stat);
  update(self);
}

void
lens_numbers_columns_sort(LensNumbersColumns *self, LensStat stat, GtkSortType order)
{
  for (guint i = 0; i < N_COLUMNS; i++) {
    if (columns[i] == stat)
      gtk_column_view_sort_by_column(self->view, self->stats[i], order);
  }
}

void
lens_numbers_columns_fit_map(LensNumbersColumns *self, LensRun *run)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(GTK_WIDGET(self->view), NULL);
  int most = 0, width;

  for (guint i = 0; i < lens_run_get_n_maps(run); i++) {
    g_autofree char *title = lens_map_format_title(lens_map_get_name(lens_run_get_map(run, i)));

    pango_layout_set_text(layout, title, -1);
    pango_layout_get_pixel_size(layout, &width, NULL);
    most = MAX(most, width);
  }
  gtk_column_view_column_set_fixed_width(self->map, most + 2 * CELL_PADDING);
}
