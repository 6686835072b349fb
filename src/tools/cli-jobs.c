/* jobs: the trainings of this person, begun here or in the window: list, watch, stop, resume. */
#include "cli.h"
#include "cli-json.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lx-file.h"
#include "lx-process.h"
#include "lx-run-log.h"

enum { PATIENCE = 15 }; /* seconds that a training may take to appear */

typedef struct {
  char folder[4096];
  json_t *record;
  int64_t step, total; /* of the last line */
  double loss, speed, left;
  double best, best_loss;
  int64_t best_step; /* -1: no validation yet */
} Job;

typedef struct {
  Job *jobs;
  size_t n, room;
} Jobs;

static const char *text_of(const Job *job, const char *key)
{
  const char *text = json_string_value(json_object_get(job->record, key));
  return text ? text : "";
}

static double number_in(const json_t *line, const char *key)
{
  return json_number_value(json_object_get(line, key));
}

static void take_line(const json_t *line, void *user_data)
{
  Job *job = user_data;
  int64_t step = json_integer_value(json_object_get(line, "step"));
  if (!json_object_get(line, "validation")) {
    job->step = step;
    job->total = json_integer_value(json_object_get(line, "total_steps"));
    job->loss = number_in(line, "loss");
    job->speed = number_in(line, "examples_per_second");
    job->left = number_in(line, "seconds_left");
    return;
  }
  double accuracy = number_in(line, "accuracy"), loss = number_in(line, "loss");
  bool pretrain = !strcmp(text_of(job, "task"), "pretrain");
  if (job->best_step >= 0 && (pretrain ? loss >= job->best_loss : accuracy <= job->best))
    return;
  job->best_step = step;
  job->best = accuracy;
  job->best_loss = loss;
}

static void add_job(const char *folder, void *user_data)
{
  Jobs *all = user_data;
  json_t *record = NULL;
  if (lx_run_read(folder, &record, NULL) != LX_OK)
    return;
  if (all->n == all->room) {
    size_t room = all->room ? 2 * all->room : 16;
    Job *larger = realloc(all->jobs, room * sizeof *larger);
    if (!larger) {
      json_decref(record);
      return;
    }
    all->jobs = larger;
    all->room = room;
  }
  Job *job = &all->jobs[all->n++];
  int64_t at = 0;
  uint64_t id = 0;
  bool again;
  *job = (Job){.record = record, .best_step = -1};
  snprintf(job->folder, sizeof job->folder, "%s", folder);
  lx_run_lines(folder, &at, &id, &again, take_line, job, NULL);
}

static int newest_first(const void *a, const void *b)
{
  json_int_t x = json_integer_value(json_object_get(((const Job *)a)->record, "created_at"));
  json_int_t y = json_integer_value(json_object_get(((const Job *)b)->record, "created_at"));
  return (x < y) - (x > y);
}

static void read_jobs(Jobs *all)
{
  char *runs = lx_runs_folder();
  *all = (Jobs){0};
  if (runs)
    lx_runs_each(runs, add_job, all);
  free(runs);
  if (all->n)
    qsort(all->jobs, all->n, sizeof *all->jobs, newest_first);
}

static void clear_jobs(Jobs *all)
{
  for (size_t i = 0; i < all->n; i++)
    json_decref(all->jobs[i].record);
  free(all->jobs);
}

/* ---- list ---- */

static json_t *job_json(const Job *job)
{
  json_t *out = json_deep_copy(job->record);
  json_object_set_new(out, "folder", cli_json_text(job->folder));
  json_object_set_new(out, "step", json_integer(job->step));
  json_object_set_new(out, "total_steps", json_integer(job->total));
  if (job->step > 0)
    json_object_set_new(out, "loss", json_real(job->loss));
  if (job->best_step >= 0)
    json_object_set_new(out, "best",
                        json_pack("{sI sf sf}", "step", (json_int_t)job->best_step, "accuracy",
                                  job->best, "loss", job->best_loss));
  return out;
}

