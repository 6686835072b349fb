/* Findings as CSV: every line says of which rows it is, whatever their filter's words. */
#include "lx-test.h"
#include "science-report.h"

#include <unistd.h>

typedef struct {
  const ScienceFindings *findings;
  const ScienceOrigin *origin;
} Report;

static void write_csv(FILE *out, void *user_data)
{
  const Report *report = user_data;
  science_report_csv(report->findings, report->origin, out);
}

static char *csv_of(const char *split, const char *rows)
{
  ScienceNumber number = {.measure = SCIENCE_ONE_HOT,
                          .map = "vis.0",
                          .head = 2,
                          .value = 0.25,
                          .low = NAN,
                          .high = NAN,
                          .chance = NAN,
                          .p = NAN,
                          .examples = 7};
  const ScienceFindings findings = {.numbers = &number, .n_numbers = 1};
  const ScienceOrigin origin = {.model = "m", .data = "d", .split = split, .rows = rows};
  Report report = {&findings, &origin};
  char prefix[] = "/tmp/crosslens-report-XXXXXX", path[sizeof prefix + 4];
  char *text = calloc(1, 4096);
  LxError error = {0};
  close(mkstemp(prefix));
  snprintf(path, sizeof path, "%s.csv", prefix);
  CHECK(science_report_save(prefix, ".csv", write_csv, &report, &error) == LX_OK, "%s",
        error.message);
  FILE *in = fopen(path, "r");
  CHECK(in && text && fread(text, 1, 4095, in) > 0);
  if (in)
    fclose(in);
  unlink(path);
  unlink(prefix);
  return text;
}

static void expect_end(const char *split, const char *rows, const char *end)
{
  char *text = csv_of(split, rows);
  const size_t n = strlen(text), k = strlen(end);
  CHECK(n > k && strcmp(text + n - k, end) == 0, "%s", text);
  free(text);
}

int main(void)
{
  lx_test_comma();
  char *text = csv_of("test", NULL);
  CHECK(strncmp(text, "measure,model,map,head,group,value,low,high,chance,p,examples,split,rows\n",
                73) == 0,
        "%s", text);
  CHECK(strstr(text, ",LXMERT,vis.0,2,,0.25,,,,,7,test,all\n"), "%s", text);
  free(text);
  expect_end("vqa test", "answered wrong", ",7,vqa test,answered wrong\n");
  expect_end("a", "with “red, \"blue\"”", ",7,a,\"with “red, \"\"blue\"\"”\"\n");
  expect_end("a,b", "two\nlines", ",7,\"a,b\",\"two\nlines\"\n");
  return lx_test_end();
}
