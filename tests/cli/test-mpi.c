/* One training by several processes that mpirun starts: the same model as by one with the same whole batch,
 * also where it cannot be shared evenly; a process that dies ends all, and the last checkpoint is good. */
#include <dirent.h>
#include <math.h>
#include <signal.h>

#include "cli-run.h"
#include "lx-safetensors.h"

#define MPIRUN "mpirun --oversubscribe -n 2 \"$CROSSLENS_CLI\" "
#define TRAIN                                                                                      \
  "train --task vqa --data data --model sizes --batch 9 --accumulate 2 --dropout 0 --lr 1e-4 "

static double distance(const char *a, const char *b)
{
  LxTensors *x = NULL, *y = NULL;
  LxError error = {0};
  double most = 0;
  CHECK(!lx_safetensors_read(a, &x, &error) && !lx_safetensors_read(b, &y, &error), "%s",
        error.message);
  for (size_t i = 0; x && y && i < lx_tensors_count(x); i++) {
    const LxTensor *t = lx_tensors_at(x, i), *u = lx_tensors_find(y, lx_tensors_name(x, i));
    CHECK(u && lx_tensor_same_shape(t, u), "%s", lx_tensors_name(x, i));
    for (int64_t j = 0; u && j < lx_tensor_count(t); j++)
      most = fmax(most,
                  fabs((double)((const float *)t->data)[j] - (double)((const float *)u->data)[j]));
  }
  lx_tensors_unref(x);
  lx_tensors_unref(y);
  return x && y ? most : INFINITY;
}

static void test_same(void)
{
  CHECK_RUNS(TRAIN "--out one --max-steps 20 --epochs 9");
  CHECK(shell(MPIRUN TRAIN "--out two --max-steps 20 --epochs 9 >out.txt 2>err.txt") == 0);
  CHECK(shell("grep -q '^2 processes; this one has [0-9]* thread' err.txt") == 0);
  double far = distance("one/model.safetensors", "two/model.safetensors");
  printf("2 processes and 1: parameters differ by %.1e\n", far);
  CHECK(far < 1e-6, "%g", far);
  CHECK(shell("test $(grep -c '\"step\"' two/training.jsonl) = $(grep -c '\"step\"' "
              "one/training.jsonl)") == 0);
}

/* The process of this rank below our mpirun; 0 when there is none. */
static pid_t find_rank(pid_t mpirun, int rank)
{
  char path[64], text[65536], wanted[64], *at;
  pid_t found = 0;
  DIR *processes = opendir("/proc");
  snprintf(wanted, sizeof wanted, "OMPI_COMM_WORLD_RANK=%d", rank);
  for (struct dirent *entry; processes && (entry = readdir(processes)) && !found;) {
    pid_t pid = (pid_t)atoi(entry->d_name);
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    cli_slurp(path, text, sizeof text);
    at = strrchr(text, ')');
    if (pid <= 0 || !at || atoi(at + 4) != (int)mpirun) /* ") S PARENT" */
      continue;
    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = '\0';
    for (size_t i = 0; i < n && !found; i += strlen(text + i) + 1)
      if (!strcmp(text + i, wanted))
        found = pid;
    if (f)
      fclose(f);
  }
  if (processes)
    closedir(processes);
  return found;
}

/* mpirun may be gone before the last of its processes is. */
static void check_ended(const char *name)
{
  static const char *const ends[] = {"interrupted", "failed", "stopped"};
  bool ended = false;
  for (int i = 0; i < 200 && !ended; i++) {
    CHECK_RUNS("jobs --json");
    json_t *jobs = cli_json(), *job = json_array_get(jobs, 0);
    const char *state = json_string_value(json_object_get(job, "state"));
    CHECK(!strcmp(json_string_value(json_object_get(job, "name")), name));
    for (int k = 0; k < 3; k++)
      ended = ended || !strcmp(state, ends[k]);
    json_decref(jobs);
    if (!ended)
      usleep(50000);
  }
  CHECK(ended, "%s", cli_out);
}

static void test_death(void)
{
  int status = -1;
  pid_t victim = 0, mpirun = fork();
  if (mpirun == 0) {
    execl("/bin/sh", "sh", "-c",
          "exec " MPIRUN TRAIN "--out dead --epochs 3000 --save-every 5 >out.txt 2>err.txt",
          (char *)NULL);
    _exit(127);
  }
  for (int i = 0; i < 1200 && cli_size("dead/training-state.safetensors") < 0; i++)
    usleep(50000);
  CHECK(cli_size("dead/training-state.safetensors") > 0);
  victim = find_rank(mpirun, 1);
  CHECK(victim > 0 && kill(victim, SIGKILL) == 0);
  CHECK(waitpid(mpirun, &status, 0) == mpirun && status != 0);
  cli_slurp("err.txt", cli_err, sizeof cli_err);
  CHECK(strstr(cli_err, "rank 1") || strstr(cli_err, "is gone"), "%s", cli_err);
  check_ended("dead");
  CHECK_RUNS("inspect dead");
  /* One process goes on where the two were, and stops when it is told to. */
  long lines = cli_lines("dead/training.jsonl");
  pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c",
          "exec \"$CROSSLENS_CLI\" " TRAIN "--out dead --epochs 3000 --resume >out.txt 2>err.txt",
          (char *)NULL);
    _exit(127);
  }
  for (int i = 0; i < 1200 && cli_lines("dead/training.jsonl") <= lines; i++)
    usleep(50000);
  CHECK(cli_lines("dead/training.jsonl") > lines);
  CHECK(kill(child, SIGTERM) == 0 && waitpid(child, &status, 0) == child);
  cli_slurp("err.txt", cli_err, sizeof cli_err);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1, "%d: %s", status, cli_err);
  CHECK(strstr(cli_err, "stopped at step"), "%s", cli_err);
}

static void write_sizes(void)
{
  CHECK_RUNS("world --out data --scenes 24 --seed 5 --features "
             "\"$CROSSLENS_DATA_DIR/models/detector-world\"");
  CHECK(shell("mkdir sizes && cp data/vocab.txt sizes") == 0);
  FILE *f = fopen("sizes/config.json", "w");
  fprintf(f, "{\"vocab_size\": 383, \"hidden_size\": 32, \"num_attention_heads\": 2, "
             "\"intermediate_size\": 64, \"l_layers\": 1, \"r_layers\": 1, \"x_layers\": 1, "
             "\"max_position_embeddings\": 32, \"visual_feat_dim\": 256, "
             "\"num_object_labels\": 32, \"num_attr_labels\": 11}");
  fclose(f);
}

int main(void)
{
  if (!cli_begin())
    return 1;
  if (shell("mpirun --oversubscribe -n 2 true >out.txt 2>err.txt") != 0) {
    cli_slurp("err.txt", cli_err, sizeof cli_err);
    printf("mpirun does not run here: %s\n", cli_err);
    cli_end();
    return 77;
  }
  write_sizes();
  test_same();
  test_death();
  return cli_end();
}