static void print_job(const Job *job)
{
  char best[32] = "-", steps[48] = "-", loss[24] = "-";
  if (job->best_step >= 0)
    snprintf(best, sizeof best, "%.2f%%", 100 * job->best);
  if (job->total > 0)
    snprintf(steps, sizeof steps, "%lld/%lld", (long long)job->step, (long long)job->total);
  if (job->step > 0)
    snprintf(loss, sizeof loss, "%.4f", job->loss);
  printf("%-20s %-8s %-11s %15s %9s %8s  %s\n", text_of(job, "name"), text_of(job, "task"),
         text_of(job, "state"), steps, loss, best, job->folder);
}

static int list(const Jobs *all, bool as_json)
{
  json_t *array = as_json ? json_array() : NULL;
  if (!as_json)
    printf("%-20s %-8s %-11s %15s %9s %8s  %s\n", "name", "task", "state", "step", "loss", "best",
           "folder");
  for (size_t i = 0; i < all->n; i++)
    if (as_json)
      json_array_append_new(array, job_json(&all->jobs[i]));
    else
      print_job(&all->jobs[i]);
  if (as_json)
    return cli_print_json(array, JSON_INDENT(2));
  return CLI_OK;
}

/* ---- one of them ---- */

/* By name (the newest of that name) or folder. */
static Job *find(const Jobs *all, const char *wanted)
{
  char *whole = realpath(wanted, NULL);
  Job *found = NULL;
  for (size_t i = 0; i < all->n && !found; i++)
    if (!strcmp(all->jobs[i].folder, whole ? whole : wanted) ||
        !strcmp(text_of(&all->jobs[i], "name"), wanted))
      found = &all->jobs[i];
  free(whole);
  return found;
}

typedef struct {
  Job *job;
  bool as_json;
} Watched;

static void show_line(const json_t *line, void *user_data)
{
  Watched *watched = user_data;
  Job *job = watched->job;
  take_line(line, job);
  if (watched->as_json) {
    json_dumpf(line, stdout, JSON_COMPACT);
    putchar('\n');
    return;
  }
  if (json_object_get(line, "validation"))
    printf("%s after step %lld: accuracy %.2f%%, loss %.4f\n",
           json_string_value(json_object_get(line, "validation")),
           (long long)json_integer_value(json_object_get(line, "step")),
           100 * number_in(line, "accuracy"), number_in(line, "loss"));
  else
    printf("step %lld/%lld  loss %.4f  %.0f examples/s  %s left\n", (long long)job->step,
           (long long)job->total, job->loss, job->speed, cli_duration(job->left));
}

static bool is_over(const char *state)
{
  return strcmp(state, "running") && strcmp(state, "paused");
}

/* Until it ends, or Ctrl+C; the training goes on. */
static int watch(Job *job, bool as_json)
{
  Watched watched = {job, as_json};
  LxError error = {0};
  int64_t at = 0;
  uint64_t id = 0;
  bool again, over = false;
  while (!over && !cli_interrupted()) {
    json_t *record = NULL;
    if (lx_run_read(job->folder, &record, &error) != LX_OK)
      return cli_fail_error(&error);
    json_decref(job->record);
    job->record = record;
    over = is_over(text_of(job, "state")); /* before the last lines are read */
    lx_run_lines(job->folder, &at, &id, &again, show_line, &watched, NULL);
    if (again && !as_json)
      printf("(it went back to its checkpoint)\n");
    fflush(stdout);
    for (int i = 0; i < 5 && !over && !cli_interrupted(); i++)
      usleep(100000);
  }
  if (!over)
    return CLI_OK;
  const char *text = text_of(job, "text");
  fprintf(stderr, "%s: %s%s%s\n", text_of(job, "name"), text_of(job, "state"), *text ? " " : "",
          text);
  if (!strcmp(text_of(job, "state"), "interrupted"))
    fprintf(stderr, "crosslens-cli jobs resume %s goes on from its checkpoint\n", job->folder);
  return !strcmp(text_of(job, "state"), "done") || !strcmp(text_of(job, "state"), "stopped")
             ? CLI_OK
             : CLI_FAILED;
}

