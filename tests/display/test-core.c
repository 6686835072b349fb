/* The objects behind the window, without a display. */
#include <math.h>

#include "lens-effects.h"
#include "lens-compare.h"
#include "lens-edits.h"
#include "lens-fake.h"
#include "lens-rollout.h"
#include "lens-sanity.h"
#include "lens-selection.h"
#include "lens-series.h"
#include "lens-undo.h"

static void
test_map_names(void)
{
  static const char *const names[]
      = { "lang.0",          "lang.8",        "vis.4",        "x.0.lang_to_vis",
          "x.4.vis_to_lang", "x.1.lang_self", "x.10.vis_self" };
  static const char *const wrong[] = { "", "lang", "lang.", "lang.1x", "x.1", "x.1.other", "y.1" };
  LensModule module;
  int layer;

  for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *again = NULL;

    g_assert_true(lens_map_parse_name(names[i], &module, &layer));
    again = lens_map_format_name(module, layer);
    g_assert_cmpstr(again, ==, names[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++)
    g_assert_false(lens_map_parse_name(wrong[i], &module, &layer));
  g_assert_false(lens_map_parse_name(NULL, &module, &layer));
}

static void
assert_near(double a, double b)
{
  g_assert_cmpfloat_with_epsilon(a, b, 1e-5);
}

/* A head whose every query looks at the next word only, and one that looks everywhere alike. */
static void
test_statistics(void)
{
  enum { N = 5 };
  float values[2][N][N] = { 0 };
  g_autoptr(LensMap) map = NULL;

  for (int i = 0; i < N; i++) {
    values[0][i][MIN(i + 1, N - 1)] = 1;
    for (int j = 0; j < N; j++)
      values[1][i][j] = 1.0f / N;
  }
  map = lens_map_new("lang.1", 2, N, N, &values[0][0][0]);
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_ENTROPY), 0);
  assert_near(lens_map_head_stat(map, 1, LENS_STAT_ENTROPY), 1);
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_PEAK), 1);
  assert_near(lens_map_head_stat(map, 1, LENS_STAT_PEAK), 0.2);
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_K90), 1);
  assert_near(lens_map_head_stat(map, 1, LENS_STAT_K90), 5);
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_NEXT), 1);
  assert_near(lens_map_head_stat(map, 1, LENS_STAT_NEXT), 0.2);
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_PREVIOUS), 0);
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_SEP), 2.0 / 5);
  assert_near(lens_map_head_stat(map, 1, LENS_STAT_CLS), 0.2);
  assert_near(lens_map_head_stat(map, 1, LENS_STAT_EFFECTIVE), 5);
}

static void
test_statistics_of_boxes(void)
{
  float values[4] = { 0.5f, 0.5f, 1, 0 };
  g_autoptr(LensMap) map = lens_map_new("vis.0", 1, 2, 2, values);

  g_assert_true(isnan(lens_map_head_stat(map, 0, LENS_STAT_NEXT)));
  g_assert_true(isnan(lens_map_head_stat(map, 0, LENS_STAT_CLS)));
  assert_near(lens_map_head_stat(map, 0, LENS_STAT_PEAK), 0.75);
}

/* A query that is no part of the input is left out of every number. */
static void
test_statistics_without_query(void)
{
  static const float values[] = { 0.5f, 0.3f, 0.2f, 0.1f, 0.8f, 0.1f, 0, 0, 1 };
  static const float others[] = { 0.5f, 0.3f, 0.2f, 0, 0, 1 };
  g_autoptr(LensMap) map = lens_map_new("vis.0", 1, 3, 3, values);
  g_autoptr(LensMap) without = lens_map_new("vis.0", 1, 2, 3, others);

  lens_map_clear_query(map, 1);
  for (int j = 0; j < 3; j++)
    g_assert_cmpfloat(lens_map_get_values(map)[3 + j], ==, 0);
  for (LensStat stat = 0; stat < LENS_N_STATS; stat++) {
    double a = lens_map_head_stat(map, 0, stat), b = lens_map_head_stat(without, 0, stat);

    g_assert_true(isnan(a) == isnan(b));
    if (!isnan(a))
      assert_near(a, b);
  }
}

