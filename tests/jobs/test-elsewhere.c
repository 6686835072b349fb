/* The command line's trainings in the window, and the window's on the command line: seen while they run,
 * stopped, gone on with on either side, with the same numbers. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "training-fixture.h"

static char *shared; /* a folder with data and a base model, made once */
static GStrv child_env;

G_GNUC_PRINTF(1, 2) static void run_cli(const char *format, ...)
{
  GError *error = NULL;
  g_autofree char *problem = NULL;
  int status = 0;
  va_list args;
  va_start(args, format);
  g_autofree char *words = g_strdup_vprintf(format, args);
  va_end(args);
  g_autofree char *line = g_strdup_printf("'%s' %s", g_getenv("CROSSLENS_CLI"), words);
  g_auto(GStrv) argv = NULL;
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, NULL));
  g_spawn_sync(NULL, argv, child_env, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, &problem,
               &status, &error);
  g_assert_no_error(error);
  if (!g_spawn_check_wait_status(status, NULL))
    g_error("%s: %s", line, problem);
}

/* What it says goes to `said`, a descriptor; NULL: to nobody. */
static GPid start_cli_heard(const char *words, int *said)
{
  GError *error = NULL;
  GPid child = 0;
  g_auto(GStrv) argv = NULL;
  g_autofree char *line = g_strdup_printf("'%s' %s", g_getenv("CROSSLENS_CLI"), words);
  g_assert_true(g_shell_parse_argv(line, NULL, &argv, &error));
  g_spawn_async_with_pipes(NULL, argv, child_env,
                           G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                               (said ? 0 : G_SPAWN_STDERR_TO_DEV_NULL),
                           NULL, NULL, &child, NULL, NULL, said, &error);
  g_assert_no_error(error);
  return child;
}

static GPid start_cli(const char *words)
{
  return start_cli_heard(words, NULL);
}

static void make_shared(void)
{
  static const char config[] =
      "{\"vocab_size\": 383, \"hidden_size\": 32, \"num_attention_heads\": 2, "
      "\"intermediate_size\": 64, \"l_layers\": 1, \"r_layers\": 1, \"x_layers\": 1, "
      "\"max_position_embeddings\": 32, \"visual_feat_dim\": 256, \"num_object_labels\": 32, "
      "\"num_attr_labels\": 11}";
  GError *error = NULL;
  shared = g_dir_make_tmp("crosslens-runs-XXXXXX", &error);
  g_assert_no_error(error);
  g_autofree char *aside = g_build_filename(shared, "aside", NULL);
  g_autofree char *sizes = g_build_filename(shared, "sizes", NULL);
  g_autofree char *json = g_build_filename(sizes, "config.json", NULL);
  child_env = g_environ_setenv(g_get_environ(), "CROSSLENS_STATE_DIR", aside, TRUE);
  run_cli("world --out %s/data --scenes 24 --seed 5 --features %s/models/detector-world", shared,
          g_getenv("CROSSLENS_DATA_DIR"));
  g_mkdir(sizes, 0755);
  g_assert_true(g_file_set_contents(json, config, -1, NULL));
  run_cli("train --task pretrain --data %s/data --model %s --out %s/base --batch 8 --max-steps 4",
          shared, sizes, shared);
}

static void set_up(World *self, gconstpointer unused)
{
  world_set_up(self, NULL);
  child_env = g_environ_setenv(child_env, "CROSSLENS_STATE_DIR", self->state_dir, TRUE);
}

/* ---- waiting ---- */

typedef struct {
  World *world;
  const char *name;
  LensJobState state;
  guint points;
} Wanted;

static LensTrainJob *find_job(World *self, const char *name)
{
  GListModel *jobs = lens_workbench_get_jobs(self->bench);
  for (guint i = 0; i < g_list_model_get_n_items(jobs); i++) {
    g_autoptr(LensTrainJob) job = g_list_model_get_item(jobs, i);
    if (g_str_equal(lens_job_get_title(LENS_JOB(job)), name))
      return job; /* the list keeps it */
  }
  return NULL;
}

static gboolean is_seen(gpointer data)
{
  Wanted *wanted = data;
  LensTrainJob *job = find_job(wanted->world, wanted->name);
  return job && lens_job_get_state(LENS_JOB(job)) == wanted->state &&
         n_losses(job) >= wanted->points;
}

static LensTrainJob *wait_for_job(World *self, const char *name, LensJobState state, guint points)
{
  Wanted wanted = {self, name, state, points};
  world_wait(is_seen, &wanted);
  return find_job(self, name);
}

