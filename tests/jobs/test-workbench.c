/* Pictures and questions: what works, what is kept, and what a person is told when something is
 * wrong. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "jobs-world.h"
#include "lens-question.h"

/* ---- pictures ---- */

static gboolean has_all_thumbnails(gpointer data)
{
  GListModel *images = lens_workbench_get_images(((World *)data)->bench);
  guint n = g_list_model_get_n_items(images);
  for (guint i = 0; i < n; i++) {
    g_autoptr(LensImage) image = g_list_model_get_item(images, i);
    if (!lens_image_get_thumbnail(image))
      return FALSE;
  }
  return n == WORLD_SCENES;
}

static void test_library_is_seeded(World *self, gconstpointer unused)
{
  const char *question = NULL;
  world_wait(has_all_thumbnails, self);
  const char *start = lens_workbench_get_start_image(self->bench, &question);
  g_autofree char *first = world_scene(self, 0);
  g_assert_cmpstr(start, ==, first);
  g_assert_cmpstr(question, ==, "what colour is the cat?");
  g_assert_null(lens_workbench_get_notice(self->bench));
  g_assert_cmpstr(lens_model_get_id(lens_workbench_get_default_model(self->bench)), ==,
                  WORLD_MODEL);

  g_autoptr(LensImage) image = g_list_model_get_item(lens_workbench_get_images(self->bench), 0);
  g_assert_true(lens_image_is_shipped(image));
  g_autoptr(GListModel) questions = world_list_questions(self, lens_image_get_id(image));
  g_assert_cmpuint(g_list_model_get_n_items(questions), ==, 3);
  /* A second start adds nothing. */
  world_reopen(self);
  world_wait(has_all_thumbnails, self);
}

static void count_progress(double done, const char *what, gpointer data)
{
  g_assert_cmpfloat(done, >=, 0);
  g_assert_cmpfloat(done, <=, 1);
  ++*(int *)data;
}

static void on_result(GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref(result);
}

static void test_opens(World *self, gconstpointer unused)
{
  GError *error = NULL;
  int progress = 0;
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *path = world_scene(self, 2);
  lens_workbench_open_image_async(self->bench, path, NULL, count_progress, &progress, on_result,
                                  &result);
  world_wait_for((gpointer *)&result);
  g_autoptr(LensScene) scene = lens_workbench_open_image_finish(self->bench, result, &error);
  g_assert_no_error(error);
  g_assert_cmpint(progress, >, 0);
  g_assert_cmpint(lens_scene_get_width(scene), ==, 96);
  g_assert_cmpint(lens_scene_get_height(scene), ==, 64);
  g_assert_cmpstr(lens_scene_get_name(scene), ==, "scene2");
  g_assert_cmpuint(strlen(lens_scene_get_sha256(scene)), ==, 64);
  guint n = lens_scene_get_n_regions(scene);
  const LensSanity *sanity = lens_scene_get_sanity(scene);
  g_assert_nonnull(sanity);
  g_assert_cmpint(sanity->count, ==, (int)n);
  g_assert_true(sanity->box_min >= 0 && sanity->box_max <= 1 && sanity->norm_min > 0);
  g_assert_true(sanity->channels_agree && !sanity->unusual && sanity->unnamed == 0);
  g_assert_cmpuint(n, >=, 1);
  for (guint i = 0; i < n; i++) {
    float box[4];
    LensRegion *region = lens_scene_get_region(scene, (int)i);
    lens_region_get_box(region, box);
    g_assert_cmpfloat(box[0], >=, 0);
    g_assert_cmpfloat(box[2], <=, 96);
    g_assert_cmpfloat(box[3], <=, 64);
    g_assert_nonnull(lens_region_get_label(region));
  }
}

/* The second time regions come from the store: a detector that cannot work any more is not asked.
 */