static void
test_effects(void)
{
  g_autoptr(LensEffects) effects = lens_effects_new();

  g_assert_true(isnan(lens_effects_get(NULL, "lang.0", 0)));
  lens_effects_set(effects, "lang.0", 2, -0.25);
  lens_effects_set(effects, "lang.0", 2, 0.5);
  lens_effects_set(effects, "vis.1", 0, 0);
  g_assert_cmpuint(lens_effects_get_n(effects), ==, 2);
  assert_near(lens_effects_get(effects, "lang.0", 2), 0.5);
  g_assert_true(isnan(lens_effects_get(effects, "lang.0", 1)));
  g_assert_true(isnan(lens_effects_get(effects, "lang.0", 3)));
  assert_near(lens_effects_get(effects, "vis.1", 0), 0);
}

static void
random_edit(LensEdits *edits)
{
  static const char *const maps[] = { "lang.0", "x.1.lang_to_vis", "vis.2" };

  switch (g_test_rand_int_range(0, 3)) {
  case 0:
    lens_edits_set_gate(edits, maps[g_test_rand_int_range(0, 3)], g_test_rand_int_range(0, 4),
                        g_test_rand_int_range(0, 3));
    break;
  case 1:
    lens_edits_set_box_removed(edits, g_test_rand_int_range(0, 6), g_test_rand_bit());
    break;
  default:
    lens_edits_set_word_masked(edits, g_test_rand_int_range(0, 6), g_test_rand_bit());
  }
}

/* Any sequence of edits, undone, gives the first state, and redone, the last. */
static void
test_undo(void)
{
  for (int round = 0; round < 50; round++) {
    LensUndo *undo = lens_undo_new();
    LensEdits *now = lens_edits_new();
    g_autoptr(LensEdits) first = NULL;
    g_autoptr(LensEdits) last = NULL;
    int n = g_test_rand_int_range(0, 30), steps = 0;
    LensEdits *other;

    for (int i = g_test_rand_int_range(0, 5); i > 0; i--)
      random_edit(now);
    first = lens_edits_copy(now);
    for (int i = 0; i < n; i++) {
      lens_undo_push(undo, now);
      random_edit(now);
    }
    last = lens_edits_copy(now);
    while ((other = lens_undo_back(undo, now))) {
      lens_edits_free(now);
      now = other;
      steps++;
    }
    g_assert_cmpint(steps, ==, n);
    g_assert_true(lens_edits_equal(now, first));
    while ((other = lens_undo_forward(undo, now))) {
      lens_edits_free(now);
      now = other;
    }
    g_assert_true(lens_edits_equal(now, last));
    lens_edits_free(now);
    lens_undo_free(undo);
  }
}

static void
count_gate(const char *map, int head, LensGate gate, gpointer data)
{
  g_string_append_printf(data, "%s/%d=%d ", map, head, gate);
}

static void
test_edits(void)
{
  g_autoptr(LensEdits) edits = lens_edits_new();
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *said = NULL;
  guint n;

  lens_edits_set_gate(edits, "x.0.lang_to_vis", 3, LENS_GATE_ZERO);
  lens_edits_set_gate(edits, "lang.1", 2, LENS_GATE_UNIFORM);
  lens_edits_set_gate(edits, "lang.1", 0, LENS_GATE_ZERO);
  lens_edits_set_gate(edits, "lang.1", 0, LENS_GATE_ON);
  lens_edits_set_box_removed(edits, 5, TRUE);
  lens_edits_set_box_removed(edits, 2, TRUE);
  lens_edits_foreach_gate(edits, count_gate, text);
  g_assert_cmpstr(text->str, ==, "lang.1/2=2 x.0.lang_to_vis/3=1 ");
  g_assert_cmpint(lens_edits_get_removed_boxes(edits, &n)[0], ==, 2);
  g_assert_cmpuint(n, ==, 2);
  g_assert_cmpint(lens_edits_get_gate(edits, "lang.1", 0), ==, LENS_GATE_ON);
  said = lens_edits_describe(edits);
  g_assert_cmpstr(said, ==, "1 head off, 1 head made uniform, 2 boxes removed");
}

static void
count(gpointer object, gpointer data)
{
  ++*(int *)data;
}

