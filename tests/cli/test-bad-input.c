/* What people get wrong, and what goes wrong: a clear message, the right exit code, never a crash. */
#include "cli-run.h"

/* What takes long says what it did as JSON, can be gone on with, and repeats from a seed. */
static void test_long_commands(void)
{
  static const char *const commands[] = {
      "world", "train", "train --task detector", "eval", "ablation", "findings", "perturb"};
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    CHECK_RUNS("%s --help", commands[i]);
    CHECK(strstr(cli_out, "\n  --json ") && strstr(cli_out, "\n  --resume ") &&
              strstr(cli_out, "\n  --seed "),
          "%s: %s", commands[i], cli_out);
  }
}

static void test_usage(void)
{
  static const char *const commands[] = {
      "detect",    "ask",       "attention", "world",    "train",   "eval",
      "ablation",  "findings",  "perturb",   "convert",  "inspect", "forward",
      "gradients", "relevancy", "stages",    "tokenize", "tsv"};

  CHECK_RUNS("--version");
  CHECK(strstr(cli_out, "crosslens-cli "));
  CHECK_RUNS("--help");
  for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
    CHECK_RUNS("--help");
    CHECK(strstr(cli_out, commands[i]), "%s is not in the help text", commands[i]);
    CHECK_RUNS("%s --help", commands[i]);
    CHECK(strstr(cli_out, "usage: crosslens-cli ") && strstr(cli_out, "--help"), "%s", cli_out);
    CHECK_FAILS(2, "--no-such-option", "%s --no-such-option", commands[i]);
    CHECK(cli("%s %s </dev/null", commands[i], "") == 2, "%s without anything", commands[i]);
  }
  CHECK(cli("train --task detector --help") == 0 && strstr(cli_out, "--task detector"));
  test_long_commands();
  CHECK(cli("%s", "") == 2);
  CHECK_FAILS(2, "dance", "dance");
  CHECK_FAILS(2, "--top", "ask a.png b --top three");
  CHECK_FAILS(2, "--top", "ask a.png b --top");
  CHECK_FAILS(2, "too many", "ask a.png b c");
  CHECK_FAILS(2, "whole number", "world --out w --scenes 3.5 --seed 1");
  CHECK_FAILS(2, "--lr", "train --task vqa --data a --model b --out c --lr fast");
  CHECK_FAILS(2, "--freeze", "train --task vqa --data a --model b --out c --freeze legs");
  CHECK_FAILS(2, "poetry", "eval --task poetry --data a");
  CHECK_FAILS(2, "none of", "tsv dance a.tsv");
}

static void test_images(void)
{
  const char *with = "--model model --detector detector";

  shell("echo this is only text >text.png; : >empty.png");
  CHECK_FAILS(1, "text.png", "ask text.png 'is there a dog ?' %s", with);
  CHECK_FAILS(1, "empty", "ask empty.png 'is there a dog ?' %s", with);
  CHECK_FAILS(1, "No such file", "ask nowhere.png 'is there a dog ?' %s", with);
  CHECK_FAILS(1, "folder", "ask world 'is there a dog ?' %s", with);
  CHECK_FAILS(1, "text.png", "detect text.png --detector detector --json");
  CHECK_FAILS(1, "no image", "detect --folder world/vqa --detector detector");
  CHECK_FAILS(1, "nowhere", "detect --folder nowhere --detector detector");
}

static void test_questions(void)
{
  const char *image = "world/images/world_test_000000000000.png";
  const char *with = "--model model --detector detector";

  CHECK_FAILS(1, "empty", "ask %s '' %s", image, with);
  CHECK_FAILS(1, "empty", "ask %s '   ' %s", image, with);
  CHECK_FAILS(1, "too long", "ask %s \"$(head -c 5000 /dev/zero | tr '\\0' '?')\" %s", image, with);
  CHECK_FAILS(1, "too long", "ask %s \"$(yes dog | head -n 1250 | tr '\\n' ' ')\" %s", image, with);
  /* characters that are no UTF-8, control characters, other scripts: an answer, or a message */
  CHECK(cli("ask %s \"$(printf 'is \\377\\376 there \\001 a dog \\360\\237\\220\\225 ?')\" %s",
            image, with) <= 1);
  CHECK_RUNS("ask %s 'ist da ein Hündchen 犬 ?' %s", image, with);
}

