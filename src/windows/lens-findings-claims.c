#include "lens-findings-claims.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <inttypes.h>
#include <math.h>

#include "lens-data-scores.h"
#include "lens-map.h"

/* "x.0.vis_to_lang/3" of the report in the window's words. */
static gboolean
on_head(const GMatchInfo *match, GString *out, gpointer unused)
{
  g_autofree char *map = g_match_info_fetch(match, 1), *head = g_match_info_fetch(match, 2);
  g_autofree char *title = lens_map_format_title(map);

  g_string_append_printf(out, _("“%s, head %d”"), title, (int)g_ascii_strtoll(head, NULL, 10) + 1);
  return FALSE;
}

static char *
name_heads(const char *evidence)
{
  g_autoptr(GRegex) regex = g_regex_new("\\b((?:lang|vis|x)\\.[0-9a-z_.]+)/([0-9]+)", 0, 0, NULL);

  return g_regex_replace_eval(regex, evidence, -1, 0, 0, on_head, NULL, NULL);
}

/* Told by a mark and a word, not by colour. */
static void
add_claim(GtkListBox *list, const LensClaim *claim)
{
  GtkWidget *row = adw_action_row_new(), *mark = gtk_label_new(claim->holds ? "✓" : "✗");
  g_autofree char *evidence = name_heads(claim->evidence);
  g_autofree char *subtitle = g_markup_escape_text(evidence, -1);

  gtk_accessible_update_property(GTK_ACCESSIBLE(mark), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 claim->holds ? _("holds") : _("does not hold"), -1);
  gtk_widget_set_tooltip_text(mark, claim->holds ? _("holds") : _("does not hold"));
  gtk_widget_add_css_class(mark, claim->holds ? "accent" : "dim-label");
  gtk_widget_add_css_class(mark, "title-3");
  adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
  adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), _(claim->claim));
  adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 0);
  adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 0);
  adw_action_row_set_subtitle(ADW_ACTION_ROW(row), subtitle);
  adw_action_row_add_prefix(ADW_ACTION_ROW(row), mark);
  gtk_list_box_append(list, row);
}

char *
lens_findings_claims_format_origin(LensFindings *findings)
{
  gint64 n = lens_findings_get_examples(findings);
  double accuracy = lens_findings_get_accuracy(findings);
  GString *out = g_string_new(NULL);

  g_string_append_printf(out,
                         ngettext("%" PRId64 " question of %s, model %s",
                                  "%" PRId64 " questions of %s, model %s", (gulong)n),
                         n, lens_findings_get_data(findings), lens_findings_get_model(findings));
  if (lens_findings_get_rows(findings))
    g_string_append_printf(out, _(", only those that pass the filter: %s"),
                           lens_findings_get_rows(findings));
  if (lens_findings_get_bert(findings))
    g_string_append_printf(out, _(", beside it %s"), lens_findings_get_bert(findings));
  if (!isnan(accuracy)) {
    g_autofree char *percent = lens_data_percent(accuracy);

    g_string_append_printf(out, _("; the model answers %s of them right"), percent);
  }
  g_string_append(out, ". ");
  g_string_append(out,
                  lens_findings_get_nouns(findings)
                      ? ""
                      : _("Without scene graphs beside the questions the pointing game is left "
                          "out."));
  return g_string_free(out, FALSE);
}

void
lens_findings_claims_show(GtkListBox *list, LensFindings *findings)
{
  GPtrArray *claims = lens_findings_get_claims(findings);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child(GTK_WIDGET(list))))
    gtk_list_box_remove(list, row);
  for (guint i = 0; i < claims->len; i++)
    add_claim(list, claims->pdata[i]);
}