static void
test_selection(void)
{
  g_autoptr(LensSelection) selection = lens_selection_new();
  int hovers = 0, views = 0, word, box;

  g_signal_connect(selection, "hover-changed", G_CALLBACK(count), &hovers);
  g_signal_connect(selection, "view-changed", G_CALLBACK(count), &views);
  lens_selection_set_hover(selection, lens_target_word(3));
  lens_selection_set_hover(selection, lens_target_word(3));
  g_assert_cmpint(hovers, ==, 1);
  lens_selection_toggle_pinned(selection, lens_target_box(1));
  g_assert_cmpint(lens_selection_get_active(selection).kind, ==, LENS_TARGET_WORD);
  lens_selection_set_hover(selection, lens_target_none());
  g_assert_cmpint(lens_selection_get_active(selection).kind, ==, LENS_TARGET_BOX);
  lens_selection_toggle_pinned(selection, lens_target_box(1));
  g_assert_cmpint(lens_selection_get_active(selection).kind, ==, LENS_TARGET_NONE);
  lens_selection_toggle_pinned(selection, lens_target_word(2));
  lens_selection_set_hover(selection, lens_target_box(0));
  lens_selection_clear(selection); /* what Esc does */
  g_assert_cmpint(lens_selection_get_active(selection).kind, ==, LENS_TARGET_NONE);
  g_assert_cmpint(lens_selection_get_pinned(selection).kind, ==, LENS_TARGET_NONE);

  lens_selection_set_cell(selection, "x.0.vis_to_lang", 2);
  g_assert_cmpint(views, ==, 1);
  lens_selection_resolve(selection, lens_target_cell(4, 6), &word, &box);
  g_assert_cmpint(box, ==, 4);
  g_assert_cmpint(word, ==, 6);
  lens_selection_set_map(selection, "lang.0");
  lens_selection_resolve(selection, lens_target_cell(4, 6), &word, &box);
  g_assert_cmpint(word, ==, 4);
  g_assert_cmpint(box, ==, -1);
}

/* A cell is a pair of a word and a box wherever it is looked at from. */
static void
test_pinned_cell(void)
{
  g_autoptr(LensSelection) selection = lens_selection_new();
  int hovers = 0;

  lens_selection_set_map(selection, "x.1.lang_to_vis");
  lens_selection_set_pinned(selection, lens_target_cell(2, 5));
  g_signal_connect(selection, "hover-changed", G_CALLBACK(count), &hovers);
  lens_selection_set_map(selection, "x.1.vis_to_lang");
  g_assert_cmpint(hovers, ==, 1);
  g_assert_true(lens_target_equal(lens_selection_get_pinned(selection), lens_target_cell(5, 2)));
  lens_selection_set_map(selection, "lang.0");
  g_assert_true(lens_target_equal(lens_selection_get_pinned(selection), lens_target_word(2)));
  lens_selection_preview(selection, "vis.0", 1);
  g_assert_true(lens_target_equal(lens_selection_get_active(selection), lens_target_box(5)));
  lens_selection_preview(selection, NULL, 0);
  lens_selection_set_map(selection, "x.0.lang_to_vis");
  g_assert_true(lens_target_equal(lens_selection_get_pinned(selection), lens_target_cell(2, 5)));

  /* Two words: no box has anything to do with them. */
  lens_selection_set_map(selection, "lang.0");
  lens_selection_set_pinned(selection, lens_target_cell(3, 4));
  lens_selection_set_map(selection, "x.0.vis_to_lang");
  g_assert_true(lens_target_equal(lens_selection_get_pinned(selection), lens_target_word(3)));
  lens_selection_set_map(selection, "vis.0");
  g_assert_cmpint(lens_selection_get_pinned(selection).kind, ==, LENS_TARGET_NONE);
  lens_selection_clear(selection);
  lens_selection_set_map(selection, "lang.1");
  g_assert_cmpint(lens_selection_get_pinned(selection).kind, ==, LENS_TARGET_NONE);
}

static void
test_series(void)
{
  g_autoptr(LensSeries) series = lens_series_new();
  double smooth[100], low, high, first, last;

  g_assert_false(lens_series_get_range(series, &first, &last, &low, &high));
  g_assert_false(lens_series_append(series, 0, NAN));
  for (int i = 0; i < 100; i++)
    g_assert_true(lens_series_append(series, i, 3));
  g_assert_false(lens_series_append(series, 50, 1));
  lens_series_smooth(series, 0.9, smooth);
  assert_near(smooth[0], 3);
  assert_near(smooth[99], 3);
  g_assert_true(lens_series_get_range(series, &first, &last, &low, &high));
  g_assert_cmpfloat(last, ==, 99);
  g_assert_cmpfloat(low, ==, 3);
}

