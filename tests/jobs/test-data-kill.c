/* The evaluation of a data set, killed again and again: it is shown as stopped, goes on where it was
 * last written, and ends with the answers of one that nobody disturbed. */
#include <unistd.h>

#include "jobs-child.h"
#include "jobs-data.h"

#define IMAGES 4
#define QUESTIONS 9000
#define KILLS 6
#define MOST_PROGRESS 60 /* seen before the kill */

static const char *own_path;

/* The child: goes on with the evaluation of the only data set; a byte for each progress it shows. */
static int evaluate_until_killed(const char *data_dir, const char *state_dir)
{
  World self = {.data_dir = (char *)data_dir, .state_dir = (char *)state_dir};
  GError *error = NULL;
  world_reopen(&self);
  LensDataDesk *desk = lens_workbench_get_data_desk(self.bench);
  g_autoptr(LensDataSet) set = g_list_model_get_item(lens_data_desk_get_sets(desk), 0);
  LensDataJob *job = lens_data_desk_evaluate(
      desk, set, lens_workbench_find_model(self.bench, WORLD_MODEL), &error);
  g_assert_no_error(error);
  for (double told = 0; lens_data_desk_get_job(desk) == job;) {
    g_main_context_iteration(NULL, TRUE);
    double progress = lens_job_get_progress(LENS_JOB(job));
    if (progress > told && write(STDOUT_FILENO, "x", 1) != 1)
      return 1;
    told = progress;
  }
  return 0;
}

/* FALSE when it had come to its end. */
static gboolean live_and_die(World *self)
{
  gint32 progress = g_test_rand_int_range(1, MOST_PROGRESS);
  gint32 more = g_test_rand_int_range(0, 20000); /* also while a page is written */
  return child_kill(own_path, self, progress, (gulong)more);
}

static char *questions_text(void)
{
  static const char *const asked[] = {"is there a dog ?", "what colour is the cat ?",
                                      "how many dogs are there ?"};
  GString *text = g_string_new("[");
  for (int i = 0; i < QUESTIONS; i++)
    g_string_append_printf(text,
                           "%s{\"question_id\": %d, \"img_id\": \"img%d\", \"sent\": \"%s\","
                           " \"label\": {\"yes\": 1}}",
                           i ? "," : "", i, i % IMAGES, asked[i / IMAGES % 3]);
  g_string_append(text, "]");
  return g_string_free(text, FALSE);
}

static LensDataSet *only_set(World *self)
{
  LensDataDesk *desk = lens_workbench_get_data_desk(self->bench);
  return g_list_model_get_item(lens_data_desk_get_sets(desk), 0);
}

/* The answers of all questions, as they are handed in. */
static char *answers_of(World *self, LensDataSet *set)
{
  GError *error = NULL;
  char *text = NULL;
  g_autofree char *path = world_file(self, "answers.json");
  g_assert_true(data_submit(self, set, path, &error));
  g_assert_no_error(error);
  g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
  return text;
}

static char *answers_undisturbed(const char *questions)
{
  World other = {0};
  world_set_up(&other, NULL);
  g_autofree char *features = data_write_features(&other, "features.tsv", IMAGES);
  g_autofree char *path = data_write(&other, "long.json", questions);
  LensDataSet *set = data_open(&other, path);
  data_evaluate(&other, set, NULL);
  char *text = answers_of(&other, set);
  world_tear_down(&other, NULL);
  return text;
}

static void test_killed(World *self, gconstpointer unused)
{
  int killed = 0;
  gint64 done = 0;
  g_autofree char *questions = questions_text();
  g_autofree char *features = data_write_features(self, "features.tsv", IMAGES);
  g_autofree char *path = data_write(self, "long.json", questions);
  data_open(self, path);
  for (; killed < KILLS; killed++) {
    lens_workbench_close(self->bench);
    g_clear_object(&self->bench);
    if (!live_and_die(self))
      break;
    world_reopen(self);
    g_autoptr(LensDataSet) set = only_set(self);
    g_autoptr(LensDataEvaluation) half = data_get_evaluation(set);
    if (g_str_equal(lens_data_evaluation_get_state(half), "done"))
      break;
    g_assert_cmpstr(lens_data_evaluation_get_state(half), ==, "stopped");
    g_assert_cmpint(lens_data_evaluation_get_done(half), >=, done); /* nothing is done twice */
    done = lens_data_evaluation_get_done(half);
  }
  g_test_message("%d kills, %d of %d questions lived through", killed, (int)done, QUESTIONS);
  g_assert_cmpint(killed, >, 0);
  g_assert_cmpint(done, >, 0);
  if (!self->bench)
    world_reopen(self);
  g_autoptr(LensDataSet) set = only_set(self);
  data_evaluate(self, set, NULL);
  world_wait(data_is_done, set);
  g_autoptr(LensDataEvaluation) whole = data_get_evaluation(set);
  g_assert_cmpint(lens_data_evaluation_get_done(whole), ==, QUESTIONS);
  g_autofree char *found = answers_of(self, set);
  g_autofree char *wanted = answers_undisturbed(questions);
  g_assert_true(g_str_equal(found, wanted));
}

int main(int argc, char **argv)
{
  if (argc == 4 && g_str_equal(argv[1], "--child"))
    return evaluate_until_killed(argv[2], argv[3]);
  own_path = argv[0];
  g_test_init(&argc, &argv, NULL);
  g_test_add("/data-kill/killed", World, NULL, world_set_up, test_killed, world_tear_down);
  return g_test_run();
}
