/* Words from their pieces, kinds of words, runs beside each other: without a display. */
#include <math.h>

#include "lens-compare.h"
#include "lens-fake.h"
#include "lens-selection.h"
#include "lens-words.h"

static void
assert_near(double a, double b)
{
  g_assert_cmpfloat_with_epsilon(a, b, 1e-5);
}

static void
test_group(void)
{
  static const char *const tokens[]
      = { "[CLS]", "##a", "play", "##ing", "##s", "##", "cat", "[SEP]", NULL };
  static const int wanted[] = { 0, 1, 2, 2, 2, 3, 4, 5 };
  int n;
  g_autofree int *group = lens_words_group(tokens, &n);

  g_assert_cmpint(n, ==, 6); /* nothing joins [CLS], and "##" alone is a token */
  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
    g_assert_cmpint(group[i], ==, wanted[i]);
}

/* Keys are summed, queries are averaged: rows go on summing to one. */
static void
test_values(void)
{
  static const float values[] = { 0.1f, 0.2f, 0.7f, /* */ 0.5f, 0.25f, 0.25f, /* */ 0, 0, 1 };
  static const int group[] = { 0, 1, 1 };
  g_autofree float *both = lens_words_merge_values(values, 1, 3, 3, group, 2, group, 2);
  g_autofree float *rows = lens_words_merge_values(values, 1, 3, 3, group, 2, NULL, 0);

  assert_near(both[0], 0.1);
  assert_near(both[1], 0.9);
  assert_near(both[2], 0.25);
  assert_near(both[3], 0.75);
  assert_near(rows[3], 0.25);
  assert_near(rows[4], 0.125);
  assert_near(rows[5], 0.625);
}

static void
test_merge_run(void)
{
  g_autoptr(LensScene) scene = lens_fake_scene(6);
  g_autoptr(LensRun) run = lens_fake_run(scene, 2, 1, 2, 3);
  g_autoptr(LensRun) words = lens_words_merge_run(run);
  g_autoptr(LensRun) again = lens_words_merge_run(words);

  g_assert_cmpuint(lens_run_get_n_tokens(words), ==, 8);
  g_assert_cmpstr(lens_run_get_tokens(words)[5], ==, "catfish");
  g_assert_true(lens_run_get_source(words) == run);
  g_assert_true(again == words); /* nothing is left to be put together */
  g_assert_cmpuint(lens_run_get_n_maps(words), ==, lens_run_get_n_maps(run));
  for (guint m = 0; m < lens_run_get_n_maps(words); m++) {
    LensMap *map = lens_run_get_map(words, m);
    const float *v = lens_map_get_values(map);
    int rows = lens_map_get_rows(map), cols = lens_map_get_cols(map);

    g_assert_cmpint(rows, ==, lens_map_get_query(map) == LENS_SIDE_WORDS ? 8 : 6);
    g_assert_cmpint(cols, ==, lens_map_get_key(map) == LENS_SIDE_WORDS ? 8 : 6);
    for (int r = 0; r < 3 * rows; r++) {
      double sum = 0;

      for (int c = 0; c < cols; c++)
        sum += v[r * cols + c];
      assert_near(sum, 1);
    }
  }
  /* The selection goes on counting tokens: both pieces are the word, which is its first piece. */
  g_assert_cmpint(lens_run_from_selection(words, LENS_SIDE_WORDS, 5), ==, 5);
  g_assert_cmpint(lens_run_from_selection(words, LENS_SIDE_WORDS, 6), ==, 5);
  g_assert_cmpint(lens_run_from_selection(words, LENS_SIDE_WORDS, 8), ==, 7);
  g_assert_cmpint(lens_run_from_selection(words, LENS_SIDE_WORDS, 9), ==, -1);
  g_assert_cmpint(lens_run_to_selection(words, LENS_SIDE_WORDS, 5), ==, 5);
  g_assert_cmpint(lens_run_to_selection(words, LENS_SIDE_WORDS, 7), ==, 8);
  g_assert_cmpint(lens_run_from_selection(words, LENS_SIDE_BOXES, 4), ==, 4);
}

/* What the answer rests on comes later, and is the asked run's. */
static void
test_view_follows(void)
{
  g_autoptr(LensScene) scene = lens_fake_scene(4);
  g_autoptr(LensRun) run = lens_fake_run(scene, 1, 1, 1, 2);
  g_autoptr(LensRun) words = lens_words_merge_run(run);

  lens_run_take_relevancy(run, lens_relevancy_new(2, 9, 4));
  g_assert_true(lens_run_get_relevancy(words) == lens_run_get_relevancy(run));
}