static void
test_run(void)
{
  g_autoptr(LensScene) scene = lens_fake_scene(7);
  g_autoptr(LensRun) run = lens_fake_run(scene, 3, 2, 2, 4);

  g_assert_cmpuint(lens_run_get_n_maps(run), ==, 3 + 2 + 4 * 2);
  g_assert_nonnull(lens_run_find_map(run, "x.1.vis_self"));
  g_assert_null(lens_run_find_map(run, "x.2.vis_self"));
  g_assert_cmpfloat(lens_run_get_probability(run, 0), ==, 0.81);
  g_assert_true(isnan(lens_run_get_probability(run, 77)));
}

/* One layer: (A + I) / 2. Two: the product. Rows sum to one. */
static void
test_rollout(void)
{
  g_autoptr(LensScene) scene = lens_fake_scene(6);
  g_autoptr(LensRun) run = lens_fake_run(scene, 2, 1, 2, 3);
  g_autofree float *first = lens_rollout(run, "lang.0");
  g_autofree float *second = lens_rollout(run, "lang.1");
  g_autofree float *cross = lens_rollout(run, "x.1.lang_to_vis");
  LensMap *map = lens_run_find_map(run, "lang.1");
  double wanted = 0;

  for (int k = 0; k < 9; k++) {
    double a = 0;

    for (int h = 0; h < 3; h++)
      a += lens_map_get_values(map)[(h * 9 + 2) * 9 + k] / 3;
    wanted += (a + (k == 2)) / 2 * first[k * 9 + 5];
  }
  assert_near(second[2 * 9 + 5], wanted);
  for (int i = 0; i < 9; i++) {
    double sum = 0, cross_sum = 0;

    for (int j = 0; j < 9; j++)
      sum += second[i * 9 + j];
    for (int j = 0; j < 6; j++)
      cross_sum += cross[i * 6 + j];
    assert_near(sum, 1);
    assert_near(cross_sum, 1);
  }
  g_assert_null(lens_rollout(run, "lang.9"));
}

/* A head that is switched off has weights all the same, and passes none of them on. */
static void
test_rollout_gates(void)
{
  g_autoptr(LensScene) scene = lens_fake_scene(6);
  g_autoptr(LensRun) run = lens_fake_run(scene, 2, 1, 2, 3);
  g_autoptr(LensEdits) edits = lens_edits_new();
  g_autofree float *one = NULL, *none = NULL, *cross = NULL;
  const float *values = lens_map_get_values(lens_run_find_map(run, "lang.0"));

  lens_edits_set_gate(edits, "lang.0", 0, LENS_GATE_ZERO);
  lens_edits_set_gate(edits, "lang.0", 2, LENS_GATE_ZERO);
  lens_edits_set_gate(edits, "x.0.lang_to_vis", 1, LENS_GATE_ZERO);
  lens_run_set_edits(run, edits);
  one = lens_rollout(run, "lang.0");
  cross = lens_rollout(run, "x.0.lang_to_vis");
  for (int i = 0; i < 9; i++) { /* one of three heads: a third of it, and the residual */
    double cross_sum = 0;

    for (int j = 0; j < 9; j++)
      assert_near(one[i * 9 + j], (values[(9 + i) * 9 + j] / 3 + (i == j)) / (1 + 1 / 3.0));
    for (int j = 0; j < 6; j++)
      cross_sum += cross[i * 6 + j];
    assert_near(cross_sum, 1);
  }
  lens_edits_set_gate(edits, "lang.0", 1, LENS_GATE_ZERO);
  lens_run_set_edits(run, edits);
  none = lens_rollout(run, "lang.0");
  for (int i = 0; i < 81; i++)
    assert_near(none[i], i / 9 == i % 9);
}

static LensRun *
run_with_tokens(LensScene *scene, const char *const *tokens, float peak)
{
  g_autoptr(LensModel) model
      = lens_model_new(&(LensModelInfo){ .id = "m", .name = "m", .path = "/m", .heads = 1 });
  g_autoptr(GListStore) answers = g_list_store_new(LENS_TYPE_ANSWER);
  g_autoptr(GPtrArray) maps = g_ptr_array_new_with_free_func(g_object_unref);
  int n = g_strv_length((char **)tokens);
  g_autofree float *values = g_new0(float, n *n);

  for (int i = 0; i < n * n; i++)
    values[i] = (1 - peak) / n;
  for (int i = 0; i < n; i++)
    values[i * n] += peak;
  g_ptr_array_add(maps, lens_map_new("lang.0", 1, n, n, values));
  return lens_run_new(1, "q", scene, model, tokens, G_LIST_MODEL(answers), maps, 1);
}

