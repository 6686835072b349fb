/* Trainings in bad times: killed again and again at random moments, a full disk, a loss that is no number.
 * Nothing is lost, and what comes out is bit by bit what an undisturbed training gives. */
#include <glib/gstdio.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "jobs-child.h"
#include "training-fixture.h"

#define KILLS 20
#define EPOCHS 150
#define STEPS_OF_A_LIFE 15 /* at most so many are seen before the kill: in all about half of them */
#define FEW_EPOCHS 20

static const char *own_path;

/* ---- killed ---- */

/* The child: begins the training or goes on with it; a byte for each point of the curve that it shows. */
static int train_until_killed(const char *data_dir, const char *state_dir)
{
  World self = {.data_dir = (char *)data_dir, .state_dir = (char *)state_dir};
  world_reopen(&self);
  LensTrainJob *job = NULL;
  if (g_list_model_get_n_items(lens_workbench_get_jobs(self.bench)) == 0) {
    job = start(&self, "Whole", EPOCHS);
  } else {
    GError *error = NULL;
    job = first_job(&self);
    if (lens_job_get_state(LENS_JOB(job)) != LENS_JOB_QUEUED) { /* killed in the queue: it begins */
      expect_state(job, LENS_JOB_INTERRUPTED);
      lens_workbench_resume_training(self.bench, job, &error);
    }
    g_assert_no_error(error);
  }
  for (guint told = n_losses(job); !lens_job_is_finished(LENS_JOB(job));) {
    g_main_context_iteration(NULL, TRUE);
    told = MIN(told, n_losses(job)); /* it went back to its checkpoint */
    for (; told < n_losses(job); told++)
      if (write(STDOUT_FILENO, "x", 1) != 1)
        return 1;
  }
  return 0;
}

/* A life of random length, of `least` steps; FALSE when it was finished before it ended. */
static gboolean live_and_die(World *self, GRand *random, gint32 least)
{
  gint32 steps = g_rand_int_range(random, least, STEPS_OF_A_LIFE);
  gint32 more = g_rand_int_range(random, 0, steps ? 4000 : 120000); /* also while it opens */
  return child_kill(own_path, self, steps, (gulong)more);
}

static guint count_files(LensTrainJob *job)
{
  guint n = 0;
  g_autoptr(GDir) dir = g_dir_open(lens_train_job_get_output_dir(job), 0, NULL);
  while (dir && g_dir_read_name(dir))
    n++;
  return n;
}

static void check_like_undisturbed(LensTrainJob *job, int epochs)
{
  static const char *const endings[] = {"", "-best"};
  World other = {0};
  world_set_up(&other, NULL);
  LensTrainJob *whole = start(&other, "Whole", epochs);
  world_wait(is_finished, whole);
  expect_state(whole, LENS_JOB_DONE);
  g_autoptr(GArray) losses = points_of(lens_train_job_get_loss_series(whole));
  g_autoptr(GArray) accuracies = points_of(lens_train_job_get_accuracy_series(whole));
  g_assert_cmpuint(accuracies->len, ==, 2 * ((guint)epochs + 1));
  check_same(lens_train_job_get_loss_series(job), losses);
  check_same(lens_train_job_get_accuracy_series(job), accuracies);
  gboolean has_best = lens_train_job_get_best_model(whole) != NULL;
  g_assert_true(has_best == (lens_train_job_get_best_model(job) != NULL));
  for (int i = 0; i < 1 + has_best; i++) {
    g_autoptr(GBytes) a = read_result(whole, endings[i], "model.safetensors");
    g_autoptr(GBytes) b = read_result(job, endings[i], "model.safetensors");
    g_assert_true(g_bytes_equal(a, b));
  }
  g_assert_cmpuint(count_files(job), ==, count_files(whole)); /* nothing half written is left */
  world_tear_down(&other, NULL);
}

static void test_killed(World *self, gconstpointer unused)
{
  GError *error = NULL;
  guint32 seed = (guint32)g_test_rand_int();
  GRand *random = g_rand_new_with_seed(seed);
  int killed = 0, at_work = 0;
  lens_workbench_close(self->bench);
  while (killed < KILLS && live_and_die(self, random, killed == KILLS - 1 ? 3 : 0)) /* at work */
    killed++;
  g_assert_cmpint(killed, ==, KILLS);
  world_reopen(self);
  LensTrainJob *job = first_job(self);
  expect_state(job, LENS_JOB_INTERRUPTED);
  at_work = (int)n_losses(job);
  g_autofree char *half = g_build_filename(lens_train_job_get_output_dir(job),
                                           "training-state.safetensors.aB3dE6", NULL);
  g_assert_true(g_file_set_contents(half, "half", -1, &error)); /* as a kill while it writes does */
  g_assert_cmpint(at_work, >, 0);
  g_assert_true(lens_workbench_resume_training(self->bench, job, &error));
  g_assert_no_error(error);
  g_assert_false(lens_workbench_resume_training(self->bench, job, &error));
  g_clear_error(&error);
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_DONE);
  g_test_message("seed %u; %d steps lived through %d kills, of %u", seed, at_work, killed,
                 n_losses(job));
  check_steps(lens_train_job_get_loss_series(job));
  check_like_undisturbed(job, EPOCHS);
  g_rand_free(random);
}

