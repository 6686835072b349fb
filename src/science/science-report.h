/* Results as files: Markdown for people, CSV and JSON for programs. */
#pragma once

#include <stdio.h>

#include <jansson.h>

#include "science-findings.h"

/* What a report says about how it was made; texts are borrowed. */
typedef struct {
  const char *command; /* as typed */
  const char *model, *bert, *data, *split;
  const char *rows; /* which of the split's questions, in words; NULL: all */
} ScienceOrigin;

/* The findings that hold, then a table for every kind of map. Layers' means and the strongest head
 * of each layer; the CSV has every row. Write errors show in ferror(out). */
void science_report_markdown(const ScienceFindings *self, const ScienceOrigin *origin, FILE *out);
/* One line a number: measure, model, map, head, group, value, low, high, chance, p, examples, then the
 * split and which of its rows were asked ("all", or the filter in words). */
void science_report_csv(const ScienceFindings *self, const ScienceOrigin *origin, FILE *out);
/* Owned; NULL when out of memory. Absent numbers are null. */
json_t *science_report_json(const ScienceFindings *self, const ScienceOrigin *origin);
/* The opposite. *out is owned: science_findings_free. */
LxStatus science_report_read(const json_t *json, ScienceFindings **out, LxError *error);

/* Opens PREFIX + ending for writing through `write`; the file appears whole or not at all. */
LxStatus science_report_save(const char *prefix, const char *ending,
                             void (*write)(FILE *out, void *user_data), void *user_data,
                             LxError *error);