/* ---- the tests ---- */

#define TRAIN "train --task vqa --data %s/data --model %s/base --batch 8 --lr 1e-3 --seed 3 "

static void test_seen(World *self, gconstpointer unused)
{
  g_autofree char *out = world_file(self, "mine");
  run_cli(TRAIN "--freeze language,heads --loss multi-class --out %s --epochs 3", shared, shared,
          out);
  LensTrainJob *job = wait_for_job(self, "mine", LENS_JOB_DONE, 1);
  const LensTrainSettings *s = lens_train_job_get_settings(job);
  g_assert_cmpint(s->task, ==, LENS_TASK_VQA);
  g_assert_true(s->epochs == 3 && s->batch == 8 && s->seed == 3 && s->multi_class);
  g_assert_true(s->freeze_language && s->freeze_heads && !s->freeze_embeddings && !s->freeze_cross);
  g_assert_cmpfloat(s->learning_rate, ==, 1e-3);
  g_assert_cmpuint(n_losses(job), ==, lens_train_job_get_total_steps(job));
  check_steps(lens_train_job_get_loss_series(job));
  g_assert_cmpuint(lens_series_get_n_points(lens_train_job_get_accuracy_series(job)), ==, 3);
  g_assert_cmpuint(strlen(lens_train_job_get_base_hash(job)), ==, 64);
  g_assert_nonnull(lens_train_job_get_model(job));
  g_assert_nonnull(lens_train_job_get_best_model(job));
  g_assert_true(lens_workbench_find_model(
                    self->bench, lens_model_get_id(lens_train_job_get_model(job))) != NULL);

  /* After a restart it is in the list, once. */
  g_autoptr(GArray) losses = points_of(lens_train_job_get_loss_series(job));
  world_reopen(self);
  job = wait_for_job(self, "mine", LENS_JOB_DONE, 1);
  check_same(lens_train_job_get_loss_series(job), losses);
  g_assert_cmpuint(g_list_model_get_n_items(lens_workbench_get_jobs(self->bench)), ==, 1);
  g_assert_nonnull(lens_train_job_get_model(job));

  /* Removed from the list it stays away, and its folder stays. */
  GError *error = NULL;
  g_assert_true(lens_workbench_remove_training(self->bench, job, &error));
  run_cli(TRAIN "--out %s-2 --epochs 1", shared, shared, out);
  wait_for_job(self, "mine-2", LENS_JOB_DONE, 1);
  g_assert_null(find_job(self, "mine"));
  g_assert_true(g_file_test(out, G_FILE_TEST_IS_DIR));
}

/* A long curve of the command line does not have each step. */
static void check_grows(LensTrainJob *job)
{
  LensSeries *series = lens_train_job_get_loss_series(job);
  double step, value, last = 0;
  for (guint i = 0; i < lens_series_get_n_points(series); i++, last = step) {
    lens_series_get_point(series, i, &step, &value);
    g_assert_cmpfloat(step, >, last);
    g_assert_cmpfloat(step - last, <=, 50);
  }
}

static void check_same_model(const char *a, const char *b)
{
  g_autofree char *texts[2] = {NULL, NULL};
  gsize sizes[2];
  const char *folders[] = {a, b};
  for (int i = 0; i < 2; i++) {
    g_autofree char *path = g_build_filename(folders[i], "model.safetensors", NULL);
    g_assert_true(g_file_get_contents(path, &texts[i], &sizes[i], NULL));
  }
  g_assert_cmpmem(texts[0], sizes[0], texts[1], sizes[1]);
  g_free(g_steal_pointer(&texts[1]));
}

static gint64 saved_at(const char *out)
{
  GStatBuf info;
  g_autofree char *path = g_build_filename(out, "training-state.safetensors", NULL);
  return g_stat(path, &info) == 0
             ? info.st_mtim.tv_sec * G_GINT64_CONSTANT(1000000000) + info.st_mtim.tv_nsec
             : 0;
}

/* Begun and, once it has written another checkpoint, held: so that it is seen at work for certain. */
static GPid start_and_hold(const char *out, const char *words)
{
  gint64 before = saved_at(out);
  GPid child = start_cli(words);
  while (saved_at(out) == before)
    g_usleep(500);
  kill(child, SIGSTOP);
  return child;
}

/* Followed while it runs, stopped from the window, gone on with on the command line, killed, gone on with
 * in the window: the same model as without all that. */
