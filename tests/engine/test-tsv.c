/* obj36 files: bit-exact round trips, streaming, the index beside the file, damaged lines. */
#include <sys/stat.h>
#include <time.h>

#include "lx-base64.h"
#include "lx-regions-report.h"
#include "lx-test-io.h"
#include "lx-tsv.h"

#define LINES 40

static LxRegions *make(int line)
{
  LxRegions *r = NULL;
  LxError e;
  char id[64];
  CHECK(lx_regions_new(1 + line % 5, 7, &r, &e) == LX_OK);
  snprintf(id, sizeof id, "COCO_%06d é", line);
  free(r->image_id);
  r->image_id = strdup(id);
  r->width = 640 + line, r->height = 480 - line;
  for (int64_t i = 0; i < r->count; i++) {
    r->object_ids[i] = line * 31 + i, r->attribute_ids[i] = (int64_t)1 << 40 | i;
    r->object_conf[i] = 0.5f, r->attribute_conf[i] = 1.0f / (float)(i + 3);
    for (int k = 0; k < 4; k++)
      r->boxes[i * 4 + k] = (float)(10 * i + k + (k > 1 ? 50 : 0)) + 0.1f;
    for (int k = 0; k < 7; k++)
      r->features[i * 7 + k] = (float)(line + k) / 3;
  }
  uint32_t nan = 0x7fc12345; /* bits must survive, whatever they mean */
  if (line == 3)
    memcpy(r->features, &nan, 4);
  return r;
}

static void same(const LxRegions *a, const LxRegions *b)
{
  CHECK(b != NULL);
  if (!b)
    return;
  size_t n = (size_t)a->count;
  CHECK(strcmp(a->image_id, b->image_id) == 0, "%s %s", a->image_id, b->image_id);
  CHECK(a->width == b->width && a->height == b->height && a->count == b->count);
  CHECK(a->feature_size == b->feature_size);
  CHECK(memcmp(a->object_ids, b->object_ids, n * 8) == 0);
  CHECK(memcmp(a->attribute_ids, b->attribute_ids, n * 8) == 0);
  CHECK(memcmp(a->object_conf, b->object_conf, n * 4) == 0);
  CHECK(memcmp(a->attribute_conf, b->attribute_conf, n * 4) == 0);
  CHECK(memcmp(a->boxes, b->boxes, n * 16) == 0);
  CHECK(memcmp(a->features, b->features, n * 4 * (size_t)a->feature_size) == 0);
}

static void write_file(const char *path, int from, int to, bool resume)
{
  LxTsvWriter *w;
  LxError e = {0};
  CHECK(lx_tsv_writer_open(path, resume, &w, &e) == LX_OK, "%s", e.message);
  for (int i = from; i < to; i++) {
    LxRegions *r = make(i);
    CHECK(lx_tsv_writer_add(w, r, &e) == LX_OK, "%s", e.message);
    lx_regions_free(r);
  }
  CHECK(lx_tsv_writer_close(w, &e) == LX_OK, "%s", e.message);
}

static void read_stream(const char *path, int lines)
{
  LxTsv *tsv;
  LxError e = {0};
  LxRegions *r;
  CHECK(lx_tsv_open(path, &tsv, &e) == LX_OK);
  for (int i = 0; i < lines; i++) {
    LxRegions *want = make(i);
    CHECK(lx_tsv_next(tsv, &r, &e) == LX_OK, "%s", e.message);
    same(want, r);
    lx_regions_free(r);
    lx_regions_free(want);
  }
  CHECK(lx_tsv_next(tsv, &r, &e) == LX_OK && !r && lx_tsv_position(tsv) == 1);
  lx_tsv_free(tsv);
}

static int count_calls(double done, const char *what, void *user_data)
{
  (void)what;
  CHECK(done >= 0 && done <= 1);
  return ++*(int *)user_data < 0;
}

static int stop(double done, const char *what, void *user_data)
{
  (void)done, (void)what, (void)user_data;
  return 1;
}