/* Words are matched by what they are, also when one was put in between. */
static void
test_compare_words(void)
{
  static const char *const a[] = { "[CLS]", "a", "cat", "?", "[SEP]", NULL };
  static const char *const b[] = { "[CLS]", "a", "red", "cat", "?", "[SEP]", NULL };
  static const int wanted[] = { 0, 1, -1, 2, 3, 4 };
  g_autoptr(LensScene) scene = lens_fake_scene(3);
  g_autoptr(LensRun) x = run_with_tokens(scene, a, 0.9f);
  g_autoptr(LensRun) y = run_with_tokens(scene, b, 0.4f);
  static const char *const c[] = { "[CLS]", "cat", "a", "a", "?", "[SEP]", NULL };
  static const int turned[] = { 0, 2, 1, -1, 3, 4 };
  g_autoptr(LensRun) z = run_with_tokens(scene, c, 0.4f);
  g_autofree int *partner = lens_compare_words(x, y), *swapped = lens_compare_words(x, z);
  g_autoptr(LensRun) more = lens_compare_runs(x, y, LENS_DIFFERENCE_MORE);
  g_autoptr(LensRun) less = lens_compare_runs(x, y, LENS_DIFFERENCE_LESS);
  LensMap *m = lens_run_find_map(more, "lang.0"), *l = lens_run_find_map(less, "lang.0");

  for (guint i = 0; i < G_N_ELEMENTS(wanted); i++)
    g_assert_cmpint(partner[i], ==, wanted[i]);
  for (guint i = 0; i < G_N_ELEMENTS(turned); i++)
    g_assert_cmpint(swapped[i], ==, turned[i]);
  /* [CLS] -> [CLS]: 0.4 + 0.6/6 against 0.9 + 0.1/5. */
  assert_near(lens_map_get_values(l)[0], 0.92 - 0.5);
  assert_near(lens_map_get_values(m)[0], 0);
  assert_near(lens_map_get_values(m)[1], 0.1 - 0.02);
  /* "red" has no partner: all of it is more. */
  assert_near(lens_map_get_values(m)[2 * 6], 0.5);
}

static void
test_compare_boxes(void)
{
  g_autoptr(LensScene) a = lens_fake_scene(12);
  g_autoptr(GListStore) regions = g_list_store_new(LENS_TYPE_REGION);
  g_autoptr(LensScene) b = NULL;
  g_autofree int *partner = NULL;

  for (int i = 0; i < 4; i++) { /* boxes 7 and 2; of 10 rather less, of 5 rather more than half */
    static const int of[] = { 7, 2, 10, 5 };
    float box[4];
    g_autoptr(LensRegion) region = NULL;

    lens_region_get_box(lens_scene_get_region(a, of[i]), box);
    box[2] = i < 2 ? box[2] + 3 : box[0] + (i == 2 ? 0.45f : 0.55f) * (box[2] - box[0]);
    region = lens_region_new(i, "thing", NULL, 0.5f, box);
    g_list_store_append(regions, region);
  }
  b = lens_scene_new(2, "/b", "b", "other", lens_scene_get_pixbuf(a), G_LIST_MODEL(regions));
  partner = lens_compare_boxes(a, b);
  g_assert_cmpint(partner[0], ==, 7);
  g_assert_cmpint(partner[1], ==, 2);
  g_assert_cmpint(partner[2], ==, -1);
  g_assert_cmpint(partner[3], ==, 5);
}

/* Of the same image: a box that was moved is still itself; those of another detector are found by place. */
static void
test_compare_same_image(void)
{
  g_autoptr(LensScene) a = lens_fake_scene(6);
  g_autoptr(GListStore) moved = g_list_store_new(LENS_TYPE_REGION);
  g_autoptr(GListStore) others = g_list_store_new(LENS_TYPE_REGION);
  g_autoptr(LensScene) b = NULL;
  g_autoptr(LensScene) c = NULL;
  g_autofree int *itself = NULL, *found = NULL;

  for (int i = 0; i < 6; i++) {
    static const float away[4] = { 1, 1, 9, 9 };
    float same[4], reversed[4];
    g_autoptr(LensRegion) one = NULL;
    g_autoptr(LensRegion) other = NULL;

    lens_region_get_box(lens_scene_get_region(a, i), same);
    lens_region_get_box(lens_scene_get_region(a, 5 - i), reversed);
    one = lens_region_new(i, "thing", NULL, 0.5f, i == 4 ? away : same);
    other = lens_region_new(i, "thing", NULL, 0.5f, reversed);
    g_list_store_append(moved, one);
    g_list_store_append(others, other);
  }
  b = lens_scene_new(2, "/b", "b", lens_scene_get_sha256(a), lens_scene_get_pixbuf(a),
                     G_LIST_MODEL(moved));
  c = lens_scene_new(3, "/c", "c", lens_scene_get_sha256(a), lens_scene_get_pixbuf(a),
                     G_LIST_MODEL(others));
  itself = lens_compare_boxes(a, b);
  found = lens_compare_boxes(a, c);
  for (int i = 0; i < 6; i++) {
    g_assert_cmpint(itself[i], ==, i);
    g_assert_cmpint(found[i], ==, 5 - i);
  }
}