static void
test_kinds(void)
{
  enum { N = 5 };
  static const LensWordKind kinds[N] = { LENS_WORD_SPECIAL, LENS_WORD_ARTICLE, LENS_WORD_NOUN,
                                         LENS_WORD_OTHER, LENS_WORD_SPECIAL };
  float values[2][N][N] = { 0 };
  g_autoptr(LensMap) map = NULL;

  for (int i = 0; i < N; i++) { /* half on the noun, half on [SEP]; and everywhere alike */
    values[0][i][2] = values[0][i][4] = 0.5f;
    for (int j = 0; j < N; j++)
      values[1][i][j] = 1.0f / N;
  }
  map = lens_map_new("lang.0", 2, N, N, &values[0][0][0]);
  g_assert_true(isnan(lens_map_head_stat(map, 0, LENS_STAT_NOUN))); /* not known yet */
  lens_map_set_key_kinds(map, kinds);
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_NOUN), 0.5);
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_NOUN_RATIO), 3);
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_ARTICLE), 0);
  assert_near(lens_map_head_stat(map, 1, LENS_STAT_NOUN), 0.2);
  assert_near(lens_map_head_stat(map, 1, LENS_STAT_NOUN_RATIO), 1);
  g_assert_true(isnan(lens_map_head_stat(map, 0, LENS_STAT_PRONOUN))); /* there is none */
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_TOP_SHARE), 0.5);
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_USED), 2);
  assert_near(lens_map_head_stat(map, 1, LENS_STAT_USED), 5);
  g_assert_cmpint(lens_head_top_key(&values[0][0][0], N, N), ==, 2);
}

static LensRun *
run_with_tokens(LensScene *scene, const char *const *tokens)
{
  g_autoptr(LensModel) model
      = lens_model_new(&(LensModelInfo){ .id = "m", .name = "m", .path = "/m", .heads = 1 });
  g_autoptr(GListStore) answers = g_list_store_new(LENS_TYPE_ANSWER);
  g_autoptr(GPtrArray) maps = g_ptr_array_new_with_free_func(g_object_unref);
  int n = g_strv_length((char **)tokens);
  g_autofree float *values = g_new0(float, n *n);

  for (int i = 0; i < n; i++)
    values[i * n + i] = 1;
  g_ptr_array_add(maps, lens_map_new("lang.0", 1, n, n, values));
  return lens_run_new(1, "q", scene, model, tokens, G_LIST_MODEL(answers), maps, 1);
}

/* B's words find A's by what they are; and the other way, through pieces, too. */
static void
test_align(void)
{
  static const char *const a[] = { "[CLS]", "cat", "##fish", "?", "[SEP]", NULL };
  static const char *const b[] = { "[CLS]", "red", "cat", "##fish", "?", "[SEP]", NULL };
  g_autoptr(LensScene) scene = lens_fake_scene(3);
  g_autoptr(LensRun) x = run_with_tokens(scene, a);
  g_autoptr(LensRun) y = run_with_tokens(scene, b);
  g_autoptr(LensRun) view = lens_compare_align(x, y, 0);
  g_autoptr(LensRun) words = lens_words_merge_run(view);
  g_autoptr(GListStore) two = g_list_store_new(LENS_TYPE_REGION);
  g_autoptr(LensScene) fewer = NULL;
  g_autoptr(LensRun) z = NULL;
  g_autoptr(LensRun) apart = NULL;
  LensTarget cell;

  for (int i = 0; i < 2; i++)
    g_list_store_append(two, lens_scene_get_region(scene, i));
  fewer = lens_scene_new(2, "/b", "b", "other", lens_scene_get_pixbuf(scene), G_LIST_MODEL(two));
  z = run_with_tokens(fewer, b);
  apart = lens_compare_align(x, z, 4);
  /* The box that only x has comes after two of z's and four of somebody else's. */
  for (int i = 0; i < 7; i++)
    g_assert_cmpint(lens_run_from_selection(apart, LENS_SIDE_BOXES, i), ==,
                    i < 2    ? i
                    : i == 6 ? 2
                             : -1);
  g_assert_cmpint(lens_run_to_selection(apart, LENS_SIDE_BOXES, 2), ==, 6);

  g_assert_cmpint(lens_run_from_selection(view, LENS_SIDE_WORDS, 2), ==, 1);
  g_assert_cmpint(lens_run_from_selection(view, LENS_SIDE_WORDS, 1), ==, -1); /* "red" */
  g_assert_cmpint(lens_run_to_selection(view, LENS_SIDE_WORDS, 3), ==, 4);
  g_assert_cmpint(lens_run_from_selection(view, LENS_SIDE_BOXES, 2), ==, 2);
  g_assert_cmpstr(lens_run_get_tokens(words)[1], ==, "catfish");
  g_assert_cmpint(lens_run_from_selection(words, LENS_SIDE_WORDS, 3), ==, 1);
  g_assert_cmpint(lens_run_to_selection(words, LENS_SIDE_WORDS, 1), ==, 2);
  cell = lens_target_in_run(lens_target_cell(4, 2), words, "lang.0");
  g_assert_true(lens_target_equal(cell, lens_target_cell(2, 1)));
  cell = lens_target_in_run(lens_target_cell(4, 1), words, "lang.0");
  g_assert_cmpint(cell.kind, ==, LENS_TARGET_NONE);
  cell = lens_target_from_run(lens_target_cell(2, 1), words, "lang.0");
  g_assert_true(lens_target_equal(cell, lens_target_cell(4, 2)));
}