/* ---- a full disk ---- */

static gboolean waits_for_room(gpointer job)
{
  return is_paused(job) && strstr(lens_job_get_message(job), "Waiting to save");
}

static void fill_disk(const char *path)
{
  FILE *file = fopen(path, "w");
  static const char zeros[4096];
  g_assert_nonnull(file);
  setvbuf(file, NULL, _IONBF, 0);
  while (fwrite(zeros, 1, sizeof zeros, file) == sizeof zeros)
    ;
  fclose(file);
}

/* In a child: the mount is its own and goes with it. Exit code 77: no right to mount. */
static int train_on_small_disk(const char *data_dir, const char *state_dir)
{
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
      g_mkdir_with_parents(state_dir, 0755) != 0 ||
      mount("tmpfs", state_dir, "tmpfs", 0, "size=8m") != 0)
    return 77;
  World self = {.data_dir = (char *)data_dir, .state_dir = (char *)state_dir};
  world_reopen(&self);
  g_autofree char *ballast = g_build_filename(state_dir, "ballast", NULL);
  LensTrainJob *job = start(&self, "Whole", FEW_EPOCHS);
  world_wait(has_loss, job);
  fill_disk(ballast);
  world_wait(waits_for_room, job);
  guint before = n_losses(job);
  g_assert_nonnull(strstr(lens_job_get_message(LENS_JOB(job)), "Free some space"));
  g_assert_cmpuint(before, <, lens_train_job_get_total_steps(job));
  g_unlink(ballast);
  lens_train_job_resume(job); /* now; else it tries again by itself */
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_DONE);
  check_steps(lens_train_job_get_loss_series(job));
  check_like_undisturbed(job, FEW_EPOCHS);
  /* What the library could not take then it has now. */
  world_reopen(&self);
  check_like_undisturbed(first_job(&self), FEW_EPOCHS);
  lens_workbench_close(self.bench);
  return 0;
}

static void test_full_disk(World *self, gconstpointer unused)
{
  GError *error = NULL;
  int status = 0;
  g_autofree char *state = world_file(self, "small");
  const char *argv[] = {own_path, "--small-disk", self->data_dir, state, NULL};
  g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
  g_assert_no_error(error);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
    g_test_skip("a small file system cannot be mounted here");
  else
    g_assert_true(g_spawn_check_wait_status(status, NULL));
}

/* ---- no number ---- */

/* Features that are no numbers, in one image of six, written where the features of the demo are kept. */
static gboolean poison(World *self)
{
  GError *error = NULL;
  g_autofree char *folder = g_build_filename(self->state_dir, "features", NULL);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, &error);
  g_assert_no_error(error);
  for (const char *name; (name = g_dir_read_name(dir));) {
    gsize size;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;
    if (!g_str_has_suffix(name, ".tsv"))
      continue;
    g_file_get_contents(path, &text, &size, &error);
    g_assert_no_error(error);
    /* The last column of the third line: floats in base64, where "AADAfwAA" holds a NaN. */
    char *line = text;
    for (int i = 0; i < 2; i++)
      line = strchr(line, '\n') + 1;
    char *last = strchr(line, '\n');
    while (last[-1] != '\t')
      last--;
    for (int i = 0; i + 16 < strchr(last, '\n') - last; i += 16) /* 12 bytes: three floats */
      memcpy(last + i, "AADAfwAAwH8AAMB/", 16);
    g_file_set_contents(path, text, (gssize)size, &error);
    g_assert_no_error(error);
    return TRUE;
  }
  return FALSE;
}

static void test_no_number(World *self, gconstpointer unused)
{
  LensTrainJob *first = start(self, "Sound", 1);
  world_wait(is_finished, first);
  expect_state(first, LENS_JOB_DONE);
  g_assert_true(poison(self));
  g_autoptr(LensTrainSettings) settings = make_settings("Poisoned", FEW_EPOCHS);
  settings->batch = 1;
  LensTrainJob *job = start_with(self, settings);
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_FAILED);
  const char *text = lens_job_get_error_text(LENS_JOB(job));
  g_test_message("%s", text);
  g_assert_nonnull(strstr(text, "not a number"));
  g_autofree char *where = g_strdup_printf("At step %u ", n_losses(job) + 1);
  g_assert_true(n_losses(job) == 0 || g_str_has_prefix(text, where));
  g_assert_true(n_losses(job) == 0 || strstr(text, lens_train_job_get_output_dir(job)));
}

#define ADD(name, func) g_test_add("/crash/" name, World, NULL, world_set_up, func, world_tear_down)

int main(int argc, char **argv)
{
  if (argc == 4 && g_str_equal(argv[1], "--child"))
    return train_until_killed(argv[2], argv[3]);
  if (argc == 4 && g_str_equal(argv[1], "--small-disk"))
    return train_on_small_disk(argv[2], argv[3]);
  own_path = argv[0];
  g_test_init(&argc, &argv, NULL);
  ADD("killed", test_killed);
  ADD("full-disk", test_full_disk);
  ADD("no-number", test_no_number);
  return g_test_run();
}
