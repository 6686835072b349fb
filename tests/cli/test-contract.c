/* The lines of the contract as they are written, on small data, one after the other. */
#include "cli-run.h"

#include <math.h>

#include "lx-safetensors.h"

static double number(const json_t *json, const char *key)
{
  const json_t *value = json_object_get(json, key);
  CHECK(json_is_number(value), "no number \"%s\"", key);
  return json_number_value(value);
}

static void test_world(void)
{
  static const char *const files[] = {"world/vocab.txt",
                                      "world/vqa/train.json",
                                      "world/vqa/minival.json",
                                      "world/gqa/test.json",
                                      "world/nlvr2/train.json",
                                      "world/lxmert/world_train.json",
                                      "world/lxmert/all_ans.json",
                                      "world/vqa/trainval_label2ans.json",
                                      "world/features/world_train_obj36.tsv"};

  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    CHECK(cli_size(files[i]) > 0, "%s is missing", files[i]);
  CHECK(shell("test $(ls world/images/*.png | wc -l) = 20") == 0);
  CHECK(shell("test $(cat world/features/*.tsv | wc -l) = 20") == 0);
  CHECK_RUNS("world --out again --scenes 20 --seed 3 --features detector");
  CHECK(shell("cmp world/vqa/train.json again/vqa/train.json") == 0);
  CHECK(shell("cmp world/features/world_test_obj36.tsv again/features/world_test_obj36.tsv") == 0);
  /* more statements begin with the same ones */
  CHECK_RUNS("world --out many --scenes 20 --seed 3 --statements 30");
  CHECK(shell("test $(grep -c '\"uid\"' world/nlvr2/train.json) = 28") == 0);
  CHECK(shell("test $(grep -c '\"uid\"' many/nlvr2/train.json) = 120") == 0);
  CHECK(shell("head -n 28 world/nlvr2/train.json >few.txt && head -n 28 many/nlvr2/train.json | "
              "cmp - few.txt") == 0);
  CHECK(shell("cmp world/vqa/train.json many/vqa/train.json") == 0);
  /* a finished world stays, another one is refused, features of another seed are not gone on with */
  CHECK_RUNS("world --out again --scenes 20 --seed 3 --features detector --resume --json");
  json_t *json = cli_json();
  CHECK(number(json, "seed") == 3 && number(json_object_get(json, "scenes"), "test") == 2);
  json_decref(json);
  CHECK_FAILS(1, "--resume", "world --out again --scenes 20 --seed 4 --resume");
  CHECK_RUNS("world --out other --scenes 20 --seed 4 --features detector");
  CHECK_RUNS("world --out other --scenes 20 --seed 3 --features detector");
  CHECK(shell("cmp world/features/world_test_obj36.tsv other/features/world_test_obj36.tsv") == 0);
  /* a run that was stopped in the middle of a line goes on and ends the same */
  shell("head -c 60000 world/features/world_train_obj36.tsv >again/features/world_train_obj36.tsv");
  CHECK_RUNS("world --out again --scenes 20 --seed 3 --features detector");
  CHECK(shell("cmp world/features/world_train_obj36.tsv again/features/world_train_obj36.tsv") ==
        0);
}

