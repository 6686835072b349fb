/* Features of a folder after kill -9. Termination of a training: it stops after its step, can go on, and no thread that computes ever runs a
 * signal's handler (a product's stack register may point into the heap at that moment). */
#include <dirent.h>
#include <signal.h>

#include "cli-run.h"

enum { TERM_BIT = 1 << (SIGTERM - 1), INT_BIT = 1 << (SIGINT - 1) };

static pid_t start_training(const char *options)
{
  char command[1024];
  snprintf(command, sizeof command,
           "exec \"$CROSSLENS_CLI\" train --task vqa --data data --model sizes --out out --batch 8 "
           "--epochs 1000 %s >out.txt 2>err.txt",
           options);
  pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
  }
  return child;
}

static unsigned long long mask_of(const char *text, const char *name)
{
  const char *at = strstr(text, name);
  return at ? strtoull(at + strlen(name), NULL, 16) : ~0ull;
}

/* Threads of the process; *open counts those that a termination may interrupt, *caught those with a
 * handler for it. */
static int count_threads(pid_t child, int *open, int *caught)
{
  char path[64], file[512], text[4096];
  int n = 0;
  snprintf(path, sizeof path, "/proc/%d/task", (int)child);
  DIR *tasks = opendir(path);
  *open = *caught = 0;
  for (struct dirent *task; tasks && (task = readdir(tasks));) {
    if (task->d_name[0] == '.')
      continue;
    snprintf(file, sizeof file, "%s/%s/status", path, task->d_name);
    cli_slurp(file, text, sizeof text);
    if (!text[0])
      continue;
    n++;
    *open += (mask_of(text, "SigBlk:") & (TERM_BIT | INT_BIT)) != (TERM_BIT | INT_BIT);
    *caught += (mask_of(text, "SigCgt:") & (TERM_BIT | INT_BIT)) != 0;
  }
  if (tasks)
    closedir(tasks);
  return n;
}

static void wait_for_file(const char *path)
{
  for (int i = 0; i < 600 && cli_size(path) < 0; i++)
    usleep(50000);
  CHECK(cli_size(path) > 0, "%s did not come", path);
}

static int stop(pid_t child, int number)
{
  int status = -1;
  CHECK(kill(child, number) == 0);
  CHECK(waitpid(child, &status, 0) == child);
  cli_slurp("err.txt", cli_err, sizeof cli_err);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + status;
}

static void test_training(void)
{
  int open, caught;
  pid_t child = start_training("--save-every 2");
  wait_for_file("out/training-state.safetensors");
  int threads = count_threads(child, &open, &caught);
  printf("%d threads, %d open to termination, %d with a handler\n", threads, open, caught);
  CHECK(threads >= 2 && open <= 1 && caught == 0);
  CHECK(stop(child, SIGTERM) == 1, "%s", cli_err);
  CHECK(strstr(cli_err, "stopped at step"), "%s", cli_err);
  long lines = cli_lines("out/training.jsonl");
  child = start_training("--resume");
  for (int i = 0; i < 1200 && cli_lines("out/training.jsonl") <= lines; i++)
    usleep(50000);
  CHECK(stop(child, SIGINT) == 1, "%s", cli_err);
  CHECK(strstr(cli_err, "--resume"), "%s", cli_err);
}

/* Whenever a termination comes, also while files are opened or in the validation that a stop had broken
 * off: the program says how to go on, or had not begun. */
static void test_any_moment(void)
{
  int died = 0, early = 0, late = 0;
  for (int i = 0; i < 16; i++) {
    pid_t child = start_training("--resume --save-every 1");
    usleep((useconds_t)(i * i * 4000));
    int code = stop(child, i % 2 ? SIGTERM : SIGINT);
    died += code > 255;
    if (code > 255)
      continue;
    early += strstr(cli_err, "give the same command again") != NULL;
    late += strstr(cli_err, "stopped at step") != NULL;
    CHECK(code == 1 && died + early + late == i + 1, "%d: %s", code, cli_err);
  }
  printf("stopped at any moment: %d had not begun, %d were opening, %d were at work\n", died, early,
         late);
  CHECK(late > 0);
}

/* Features of a folder of images, killed three times: the same file as without. */
static void test_folder(void)
{
  CHECK_RUNS("world --out seen --scenes 8 --seed 6 --split test --images");
  CHECK_RUNS("detect --folder seen/images --tsv whole.tsv");
  CHECK(cli_lines("whole.tsv") == 8);
  for (long lines = 1; lines < 7; lines += 2) {
    pid_t child = fork();
    if (child == 0) {
      execl("/bin/sh", "sh", "-c",
            "exec \"$CROSSLENS_CLI\" detect --folder seen/images --tsv parts.tsv", (char *)NULL);
      _exit(127);
    }
    for (int i = 0; i < 3000 && cli_lines("parts.tsv") < lines; i++)
      usleep(10000);
    kill(child, SIGKILL);
    CHECK(waitpid(child, NULL, 0) == child && cli_lines("parts.tsv") >= lines);
  }
  CHECK(shell("printf 'world_test_0000' >>parts.tsv") == 0); /* a line that was being written */
  CHECK_RUNS("detect --folder seen/images --tsv parts.tsv");
  CHECK(shell("cmp whole.tsv parts.tsv") == 0);
}

int main(void)
{
  CHECK(mkdtemp(cli_dir) != NULL && chdir(cli_dir) == 0);
  CHECK_RUNS("world --out data --scenes 24 --seed 5 --features "
             "\"$CROSSLENS_DATA_DIR/models/detector-world\"");
  CHECK(shell("mkdir sizes && cp data/vocab.txt sizes") == 0);
  FILE *f = fopen("sizes/config.json", "w");
  fprintf(f, "{\"vocab_size\": 383, \"hidden_size\": 32, \"num_attention_heads\": 2, "
             "\"intermediate_size\": 64, \"l_layers\": 1, \"r_layers\": 1, \"x_layers\": 1, "
             "\"max_position_embeddings\": 32, \"visual_feat_dim\": 256, "
             "\"num_object_labels\": 32, \"num_attr_labels\": 11}");
  fclose(f);
  test_training();
  test_any_moment();
  test_folder();
  CHECK(shell("rm -r %s", cli_dir) == 0);
  return lx_test_end();
}