/* Each fact alone is odd, and says what to do; of sound features none is. */
static void
test_sanity(void)
{
  LensSanity good = { .count = 36,
                      .wanted = 36,
                      .box_max = 1,
                      .feature_size = 2048,
                      .norm_min = 20,
                      .norm_mean = 30,
                      .norm_max = 40,
                      .channels = "bgr",
                      .channels_agree = TRUE };
  LensSanity odd[LENS_N_SANITY] = { good, good, good, good, good, good };
  LensSanity other = good;

  odd[LENS_SANITY_COUNT].count = 12;
  odd[LENS_SANITY_RANGE].outside = 1;
  odd[LENS_SANITY_DUPLICATES].duplicates = 3;
  odd[LENS_SANITY_FEATURES].unusual = TRUE;
  odd[LENS_SANITY_NAMES].unnamed = 2;
  odd[LENS_SANITY_CHANNELS].channels_agree = FALSE;
  odd[LENS_SANITY_CHANNELS].channels = "as-hf-demo";
  for (int i = 0; i < LENS_N_SANITY; i++)
    for (int fact = 0; fact < LENS_N_SANITY; fact++) {
      g_autofree char *advice = lens_sanity_advice(&odd[i], (LensSanityFact)fact);
      g_autofree char *value = lens_sanity_value(&odd[i], (LensSanityFact)fact);
      g_autofree char *usual = lens_sanity_value(&good, (LensSanityFact)fact);

      g_assert_cmpint(lens_sanity_is_odd(&odd[i], (LensSanityFact)fact), ==, i == fact);
      g_assert_cmpint(advice != NULL, ==, i == fact);
      g_assert_true(value && *value && *lens_sanity_title((LensSanityFact)fact));
      if (i == fact && fact != LENS_SANITY_RANGE && fact != LENS_SANITY_FEATURES)
        g_assert_cmpstr(value, !=, usual);
    }
  other.most = 36;
  other.channels = NULL; /* of a file of features */
  for (int fact = 0; fact < LENS_N_SANITY; fact++)
    g_assert_false(lens_sanity_is_odd(&other, (LensSanityFact)fact));
  other.count = 100;
  other.normalised = TRUE;
  other.unnamed = 100;
  other.nameless = TRUE;
  for (int fact = 0; fact < LENS_N_SANITY; fact++) {
    g_autofree char *advice = lens_sanity_advice(&other, (LensSanityFact)fact);
    gboolean wrong = fact == LENS_SANITY_COUNT || fact == LENS_SANITY_FEATURES;
    gboolean unknown = fact == LENS_SANITY_NAMES || fact == LENS_SANITY_CHANNELS;

    g_assert_cmpint(advice != NULL, ==, wrong);
    g_assert_cmpint(lens_sanity_is_known(&other, (LensSanityFact)fact), ==, !unknown);
  }
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/core/map-names", test_map_names);
  g_test_add_func("/core/statistics", test_statistics);
  g_test_add_func("/core/statistics-of-boxes", test_statistics_of_boxes);
  g_test_add_func("/core/statistics-without-query", test_statistics_without_query);
  g_test_add_func("/core/effects", test_effects);
  g_test_add_func("/core/undo", test_undo);
  g_test_add_func("/core/edits", test_edits);
  g_test_add_func("/core/selection", test_selection);
  g_test_add_func("/core/selection/cell", test_pinned_cell);
  g_test_add_func("/core/series", test_series);
  g_test_add_func("/core/run", test_run);
  g_test_add_func("/core/rollout", test_rollout);
  g_test_add_func("/core/rollout/gates", test_rollout_gates);
  g_test_add_func("/core/compare-words", test_compare_words);
  g_test_add_func("/core/compare-boxes", test_compare_boxes);
  g_test_add_func("/core/compare-same-image", test_compare_same_image);
  g_test_add_func("/core/sanity", test_sanity);
  return g_test_run();
}