static void test_detect(void)
{
  CHECK_RUNS("detect world/images/world_test_000000000000.png --detector detector --json "
             "--image boxes.png");
  CHECK(cli_starts("boxes.png", "\x89PNG") && cli_size("boxes.png") > 10000);
  json_t *json = cli_json(), *boxes = json_object_get(json, "boxes");
  CHECK(json_array_size(boxes) == 36 && number(json, "width") == 640);
  for (size_t i = 0; i < json_array_size(boxes); i++) {
    const json_t *box = json_array_get(boxes, i), *corners = json_object_get(box, "box");
    double x1 = json_number_value(json_array_get(corners, 0));
    double x2 = json_number_value(json_array_get(corners, 2));
    CHECK(json_array_size(corners) == 4 && x1 >= 0 && x2 <= 640 && x1 <= x2);
    CHECK(number(box, "confidence") > 0 && number(box, "confidence") <= 1);
  }
  const json_t *sanity = json_object_get(json, "sanity");
  CHECK(number(sanity, "count") == 36 && json_object_get(sanity, "norm") &&
        !strcmp(json_string_value(json_object_get(sanity, "channels")), "bgr"));
  json_decref(json);

  CHECK_RUNS("detect --folder world/images --detector detector --tsv all.tsv --boxes 10");
  CHECK_RUNS("tsv check all.tsv --json");
  json = cli_json();
  CHECK(number(json, "lines") == 20 && number(json, "regions") == 200 &&
        json_is_true(json_object_get(json, "sound")));
  json_decref(json);
  CHECK_RUNS("tsv info all.tsv");
  CHECK(strstr(cli_out, "20") != NULL);
  CHECK_RUNS("tsv cat all.tsv");
  CHECK(strstr(cli_out, "world_test_000000000000\t640 x 480\t10 regions") != NULL);

  /* again with one more image, one broken one: only these are looked at */
  shell("cp world/images/world_test_000000000000.png world/images/zz.png; "
        "echo no image >world/images/broken.png");
  CHECK(cli("detect --folder world/images --detector detector --tsv all.tsv --boxes 10") == 1);
  CHECK(strstr(cli_err, "broken.png") && strstr(cli_err, "1 images done, 20 were there already, 1"),
        "%s", cli_err);
  shell("rm world/images/zz.png world/images/broken.png");
}

/* The sanity report of one image, looked at with `options`. Owned. */
static json_t *sanity_of(const char *options)
{
  CHECK_RUNS("detect world/images/world_test_000000000000.png --detector detector --json %s",
             options);
  json_t *json = cli_json(), *sanity = json_incref(json_object_get(json, "sanity"));
  json_decref(json);
  return sanity;
}

static bool warns(const json_t *sanity, const char *what)
{
  bool found = false;
  const json_t *list = json_object_get(sanity, "warnings");
  for (size_t i = 0; i < json_array_size(list); i++)
    found |= strstr(json_string_value(json_array_get(list, i)), what) != NULL;
  return found;
}

static void test_detect_options(void)
{
  json_t *sanity = sanity_of("");
  CHECK(!warns(sanity, "published features") && json_is_false(json_object_get(sanity, "fast")) &&
        json_is_true(json_object_get(sanity, "channels_agree")));
  double norm = number(json_object_get(sanity, "norm"), "mean");
  json_decref(sanity);
  sanity = sanity_of("--fast");
  CHECK(warns(sanity, "not the published features") &&
        json_is_true(json_object_get(sanity, "fast")));
  json_decref(sanity);
  sanity = sanity_of("--channels as-hf-demo");
  CHECK(warns(sanity, "Hugging Face's demo") &&
        json_is_false(json_object_get(sanity, "channels_agree")) &&
        !strcmp(json_string_value(json_object_get(sanity, "channels")), "as-hf-demo") &&
        fabs(number(json_object_get(sanity, "norm"), "mean") - norm) > 1e-6);
  json_decref(sanity);
  sanity = sanity_of("--boxes 3..12");
  CHECK(number(sanity, "count") >= 3 && number(sanity, "count") <= 12 &&
        number(sanity, "wanted") == 12);
  json_decref(sanity);
  CHECK(cli("detect x.png --boxes 12..3") == 2 && cli("detect x.png --boxes 0") == 2 &&
        cli("detect x.png --boxes 3x") == 2 && cli("detect x.png --channels grb") == 2);
}