static void test_back_and_forth(World *self, gconstpointer unused)
{
  GError *error = NULL;
  int status;
  g_autofree char *out = world_file(self, "far");
  g_autofree char *whole = world_file(self, "whole");
  g_autofree char *words =
      g_strdup_printf(TRAIN "--out %s --epochs 15 --save-every 20", shared, shared, out);
  GPid child = start_and_hold(out, words);
  LensTrainJob *job = wait_for_job(self, "far", LENS_JOB_RUNNING, 20);
  g_assert_true(lens_train_job_is_elsewhere(job));
  lens_job_cancel(LENS_JOB(job));
  kill(child, SIGCONT);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  wait_for_job(self, "far", LENS_JOB_STOPPED, 20);
  g_assert_false(lens_train_job_is_elsewhere(job));
  check_grows(job);
  guint before = n_losses(job);

  child = start_and_hold(out, "jobs resume far");
  wait_for_job(self, "far", LENS_JOB_RUNNING, before + 1);
  g_assert_false(lens_workbench_resume_training(self->bench, job, &error)); /* somebody is at it */
  g_clear_error(&error);
  kill(child, SIGKILL);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  wait_for_job(self, "far", LENS_JOB_INTERRUPTED, before + 1);
  g_assert_true(lens_workbench_resume_training(self->bench, job, &error));
  g_assert_no_error(error);
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_DONE);
  check_grows(job);
  run_cli(TRAIN "--out %s --epochs 15 --save-every 0", shared, shared, whole);
  check_same_model(out, whole);
}

/* Begun in the window, ended by the command line. */
static void test_given_away(World *self, gconstpointer unused)
{
  g_autoptr(LensTrainSettings) settings = make_settings("Given", 15);
  g_autofree char *base = g_build_filename(shared, "base", NULL);
  settings->batch = 8;
  settings->freeze_embeddings = TRUE;
  settings->warmup = 0.2;
  settings->base_model_id = base; /* a folder that is not in the list */
  g_free(settings->data);
  settings->data = g_build_filename(shared, "data", NULL);
  LensTrainJob *job = start_with(self, settings);
  settings->base_model_id = NULL;
  world_wait(has_loss, job);
  lens_train_job_stop(job);
  world_wait(is_finished, job);
  expect_state(job, LENS_JOB_STOPPED);
  guint before = n_losses(job);
  run_cli("jobs watch Given");
  run_cli("jobs resume Given");
  wait_for_job(self, "Given", LENS_JOB_DONE, before + 1);
  check_grows(job);
  /* Renamed in the window it is called so here, too. */
  GError *error = NULL;
  g_assert_true(lens_workbench_rename_training(self->bench, job, "Taken back", &error));
  g_assert_no_error(error);
  run_cli("jobs watch 'Taken back'");
}

/* All that it says until it ends, with this exit code. */
static char *hear(GPid child, int said, int code)
{
  g_autoptr(GString) text = g_string_new(NULL);
  char part[256];
  int status = 0;
  for (ssize_t n; (n = read(said, part, sizeof part)) > 0;)
    g_string_append_len(text, part, n);
  close(said);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_test_message("%s", text->str);
  g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == code);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Watched from before it begins; killed, the watcher says how it goes on. */
static void test_watched_early(World *self, gconstpointer unused)
{
  int said = -1, status = 0;
  g_autofree char *out = world_file(self, "early");
  g_autofree char *words =
      g_strdup_printf(TRAIN "--out %s --epochs 500 --save-every 20", shared, shared, out);
  g_autofree char *hint = g_strdup_printf("crosslens-cli jobs resume %s goes on", out);
  GPid watcher = start_cli_heard("jobs watch early", &said);
  GPid child = start_and_hold(out, words);
  kill(child, SIGKILL);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_autofree char *text = hear(watcher, said, 1);
  g_assert_nonnull(strstr(text, "early: interrupted"));
  g_assert_nonnull(strstr(text, hint));
}

#define ADD(name, func) g_test_add("/elsewhere/" name, World, NULL, set_up, func, world_tear_down)

int main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  make_shared();
  ADD("seen", test_seen);
  ADD("back-and-forth", test_back_and_forth);
  ADD("given-away", test_given_away);
  ADD("watched-early", test_watched_early);
  int result = g_test_run();
  const char *rm[] = {"rm", "-r", shared, NULL};
  g_spawn_sync(NULL, (char **)rm, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
  g_free(shared);
  g_strfreev(child_env);
  return result;
}