static void test_regions_are_kept(World *self, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *path = world_scene(self, 1);
  g_autoptr(LensScene) first = world_open(self, path, &error);
  g_assert_no_error(error);

  world_reopen(self);
  g_autofree char *copy = world_file(self, "moved.png");
  g_assert_cmpint(g_rename(path, copy), ==, 0);
  gint64 before = g_get_monotonic_time();
  g_autoptr(LensScene) second = world_open(self, copy, &error);
  g_assert_no_error(error);
  g_test_message("opened from the store in %.1f ms",
                 (double)(g_get_monotonic_time() - before) / 1000);
  g_assert_cmpstr(lens_scene_get_name(second), ==, "moved.png");
  g_assert_cmpint(lens_scene_get_id(second), !=, lens_scene_get_id(first));
  g_assert_cmpuint(lens_scene_get_n_regions(second), ==, lens_scene_get_n_regions(first));
  for (guint i = 0; i < lens_scene_get_n_regions(first); i++) {
    float a[4], b[4];
    lens_region_get_box(lens_scene_get_region(first, (int)i), a);
    lens_region_get_box(lens_scene_get_region(second, (int)i), b);
    g_assert_cmpmem(a, sizeof a, b, sizeof b);
  }
  g_autoptr(LensImage) top = g_list_model_get_item(lens_workbench_get_images(self->bench), 0);
  g_assert_cmpint(lens_image_get_id(top), ==, lens_scene_get_id(second));
  g_assert_nonnull(lens_image_get_thumbnail(top));
}

static void check_open_fails(World *self, const char *path, LensError code)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(world_open(self, path, &error));
  g_assert_error(error, LENS_ERROR, (int)code);
  g_autofree char *name = g_path_get_basename(path);
  g_assert_nonnull(strstr(error->message, name));
}

static void test_bad_images(World *self, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *text = world_file(self, "notes.png");
  g_autofree char *empty = world_file(self, "empty.jpg");
  g_autofree char *cut = world_file(self, "cut.png");
  g_autofree char *missing = world_file(self, "missing.png");
  g_autofree char *path = world_scene(self, 0);
  g_autofree char *bytes = NULL;
  gsize size = 0;
  g_file_set_contents(text, "no picture at all", -1, NULL);
  g_file_set_contents(empty, "", 0, NULL);
  g_file_get_contents(path, &bytes, &size, NULL);
  g_file_set_contents(cut, bytes, (gssize)size / 2, NULL);
  check_open_fails(self, text, LENS_ERROR_FORMAT);
  check_open_fails(self, empty, LENS_ERROR_FORMAT);
  check_open_fails(self, cut, LENS_ERROR_FORMAT);
  check_open_fails(self, missing, LENS_ERROR_MISSING);
  check_open_fails(self, self->data_dir, LENS_ERROR_IO);
  /* And the next good one opens. */
  g_autoptr(LensScene) scene = world_open(self, path, &error);
  g_assert_no_error(error);
}

static void test_missing_detector(World *self, gconstpointer unused)
{
  g_autofree char *weights =
      g_build_filename(self->data_dir, "models", "detector-world", "model.safetensors", NULL);
  g_autofree char *path = world_scene(self, 0);
  g_autoptr(GError) error = NULL;
  g_remove(weights);
  g_assert_null(world_open(self, path, &error));
  g_assert_nonnull(error);
  g_assert_cmpint(error->domain, ==, LENS_ERROR);
  g_assert_nonnull(strstr(error->message, "detector-world"));
}

static void test_remove_and_restore(World *self, gconstpointer unused)
{
  world_wait(has_all_thumbnails, self);
  GListModel *images = lens_workbench_get_images(self->bench);
  g_autoptr(LensImage) image = g_list_model_get_item(images, 0);
  gint64 id = lens_image_get_id(image);
  lens_workbench_set_favourite(self->bench, id, TRUE);
  lens_workbench_remove_image(self->bench, id);
  g_assert_cmpuint(g_list_model_get_n_items(images), ==, WORLD_SCENES - 1);
  lens_workbench_restore_image(self->bench, id);
  g_assert_cmpuint(g_list_model_get_n_items(images), ==, WORLD_SCENES);
  world_reopen(self);
  world_wait(has_all_thumbnails, self);
  g_autoptr(LensImage) back = g_list_model_get_item(lens_workbench_get_images(self->bench), 0);
  g_assert_cmpint(lens_image_get_id(back), ==, id);
  g_assert_true(lens_image_get_favourite(back));
}

