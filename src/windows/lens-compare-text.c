#include "lens-compare-text.h"

#include <glib/gi18n.h>

#include "lens-compare.h"

static void
add(GStrvBuilder *parts, const char *part)
{
  if (part && *part)
    g_strv_builder_add(parts, part);
}

static char *
join(GStrvBuilder *parts)
{
  g_auto(GStrv) list = g_strv_builder_end(parts);

  return g_strjoinv(" · ", list);
}

char *
lens_compare_text_held(LensRun *a)
{
  g_autoptr(GStrvBuilder) parts = g_strv_builder_new();
  g_autoptr(LensAnswer) answer = g_list_model_get_item(lens_run_get_answers(a), 0);
  g_autofree char *edits = lens_edits_describe(lens_run_get_edits(a));
  g_autofree char *what = answer ? g_strdup_printf(_("A: “%s” → %s"), lens_run_get_question(a),
                                                   lens_answer_get_text(answer))
                                 : g_strdup_printf(_("A: “%s”"), lens_run_get_question(a));

  add(parts, what);
  add(parts, lens_model_get_name(lens_run_get_model(a)));
  add(parts, edits);
  return join(parts);
}

static int
count_partners(const int *partner, int n)
{
  int found = 0;

  for (int i = 0; i < n; i++)
    found += partner[i] >= 0;
  return found;
}

static int
count_heads(LensRun *run)
{
  return lens_run_get_n_maps(run) ? lens_map_get_heads(lens_run_get_map(run, 0)) : 0;
}

char *
lens_compare_text_shared(LensRun *a, LensRun *b)
{
  int n_words = b ? (int)lens_run_get_n_tokens(b) : 0;
  int n_boxes = b ? (int)lens_scene_get_n_regions(lens_run_get_scene(b)) : 0;
  g_autofree int *words = b ? lens_compare_words(a, b) : NULL;
  g_autofree int *boxes
      = b ? lens_compare_boxes(lens_run_get_scene(a), lens_run_get_scene(b)) : NULL;
  g_autoptr(GStrvBuilder) parts = g_strv_builder_new();
  g_autofree char *text = NULL;
  int same_words = count_partners(words, n_words), same_boxes = count_partners(boxes, n_boxes);

  if (same_words < n_words || same_boxes < n_boxes)
    text = g_strdup_printf(_("shared: %d of %d words, %d of %d boxes"), same_words, n_words,
                           same_boxes, n_boxes);
  add(parts, text);
  if (b && count_heads(a) != count_heads(b))
    add(parts, _("heads against the mean of A’s"));
  return join(parts);
}

/* NULL where both have the same. */
static const char *
if_other(const char *own, const char *other)
{
  return g_strcmp0(own, other) == 0 ? NULL : own;
}

static void
add_edits(GStrvBuilder *parts, LensRun *run, LensRun *other)
{
  const LensEdits *edits = lens_run_get_edits(run);
  g_autofree char *text = lens_edits_describe(edits);

  if (!lens_edits_equal(edits, lens_run_get_edits(other)))
    add(parts, lens_edits_is_empty(edits) ? _("unchanged") : text);
}

char *
lens_compare_text_column(const char *letter, LensRun *run, LensRun *other, gboolean of_pair)
{
  g_autoptr(GStrvBuilder) parts = g_strv_builder_new();
  LensScene *scene = lens_run_get_scene(run), *other_scene = lens_run_get_scene(other);
  const char *question = lens_run_get_question(run);
  const char *model = lens_model_get_name(lens_run_get_model(run));
  g_autofree char *quoted = g_strdup_printf(_("“%s”"), question);
  g_autofree char *text = NULL;

  add(parts, if_other(question, lens_run_get_question(other)) ? quoted : NULL);
  add(parts, of_pair ? lens_scene_get_name(scene)
                     : if_other(lens_scene_get_name(scene), lens_scene_get_name(other_scene)));
  add(parts, if_other(model, lens_model_get_name(lens_run_get_model(other))));
  add_edits(parts, run, other);
  text = join(parts);
  return g_strdup_printf(_("%s: %s"), letter, *text ? text : quoted);
}