static void read_random(const char *path, int lines, bool scans)
{
  LxTsv *tsv;
  LxError e = {0};
  int calls = 0;
  CHECK(lx_tsv_open(path, &tsv, &e) == LX_OK);
  CHECK(lx_tsv_index(tsv, -1, count_calls, &calls, &e) == LX_OK, "%s", e.message);
  CHECK((calls > 0) == scans, "%d", calls);
  CHECK(lx_tsv_count(tsv) == lines, "%lld", (long long)lx_tsv_count(tsv));
  for (int k = 0; k < lines; k++) {
    int i = (k * 17) % lines;
    LxRegions *want = make(i), *r = NULL;
    CHECK(lx_tsv_find(tsv, want->image_id) == i);
    CHECK(lx_tsv_read(tsv, i, &r, &e) == LX_OK, "%s", e.message);
    same(want, r);
    lx_regions_free(r);
    lx_regions_free(want);
  }
  LxRegions *r = NULL;
  CHECK(lx_tsv_find(tsv, "absent") == -1);
  CHECK(lx_tsv_read(tsv, lines, &r, &e) == LX_ERR_ARGUMENT);
  lx_tsv_free(tsv);
}

static void partial_index(const char *path)
{
  LxTsv *tsv;
  LxError e = {0};
  CHECK(lx_tsv_open(path, &tsv, &e) == LX_OK);
  CHECK(lx_tsv_index(tsv, 5, NULL, NULL, &e) == LX_OK && lx_tsv_count(tsv) == 5);
  CHECK(lx_tsv_find(tsv, "COCO_000004 é") == 4 && lx_tsv_find(tsv, "COCO_000005 é") == -1);
  lx_tsv_free(tsv);
}

/* FILE.idx: made once, used again, made anew when the file changes or the index is damaged. */
static void index_life(void)
{
  const char *path = lx_test_path("a.tsv");
  char idx[300];
  snprintf(idx, sizeof idx, "%s.idx", path);
  partial_index(path);
  CHECK(access(idx, F_OK) != 0);
  LxTsv *tsv;
  LxError e = {0};
  CHECK(lx_tsv_open(path, &tsv, &e) == LX_OK);
  CHECK(lx_tsv_index(tsv, -1, stop, NULL, &e) == LX_ERR_CANCELLED && access(idx, F_OK) != 0);
  lx_tsv_free(tsv);
  read_random(path, LINES, true);
  read_random(path, LINES, false);
  partial_index(path);
  write_file(path, LINES, LINES + 1, true); /* the saved index is stale now */
  read_random(path, LINES + 1, true);
  read_random(path, LINES + 1, false);
  char *old;
  size_t n = lx_test_read(idx, &old);
  for (size_t i = 0; i < n; i += i < 64 ? 5 : 97) { /* damaged at any place: read anew or as good */
    old[i] ^= 0x55;
    lx_test_write(idx, old, n);
    LxTsv *t;
    CHECK(lx_tsv_open(path, &t, &e) == LX_OK && lx_tsv_index(t, -1, NULL, NULL, &e) == LX_OK);
    for (int64_t line = 0; line < lx_tsv_count(t); line += 7) {
      LxRegions *r = NULL;
      lx_tsv_read(t, line, &r, &e);
      lx_regions_free(r);
    }
    lx_tsv_free(t);
    old[i] ^= 0x55;
  }
  free(old);
  unlink(idx);
}

static void resume(void)
{
  const char *path = lx_test_path("b.tsv");
  write_file(path, 0, 10, false);
  FILE *f = fopen(path, "ab");
  fputs("COCO_000010 é\t480\t64", f); /* a crash in the middle of a line */
  fclose(f);
  write_file(path, 10, 20, true);
  read_stream(path, 20);
  char *a, *b;
  write_file(lx_test_path("c.tsv"), 0, 20, false);
  size_t n = lx_test_read(path, &a), m = lx_test_read(lx_test_path("c.tsv"), &b);
  CHECK(n == m && memcmp(a, b, n) == 0);
  free(a);
  free(b);
}

