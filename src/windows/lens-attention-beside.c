#include "lens-attention-beside.h"

#include <glib/gi18n.h>

#include "lens-attention-choice.h"
#include "lens-compare.h"
#include "lens-words.h"

/* A run and the same with whole words, made once. */
typedef struct {
  LensRun *plain, *words;
} Kept;

struct _LensBeside {
  LensExplorer *explorer;
  LensCompareBar *bar;
  GtkDropDown *half_drop;
  Kept shown, other;
  LensRun *first_half; /* of a pair, to be shown beside the second */
};

LensBeside *
lens_beside_new(LensExplorer *explorer, LensCompareBar *bar, GtkDropDown *half_drop)
{
  LensBeside *self = g_new0(LensBeside, 1);

  self->explorer = g_object_ref(explorer);
  self->bar = bar;
  self->half_drop = half_drop;
  return self;
}

void
lens_beside_free(LensBeside *self)
{
  if (!self)
    return;
  g_clear_object(&self->shown.plain);
  g_clear_object(&self->shown.words);
  g_clear_object(&self->other.plain);
  g_clear_object(&self->other.words);
  g_clear_object(&self->first_half);
  g_clear_object(&self->explorer);
  g_free(self);
}

static LensRun *
with_words(LensBeside *self, LensRun *run, Kept *kept)
{
  if (!run || !lens_selection_get_merge_words(lens_explorer_get_selection(self->explorer)))
    return run;
  if (g_set_object(&kept->plain, run) || !kept->words) {
    g_clear_object(&kept->words);
    kept->words = lens_words_merge_run(run);
  }
  return kept->words;
}

LensRun *
lens_beside_get_run(LensBeside *self)
{
  return with_words(self, lens_compare_bar_get_run(self->bar), &self->shown);
}

static LensRun *
plain_other(LensBeside *self)
{
  LensRun *a = lens_compare_bar_get_beside(self->bar);
  LensRun *whole = lens_explorer_get_run(self->explorer);

  if (a || !whole || !lens_run_is_pair(whole) || !lens_attention_chose_both(self->half_drop)
      || lens_compare_bar_get_run(self->bar) != lens_run_get_half(whole, 1))
    return a;
  if (!self->first_half || lens_run_get_source(self->first_half) != whole) {
    g_clear_object(&self->first_half);
    self->first_half = lens_compare_halves(whole);
  }
  return self->first_half;
}

LensRun *
lens_beside_get_other(LensBeside *self)
{
  return with_words(self, plain_other(self), &self->other);
}

static void
name_column(GtkLabel *label, const char *letter, LensRun *run)
{
  g_autofree char *text
      = g_strdup_printf(_("%s: %s, “%s”"), letter, lens_model_get_name(lens_run_get_model(run)),
                        lens_run_get_question(run));

  gtk_label_set_text(label, text);
  gtk_widget_set_tooltip_text(GTK_WIDGET(label), text);
}

void
lens_beside_name(LensBeside *self, GtkLabel *left, GtkLabel *right)
{
  LensRun *other = plain_other(self);

  if (!other)
    return;
  if (other == self->first_half) {
    gtk_label_set_text(left, _("First image"));
    gtk_label_set_text(right, _("Second image"));
  } else {
    name_column(left, _("A"), other);
    name_column(right, _("B"), lens_compare_bar_get_run(self->bar));
  }
}