/* ---- questions ---- */

static LensScene *open_first(World *self)
{
  GError *error = NULL;
  g_autofree char *path = world_scene(self, 0);
  LensScene *scene = world_open(self, path, &error);
  g_assert_no_error(error);
  return scene;
}

static void check_map(LensMap *map)
{
  int heads = lens_map_get_heads(map), rows = lens_map_get_rows(map), cols = lens_map_get_cols(map);
  const float *values = lens_map_get_values(map);
  for (int r = 0; r < heads * rows; r++) {
    double sum = 0;
    for (int c = 0; c < cols; c++)
      sum += (double)values[r * cols + c];
    g_assert_cmpfloat_with_epsilon(sum, 1, 1e-4);
  }
}

/* All of them, best first, as a distribution. */
static void check_answers(GListModel *answers)
{
  double sum = 0, last = 1;
  g_assert_cmpuint(g_list_model_get_n_items(answers), ==, WORLD_ANSWERS);
  for (guint i = 0; i < WORLD_ANSWERS; i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(answers, i);
    g_assert_cmpfloat(lens_answer_get_probability(answer), <=, last);
    last = lens_answer_get_probability(answer);
    sum += last;
  }
  g_assert_cmpfloat_with_epsilon(sum, 1, 1e-4);
}

static void test_ask(World *self, gconstpointer unused)
{
  GError *error = NULL;
  gint64 asked_of = 0;
  g_autoptr(LensScene) scene = open_first(self);
  g_autoptr(LensRun) run = world_ask(self, scene, "  What colour is the cat? ", NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(lens_run_get_question(run), ==, "What colour is the cat?");
  g_assert_cmpuint(lens_run_get_n_tokens(run), ==, 8); /* [CLS] what colour is the cat ? [SEP] */
  g_assert_cmpstr(lens_run_get_tokens(run)[2], ==, "colour");
  g_assert_cmpuint(lens_run_get_n_maps(run), ==, 2 + 1 + 4 * 2);
  for (guint i = 0; i < lens_run_get_n_maps(run); i++)
    check_map(lens_run_get_map(run, i));
  LensMap *cross = lens_run_find_map(run, "x.1.lang_to_vis");
  g_assert_nonnull(cross);
  g_assert_cmpint(lens_map_get_rows(cross), ==, 8);
  g_assert_cmpint(lens_map_get_cols(cross), ==, (int)lens_scene_get_n_regions(scene));
  g_assert_cmpint(lens_map_get_heads(cross), ==, 4);

  GListModel *answers = lens_run_get_answers(run);
  check_answers(answers);
  g_assert_cmpfloat(lens_run_get_milliseconds(run), >, 0);

  asked_of = lens_scene_get_id(scene);
  g_clear_object(&scene);
  world_reopen(self);
  g_autoptr(GListModel) questions = world_list_questions(self, asked_of);
  g_assert_cmpuint(g_list_model_get_n_items(questions), ==, 4); /* three came with the scene */
  g_autoptr(LensQuestion) newest = g_list_model_get_item(questions, 0);
  g_autoptr(LensAnswer) best = g_list_model_get_item(answers, 0);
  g_assert_cmpstr(lens_question_get_text(newest), ==, "What colour is the cat?");
  g_assert_cmpstr(lens_question_get_answer(newest), ==, lens_answer_get_text(best));
  g_assert_cmpstr(lens_question_get_model_id(newest), ==, WORLD_MODEL);
  g_assert_cmpfloat_with_epsilon(lens_question_get_probability(newest),
                                 lens_answer_get_probability(best), 1e-12);
}

static void check_ask_fails(World *self, LensScene *scene, const char *question, const char *word)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(world_ask(self, scene, question, NULL, NULL, &error));
  g_assert_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT);
  g_assert_nonnull(strstr(error->message, word));
}