/* The mean's difference is not the mean of the heads' differences. */
static void
test_difference_of_readings(void)
{
  static const float swapped[][8] = { { 1, 0, 0, 1, 0, 1, 1, 0 }, { 0, 1, 1, 0, 1, 0, 0, 1 } };
  static const char *const tokens[] = { "[CLS]", "[SEP]", NULL };
  static const double mean[] = { 0.5, 0.5, 0.5, 0.5 }, more[] = { 0.9, 0.1, 0.5, 0.5 };
  g_autoptr(LensScene) scene = lens_fake_scene(2);
  g_autoptr(LensModel) model = lens_model_new(&(LensModelInfo){ .id = "m", .name = "m" });
  g_autoptr(GListStore) answers = g_list_store_new(LENS_TYPE_ANSWER);
  g_autoptr(LensRun) difference = NULL;
  g_autofree float *none = NULL, *some = NULL;
  LensRun *runs[2];

  for (int i = 0; i < 2; i++) {
    g_autoptr(GPtrArray) maps = g_ptr_array_new_with_free_func(g_object_unref);

    g_ptr_array_add(maps, lens_map_new("lang.0", 2, 2, 2, swapped[i]));
    runs[i] = lens_run_new(1, "q", scene, model, tokens, G_LIST_MODEL(answers), maps, 1);
  }
  difference = lens_compare_runs(runs[0], runs[1], LENS_DIFFERENCE_MORE);
  assert_near(lens_map_get_values(lens_run_get_map(difference, 0))[1], 1); /* head by head */
  none = lens_compare_values(difference, "lang.0", mean, mean);
  some = lens_compare_values(difference, "lang.0", mean, more);
  for (int i = 0; i < 4; i++)
    assert_near(none[i], 0);
  assert_near(some[0], 0.4);
  assert_near(some[1], 0);
  g_object_unref(runs[0]);
  g_object_unref(runs[1]);
}

static void
on_changed(guint *count)
{
  (*count)++;
}

static void
test_chosen(void)
{
  g_autoptr(LensSelection) selection = lens_selection_new();
  g_autofree char *text = NULL;
  guint changes = 0;

  g_signal_connect_swapped(selection, "view-changed", G_CALLBACK(on_changed), &changes);
  lens_selection_set_cell(selection, "lang.0", 2);
  lens_selection_toggle_chosen(selection, 4); /* from head 3 on its own */
  g_assert_cmpint(lens_selection_get_reading(selection), ==, LENS_READING_SEVERAL);
  g_assert_cmpuint(lens_selection_get_chosen(selection), ==, 1 << 2 | 1 << 4);
  g_assert_true(lens_selection_reads_head(selection, 4));
  g_assert_false(lens_selection_reads_head(selection, 3));
  text = lens_selection_describe_chosen(selection);
  g_assert_nonnull(strstr(text, "3, 5"));
  lens_selection_toggle_chosen(selection, 2);
  lens_selection_toggle_chosen(selection, 4); /* the last one stays */
  g_assert_cmpuint(lens_selection_get_chosen(selection), ==, 1 << 4);
  g_assert_cmpuint(changes, ==, 3);
}

/* A preview shows a head and picks nothing; each signal is for something that is different. */
static void
test_preview(void)
{
  g_autoptr(LensSelection) selection = lens_selection_new();
  guint changes = 0;
  int head;

  lens_selection_set_cell(selection, "lang.0", 1);
  g_signal_connect_swapped(selection, "view-changed", G_CALLBACK(on_changed), &changes);
  lens_selection_preview(selection, "x.0.lang_to_vis", 3);
  g_assert_cmpstr(lens_selection_get_map(selection), ==, "x.0.lang_to_vis");
  g_assert_cmpint(lens_selection_get_head(selection), ==, 3);
  g_assert_cmpstr(lens_selection_get_picked(selection, &head), ==, "lang.0");
  g_assert_cmpint(head, ==, 1);
  lens_selection_preview(selection, "x.0.lang_to_vis", 3);
  g_assert_cmpuint(changes, ==, 1);
  lens_selection_preview(selection, NULL, 0);
  g_assert_cmpuint(changes, ==, 2);
  g_assert_cmpstr(lens_selection_get_map(selection), ==, "lang.0");
  lens_selection_preview(selection, "vis.0", 0);
  lens_selection_set_cell(selection, "vis.0", 0); /* picked: it looks the same */
  g_assert_cmpuint(changes, ==, 3);
  lens_selection_preview(selection, NULL, 0);
  g_assert_cmpuint(changes, ==, 3);
  g_assert_cmpstr(lens_selection_get_picked(selection, NULL), ==, "vis.0");
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/words/group", test_group);
  g_test_add_func("/words/values", test_values);
  g_test_add_func("/words/merge-run", test_merge_run);
  g_test_add_func("/words/view-follows", test_view_follows);
  g_test_add_func("/words/kinds", test_kinds);
  g_test_add_func("/words/align", test_align);
  g_test_add_func("/words/difference-of-readings", test_difference_of_readings);
  g_test_add_func("/words/chosen", test_chosen);
  g_test_add_func("/words/preview", test_preview);
  return g_test_run();
}
