/* config.yaml as JSON: types, lists, Python tuples, anchors; and what must be refused. */
#include "lx-test-io.h"
#include "lx-yaml.h"

static void reads(const char *yaml, const char *json)
{
  json_t *got = NULL, *want = json_loads(json, JSON_DECODE_ANY, NULL);
  LxError e = {0};
  const char *path = lx_test_path("a.yaml");
  lx_test_write(path, yaml, strlen(yaml));
  CHECK(lx_yaml_to_json(path, &got, &e) == LX_OK, "%s: %s", yaml, e.message);
  char *text = json_dumps(got, JSON_ENCODE_ANY);
  CHECK(want && json_equal(got, want), "%s -> %s", yaml, text);
  free(text);
  json_decref(got);
  json_decref(want);
}

static void refuses(const char *yaml, const char *word)
{
  json_t *got = NULL;
  LxError e = {0};
  const char *path = lx_test_path("bad.yaml");
  lx_test_write(path, yaml, strlen(yaml));
  CHECK(lx_yaml_to_json(path, &got, &e) != LX_OK, "%s", yaml);
  CHECK(strstr(e.message, "bad.yaml") && strstr(e.message, word), "%s -> %s", yaml, e.message);
}

int main(void)
{
  lx_test_comma();
  reads("a: 1\nb: -2.5\nc: true\nd: ~\ne: text\nf: '7'\n",
        "{\"a\":1,\"b\":-2.5,\"c\":true,\"d\":null,\"e\":\"text\",\"f\":\"7\"}");
  reads(
      "anchor_generator:\n  sizes:\n  - - 32\n    - 64\n  aspect_ratios: [[0.5, 1.0]]\n  offset: "
      "0.0\n",
      "{\"anchor_generator\":{\"sizes\":[[32,64]],\"aspect_ratios\":[[0.5,1.0]],\"offset\":0.0}}");
  reads("x: !!python/tuple\n- 1\n- 1e-5\n", "{\"x\":[1,1e-5]}");
  reads("a: &w [1, 2]\nb: *w\n", "{\"a\":[1,2],\"b\":[1,2]}");
  reads("---\nno: off\nBGR: BGR\nn: nan\nh: 0x10\nv: 1.2.3\ne:\n",
        "{\"no\":false,\"BGR\":\"BGR\",\"n\":\"nan\",\"h\":\"0x10\",\"v\":\"1.2.3\",\"e\":null}");
  reads("- 99999999999999999999\n", "[1e20]");
  refuses("", "empty");
  refuses("a: [1, 2\n", "line");
  refuses("a: !!python/object/apply:os.system ['id']\n", "line 1");
  refuses("a: !!python/name:os.system ''\n", "line 1");
  refuses("? [1]\n: 2\n", "key");
  refuses("a: *gone\n", "alias");
  char deep[512];
  memset(deep, '[', 200);
  strcpy(deep + 200, "1");
  refuses(deep, "deeply");
  lx_test_clean();
  return lx_test_end();
}