/* What was read and written again is the same file, byte for byte, whatever its numbers mean. */
static void rewritten(const char *path)
{
  const char *copy = lx_test_path("copy.tsv");
  LxTsv *tsv;
  LxTsvWriter *w;
  LxRegions *r = NULL;
  LxError e = {0};
  char *a, *b;
  CHECK(lx_tsv_open(path, &tsv, &e) == LX_OK && lx_tsv_writer_open(copy, false, &w, &e) == LX_OK);
  while (lx_tsv_next(tsv, &r, &e) == LX_OK && r) {
    CHECK(lx_tsv_writer_add(w, r, &e) == LX_OK, "%s", e.message);
    lx_regions_free(r);
  }
  CHECK(lx_tsv_writer_close(w, &e) == LX_OK);
  lx_tsv_free(tsv);
  size_t n = lx_test_read(path, &a), m = lx_test_read(copy, &b);
  CHECK(n == m && n > 1000 && memcmp(a, b, n) == 0);
  free(a);
  free(b);
}

/* As Python's csv writes it: carriage returns; and no newline at the end. */
static void line_ends(void)
{
  char *text, *crlf;
  write_file(lx_test_path("c.tsv"), 0, 20, false);
  size_t n = lx_test_read(lx_test_path("c.tsv"), &text), m = 0;
  crlf = malloc(n + 64);
  for (size_t i = 0; i + 1 < n; i++) {
    if (text[i] == '\n')
      crlf[m++] = '\r';
    crlf[m++] = text[i];
    if (text[i] == '\n' && i % 3 == 0)
      crlf[m++] = '\n'; /* empty lines are skipped */
  }
  lx_test_write(lx_test_path("d.tsv"), crlf, m);
  read_stream(lx_test_path("d.tsv"), 20);
  read_random(lx_test_path("d.tsv"), 20, true);
  free(text);
  free(crlf);
}

static void damaged(void)
{
  const char *path = lx_test_path("e.tsv");
  char *text;
  write_file(path, 0, 10, false);
  size_t n = lx_test_read(path, &text);
  char *second = strchr(text, '\n') + 1;
  second[strcspn(second, "\t") + 1] = 'x'; /* the height */
  char *last = text + n - 20;
  *last = '*';
  lx_test_write(path, text, n);
  LxTsvReport report;
  LxError e = {0};
  CHECK(lx_tsv_check(path, &report, NULL, NULL, &e) == LX_OK, "%s", e.message);
  CHECK(report.lines == 10 && report.damaged == 2 && report.regions.images == 8);
  CHECK(strstr(report.first_problem, "e.tsv”, line 2: img_h"), "%s", report.first_problem);
  CHECK(report.regions.not_finite == 1 && report.duplicate_ids == 0);
  free(text);
}

/* Five lines, then the first one again, in part: its whole line counts. A line end that lacks alone
 * costs nothing. */
static void cut_short(void)
{
  const char *path = lx_test_path("g.tsv");
  char *text;
  LxError e = {0};
  write_file(path, 0, 5, false);
  size_t n = lx_test_read(path, &text), first = strcspn(text, "\n");
  text = realloc(text, n + first);
  memcpy(text + n, text, first);
  for (int missing = 0; missing < 2; missing++) {
    LxTsv *tsv = NULL;
    LxRegions *r = NULL;
    lx_test_write(path, text, missing ? n + first / 2 : n - 1);
    CHECK(lx_tsv_open(path, &tsv, &e) == LX_OK && lx_tsv_index(tsv, -1, NULL, NULL, &e) == LX_OK,
          "%s", e.message);
    CHECK(lx_tsv_count(tsv) == 5 && lx_tsv_is_cut(tsv) == (missing == 1) &&
          !lx_tsv_duplicates(tsv));
    CHECK(lx_tsv_find(tsv, lx_tsv_image_id(tsv, 0)) == 0 &&
          lx_tsv_find(tsv, lx_tsv_image_id(tsv, 4)) == 4);
    CHECK(lx_tsv_read(tsv, 0, &r, &e) == LX_OK, "%s", e.message);
    lx_regions_free(r);
    lx_tsv_free(tsv);
  }
  free(text);
}