static void test_models(void)
{
  const char *image = "world/images/world_test_000000000000.png 'is there a dog ?'";
  static const char *const damages[] = {
      "head -c 100 model/model.safetensors >bad/model.safetensors",
      "head -c 500000 model/model.safetensors >bad/model.safetensors",
      ": >bad/model.safetensors",
      "head -c 300000 /dev/urandom >bad/model.safetensors",
      "rm bad/model.safetensors",
      "echo '{' >bad/config.json",
      "rm bad/vocab.txt",
  };

  CHECK_FAILS(1, "nowhere", "ask %s --model nowhere --detector detector", image);
  CHECK_FAILS(1, "nowhere", "ask %s --model model --detector nowhere", image);
  CHECK_FAILS(1, "nowhere", "eval --data world --split test --model nowhere");
  CHECK_FAILS(1, "nowhere", "inspect nowhere");
  CHECK_FAILS(1, "nowhere", "forward --model nowhere --inputs a --out b");
  for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
    shell("rm -rf bad; cp -r model bad; %s", damages[i]);
    CHECK_FAILS(1, "bad", "ask %s --model bad --detector detector", image);
  }
  shell("rm -rf bad; cp -r model bad; rm bad/config.json"); /* the tensors tell the sizes */
  CHECK_RUNS("ask %s --model bad --detector detector", image);
  CHECK(strstr(cli_err, "how many attention heads bad has. Assumed: 1 "), "%s", cli_err);
  shell("rm -rf bad; cp -r detector bad; head -c 9000 detector/model.safetensors "
        ">bad/model.safetensors");
  CHECK_FAILS(1, "bad", "ask %s --model model --detector bad", image);
  /* features of another size than the model's */
  shell("rm -rf other; cp -r model other; cp %s other/config.json; cp %s other/model.safetensors; "
        "rm -f other/answers.json",
        lx_test_data("tiny/config.json"), lx_test_data("tiny/weights.safetensors"));
  CHECK(cli("ask %s --model other --detector detector", image) == 1, "%s", cli_err);
}

/* File names are bytes, JSON is UTF-8. */
static void test_names(void)
{
  shell("cp world/images/world_test_000000000000.png \"$(printf 'b\\377d.png')\"; "
        "cp -r model \"$(printf 'm\\376')\"");
  CHECK_RUNS("detect \"$(printf 'b\\377d.png')\" --detector detector --json");
  CHECK(strstr(cli_out, "\"image\": \"b\357\277\275d.png\""), "%s", cli_out);
  CHECK_RUNS(
      "ask \"$(printf 'b\\377d.png')\" 'is there a dog ?' --detector detector --json --model "
      "\"$(printf 'm\\376')\"");
  CHECK(strstr(cli_out, "\"model\": \"m\357\277\275\""), "%s", cli_out);
  CHECK_RUNS("inspect --json \"$(printf 'm\\376')\"");
  CHECK(strstr(cli_out, "\"model\": \"m\357\277\275\""), "%s", cli_out);
}

static void test_data(void)
{
  CHECK_FAILS(1, "nowhere", "eval --data nowhere --split test --model model");
  CHECK_FAILS(1, "no vqa questions", "eval --data world --split dreams --model model");
  shell("cp -r world damaged; echo '[{\"question_id\": 1' >damaged/vqa/test.json");
  CHECK_FAILS(1, "test.json", "eval --data damaged --split test --model model");
  shell("for f in damaged/features/*.tsv; do echo rubbish >$f; done; rm -f damaged/features/*.idx; "
        "cp world/vqa/test.json damaged/vqa/test.json");
  CHECK(cli("eval --data damaged --split test --model model") == 1 && cli_err[0], "%s", cli_err);
  CHECK_FAILS(1, "nowhere", "tsv check nowhere.tsv");
  CHECK(cli("tsv check damaged/features/world_test_obj36.tsv") == 1 && strstr(cli_out, "1 damaged"),
        "%s", cli_out);
  CHECK_FAILS(1, "trainval", "train --task vqa --data scratch --model base --out x");
}

/* Root may write everywhere, so a folder's place is taken by a file, and a full disk by /dev/full. */
static void test_output(void)
{
  const char *image = "world/images/world_test_000000000000.png 'is there a dog ?'";

  shell(": >file");
  CHECK(cli("world --out file/world --scenes 8 --seed 1") == 1 && cli_err[0], "%s", cli_err);
  CHECK_FAILS(1, "file", "convert model file/converted");
  CHECK_FAILS(1, "file", "train --task vqa --data world --model base --out file/x --max-steps 1");
  CHECK_FAILS(1, "file",
              "attention %s --model model --detector detector --map lang.0 --out "
              "file/a.svg",
              image);
  CHECK_FAILS(1, "file",
              "detect world/images/world_test_000000000000.png --detector detector --tsv "
              "file/a.tsv");
  CHECK_FAILS(1, "file", "forward --model other --inputs %s --out file/o.safetensors",
              lx_test_data("tiny/inputs.safetensors"));
  if (access("/dev/full", W_OK) == 0)
    CHECK(shell("\"$CROSSLENS_CLI\" --help >/dev/full 2>err.txt") == 1);
  /* what is no file is written to, and stays what it is */
  CHECK(
      shell("mkfifo pipe && { cat pipe >piped & } && "
            "\"$CROSSLENS_CLI\" forward --model other --inputs '%s' --out pipe && wait && "
            "test -p pipe && \"$CROSSLENS_CLI\" forward --model other --inputs '%s' --out plain && "
            "cmp plain piped",
            lx_test_data("tiny/inputs.safetensors"), lx_test_data("tiny/inputs.safetensors")) == 0);
  if (access("/dev/full", W_OK) == 0)
    CHECK_FAILS(1, "No space left", "forward --model other --inputs %s --out /dev/full",
                lx_test_data("tiny/inputs.safetensors"));
  if (geteuid() != 0) {
    shell("mkdir closed && chmod 500 closed");
    CHECK_FAILS(1, "closed", "convert model closed/converted");
    shell("chmod 700 closed");
  }
}

int main(void)
{
  if (!cli_begin())
    return 1;
  cli_make_model();
  test_usage();
  test_images();
  test_questions();
  test_models();
  test_names();
  test_data();
  test_output();
  return cli_end();
}
