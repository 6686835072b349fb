/* What a run holds beside its maps, through the workbench: heads, hidden states, what an answer rests
 * on, and statements about two images. */
#include <math.h>
#include <string.h>

#include "jobs-world.h"

#define QUESTION "is there a cat?"

static void on_result(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

static LensScene *open_scene(World *world, int i)
{
  GError *error = NULL;
  g_autofree char *path = world_scene(world, i);
  LensScene *scene = world_open(world, path, &error);
  g_assert_no_error(error);
  return scene;
}

static LensRun *ask(World *world, LensScene *scene)
{
  GError *error = NULL;
  LensRun *run = world_ask(world, scene, QUESTION, NULL, NULL, &error);
  g_assert_no_error(error);
  return run;
}

static LensNeuron *look_at_head(World *world, LensRun *run, int image, const char *map, int head,
                                GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  lens_workbench_look_at_head_async(world->bench, run, image, map, head, NULL, on_result, &result);
  world_wait_for((gpointer *)&result);
  return lens_workbench_look_at_head_finish(world->bench, result, error);
}

/* The softmax of a head's logits is its row of the map. */
static void check_head(World *world, LensRun *run, int image, const char *name, int head)
{
  GError *error = NULL;
  LensMap *map = lens_run_find_map(lens_run_get_half(run, image), name);
  g_autoptr(LensNeuron) neuron = look_at_head(world, run, image, name, head, &error);
  g_assert_no_error(error);
  g_assert_cmpint(neuron->rows, ==, lens_map_get_rows(map));
  g_assert_cmpint(neuron->cols, ==, lens_map_get_cols(map));
  const float *row = lens_map_get_values(map) + (gsize)head * neuron->rows * neuron->cols;
  for (int i = 0; i < neuron->rows; i++, row += neuron->cols) {
    double sum = 0;
    for (int j = 0; j < neuron->cols; j++)
      sum += exp(lens_neuron_logit(neuron, i, j));
    for (int j = 0; j < neuron->cols; j++)
      g_assert_cmpfloat_with_epsilon(exp(lens_neuron_logit(neuron, i, j)) / sum, row[j], 1e-4);
  }
}

static void test_heads(World *world, gconstpointer unused)
{
  GError *error = NULL;
  g_autoptr(LensScene) scene = open_scene(world, 0);
  g_autoptr(LensRun) run = ask(world, scene);
  check_head(world, run, 0, "lang.1", 0);
  check_head(world, run, 0, "vis.0", 3);
  check_head(world, run, 0, "x.0.lang_to_vis", 2);
  check_head(world, run, 0, "x.1.vis_to_lang", 1);
  g_assert_null(look_at_head(world, run, 0, "x.1.vis_to_lang", 4, &error));
  g_assert_nonnull(error);
  g_clear_error(&error);
}

static void test_states(World *world, gconstpointer unused)
{
  GError *error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(LensScene) scene = open_scene(world, 0);
  g_autoptr(LensRun) run = ask(world, scene);
  lens_workbench_look_at_states_async(world->bench, run, 0, NULL, 0, NULL, on_result, &result);
  world_wait_for((gpointer *)&result);
  g_autoptr(LensStates) states = lens_workbench_look_at_states_finish(world->bench, result, &error);
  g_assert_no_error(error);
  g_assert_cmpint(states->stages, ==, 1 + 2 + 2); /* input, two language layers, two cross */
  g_assert_cmpint(states->words, ==, (int)lens_run_get_n_tokens(run));
  g_assert_cmpint(states->boxes, ==, (int)lens_scene_get_n_regions(scene));
  g_assert_cmpfloat(states->share[0], >=, states->share[1]);
  g_assert_cmpfloat(states->share[1], >, 0);
  g_assert_cmpfloat(states->share[0] + states->share[1], <=, 1 + 1e-6);
  /* One vision layer: at the second stage the boxes wait. */
  for (int i = 0; i < 2 * states->boxes; i++)
    g_assert_cmpfloat(states->box_points[2 * states->boxes + i], ==,
                      states->box_points[4 * states->boxes + i]);
}

static LensRelevancy *explain(World *world, LensRun *run, int image, int answer, LensExplain how)
{
  GError *error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  lens_workbench_explain_async(world->bench, run, image, answer, how, NULL, on_result, &result);
  world_wait_for((gpointer *)&result);
  LensRelevancy *found = lens_workbench_explain_finish(world->bench, result, &error);
  g_assert_no_error(error);
  return found;
}

static double difference(const LensRelevancy *a, const LensRelevancy *b)
{
  double sum = 0;
  for (int i = 0; i < a->words * a->boxes; i++)
    sum += fabs(a->word_box[i] - b->word_box[i]);
  return sum;
}

/* Another answer rests on something else, and so does another way of finding it. */
static void test_explain(World *world, gconstpointer unused)
{
  g_autoptr(LensScene) scene = open_scene(world, 0);
  g_autoptr(LensRun) run = ask(world, scene);
  g_autoptr(LensAnswer) second = g_list_model_get_item(lens_run_get_answers(run), 1);
  int other = lens_answer_get_index(second);
  g_autoptr(LensRelevancy) best = explain(world, run, 0, -1, LENS_EXPLAIN_RELEVANCY);
  g_autoptr(LensRelevancy) next = explain(world, run, 0, other, LENS_EXPLAIN_RELEVANCY);
  g_autoptr(LensRelevancy) gradient = explain(world, run, 0, -1, LENS_EXPLAIN_GRADIENT);
  g_assert_cmpint(next->answer, ==, other);
  g_assert_cmpint(next->asked, ==, other);
  g_assert_cmpint(best->answer, !=, other);
  g_assert_cmpint(gradient->method, ==, LENS_EXPLAIN_GRADIENT);
  g_assert_cmpfloat(difference(best, next), >, 1e-9);
  g_assert_cmpfloat(difference(best, gradient), >, 1e-9);
}

/* The gradients are those that the last layer's own reading was made of. */
static void test_gradients(World *world, gconstpointer unused)
{
  g_autoptr(LensScene) scene = open_scene(world, 0);
  g_autoptr(LensRun) run = ask(world, scene);
  g_autoptr(LensRelevancy) found = explain(world, run, 0, -1, LENS_EXPLAIN_GRADIENT);
  LensMap *map = lens_run_find_map(run, "x.1.lang_to_vis");
  LensMap *gradient = lens_relevancy_find_gradient(found, "x.1.lang_to_vis");
  int heads = lens_map_get_heads(map), n = lens_map_get_rows(map) * lens_map_get_cols(map);
  g_assert_cmpint(lens_map_get_heads(gradient), ==, heads);
  for (int i = 0; i < n; i++) {
    double sum = 0;
    for (int h = 0; h < heads; h++)
      sum += MAX(lens_map_get_values(map)[h * n + i] * lens_map_get_values(gradient)[h * n + i], 0);
    g_assert_cmpfloat_with_epsilon(sum / heads, found->word_box[i], 1e-6);
  }
  g_assert_nonnull(lens_relevancy_find_gradient(found, "lang.0"));
  g_assert_nonnull(lens_relevancy_find_gradient(found, "vis.0"));
  /* The answer reads the words alone: the last layer's boxes do not matter to it. */
  g_assert_null(lens_relevancy_find_gradient(found, "x.1.vis_self"));
}

/* The kinds of the question's words come with every map whose keys are words. */
static void test_kinds(World *world, gconstpointer unused)
{
  g_autoptr(LensScene) scene = open_scene(world, 0);
  g_autoptr(LensRun) run = ask(world, scene);
  const char *const *tokens = lens_run_get_tokens(run);
  const LensWordKind *kinds = lens_map_get_key_kinds(lens_run_find_map(run, "x.0.vis_to_lang"));
  g_assert_nonnull(kinds);
  g_assert_null(lens_map_get_key_kinds(lens_run_find_map(run, "vis.0")));
  g_assert_cmpint(kinds[0], ==, LENS_WORD_SPECIAL);
  for (guint i = 0; tokens[i]; i++)
    if (g_str_equal(tokens[i], "cat"))
      g_assert_cmpint(kinds[i], ==, LENS_WORD_NOUN);
}

/* A model without an answer head shows its attention, and says that there is nothing to explain. */
static void test_without_answers(World *world, gconstpointer unused)
{
  GError *error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(LensScene) scene = open_scene(world, 0);
  g_autofree char *folder = world_write_bert(world);
  g_autoptr(LensModel) model = world_import(world, folder, &error);
  g_assert_no_error(error);
  g_autoptr(LensRun) run =
      world_ask(world, scene, QUESTION, lens_model_get_id(model), NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(g_list_model_get_n_items(lens_run_get_answers(run)), ==, 0);
  g_assert_cmpuint(lens_run_get_n_maps(run), ==, 2); /* its language layers alone */
  check_head(world, run, 0, "lang.1", 0);
  lens_workbench_explain_async(world->bench, run, 0, -1, LENS_EXPLAIN_RELEVANCY, NULL, on_result,
                               &result);
  world_wait_for((gpointer *)&result);
  g_assert_null(lens_workbench_explain_finish(world->bench, result, &error));
  g_assert_nonnull(error);
  g_clear_error(&error);
}

static LensRun *ask_pair(World *world, LensScene *left, LensScene *right, LensModel *model,
                         GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  lens_workbench_ask_pair_async(world->bench, left, right, QUESTION, model, NULL, NULL, on_result,
                                &result);
  world_wait_for((gpointer *)&result);
  return lens_workbench_ask_finish(world->bench, result, error);
}

static void test_pairs(World *world, gconstpointer unused)
{
  GError *error = NULL;
  g_autoptr(LensScene) left = open_scene(world, 0);
  g_autoptr(LensScene) right = open_scene(world, 1);
  g_autofree char *folder = world_write_pair_model(world);
  g_autoptr(LensModel) model = world_import(world, folder, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(lens_model_get_info(model)->task, ==, "nlvr2");
  g_autoptr(LensRun) run = ask_pair(world, left, right, model, &error);
  g_assert_no_error(error);
  g_assert_true(lens_run_is_pair(run));
  LensRun *half = lens_run_get_half(run, 1);
  g_assert_true(lens_run_get_half(run, 0) == run);
  g_assert_true(lens_run_get_scene(half) == right);
  LensMap *map = lens_run_find_map(half, "x.0.lang_to_vis");
  g_assert_cmpint(lens_map_get_cols(map), ==, (int)lens_scene_get_n_regions(right));
  g_assert_cmpuint(g_list_model_get_n_items(lens_run_get_answers(run)), ==, 2);
  check_head(world, run, 0, "x.0.lang_to_vis", 1);
  check_head(world, run, 1, "x.0.lang_to_vis", 1);
  g_autoptr(LensRelevancy) relevancy = explain(world, run, 1, 1, LENS_EXPLAIN_RELEVANCY);
  g_assert_cmpint(relevancy->boxes, ==, (int)lens_scene_get_n_regions(right));
  /* Without a second image it says what is missing. */
  g_assert_null(ask_pair(world, left, NULL, model, &error));
  g_assert_nonnull(strstr(error->message, "two images"));
  g_clear_error(&error);
}

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
#define ADD(path, func) g_test_add(path, World, NULL, world_set_up, func, world_tear_down)
  ADD("/looks/heads", test_heads);
  ADD("/looks/states", test_states);
  ADD("/looks/explain", test_explain);
  ADD("/looks/gradients", test_gradients);
  ADD("/looks/kinds", test_kinds);
  ADD("/looks/without-answers", test_without_answers);
  ADD("/looks/pairs", test_pairs);
  return g_test_run();
}