/* Divided by their norms, as some tools do: LXMERT's were not. */
static void normalised(void)
{
  LxRegionsReport s;
  char verdict[200];
  LxRegions *r = make(2);
  for (int64_t i = 0; i < r->count; i++) {
    float *f = r->features + i * r->feature_size;
    double squares = 0;
    for (int64_t k = 0; k < r->feature_size; k++)
      squares += (double)f[k] * f[k];
    for (int64_t k = 0; k < r->feature_size; k++)
      f[k] = (float)(f[k] / sqrt(squares));
  }
  lx_regions_report_init(&s);
  lx_regions_report_add(&s, r);
  CHECK(lx_regions_report_is_normalised(&s));
  CHECK(strstr(lx_regions_report_verdict(&s, verdict, sizeof verdict), "norm 1"), "%s", verdict);
  lx_regions_free(r);
}

static void report(void)
{
  LxRegionsReport s;
  char verdict[200];
  lx_regions_report_init(&s);
  CHECK(strstr(lx_regions_report_verdict(&s, verdict, sizeof verdict), "no regions"));
  LxRegions *r = make(4);
  lx_regions_report_add(&s, r);
  CHECK(*lx_regions_report_verdict(&s, verdict, sizeof verdict) == '\0', "%s", verdict);
  CHECK(s.count_min == 5 && s.count_max == 5 && s.feature_max == 7 && s.boxes_duplicate == 0);
  CHECK(s.object_max == 4 * 31 + 4 && s.zero_share == 0 && s.norm_min > 0);
  memcpy(r->boxes + 4, r->boxes, 16);
  r->boxes[8] = 100000;
  lx_regions_report_add(&s, r);
  CHECK(s.boxes_duplicate == 1 && s.boxes_outside == 1 && s.boxes_empty == 1);
  CHECK(strstr(lx_regions_report_verdict(&s, verdict, sizeof verdict), "outside"), "%s", verdict);
  lx_regions_free(r);
}

static void base64(void)
{
  unsigned char data[64], back[64];
  char text[96];
  for (size_t i = 0; i < sizeof data; i++)
    data[i] = (unsigned char)(i * 73 + 5);
  for (size_t n = 0; n < sizeof data; n++) {
    lx_base64_encode(data, n, text);
    size_t m = lx_base64_text_size(n);
    CHECK(lx_base64_size(text, m) == n && lx_base64_decode(text, m, back));
    CHECK(memcmp(data, back, n) == 0);
  }
  lx_base64_encode("light w", 7, text);
  CHECK(memcmp(text, "bGlnaHQgdw==", 12) == 0);
  CHECK(!lx_base64_decode("ab=c", 4, back) && !lx_base64_decode("a===", 4, back));
  CHECK(!lx_base64_decode("ab c", 4, back) && lx_base64_size("abc", 3) == (size_t)-1);
  CHECK(!lx_base64_decode("====", 4, back) && !lx_base64_decode("ab==abcd", 8, back));
}

int main(void)
{
  LxTsv *tsv;
  LxTsvWriter *w;
  LxError e = {0};
  base64();
  write_file(lx_test_path("a.tsv"), 0, LINES, false);
  read_stream(lx_test_path("a.tsv"), LINES);
  rewritten(lx_test_path("a.tsv"));
  index_life();
  resume();
  line_ends();
  damaged();
  cut_short();
  normalised();
  report();
  CHECK(lx_tsv_open(lx_test_path("absent.tsv"), &tsv, &e) == LX_ERR_IO);
  CHECK(lx_tsv_open(lx_test_folder(), &tsv, &e) == LX_ERR_IO);
  CHECK(lx_tsv_writer_open(lx_test_path("no/a.tsv"), false, &w, &e) == LX_ERR_IO);
  lx_test_clean();
  return lx_test_end();
}
