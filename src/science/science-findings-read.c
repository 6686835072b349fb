/* A report of findings read back: what science_report_json wrote. */
#include "science-report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static double real_of(const json_t *object, const char *key)
{
  const json_t *value = json_object_get(object, key);
  return json_is_number(value) ? json_number_value(value) : NAN;
}

static void text_of(const json_t *object, const char *key, char *out, size_t size)
{
  const char *text = json_string_value(json_object_get(object, key));
  snprintf(out, size, "%s", text ? text : "");
}

static int measure_of(const char *key)
{
  for (int m = 0; key && m < SCIENCE_N_MEASURES; m++)
    if (!strcmp(science_measure_key((ScienceMeasure)m), key))
      return m;
  return -1;
}

static bool read_number(const json_t *item, ScienceNumber *out)
{
  const json_t *head = json_object_get(item, "head");
  const char *model = json_string_value(json_object_get(item, "model"));
  const int measure = measure_of(json_string_value(json_object_get(item, "measure")));
  if (measure < 0 || !model)
    return false;
  *out = (ScienceNumber){
      .measure = (ScienceMeasure)measure,
      .bert = !strcmp(model, "BERT"),
      .head = json_is_integer(head) ? (int)json_integer_value(head) : SCIENCE_ALL_HEADS,
      .value = real_of(item, "value"),
      .low = real_of(item, "low"),
      .high = real_of(item, "high"),
      .chance = real_of(item, "chance"),
      .p = real_of(item, "p"),
      .examples = json_integer_value(json_object_get(item, "examples")),
  };
  text_of(item, "map", out->map, sizeof out->map);
  text_of(item, "group", out->group, sizeof out->group);
  return true;
}

static bool read_numbers(const json_t *list, ScienceFindings *out)
{
  const size_t n = json_array_size(list);
  out->numbers = calloc(n ? n : 1, sizeof *out->numbers);
  bool good = out->numbers && n > 0;
  for (size_t i = 0; good && i < n; i++)
    good = read_number(json_array_get(list, i), &out->numbers[i]);
  out->n_numbers = good ? (int)n : 0;
  return good;
}

static void read_claims(const json_t *list, ScienceFindings *out)
{
  const size_t most = sizeof out->claims / sizeof *out->claims;
  for (size_t i = 0; i < json_array_size(list) && i < most; i++) {
    const json_t *item = json_array_get(list, i);
    ScienceClaim *claim = &out->claims[out->n_claims++];
    text_of(item, "finding", claim->claim, sizeof claim->claim);
    claim->holds = json_is_true(json_object_get(item, "holds"));
    text_of(item, "figures", claim->evidence, sizeof claim->evidence);
  }
}

LxStatus science_report_read(const json_t *json, ScienceFindings **out, LxError *error)
{
  ScienceFindings *self = calloc(1, sizeof *self);
  if (!self)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the findings.");
  if (!read_numbers(json_object_get(json, "numbers"), self)) {
    science_findings_free(self);
    return lx_fail(error, LX_ERR_FORMAT, "This is no report of findings, or it was damaged.");
  }
  read_claims(json_object_get(json, "findings"), self);
  self->examples = json_integer_value(json_object_get(json, "examples"));
  self->nouns = json_integer_value(json_object_get(json, "nouns"));
  self->accuracy = real_of(json, "accuracy");
  self->seconds = real_of(json, "seconds");
  *out = self;
  return LX_OK;
}
