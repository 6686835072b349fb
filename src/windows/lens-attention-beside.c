#include "lens-attention-beside.h"

#include <glib/gi18n.h>

#include "lens-compare-text.h"
#include "lens-compare.h"
#include "lens-cut-label.h"
#include "lens-words.h"

/* One view and that left of it. */
typedef struct {
  LensRunView *view, *left;
  GtkWidget *column;
  LensBesideWords words;
} Pair;

/* A run and the same with whole words, made once. */
typedef struct {
  LensRun *plain, *words;
} Kept;

struct _LensBeside {
  LensExplorer *explorer;
  LensCompareBar *bar;
  Kept shown, other;
  GArray *pairs; /* of Pair */
};

LensBeside *
lens_beside_new(LensExplorer *explorer, LensCompareBar *bar)
{
  LensBeside *self = g_new0(LensBeside, 1);

  self->explorer = g_object_ref(explorer);
  self->bar = bar;
  self->pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
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
  g_array_unref(self->pairs);
  g_clear_object(&self->explorer);
  g_free(self);
}

/* A difference is that of what the words get, not the words of a difference. */
static LensRun *
merge(LensRun *run)
{
  gboolean reversed;
  LensRun *a = lens_run_get_compared(run, 0, &reversed), *b = lens_run_get_compared(run, 1, NULL);
  g_autoptr(LensRun) words_a = NULL;
  g_autoptr(LensRun) words_b = NULL;

  if (!a || !b)
    return lens_words_merge_run(run);
  words_a = lens_words_merge_run(a);
  words_b = lens_words_merge_run(b);
  return lens_compare_runs(words_a, words_b,
                           reversed ? LENS_DIFFERENCE_LESS : LENS_DIFFERENCE_MORE);
}

static LensRun *
with_words(LensBeside *self, LensRun *run, Kept *kept)
{
  if (!run || !lens_selection_get_merge_words(lens_explorer_get_selection(self->explorer)))
    return run;
  if (g_set_object(&kept->plain, run) || !kept->words) {
    g_clear_object(&kept->words);
    kept->words = merge(run);
  }
  return kept->words;
}

LensRun *
lens_beside_get_run(LensBeside *self)
{
  return with_words(self, lens_compare_bar_get_run(self->bar), &self->shown);
}

/* The first half, where it stands beside the second; NULL otherwise. */
static LensRun *
first_half(LensBeside *self)
{
  gboolean both
      = lens_explorer_get_both(self->explorer)
        && lens_compare_bar_get_run(self->bar) == lens_explorer_get_image_run(self->explorer, 1);

  return both ? lens_explorer_get_image_run(self->explorer, 0) : NULL;
}

static LensRun *
plain_other(LensBeside *self)
{
  LensRun *a = lens_compare_bar_get_beside(self->bar);

  return a ? a : first_half(self);
}

LensRun *
lens_beside_get_other(LensBeside *self)
{
  return with_words(self, plain_other(self), &self->other);
}

static void
name_column(GtkLabel *label, const char *letter, LensRun *run, LensRun *beside, gboolean of_pair)
{
  g_autofree char *text = lens_compare_text_column(letter, run, beside, of_pair);

  lens_cut_label_set_text(label, text);
}

static void
name_columns(LensBeside *self, GtkLabel *left, GtkLabel *right)
{
  LensRun *other = plain_other(self);

  if (!other)
    return;
  if (other == first_half(self)) {
    gtk_label_set_text(left, _("First image"));
    gtk_label_set_text(right, _("Second image"));
  } else {
    LensRun *run = lens_compare_bar_get_run(self->bar);
    LensRun *whole = lens_explorer_get_run(self->explorer);
    gboolean of_pair = whole && lens_run_is_pair(whole);

    name_column(left, _("A"), other, run, of_pair);
    name_column(right, _("B"), run, other, of_pair);
  }
}

void
lens_beside_add(LensBeside *self, LensRunView *view, LensRunView *left, GtkWidget *column,
                LensBesideWords words)
{
  Pair pair = { view, left, column, words };

  g_array_append_val(self->pairs, pair);
}

void
lens_beside_update(LensBeside *self, GtkLabel *left, GtkLabel *right)
{
  LensRun *runs[] = { lens_beside_get_run(self), lens_compare_bar_get_run(self->bar) };
  LensRun *others[] = { lens_beside_get_other(self), plain_other(self) };

  for (guint i = 0; i < self->pairs->len; i++) {
    Pair *pair = &g_array_index(self->pairs, Pair, i);

    lens_run_view_set_run(pair->view, runs[pair->words]);
    lens_run_view_set_run(pair->left, others[pair->words]);
    gtk_widget_set_visible(pair->column, others[pair->words] != NULL);
  }
  name_columns(self, left, right);
}

static LensHalf
half_of(LensBeside *self, LensRun *run)
{
  int half = run && lens_run_is_pair(run) ? lens_explorer_get_half(self->explorer) : 0;

  return (LensHalf){ run, half };
}

LensHalf
lens_beside_get_half(LensBeside *self)
{
  return half_of(self, lens_compare_bar_get_whole_run(self->bar));
}

LensHalf
lens_beside_get_other_half(LensBeside *self)
{
  LensRun *other = plain_other(self);

  if (other && other == first_half(self))
    return (LensHalf){ lens_explorer_get_run(self->explorer), 0 };
  return half_of(self, lens_compare_bar_get_whole_other(self->bar));
}