static void test_bad_questions(World *self, gconstpointer unused)
{
  GError *error = NULL;
  g_autoptr(LensScene) scene = open_first(self);
  g_autofree char *endless = g_strnfill(5000, 'x');
  g_autofree char *wordy = g_strnfill(LENS_QUESTION_MAX_CHARACTERS, 'x');
  g_autoptr(GString) words = g_string_new("");
  check_ask_fails(self, scene, "", "empty");
  check_ask_fails(self, scene, " \t\n ", "empty");
  check_ask_fails(self, scene, endless, "5000");
  check_ask_fails(self, scene, "caf\xe9?", "UTF-8");
  /* Long ones within the bound are asked or refused in words, never a crash. */
  g_autoptr(LensRun) long_word = world_ask(self, scene, wordy, NULL, NULL, &error);
  g_assert_true(long_word || error->domain == LENS_ERROR);
  g_clear_error(&error);
  for (int i = 0; i < 200; i++)
    g_string_append(words, "cat ");
  g_autoptr(LensRun) many_words = world_ask(self, scene, words->str, NULL, NULL, &error);
  g_assert_true(many_words || error->domain == LENS_ERROR);
  g_clear_error(&error);
  g_autoptr(LensRun) run =
      world_ask(self, scene, "Ist das eine Katze? 猫 🐈 \001", NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_nonnull(run);
}

static double probability(GListModel *answers, int index)
{
  for (guint i = 0; i < g_list_model_get_n_items(answers); i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(answers, i);
    if (lens_answer_get_index(answer) == index)
      return lens_answer_get_probability(answer);
  }
  return NAN;
}

static double distance(GListModel *a, GListModel *b)
{
  double most = 0;
  for (int i = 0; i < WORLD_ANSWERS; i++)
    most = MAX(most, fabs(probability(a, i) - probability(b, i)));
  return most;
}

static void test_edits(World *self, gconstpointer unused)
{
  GError *error = NULL;
  const char *question = "is the cat red?";
  g_autoptr(LensScene) scene = open_first(self);
  g_autoptr(LensEdits) edits = lens_edits_new();
  g_autoptr(LensRun) plain = world_ask(self, scene, question, NULL, NULL, &error);
  g_assert_no_error(error);
  GListModel *before = lens_run_get_answers(plain);

  for (int head = 0; head < 4; head++)
    lens_edits_set_gate(edits, "x.0.lang_to_vis", head, LENS_GATE_ZERO);
  g_autoptr(LensRun) gated = world_ask(self, scene, question, NULL, edits, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(distance(before, lens_run_get_answers(gated)), >, 1e-4);
  g_assert_cmpfloat(distance(before, lens_run_get_baseline(gated)), ==, 0);
  g_assert_true(lens_edits_equal(lens_run_get_edits(gated), edits));
  g_assert_cmpint(lens_run_get_id(gated), ==, 0);

  lens_edits_set_word_masked(edits, 3, TRUE);
  if (lens_scene_get_n_regions(scene) > 1)
    lens_edits_set_box_removed(edits, 0, TRUE);
  lens_edits_set_gate(edits, "x.0.lang_to_vis", 0, LENS_GATE_UNIFORM);
  g_autoptr(LensRun) more = world_ask(self, scene, question, NULL, edits, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(distance(lens_run_get_answers(gated), lens_run_get_answers(more)), >, 1e-5);

  /* A removed box is neither looked at nor does it look. */
  if (lens_scene_get_n_regions(scene) > 1) {
    LensMap *map = lens_run_find_map(more, "x.0.vis_self");
    const float *values = lens_map_get_values(map);
    int cols = lens_map_get_cols(map);
    for (int i = 0; i < cols; i++) {
      float sum = 0;
      for (int j = 0; j < cols; j++)
        sum += values[i * cols + j];
      g_assert_cmpfloat_with_epsilon(sum, i == 0 ? 0 : 1, 1e-5);
      g_assert_cmpfloat(values[i * cols], ==, 0);
    }
  }

  /* The same edits at once, on a question that was not asked before, give the same. */
  world_reopen(self);
  g_autoptr(LensScene) again = open_first(self);
  g_autoptr(LensRun) at_once = world_ask(self, again, question, NULL, edits, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(distance(lens_run_get_answers(more), lens_run_get_answers(at_once)), <, 1e-6);
  g_assert_cmpfloat(distance(before, lens_run_get_baseline(at_once)), <, 1e-6);

  /* Without edits it is as before. */
  g_autoptr(LensRun) undone = world_ask(self, again, question, NULL, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(distance(before, lens_run_get_answers(undone)), <, 1e-6);
  g_assert_null(lens_run_get_baseline(undone));
}

/* Edits that cannot be are an error, and the next question is answered as ever. */
static void test_bad_edits(World *self, gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  GError *other = NULL;
  g_autoptr(LensScene) scene = open_first(self);
  g_autoptr(LensRun) plain = world_ask(self, scene, "is there a dog?", NULL, NULL, &other);
  g_autoptr(LensEdits) edits = lens_edits_new();
  lens_edits_set_gate(edits, "x.0.lang_to_vis", 1, LENS_GATE_ZERO);
  for (int i = 0; i < (int)lens_scene_get_n_regions(scene); i++)
    lens_edits_set_box_removed(edits, i, TRUE);
  g_assert_null(world_ask(self, scene, "is there a dog?", NULL, edits, &error));
  g_assert_nonnull(error);
  g_autoptr(LensRun) after = world_ask(self, scene, "is there a dog?", NULL, NULL, &other);
  g_assert_no_error(other);
  g_assert_cmpfloat(distance(lens_run_get_answers(plain), lens_run_get_answers(after)), <, 1e-6);
}

static void test_cancelled(World *self, gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GCancellable) cancellable = g_cancellable_new();
  g_autoptr(LensScene) scene = open_first(self);
  g_cancellable_cancel(cancellable);
  lens_workbench_ask_async(self->bench, scene, "is there a dog?", NULL, NULL, cancellable,
                           on_result, &result);
  world_wait_for((gpointer *)&result);
  g_assert_null(lens_workbench_ask_finish(self->bench, result, &error));
  g_assert_error(error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_close_while_busy(World *self, gconstpointer unused)
{
  GAsyncResult *results[WORLD_SCENES] = {NULL};
  for (int i = 0; i < WORLD_SCENES; i++) {
    g_autofree char *path = world_scene(self, i);
    lens_workbench_open_image_async(self->bench, path, NULL, NULL, NULL, on_result, &results[i]);
  }
  lens_workbench_close(self->bench);
  for (int i = 0; i < WORLD_SCENES; i++) {
    g_autoptr(GError) error = NULL;
    world_wait_for((gpointer *)&results[i]);
    g_autoptr(LensScene) scene = lens_workbench_open_image_finish(self->bench, results[i], &error);
    g_assert_true(scene || error);
    g_clear_object(&results[i]);
  }
}

/* ---- models ---- */

/* A model's note is the first paragraph of its card. */
static void test_card(World *self, gconstpointer unused)
{
  GError *error = NULL;
  g_autofree char *path = world_copy_model(self, "carded");
  g_autofree char *card = g_build_filename(path, "README.md", NULL);
  g_file_set_contents(card,
                      "---\nlicense: none\n---\n# A title\n\n`base`, fine-tuned on\n"
                      "questions.\n\n    a command --line\n",
                      -1, NULL);
  g_autoptr(LensModel) model = world_import(self, path, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(lens_model_get_info(model)->note, ==, "`base`, fine-tuned on questions.");
}

static void check_import_fails(World *self, const char *path, const char *word)
{
  g_autoptr(GError) error = NULL;
  g_assert_null(world_import(self, path, &error));
  g_assert_nonnull(error);
  g_assert_cmpint(error->domain, ==, LENS_ERROR);
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, word));
}

static void test_import(World *self, gconstpointer unused)
{
  GError *error = NULL;
  guint before = g_list_model_get_n_items(lens_workbench_get_models(self->bench));
  g_autofree char *path = world_copy_model(self, "elsewhere");
  g_autoptr(LensModel) model = world_import(self, path, &error);
  g_assert_no_error(error);
  g_assert_cmpuint(g_list_model_get_n_items(lens_workbench_get_models(self->bench)), ==,
                   before + 1);
  g_assert_cmpint(lens_model_get_info(model)->cross_layers, ==, 2);
  g_autofree char *id = g_strdup(lens_model_get_id(model));

  world_reopen(self);
  g_autoptr(LensScene) scene = open_first(self);
  g_autoptr(LensRun) run = world_ask(self, scene, "is there a dog?", id, NULL, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(lens_model_get_id(lens_run_get_model(run)), ==, id);
}

static void test_bad_models(World *self, gconstpointer unused)
{
  g_autofree char *missing = world_file(self, "no-such-model");
  g_autofree char *empty = world_file(self, "empty");
  g_autofree char *damaged = world_copy_model(self, "damaged");
  g_autofree char *weights = g_build_filename(damaged, "model.safetensors", NULL);
  g_autofree char *detector = g_build_filename(self->data_dir, "models", "detector-world", NULL);
  g_autofree char *bytes = NULL;
  gsize size = 0;
  g_mkdir(empty, 0755);
  check_import_fails(self, missing, missing);
  check_import_fails(self, empty, "config.json");
  check_import_fails(self, detector, "no LXMERT model");

  g_file_get_contents(weights, &bytes, &size, NULL);
  g_file_set_contents(weights, bytes, (gssize)size / 2, NULL);
  check_import_fails(self, damaged, "model.safetensors");
  memset(bytes, 0xff, 8);
  g_file_set_contents(weights, bytes, (gssize)size, NULL);
  check_import_fails(self, damaged, "model.safetensors");
  g_remove(weights);
  check_import_fails(self, damaged, "damaged");
}

/* A model that breaks after it was listed: asking says what is wrong with which file. */
static void test_model_breaks_later(World *self, gconstpointer unused)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(LensScene) scene = open_first(self);
  g_autofree char *folder = g_build_filename(self->data_dir, "models", WORLD_MODEL, NULL);
  g_autofree char *weights = g_build_filename(folder, "model.safetensors", NULL);
  g_autofree char *aside = world_file(self, "aside");
  g_file_set_contents(weights, "not safetensors", -1, NULL);
  g_assert_null(world_ask(self, scene, "is there a dog?", NULL, NULL, &error));
  g_assert_nonnull(strstr(error->message, "model.safetensors"));
  g_clear_error(&error);

  g_assert_cmpint(g_rename(folder, aside), ==, 0);
  g_assert_null(world_ask(self, scene, "is there a dog?", NULL, NULL, &error));
  g_assert_cmpint(error->domain, ==, LENS_ERROR);
  g_assert_nonnull(strstr(error->message, folder));
  g_clear_error(&error);

  world_reopen(self);
  g_assert_nonnull(strstr(lens_workbench_get_notice(self->bench), "No model"));
  g_assert_null(world_ask(self, scene, "is there a dog?", NULL, NULL, &error));
  g_assert_error(error, LENS_ERROR, LENS_ERROR_MISSING);
}

static void test_damaged_library_is_told(World *self, gconstpointer unused)
{
  g_autofree char *library = g_build_filename(self->state_dir, "library.db", NULL);
  lens_workbench_close(self->bench);
  g_file_set_contents(library, "this is not a database, and it is long enough to be seen", -1,
                      NULL);
  world_reopen(self);
  g_assert_nonnull(strstr(lens_workbench_get_notice(self->bench), "damaged"));
  world_wait(has_all_thumbnails, self);
}

#define ADD(name, func)                                                                            \
  g_test_add("/workbench/" name, World, NULL, world_set_up, func, world_tear_down)

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  ADD("library-is-seeded", test_library_is_seeded);
  ADD("opens", test_opens);
  ADD("regions-are-kept", test_regions_are_kept);
  ADD("bad-images", test_bad_images);
  ADD("missing-detector", test_missing_detector);
  ADD("remove-and-restore", test_remove_and_restore);
  ADD("ask", test_ask);
  ADD("bad-questions", test_bad_questions);
  ADD("edits", test_edits);
  ADD("bad-edits", test_bad_edits);
  ADD("cancelled", test_cancelled);
  ADD("close-while-busy", test_close_while_busy);
  ADD("import", test_import);
  ADD("card", test_card);
  ADD("bad-models", test_bad_models);
  ADD("model-breaks-later", test_model_breaks_later);
  ADD("damaged-library-is-told", test_damaged_library_is_told);
  return g_test_run();
}
