#include "lens-data-scores.h"

#include <glib/gi18n.h>

char *
lens_data_percent(double share)
{
  return share < 0 ? g_strdup("–") : g_strdup_printf("%.1f%%", 100 * share);
}

static GtkWidget *
label_new(const char *text, float xalign, const char *css)
{
  GtkWidget *label = gtk_label_new(text);

  gtk_label_set_xalign(GTK_LABEL(label), xalign);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  if (css)
    gtk_widget_add_css_class(label, css);
  return label;
}

typedef struct {
  GtkGrid *grid;
  int row;
} Table;

static void
add_heading(Table *table, const char *text)
{
  GtkWidget *label = label_new(text, 0, "heading");

  gtk_widget_set_margin_top(label, table->row ? 12 : 0);
  gtk_grid_attach(table->grid, label, 0, table->row++, 4, 1);
}

static void
add_row(Table *table, const char *name, gint64 n, double share)
{
  g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT, n);
  g_autofree char *percent = lens_data_percent(share);
  GtkWidget *bar = gtk_level_bar_new_for_interval(0, 1);
  GtkWidget *title = label_new(name, 0, NULL);

  gtk_widget_set_hexpand(title, TRUE);
  gtk_level_bar_set_value(GTK_LEVEL_BAR(bar), CLAMP(share, 0, 1));
  /* no colours for low and high: a bar is a length */
  gtk_level_bar_remove_offset_value(GTK_LEVEL_BAR(bar), GTK_LEVEL_BAR_OFFSET_LOW);
  gtk_level_bar_remove_offset_value(GTK_LEVEL_BAR(bar), GTK_LEVEL_BAR_OFFSET_HIGH);
  gtk_level_bar_remove_offset_value(GTK_LEVEL_BAR(bar), GTK_LEVEL_BAR_OFFSET_FULL);
  gtk_widget_set_valign(bar, GTK_ALIGN_CENTER);
  gtk_widget_set_size_request(bar, 200, -1);
  gtk_widget_set_visible(bar, share >= 0);
  gtk_accessible_update_property(GTK_ACCESSIBLE(bar), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_grid_attach(table->grid, title, 0, table->row, 1, 1);
  gtk_grid_attach(table->grid, label_new(n < 0 ? "" : count, 1, "dim-label"), 1, table->row, 1, 1);
  gtk_grid_attach(table->grid, label_new(percent, 1, "numeric"), 2, table->row, 1, 1);
  gtk_grid_attach(table->grid, bar, 3, table->row++, 1, 1);
}

static void
add_tallies(Table *table, const char *heading, GPtrArray *tallies)
{
  gboolean any = FALSE;

  for (guint i = 0; tallies && i < tallies->len; i++) {
    const LensTally *tally = tallies->pdata[i];

    if (!tally->name || !*tally->name)
      continue;
    if (!any)
      add_heading(table, heading);
    any = TRUE;
    add_row(table, tally->name, tally->n, tally->score < 0 ? -1 : tally->score / (double)tally->n);
  }
}

GtkWidget *
lens_data_scores_new(const LensDataSummary *summary, const char *kind, gboolean answered)
{
  Table table = { GTK_GRID(gtk_grid_new()), 0 };
  GtkWidget *grid = GTK_WIDGET(table.grid);

  gtk_grid_set_row_spacing(table.grid, 6);
  gtk_grid_set_column_spacing(table.grid, 18);
  gtk_widget_set_margin_start(grid, 18);
  gtk_widget_set_margin_end(grid, 18);
  gtk_widget_set_margin_top(grid, 12);
  gtk_widget_set_margin_bottom(grid, 18);
  add_heading(&table, answered ? _("Score") : _("Questions"));
  add_row(&table, g_str_equal(kind, "vqa") ? _("All (soft accuracy)") : _("All (accuracy)"),
          summary->n, summary->accuracy);
  if (summary->consistency >= 0)
    add_row(&table, _("Consistency: sentences with every pair right"), summary->sentences,
            summary->consistency);
  if (answered && summary->oracle >= 0 && !g_str_equal(kind, "nlvr2"))
    add_row(&table, _("Best that the answer table allows"), -1, summary->oracle);
  add_tallies(&table, _("By kind of answer"), summary->answer_types);
  add_tallies(&table, _("By question type"), summary->question_types);
  add_tallies(&table, _("By right answer"), summary->truths);
  return grid;
}
