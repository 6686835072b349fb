/* crosslens-cli findings and perturb on the scenes that ship, with the models that ship. */
#include "../cli/cli-run.h"

static double number_of(const json_t *findings, const char *measure, const char *map, int head,
                        const char *key)
{
  size_t i;
  json_t *n;
  json_array_foreach (json_object_get(findings, "numbers"), i, n) {
    if (!strcmp(json_string_value(json_object_get(n, "measure")), measure) &&
        !strcmp(json_string_value(json_object_get(n, "model")), "LXMERT") &&
        !strcmp(json_string_value(json_object_get(n, "map")), map) &&
        (head < 0 || json_integer_value(json_object_get(n, "head")) == head))
      return json_number_value(json_object_get(n, key));
  }
  return NAN;
}

/* A run that is stopped again and again, after ever longer times, ends with the file of one that was not. */
static void test_stopped(const char *data, const char *command, const char *out, const char *whole)
{
  int code = -1, stops = 0;

  for (double seconds = 0.8; code != 0 && seconds < 600; seconds *= 3) {
    code = shell("timeout -s INT %g \"$CROSSLENS_CLI\" %s --data %s/scenes --model "
                 "%s/models/lxmert-world-vqa "
                 "--out %s --resume >out.txt 2>err.txt",
                 seconds, command, data, data, out);
    stops += code == 124;
    CHECK(code == 0 || code == 124, "exit code %d", code);
  }
  CHECK(code == 0 && stops > 0);
  CHECK(shell("cmp %s.csv %s.csv", out, whole) == 0);
  CHECK(shell("test -e %s.state", out) == 1); /* nothing is left of it */
}

static void test_findings(const char *data)
{
  CHECK_RUNS(
      "findings --data %s/scenes --model %s/models/lxmert-world-vqa --bert "
      "%s/models/lxmert-world-base --examples 24 --resamples 40 --shuffles 10 --out f --json",
      data, data, data);
  json_t *json = cli_json();
  CHECK(json_integer_value(json_object_get(json, "examples")) == 24);
  CHECK(json_integer_value(json_object_get(json, "nouns")) > 5);
  CHECK(json_number_value(json_object_get(json, "accuracy")) > 0.6);
  CHECK(json_array_size(json_object_get(json, "findings")) == 9);
  const double top1 = number_of(json, "top1_share", "vis.0", 0, "value");
  CHECK(top1 > 0.05 && top1 <= number_of(json, "top3_share", "vis.0", 0, "value"), "%g", top1);
  CHECK(number_of(json, "effective_objects", "vis.0", 0, "value") >= 1);
  const double low = number_of(json, "point_box", "x.0.vis_to_lang", 0, "low");
  CHECK(low >= 0 && low <= number_of(json, "point_box", "x.0.vis_to_lang", 0, "high"));
  json_decref(json);
  CHECK(cli_starts("f.md", "# What") && cli_starts("f.csv", "measure,model") &&
        cli_size("f.json") > 1000);

  /* the same seed gives the same file */
  CHECK_RUNS("findings --data %s/scenes --model %s/models/lxmert-world-vqa --bert "
             "%s/models/lxmert-world-base --examples 24 --resamples 40 --shuffles 10 --out g",
             data, data, data);
  CHECK(shell("cmp f.csv g.csv") == 0);
  CHECK_RUNS(
      "findings --data %s/scenes --model %s/models/lxmert-world-vqa --examples 200 --resamples 40 "
      "--shuffles 10 --seed 3 --out h",
      data, data);
  CHECK(shell("cmp f.csv h.csv") == 1);
  test_stopped(data, "findings --examples 200 --resamples 40 --shuffles 10 --seed 3", "i", "h");
}

static void test_perturb(const char *data)
{
  CHECK_RUNS(
      "perturb --data %s/scenes --model %s/models/lxmert-world-vqa --examples 6 --resamples 40 "
      "--out p --json",
      data, data);
  json_t *json = cli_json(), *curves = json_object_get(json, "curves"), *c;
  size_t i;
  double first = -1;
  CHECK(json_array_size(curves) == 18);
  json_array_foreach (curves, i, c) { /* with nothing removed all are the model itself */
    const json_t *points = json_object_get(c, "accuracy");
    const double whole = json_number_value(json_object_get(json_array_get(points, 0), "value"));
    CHECK(json_array_size(points) == 6 && (first < 0 || whole == first));
    first = whole;
  }
  json_decref(json);
  CHECK(cli_starts("p.svg", "<?xml") && cli_size("p.csv") > 1000 && cli_size("p.md") > 1000);
  test_stopped(data, "perturb --examples 6 --resamples 40", "q", "p");
}

int main(void)
{
  const char *data = getenv("CROSSLENS_DATA_DIR");
  if (!cli_begin())
    return 1;
  test_findings(data);
  test_perturb(data);
  CHECK_FAILS(2, "--data", "findings");
  CHECK_FAILS(2, "--task", "perturb --data . --task nlvr2");
  CHECK_FAILS(1, "/nowhere", "findings --data /nowhere");
  CHECK_FAILS(1, "/nowhere", "findings --data %s/scenes --bert /nowhere --examples 1", data);
  return cli_end();
}