static void test_detect_folder(void)
{
  shell("mkdir some; i=0; for f in $(ls world/images/*.png | head -3); do cp $f some/b$i.png; "
        "i=$((i+1)); "
        "done; echo none >some/zz.jpg; cp some/b1.png some/b1.jpg");
  CHECK(cli("detect --folder some --detector detector --json --tsv some.tsv") == 1);
  json_t *json = cli_json();
  CHECK(json_array_size(json) == 5, "%zu", json_array_size(json));
  for (size_t i = 0; i < json_array_size(json); i++) {
    const json_t *item = json_array_get(json, i);
    bool left_out = i == 2 || i == 4; /* an id that is taken, and no image */
    CHECK((json_object_get(item, "error") != NULL) == left_out &&
              (json_object_get(item, "boxes") != NULL) != left_out,
          "%zu", i);
  }
  json_decref(json);
  CHECK_RUNS("tsv check some.tsv");
  CHECK(strstr(cli_out, "lines            3 (0 damaged, 0 with"), "%s", cli_out);
  CHECK(cli("detect --folder some --tsv some.tsv --detector "
            "\"$CROSSLENS_DATA_DIR/models/detector-world\"") == 1 &&
            strstr(cli_err, "another detector"),
        "%s", cli_err);
  shell("head -c -200 some.tsv >cut.tsv");
  CHECK(cli("tsv check cut.tsv") == 1 && strstr(cli_out, "1 damaged") && strstr(cli_out, "line 3"),
        "%s", cli_out);
  CHECK(cli("detect --folder some --detector detector --tsv cut.tsv") == 1);
  CHECK(shell("cmp some.tsv cut.tsv") == 0);
}

static void test_ask(void)
{
  json_t *json, *answers;
  double before = 1.0, sum = 0.0;

  CHECK_RUNS(
      "ask world/images/world_test_000000000000.png 'what color is the ball ?' --model model "
      "--detector detector --top 7 --json");
  json = cli_json();
  answers = json_object_get(json, "answers");
  CHECK(json_array_size(answers) == 7);
  for (size_t i = 0; i < json_array_size(answers); i++) {
    const json_t *answer = json_array_get(answers, i);
    double p = number(answer, "probability");
    CHECK(p > 0 && p <= before && json_is_string(json_object_get(answer, "answer")));
    before = p;
    sum += p;
  }
  CHECK(sum <= 1.0 + 1e-5);
  CHECK(json_array_size(json_object_get(json, "tokens")) == 8);
  json_decref(json);
  CHECK_RUNS("ask world/images/world_test_000000000000.png 'is there a dog ?' --model model "
             "--detector detector");
  CHECK(strstr(cli_out, "%  ") != NULL, "%s", cli_out);
}

static void test_attention(void)
{
  static const struct {
    const char *file, *magic;
  } files[] = {{"f.svg", "<?xml"},
               {"f.pdf", "%PDF"},
               {"f.png", "\x89PNG"},
               {"f.npz", "PK"},
               {"f.csv", "word"}};
  static const char *const maps[] = {"lang.0", "vis.1", "x.0.vis_to_lang", "x.1.lang_self",
                                     "x.1.vis_self"};
  const char *ask = "world/images/world_test_000000000000.png 'is there a dog ?' --model model "
                    "--detector detector";

  for (size_t i = 0; i < 5; i++) {
    CHECK_RUNS("attention %s --map x.1.lang_to_vis --head %s --out %s", ask,
               i == 0   ? "mean"
               : i == 1 ? "max"
                        : "2",
               files[i].file);
    CHECK(cli_starts(files[i].file, files[i].magic) && cli_size(files[i].file) > 500, "%s",
          files[i].file);
    CHECK_RUNS("attention %s --map %s --out map.svg --view %s", ask, maps[i],
               i == 2   ? "matrix"
               : i == 3 ? "heads"
                        : "graph");
  }
  CHECK(shell("test $(wc -l <f.csv) = 8") == 0); /* a heading and [CLS] is there a dog ? [SEP] */
  CHECK_FAILS(1, "x.7.lang_to_vis", "attention %s --map x.7.lang_to_vis --out f.svg", ask);
  CHECK_FAILS(1, "head 9", "attention %s --map lang.0 --head 9 --out f.svg", ask);
  CHECK_FAILS(1, "/nowhere/f.svg", "attention %s --map lang.0 --out /nowhere/f.svg", ask);
  CHECK_FAILS(2, ".gif", "attention %s --map lang.0 --out f.gif", ask);
  CHECK_FAILS(2, "--head", "attention %s --map lang.0 --head best --out f.svg", ask);
}

