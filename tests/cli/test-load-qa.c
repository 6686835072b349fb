/* crosslens-cli train --load-qa and convert --answers: rows of an answer head follow their text
 * into another table; --load begins the head afresh. What has no weights for the model is refused.
 */
#include "cli-run.h"

#include "lx-safetensors.h"

#define HEAD "answer_head.logit_fc.3.weight"
#define BIAS "answer_head.logit_fc.3.bias"
#define TRAIN "train --task vqa --data moved --model model --batch 4 --max-steps 1 --valid '' "

static LxError error;

static LxTensors *weights_of(const char *folder)
{
  char path[256];
  LxTensors *params = NULL;
  snprintf(path, sizeof path, "%s/model.safetensors", folder);
  CHECK(lx_safetensors_read(path, &params, &error) == LX_OK, "%s", error.message);
  return params;
}

/* The world's table backwards, with a new answer in front. Returns how many the world's has. */
static size_t turn_table(void)
{
  json_error_t bad;
  json_t *old = json_load_file("world/vqa/trainval_label2ans.json", 0, &bad);
  json_t *turned = json_pack("[s]", "an answer nobody gave"), *back = json_object();
  size_t n = json_array_size(old);
  CHECK(n > 2, "%s", bad.text);
  for (size_t i = n; i-- > 0;)
    json_array_append(turned, json_array_get(old, i));
  for (size_t i = 0; i <= n; i++)
    json_object_set_new(back, json_string_value(json_array_get(turned, i)),
                        json_integer((json_int_t)i));
  shell("cp -r world moved");
  json_dump_file(turned, "moved/vqa/trainval_label2ans.json", 0);
  json_dump_file(back, "moved/vqa/trainval_ans2label.json", 0);
  json_decref(old);
  json_decref(turned);
  json_decref(back);
  return n;
}

/* Rows of the head that came along: row n - i is what row i was, and row 0 begins at zero. */
static size_t rows_moved(const char *folder, size_t n)
{
  LxTensors *was = weights_of("model"), *now = weights_of(folder);
  const LxTensor *from = lx_tensors_find(was, HEAD), *to = lx_tensors_find(now, HEAD);
  const LxTensor *bias = lx_tensors_find(was, BIAS), *new_bias = lx_tensors_find(now, BIAS);
  size_t same = 0;
  CHECK(from && to && bias && new_bias && to->dim[0] == (int64_t)n + 1 &&
        from->dim[0] == (int64_t)n);
  size_t wide = (size_t)from->dim[1];
  for (size_t i = 0; i < n; i++)
    same += !memcmp(lx_f32(to) + (n - i) * wide, lx_f32(from) + i * wide, wide * sizeof(float)) &&
            lx_f32(new_bias)[n - i] == lx_f32(bias)[i];
  if (same == n)
    for (size_t j = 0; j < wide; j++)
      CHECK(lx_f32(to)[j] == 0, "%zu", j);
  lx_tensors_unref(was);
  lx_tensors_unref(now);
  return same;
}

/* A schedule's first step moves nothing, so the head is still what it began with. */
static void test_load_qa(void)
{
  size_t n = turn_table();
  char words[80];
  snprintf(words, sizeof words, "answers: %zu rows taken along, 1 begin at zero", n);
  CHECK_RUNS(TRAIN "--load-qa model --out by-text");
  CHECK(strstr(cli_err, words) != NULL, "%s", cli_err);
  CHECK(rows_moved("by-text", n) == n);
  CHECK_RUNS(TRAIN "--load model --out afresh");
  CHECK(!strstr(cli_err, "taken along") && rows_moved("afresh", n) == 0, "%s", cli_err);
  CHECK_RUNS("convert model converted --answers moved/vqa/trainval_label2ans.json");
  CHECK(rows_moved("converted", n) == n);
  CHECK_FAILS(2, "exclude each other", TRAIN "--load model --load-qa model --out x");
}

static void test_nothing_to_load(void)
{
  LxTensors *strange = lx_tensors_new();
  CHECK(lx_tensors_add(strange, "resnet.conv1.weight", LX_F32, 1, (int64_t[]){4}, NULL, &error) ==
        LX_OK);
  shell("mkdir strange && cp model/config.json strange");
  CHECK(lx_safetensors_write("strange/model.safetensors", strange, LX_KEEP, &error) == LX_OK, "%s",
        error.message);
  lx_tensors_unref(strange);
  CHECK_FAILS(1, "none of its 1 tensors", "convert strange out");
  CHECK_FAILS(1, "none of its 1 tensors", "convert strange/model.safetensors out");
  CHECK_FAILS(1, "none of its 1 tensors", "inspect strange");
  CHECK_FAILS(1, "none of its 1 tensors", TRAIN "--load-qa strange --out x");
  CHECK(cli_size("out/model.safetensors") < 0, "a model was written from nothing");
}

int main(void)
{
  if (!cli_begin())
    return 1;
  cli_make_model();
  test_load_qa();
  test_nothing_to_load();
  return cli_end();
}
