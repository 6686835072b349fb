/* tsv: what a file of object features holds, and whether it is sound. */
#include "cli.h"
#include "cli-json.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "lx-regions-report.h"
#include "lx-tsv.h"

static json_t *report_json(const LxRegionsReport *r)
{
  return json_pack("{sI sI s[II] s[II] s[ff] sI sI sI sI sI s{sf sf sf} s{sf sf sf} sf sI sI}",
                   "images", (json_int_t)r->images, "regions", (json_int_t)r->regions, "count",
                   (json_int_t)r->count_min, (json_int_t)r->count_max, "feature_size",
                   (json_int_t)r->feature_min, (json_int_t)r->feature_max, "box_range", r->box_min,
                   r->box_max, "boxes_outside", (json_int_t)r->boxes_outside, "boxes_empty",
                   (json_int_t)r->boxes_empty, "boxes_duplicate", (json_int_t)r->boxes_duplicate,
                   "not_finite", (json_int_t)r->not_finite, "conf_outside",
                   (json_int_t)r->conf_outside, "norm", "min", r->norm_min, "max", r->norm_max,
                   "mean", r->norm_mean, "value", "min", r->value_min, "max", r->value_max, "mean",
                   r->value_mean, "zero_share", r->zero_share, "object_max",
                   (json_int_t)r->object_max, "attribute_max", (json_int_t)r->attribute_max);
}

static void print_report(const LxTsvReport *t)
{
  const LxRegionsReport *r = &t->regions;

  printf("lines            %lld (%lld damaged, %lld with an id that comes again)\n",
         (long long)t->lines, (long long)t->damaged, (long long)t->duplicate_ids);
  printf("regions          %lld, %lld to %lld an image\n", (long long)r->regions,
         (long long)r->count_min, (long long)r->count_max);
  printf("feature size     %lld to %lld\n", (long long)r->feature_min, (long long)r->feature_max);
  printf("boxes            %.4f to %.4f of the image; %lld outside, %lld empty, %lld twice\n",
         r->box_min, r->box_max, (long long)r->boxes_outside, (long long)r->boxes_empty,
         (long long)r->boxes_duplicate);
  printf("features         norm %.3f to %.3f, mean %.3f; values %.3f to %.3f, %.0f%% zeros\n",
         r->norm_min, r->norm_max, r->norm_mean, r->value_min, r->value_max, 100 * r->zero_share);
  printf("classes          up to %lld, attributes up to %lld\n", (long long)r->object_max,
         (long long)r->attribute_max);
}

static int check(const char *path, bool as_json)
{
  LxTsvReport report;
  LxError error = {0};
  char verdict[640];
  bool sound;

  cli_catch_interrupt();
  if (lx_tsv_check(path, &report, cli_progress, "tsv", &error) != LX_OK)
    return cli_fail_error(&error);
  lx_regions_report_verdict(&report.regions, verdict, sizeof verdict);
  sound = !verdict[0] && report.damaged == 0 && report.lines > 0;
  if (as_json) {
    json_t *json = report_json(&report.regions);
    json_object_set_new(json, "lines", json_integer(report.lines));
    json_object_set_new(json, "damaged", json_integer(report.damaged));
    json_object_set_new(json, "duplicate_ids", json_integer(report.duplicate_ids));
    json_object_set_new(json, "first_problem", cli_json_text(report.first_problem));
    json_object_set_new(json, "verdict", json_string(verdict));
    json_object_set_new(json, "sound", json_boolean(sound));
    cli_print_json(json, JSON_INDENT(2));
  } else {
    print_report(&report);
    if (report.first_problem[0])
      printf("first problem    %s\n", report.first_problem);
    printf("verdict          %s\n", verdict[0]            ? verdict
                                    : report.lines == 0   ? "the file holds no image"
                                    : report.damaged != 0 ? "some lines are damaged"
                                                          : "sound");
  }
  return sound ? CLI_OK : CLI_FAILED;
}

static int info(const char *path, bool as_json)
{
  LxTsv *tsv = NULL;
  LxRegions *first = NULL;
  LxError error = {0};
  int code = CLI_OK;

  cli_catch_interrupt();
  if (lx_tsv_open(path, &tsv, &error) != LX_OK || lx_tsv_next(tsv, &first, &error) != LX_OK ||
      lx_tsv_index(tsv, -1, cli_progress, "tsv", &error) != LX_OK) {
    code = cli_fail_error(&error);
  } else if (as_json) {
    printf(
        "{\"images\": %lld, \"duplicate_ids\": %lld, \"regions\": %lld, \"feature_size\": %lld}\n",
        (long long)lx_tsv_count(tsv), (long long)lx_tsv_duplicates(tsv),
        first ? (long long)first->count : 0, first ? (long long)first->feature_size : 0);
  } else {
    printf("images           %lld (%lld with an id that comes again)\n",
           (long long)lx_tsv_count(tsv), (long long)lx_tsv_duplicates(tsv));
    if (first)
      printf("first image      %s, %lld x %lld, %lld regions, features of %lld numbers\n",
             first->image_id, (long long)first->width, (long long)first->height,
             (long long)first->count, (long long)first->feature_size);
  }
  lx_regions_free(first);
  lx_tsv_free(tsv);
  return code;
}

static void print_regions(const LxRegions *r)
{
  printf("%s\t%lld x %lld\t%lld regions\n", r->image_id, (long long)r->width, (long long)r->height,
         (long long)r->count);
  for (int64_t i = 0; i < r->count; i++) {
    const float *b = r->boxes + 4 * i;
    printf("  %3lld  class %4lld %.3f  attribute %3lld %.3f  box %.1f %.1f %.1f %.1f\n",
           (long long)i, (long long)r->object_ids[i], (double)r->object_conf[i],
           (long long)r->attribute_ids[i], (double)r->attribute_conf[i], (double)b[0], (double)b[1],
           (double)b[2], (double)b[3]);
  }
}

static int cat(const char *path)
{
  LxTsv *tsv = NULL;
  LxRegions *regions = NULL;
  LxError error = {0};
  int code = CLI_OK;

  cli_catch_interrupt();
  if (lx_tsv_open(path, &tsv, &error) != LX_OK)
    return cli_fail_error(&error);
  while (!cli_interrupted()) {
    if (lx_tsv_next(tsv, &regions, &error) != LX_OK) {
      code = cli_fail_error(&error);
      if (error.code != LX_ERR_FORMAT)
        break;
      continue;
    }
    if (!regions)
      break;
    print_regions(regions);
    lx_regions_free(regions);
  }
  lx_tsv_free(tsv);
  return code;
}

int cli_tsv(int argc, char **argv)
{
  bool as_json = false;
  const CliOption options[] = {
      {"json", CLI_FLAG, &as_json, NULL, "JSON on standard output (info, check)"},
  };
  const CliSpec spec = {"info|check|cat FILE [--json]",
                        "Object features as the authors' obj36 TSV. info counts the images, check\n"
                        "reads all of them and exits with 1 when something is wrong, cat prints\n"
                        "classes and boxes.",
                        options,
                        1,
                        2,
                        2};
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (!strcmp(argv[1], "info"))
    return info(argv[2], as_json);
  if (!strcmp(argv[1], "check"))
    return check(argv[2], as_json);
  if (!strcmp(argv[1], "cat"))
    return cat(argv[2]);
  return cli_usage("tsv", "\"%s\" is none of info, check, cat", argv[1]);
}