static void test_train_and_eval(void)
{
  json_t *json;

  CHECK_RUNS("eval --task vqa --data world --split test --model model --json --predictions p.json");
  json = cli_json();
  CHECK(number(json, "examples") == 24 && number(json, "accuracy") >= 0 &&
        number(json, "accuracy") <= 1);
  CHECK(json_object_size(json_object_get(json, "by_answer_type")) == 3);
  json_decref(json);
  CHECK(cli_size("p.json") > 100);
  CHECK_FAILS(2, "--predictions",
              "eval --task vqa --data world --split test --model model --resume");
  CHECK_RUNS("eval --task vqa --data world --split test --model model --resume --seed 2 "
             "--predictions q.json");
  CHECK(shell("cmp p.json q.json") == 0 && cli_size("q.json.state") <= 0);
  CHECK_RUNS("eval --task vqa --data world --split test,world/vqa/test.json --model model --json");
  json = cli_json();
  CHECK(number(json, "examples") == 48); /* a list of splits, as the authors write it */
  json_decref(json);
  CHECK_FAILS(1, "dreams", "eval --task vqa --data world --split test,dreams --model model");
  CHECK_FAILS(1, "--resume",
              "train --task vqa --data world --model base --out model --max-steps 3");

  /* stopped after 4 of 6 steps and resumed = 6 steps in one go */
  const char *same = "--task gqa --data world --model base --batch 4 --max-steps 6 --seed 5";
  CHECK_RUNS("train %s --out whole", same);
  CHECK(cli("train %s --out parts --save-every 1 & pid=$!; "
            "while ! test -f parts/training-state.safetensors; do sleep 0.05; done; "
            "kill -INT $pid; wait $pid",
            same) <= 1);
  CHECK_RUNS("train %s --out parts --resume --json", same);
  json = cli_json();
  CHECK(number(json, "steps") == 6);
  json_decref(json);
  CHECK(shell("cmp whole/model.safetensors parts/model.safetensors") == 0);

  CHECK_RUNS("train --task nlvr2 --data world --model base --out pairs --max-steps 2 --batch 2");
  CHECK_RUNS("eval --task nlvr2 --data world --split train --model pairs --json");
  json = cli_json();
  CHECK(json_is_number(json_object_get(json, "consistency")));
  json_decref(json);
}

static double worst_difference(const LxTensors *got, const LxTensors *want, const char *prefix,
                               int *n)
{
  double worst = 0.0;

  for (size_t i = 0; i < lx_tensors_count(want); i++) {
    const LxTensor *a = lx_tensors_at(want, i), *b;
    if (strncmp(lx_tensors_name(want, i), prefix, strlen(prefix)) != 0)
      continue;
    b = lx_tensors_find(got, lx_tensors_name(want, i));
    CHECK(b && lx_tensor_same_shape(a, b), "%s", lx_tensors_name(want, i));
    for (int64_t k = 0; b && k < lx_tensor_count(a); k++)
      worst = fmax(worst, fabs(lx_tensor_get(a, k) - lx_tensor_get(b, k)));
    ++*n;
  }
  return worst;
}

static void test_named_tensors(void)
{
  static const char *const prefixes[] = {"attn/", "hidden/", "loss/"};
  LxTensors *got = NULL, *want = NULL;
  LxError error = {0};
  int n = 0;

  shell("mkdir tiny && cp %s tiny/config.json && cp %s tiny/model.safetensors",
        lx_test_data("tiny/config.json"), lx_test_data("tiny/weights.safetensors"));
  CHECK_RUNS("forward --model tiny --inputs %s --out o.safetensors",
             lx_test_data("tiny/inputs.safetensors"));
  CHECK(lx_safetensors_read("o.safetensors", &got, &error) == LX_OK &&
            lx_safetensors_read(lx_test_data("tiny/outputs_f64.safetensors"), &want, &error) ==
                LX_OK,
        "%s", error.message);
  for (int i = 0; got && want && i < 3; i++) {
    double worst = worst_difference(got, want, prefixes[i], &n);
    CHECK(worst < 1e-5, "%s: %g", prefixes[i], worst);
  }
  CHECK(n > 30, "%d tensors", n);
  lx_tensors_unref(got);
  lx_tensors_unref(want);
  got = want = NULL;
  n = 0;

  CHECK_RUNS("gradients --model tiny --inputs %s --out g.safetensors",
             lx_test_data("tiny/inputs.safetensors"));
  CHECK(lx_safetensors_read("g.safetensors", &got, &error) == LX_OK &&
            lx_safetensors_read(lx_test_data("tiny/grads.safetensors"), &want, &error) == LX_OK,
        "%s", error.message);
  CHECK(got && want && worst_difference(got, want, "", &n) < 1e-4 && n > 150, "%d tensors", n);
  lx_tensors_unref(got);
  lx_tensors_unref(want);

  CHECK_RUNS("relevancy --model tiny --inputs %s --sample 1 --answer 3 --out r.safetensors",
             lx_test_data("tiny/inputs.safetensors"));
  CHECK(cli_size("r.safetensors") > 1000);
  CHECK_RUNS("stages --detector detector --input %s --out s.safetensors",
             lx_test_data("detector/small/golden.safetensors"));
  CHECK(cli_size("s.safetensors") > 100000);
}