/* A training that was given just now is in the list when its data is open. */
static Job *wait_for(Jobs *all, const char *wanted)
{
  Job *job = find(all, wanted);
  for (int i = 0; i < 5 * PATIENCE && !job && !cli_interrupted(); i++) {
    if (i == 0)
      fprintf(stderr, "there is no training “%s” yet; waiting %d s for it to begin\n", wanted,
              PATIENCE);
    usleep(200000);
    clear_jobs(all);
    read_jobs(all);
    job = find(all, wanted);
  }
  return job;
}

static int stop(const Job *job)
{
  long pid = lx_process_number(text_of(job, "owner"));
  if (is_over(text_of(job, "state")) || pid == 0)
    return cli_fail("“%s” is not running: it is %s", text_of(job, "name"), text_of(job, "state"));
  if (json_array_size(json_object_get(job->record, "command")) == 0 ||
      strcmp(text_of(job, "program"), "crosslens-cli") != 0)
    return cli_fail("“%s” runs in the window, process %ld: stop it there", text_of(job, "name"),
                    pid);
  if (kill((pid_t)pid, SIGTERM) != 0)
    return cli_fail("process %ld cannot be stopped: %s", pid, strerror(errno));
  fprintf(stderr, "“%s” stops after its step and keeps everything\n", text_of(job, "name"));
  return CLI_OK;
}

/* The command it was begun with, in the folder it was begun in. */
static int resume(const Job *job)
{
  char *words[CLI_MOST_WORDS + 2];
  const json_t *command = json_object_get(job->record, "command");
  int n = (int)json_array_size(command);
  if (!is_over(text_of(job, "state")) || !strcmp(text_of(job, "state"), "done"))
    return cli_fail("“%s” cannot be resumed: it is %s", text_of(job, "name"),
                    text_of(job, "state"));
  if (n < 1 || n > CLI_MOST_WORDS)
    return cli_fail("“%s” learns from the window's demo questions: go on with it there",
                    text_of(job, "name"));
  for (int i = 0; i < n; i++) {
    const char *word = json_string_value(json_array_get(command, (size_t)i));
    words[i] = (char *)(word ? word : "");
  }
  if (chdir(text_of(job, "from")) != 0)
    return cli_fail("it was begun in %s, which cannot be entered: %s", text_of(job, "from"),
                    strerror(errno));
  words[n++] = (char *)"--resume";
  words[n] = NULL;
  return cli_train(n, words);
}

int cli_jobs(int argc, char **argv)
{
  bool as_json = false;
  const CliOption options[] = {
      {"json", CLI_FLAG, &as_json, NULL, "JSON on standard output; watch: a line each"},
  };
  const CliSpec spec = {
      "[list] | watch JOB | stop JOB | resume JOB",
      "The trainings begun with crosslens-cli or in the window. JOB is a name of the list, or\n"
      "the folder that the training writes to.",
      options,
      sizeof options / sizeof *options,
      0,
      2};
  Jobs all;
  int code = cli_parse(&spec, &argc, argv);
  if (code != CLI_GO_ON)
    return code;
  const char *what = argc > 1 ? argv[1] : "list";
  bool known = !strcmp(what, "watch") || !strcmp(what, "stop") || !strcmp(what, "resume");
  if (strcmp(what, "list") != 0 && !known)
    return cli_usage(argv[0], "there is no \"%s\"; there are list, watch, stop, resume", what);
  if (known != (argc > 2))
    return cli_usage(argv[0], known ? "%s needs a job" : "%s takes no job", what);
  bool watches = !strcmp(what, "watch");
  if (watches)
    cli_catch_interrupt();
  read_jobs(&all);
  Job *job = watches ? wait_for(&all, argv[2]) : known ? find(&all, argv[2]) : NULL;
  if (known && !job) {
    code = cli_fail("there is no training “%s”; crosslens-cli jobs lists them", argv[2]);
  } else if (!known) {
    code = list(&all, as_json);
  } else if (watches) {
    code = watch(job, as_json);
  } else {
    code = !strcmp(what, "stop") ? stop(job) : resume(job);
  }
  clear_jobs(&all);
  return code;
}
