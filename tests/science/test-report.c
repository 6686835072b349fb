/* Findings as CSV: every line says of which rows it is, whatever their filter's words. */
#include "lx-test.h"
#include "science-report.h"

static char *csv_of(const char *split, const char *rows)
{
  ScienceNumber number = { .measure = SCIENCE_ONE_HOT, .map = "vis.0", .head = 2, .value = 0.25,
                           .low = NAN, .high = NAN, .chance = NAN, .p = NAN, .examples = 7 };
  const ScienceFindings findings = { .numbers = &number, .n_numbers = 1 };
  const ScienceOrigin origin = { .model = "m", .data = "d", .split = split, .rows = rows };
  char *text = NULL;
  size_t size;
  FILE *out = open_memstream(&text, &size);
  science_report_csv(&findings, &origin, out);
  fclose(out);
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
  char *text = csv_of("test", NULL);
  CHECK(strncmp(text, "measure,model,map,head,group,value,low,high,chance,p,examples,split,rows\n", 73) == 0,
        "%s", text);
  CHECK(strstr(text, ",LXMERT,vis.0,2,,0.25,,,,,7,test,all\n"), "%s", text);
  free(text);
  expect_end("vqa test", "answered wrong", ",7,vqa test,answered wrong\n");
  expect_end("a", "with “red, \"blue\"”", ",7,a,\"with “red, \"\"blue\"\"”\"\n");
  expect_end("a,b", "two\nlines", ",7,\"a,b\",\"two\nlines\"\n");
  return lx_test_end();
}