static void test_tokenize(void)
{
  json_error_t bad;
  json_t *cases = json_load_file(lx_test_data("tokenizer/cases.json"), JSON_ALLOW_NUL, &bad);
  FILE *in = fopen("texts.txt", "w");
  char *line = cli_out;
  int equal = 0;

  CHECK(json_array_size(cases) > 100, "%s", bad.text);
  for (size_t i = 0; i < json_array_size(cases); i++) {
    json_dumpf(json_object_get(json_array_get(cases, i), "text"), in, JSON_ENCODE_ANY);
    fputc('\n', in);
  }
  fclose(in);
  CHECK_RUNS("tokenize --vocab %s <texts.txt", lx_test_data("tokenizer/vocab.txt"));
  for (size_t i = 0; i < json_array_size(cases); i++) {
    char *end = strchr(line, '\n');
    json_t *ids = end ? json_loadb(line, (size_t)(end - line), 0, &bad) : NULL;
    equal += json_equal(ids, json_object_get(json_array_get(cases, i), "ids"));
    json_decref(ids);
    line = end ? end + 1 : line;
  }
  CHECK(equal == (int)json_array_size(cases), "%d of %zu", equal, json_array_size(cases));
  json_decref(cases);
  shell("echo '[1, 2]' >list.txt");
  CHECK(cli("tokenize --vocab %s <list.txt", lx_test_data("tokenizer/vocab.txt")) == 1);
  CHECK(strstr(cli_err, "line 1"), "%s", cli_err);
}

static void test_convert(void)
{
  json_t *json;

  CHECK_RUNS("convert %s converted --json", lx_test_data("tiny/model_LXRT.pth"));
  json = cli_json();
  CHECK(number(json, "loaded") > 150 && json_array_size(json_object_get(json, "missing")) == 0 &&
        json_array_size(json_object_get(json, "unused")) == 0);
  json_decref(json);
  CHECK_RUNS("inspect converted --json");
  json = cli_json();
  CHECK(number(json, "parameters") > 300000 && number(json, "hidden_size") == 64 &&
        json_array_size(json_object_get(json, "tasks")) == 4);
  json_decref(json);
  shell(
      "printf '\\000\\000\\300\\177' | dd of=converted/model.safetensors bs=1 conv=notrunc "
      "seek=$(($(stat -c %%s converted/model.safetensors) - 4)) 2>dd.txt"); /* its last number: NaN */
  CHECK_RUNS("inspect converted --json");
  json = cli_json();
  CHECK(json_array_size(json_object_get(json, "damaged")) == 1);
  json_decref(json);
  CHECK_RUNS("inspect %s", lx_test_data("tiny/pytorch_model.bin"));
  CHECK_RUNS("convert model small --dtype f16 --task vqa");
  CHECK(cli_size("small/model.safetensors") < cli_size("model/model.safetensors") * 6 / 10);
  CHECK_RUNS("ask world/images/world_test_000000000000.png 'is there a dog ?' --model small "
             "--detector detector");
}

int main(void)
{
  if (!cli_begin())
    return 1;
  cli_make_model();
  test_world();
  test_detect();
  test_detect_options();
  test_detect_folder();
  test_ask();
  test_attention();
  test_train_and_eval();
  test_named_tensors();
  test_tokenize();
  test_convert();
  return cli_end();
}
