/* crosslens-cli train --task detector: a few scenes; what it says as JSON, and a run that was stopped. */
#include "cli-run.h"

#define TRAIN                                                                                      \
  "train --task detector --scenes 20 --batch 4 --scale 0.25 --test-scenes 4 --seed 3 --every 0 "

static double number(const json_t *json, const char *key)
{
  const json_t *value = json_object_get(json, key);
  CHECK(json_is_number(value), "no number \"%s\"", key);
  return json_number_value(value);
}

static void test_whole(void)
{
  CHECK_RUNS(TRAIN "--out whole --json");
  json_t *json = cli_json();
  CHECK(number(json, "trained_scenes") == 20 && number(json, "step") == 5 &&
        number(json, "scenes") == 4);
  CHECK(number(json, "objects") >= 16 && number(json, "recall") >= 0 &&
        number(json, "recall") <= 1);
  CHECK(!strcmp(json_string_value(json_object_get(json, "model")), "whole"));
  json_decref(json);
  CHECK(shell("test $(wc -l <whole/log.jsonl) = 6") == 0); /* every step, and the end */
  CHECK(cli_size("whole/README.md") > 500 && cli_size("whole/objects_vocab.txt") > 100);
}

/* Stopped after some step and resumed: the weights of the run that was not. */
static void test_resumed(void)
{
  CHECK(cli(TRAIN "--out parts & pid=$!; "
                  "while ! test -f parts/training-state.safetensors; do sleep 0.02; done; "
                  "kill -INT $pid; wait $pid") <= 1);
  CHECK_RUNS(TRAIN "--out parts --resume");
  CHECK(strstr(cli_out, "recall") && strstr(cli_out, "4 scenes"), "%s", cli_out);
  CHECK(shell("cmp whole/model.safetensors parts/model.safetensors") == 0);
  CHECK_RUNS(TRAIN "--out other --seed 4");
  CHECK(shell("cmp -s whole/model.safetensors other/model.safetensors") == 1);
}

static void test_measured(void)
{
  CHECK_RUNS("train --task detector --out whole --evaluate 3 --split heldout --json");
  json_t *json = cli_json();
  CHECK(number(json, "scenes") == 3 && !json_object_get(json, "step"));
  json_decref(json);
  CHECK_RUNS("train --task detector --out whole --evaluate 3");
  CHECK(strstr(cli_out, "3 scenes"), "%s", cli_out);
  CHECK_FAILS(1, "/nowhere", "train --task detector --out /nowhere --evaluate 3");
  CHECK_FAILS(2, "--test-scenes", "train --task detector --out whole --test-scenes 0");
}

/* Weights alone are read as what they are, and become a folder that finds the same. */
static void test_converted(void)
{
  CHECK(shell("mkdir alone && cp whole/model.safetensors whole/objects_vocab.txt "
              "whole/attributes_vocab.txt alone") == 0);
  CHECK_RUNS("convert alone/model.safetensors copy --json");
  json_t *json = cli_json();
  CHECK(number(json, "loaded") > 50 && number(json, "features") > 0 && number(json, "classes") > 1);
  json_decref(json);
  CHECK(cli_size("copy/config.json") > 500);
  CHECK(shell("cmp alone/objects_vocab.txt copy/objects_vocab.txt") == 0);
  CHECK_FAILS(1, "faster.pkl", "convert faster.pkl other");
}

int main(void)
{
  if (!cli_begin())
    return 1;
  test_whole();
  test_resumed();
  test_measured();
  test_converted();
  return cli_end();
}
