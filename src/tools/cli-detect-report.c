/* What `detect` writes of one image: a table, or JSON with the sanity report. */
#include "cli-detect-report.h"

#include <stdio.h>
#include <string.h>

#include "cli-json.h"
#include "cli-scene.h"
#include "cli.h"

static json_t *box_json(const LxDetector *detector, const LxRegions *r, int64_t i)
{
  const float *b = r->boxes + 4 * i;
  return json_pack(
      "{ss* sI sf ss* sI sf s[ffff]}", "object", lx_detector_class_name(detector, r->object_ids[i]),
      "object_id", (json_int_t)r->object_ids[i], "confidence", (double)r->object_conf[i],
      "attribute", lx_detector_attribute_name(detector, r->attribute_ids[i]), "attribute_id",
      (json_int_t)r->attribute_ids[i], "attribute_confidence", (double)r->attribute_conf[i], "box",
      (double)b[0], (double)b[1], (double)b[2], (double)b[3]);
}

static json_t *sanity_json(const LxDetectReport *report, const LxRegions *r)
{
  json_t *warnings = json_array();
  double low = 0.0, high = 0.0;

  for (const char *at = report->warnings; *at; at += strcspn(at, "\n"), at += *at == '\n')
    json_array_append_new(warnings, json_stringn(at, strcspn(at, "\n")));
  for (int64_t i = 0; i < 4 * r->count; i++) {
    double side = (double)(i & 1 ? r->height : r->width), x = (double)r->boxes[i] / side;
    low = i == 0 || x < low ? x : low;
    high = i == 0 || x > high ? x : high;
  }
  return json_pack("{sI sI s[ff] sI sI s{sf sf sf} sf ss sb sb sb so}", "count",
                   (json_int_t)report->count, "wanted", (json_int_t)report->wanted, "box_range",
                   low, high, "duplicates", (json_int_t)report->duplicates, "outside",
                   (json_int_t)report->outside, "norm", "min", report->norm_min, "mean",
                   report->norm_mean, "max", report->norm_max, "value_max", report->value_max,
                   "channels", lx_channels_name(report->channels), "channels_agree",
                   report->channels_agree, "names_known", report->names_known, "fast", report->fast,
                   "warnings", warnings);
}

json_t *cli_detect_json(const char *path, const LxDetector *detector, const LxRegions *r,
                        const LxDetectReport *report)
{
  json_t *boxes = json_array();

  for (int64_t i = 0; i < r->count; i++)
    json_array_append_new(boxes, box_json(detector, r, i));
  return json_pack("{so sI sI sI sf so so}", "image", cli_json_text(path), "width",
                   (json_int_t)r->width, "height", (json_int_t)r->height, "feature_size",
                   (json_int_t)r->feature_size, "seconds", report->seconds, "boxes", boxes,
                   "sanity", sanity_json(report, r));
}

void cli_detect_print(const char *path, const LxDetector *detector, const LxRegions *r,
                      const LxDetectReport *report)
{
  char label[200];

  printf("%s: %lld x %lld, %lld boxes in %.2f s\n", path, (long long)r->width, (long long)r->height,
         (long long)r->count, report->seconds);
  for (int64_t i = 0; i < r->count; i++) {
    const float *b = r->boxes + 4 * i;
    cli_region_label(detector, r, i, label, sizeof label);
    printf("  %5.1f%%  %-28s %6.0f %6.0f %6.0f %6.0f\n", 100 * (double)r->object_conf[i], label,
           (double)b[0], (double)b[1], (double)b[2], (double)b[3]);
  }
  if (report->warnings[0])
    fprintf(stderr, "%s: %s\n", path, report->warnings);
}
