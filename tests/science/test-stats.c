/* Bootstrap intervals and chance values on distributions that are known. */
#include "lx-test.h"
#include "science-stats.h"

enum { N = 400, SHUFFLES = 99 };

/* Coins: the interval of a share p has the half width 1.96 sqrt(p (1 - p) / N). */
static void test_interval(void)
{
  ScienceSums *sums = NULL;
  ScienceSummary out[3];
  LxError error = {0};
  LxRng random = {.seed = 7};
  CHECK(science_sums_new(3, 0, &sums, &error) == LX_OK);
  for (int i = 0; i < N; i++) {
    CHECK(science_sums_begin(sums, &error) == LX_OK);
    science_sums_add(sums, 0, i % 10 < 3, 1);
    science_sums_add(sums, 1, 2 + lx_rng_normal(&random), 1);
    if (i < 40)
      science_sums_add(sums, 2, 3, 2); /* always 1.5, and few have it */
  }
  CHECK(science_sums_summarize(sums, 2000, 1, NULL, NULL, out, &error) == LX_OK);
  const double half = 1.96 * sqrt(0.3 * 0.7 / N);
  CHECK(fabs(out[0].value - 0.3) < 1e-6 && out[0].examples == N);
  CHECK(fabs(out[0].low - (0.3 - half)) < 0.007 && fabs(out[0].high - (0.3 + half)) < 0.007,
        "%g to %g, not 0.3 +- %g", out[0].low, out[0].high, half);
  CHECK(fabs((out[1].high - out[1].low) - 2 * 1.96 / sqrt(N)) < 0.03 && out[1].low < 2.1 &&
            out[1].high > 1.9,
        "%g to %g", out[1].low, out[1].high);
  CHECK(fabs(out[2].value - 1.5) < 1e-6 && fabs(out[2].low - 1.5) < 1e-6 &&
        fabs(out[2].high - 1.5) < 1e-6 && out[2].examples == 40);
  CHECK(isnan(out[0].chance) && isnan(out[0].p));

  ScienceSummary again[3];
  CHECK(science_sums_summarize(sums, 2000, 1, NULL, NULL, again, &error) == LX_OK);
  CHECK(again[0].low == out[0].low && again[1].high == out[1].high);
  science_sums_free(sums);
}

/* A number that is one of the shuffles is no surprise; one far from all of them is. */
static void test_chance(void)
{
  ScienceSums *sums = NULL;
  ScienceSummary out[3];
  LxError error = {0};
  CHECK(science_sums_new(3, SHUFFLES, &sums, &error) == LX_OK);
  CHECK(science_sums_begin(sums, &error) == LX_OK);
  science_sums_add(sums, 0, 0.50, 1);
  science_sums_add(sums, 1, 0.90, 1);
  for (int s = 0; s < SHUFFLES; s++) { /* 0.01 to 0.99 in steps: mean 0.5 */
    science_sums_add_chance(sums, 0, s, 0.01 * (s + 1), 1);
    science_sums_add_chance(sums, 1, s, 0.01 * (s + 1), 1);
    science_sums_add_chance(sums, 2, s, 1, 1);
  }
  CHECK(science_sums_summarize(sums, 16, 1, NULL, NULL, out, &error) == LX_OK);
  CHECK(fabs(out[0].chance - 0.5) < 1e-9 && out[0].p == 1, "%g", out[0].p);
  /* at least 0.4 away: 0.01 to 0.10 and 0.90 to 0.99, 20 of 99; float keeps 0.9 to 3e-8 */
  CHECK(out[1].p > 0.18 && out[1].p <= 0.211, "%g", out[1].p);
  CHECK(isnan(out[2].value) && isnan(out[2].low) && out[2].examples == 0);
  science_sums_free(sums);
}

/* Each of 24 orders of four things comes in 1/24 of the cases. */
static void test_shuffle(void)
{
  LxRng random = {.seed = 3};
  int count[256] = {0}, kinds = 0;
  for (int i = 0; i < 24000; i++) {
    int x[4] = {0, 1, 2, 3};
    science_shuffle(x, 4, &random);
    count[x[0] * 64 + x[1] * 16 + x[2] * 4 + x[3]]++;
  }
  for (int i = 0; i < 256; i++)
    if (count[i]) {
      kinds++;
      CHECK(count[i] > 850 && count[i] < 1150, "%d times", count[i]); /* 1000 +- 5 deviations */
    }
  CHECK(kinds == 24);
}

static int stop(double done, const char *what, void *user_data)
{
  return 1;
}

static void test_cancel(void)
{
  ScienceSums *sums = NULL;
  ScienceSummary out;
  LxError error = {0};
  CHECK(science_sums_new(1, 0, &sums, &error) == LX_OK &&
        science_sums_begin(sums, &error) == LX_OK);
  CHECK(science_sums_summarize(sums, 100, 1, stop, NULL, &out, &error) == LX_ERR_CANCELLED);
  science_sums_free(sums);
}

int main(void)
{
  test_interval();
  test_chance();
  test_shuffle();
  test_cancel();
  return lx_test_end();
}
