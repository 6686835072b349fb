/* A walk that is stopped and gone on with ends like one that never was. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lx-test.h"
#include "science-walk.h"

enum { METRICS = 3, SHUFFLES = 4, EXAMPLES = 40, COUNT = 100 };

typedef struct {
  ScienceSums *sums;
  double kept[2]; /* seconds, examples seen */
  int looked;     /* in this process */
} Walker;

static LxStatus look(void *user_data, int64_t index, LxError *error)
{
  Walker *w = user_data;
  LxStatus status = science_sums_begin(w->sums, error);
  for (int m = 0; m < METRICS && !status; m++) {
    science_sums_add(w->sums, m, sin((double)(index * METRICS + m)), 1 + (double)(index % 3));
    for (int s = 0; s < SHUFFLES; s++)
      science_sums_add_chance(w->sums, m, s, cos((double)(index + m + s)), 2);
  }
  w->kept[1]++;
  w->looked++;
  return status;
}

static int stop_after(double fraction, const char *what, void *user_data)
{
  (void)what;
  return fraction * EXAMPLES >= *(int *)user_data - 0.5;
}

/* Walks until so many examples are done in all. */
static LxStatus walk(const char *state, uint64_t mark, bool resume, int until, Walker *w,
                     ScienceSummary *out, LxError *error)
{
  memset(w, 0, sizeof *w);
  CHECK(science_sums_new(METRICS, SHUFFLES, &w->sums, error) == LX_OK);
  const ScienceWalk self = {.count = COUNT,
                            .examples = EXAMPLES,
                            .state = state,
                            .resume = resume,
                            .mark = mark,
                            .sums = w->sums,
                            .kept = w->kept,
                            .n_kept = 2,
                            .one = look,
                            .walker = w};
  LxStatus status = science_walk(&self, &w->kept[0], stop_after, &until, error);
  if (!status)
    status = science_sums_summarize(w->sums, 40, 1, NULL, NULL, out, error);
  science_sums_free(w->sums);
  return status;
}

static void test_stops(void)
{
  ScienceSummary whole[METRICS], parts[METRICS];
  Walker w;
  LxError error = {0};

  CHECK(walk(NULL, 7, false, EXAMPLES + 1, &w, whole, &error) == LX_OK, "%s", error.message);
  CHECK(w.looked == EXAMPLES);
  for (int stop = 1; stop < EXAMPLES; stop += 6) {
    CHECK(walk("w.state", 7, false, stop, &w, parts, &error) == LX_ERR_CANCELLED &&
          w.looked == stop);
    CHECK(walk("w.state", 7, true, stop + 3, &w, parts, &error) == LX_ERR_CANCELLED &&
          w.looked == 3);
    CHECK(walk("w.state", 7, true, EXAMPLES + 1, &w, parts, &error) == LX_OK, "%s", error.message);
    CHECK(w.looked == EXAMPLES - stop - 3 && (int)w.kept[1] == EXAMPLES);
    CHECK(memcmp(whole, parts, sizeof whole) == 0, "stopped after %d", stop);
  }
}

static void test_other_states(void)
{
  ScienceSummary out[METRICS];
  Walker w;
  LxError error = {0};
  LxStatus status;

  unlink("w.state");
  CHECK(walk("w.state", 7, true, 5, &w, out, &error) == LX_ERR_CANCELLED && w.looked == 5);
  CHECK(walk("w.state", 8, true, EXAMPLES, &w, out, &error) == LX_ERR_ARGUMENT && w.looked == 0);
  CHECK(strstr(error.message, "--resume") != NULL, "%s", error.message);
  CHECK(walk("w.state", 8, false, 6, &w, out, &error) == LX_ERR_CANCELLED && w.looked == 6);
  CHECK(truncate("w.state", 100) == 0);
  CHECK(walk("w.state", 8, true, EXAMPLES, &w, out, &error) == LX_ERR_FORMAT && w.looked == 0);
  CHECK(truncate("w.state", 3) == 0);
  CHECK(walk("w.state", 8, true, EXAMPLES, &w, out, &error) == LX_ERR_FORMAT);
  status = walk("no/such/folder/w", 8, false, 5, &w, out, &error);
  CHECK(status != LX_OK && status != LX_ERR_CANCELLED, "%s", error.message);
}

static void test_marks(void)
{
  char bytes[] = "twelve bytes";
  const uint64_t before = science_mark(0, bytes, sizeof bytes);
  for (size_t i = 0; i < sizeof bytes; i++) {
    bytes[i] ^= 1;
    CHECK(science_mark(0, bytes, sizeof bytes) != before, "byte %zu", i);
    bytes[i] ^= 1;
  }
  CHECK(science_mark(0, bytes, sizeof bytes) == before &&
        science_mark(1, bytes, sizeof bytes) != before);
}

int main(void)
{
  char folder[] = "/tmp/science-walk-XXXXXX";
  if (!mkdtemp(folder) || chdir(folder))
    return 1;
  test_stops();
  test_other_states();
  test_marks();
  unlink("w.state");
  if (chdir("/") == 0)
    rmdir(folder);
  return lx_test_end();
}
