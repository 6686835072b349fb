/* Hand-made maps whose scores can be worked out on paper. */
#include "lx-test.h"
#include "science-graphs.h"
#include "science-heads.h"
#include "science-perturb.h"

#define NEAR(a, b) (fabs((a) - (b)) < 1e-6)

/* [CLS] a b c [SEP]: each of a, b looks at the next with 0.7, c at itself. */
static void test_neighbours(void)
{
  const float map[25] = {
      1, 0,    0,    0,    0,    /* [CLS] */
      0, 0.1f, 0.7f, 0.1f, 0.1f, /* a */
      0, 0.2f, 0.1f, 0.7f, 0,    /* b */
      0, 0,    0.3f, 0.4f, 0.3f, /* c */
      0, 0,    0,    0,    1,    /* [SEP] */
  };
  const int order[] = {1, 2, 3}, turned[] = {3, 2, 1};
  int best[5];
  science_row_best(map, 5, 5, best);
  CHECK(best[0] == 0 && best[1] == 2 && best[2] == 3 && best[3] == 3 && best[4] == 4);
  ScienceNeighbour x = science_neighbour(map, 5, best, order, 3, 1);
  CHECK(NEAR(x.weight, 1.4) && x.hits == 2 && x.pairs == 2, "%g %d", x.weight, x.hits);
  x = science_neighbour(map, 5, best, order, 3, -1);
  CHECK(NEAR(x.weight, 0.5) && x.hits == 0 && x.pairs == 2, "%g %d", x.weight, x.hits);
  x = science_neighbour(map, 5, best, turned, 3, 1); /* the words shuffled: c b a */
  CHECK(NEAR(x.weight, 0.5) && x.hits == 0, "%g", x.weight);
  science_column_best(map, 5, 5, best);
  CHECK(best[0] == 0 && best[1] == 2 && best[2] == 1 && best[3] == 2 && best[4] == 4);
}

static void test_columns(void)
{
  const float one[12] = {0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0};
  const float even[8] = {0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f, 0.25f};
  const float own[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  const int places[12] = {1, 0, 2, 3, 0, 1, 2, 3, 0, 2, 1, 3}; /* the 1s go to three columns */
  ScienceColumns x = science_columns(one, 3, 4, NULL);
  CHECK(NEAR(x.top1, 1) && NEAR(x.top3, 1) && NEAR(x.effective, 1) && NEAR(x.one_hot, 1));
  x = science_columns(even, 2, 4, NULL);
  CHECK(NEAR(x.top1, 0.25) && NEAR(x.top3, 0.75) && NEAR(x.effective, 4) && NEAR(x.one_hot, 0.25));
  x = science_columns(own, 3, 3, NULL); /* sharp rows that share nothing */
  CHECK(NEAR(x.top1, 1.0 / 3) && NEAR(x.effective, 3) && NEAR(x.one_hot, 1));
  x = science_columns(one, 3, 4, places);
  CHECK(NEAR(x.top1, 1.0 / 3) && NEAR(x.effective, 3) && NEAR(x.one_hot, 1), "%g", x.top1);
}

static void test_kinds(void)
{
  const float map[10] = {0.2f, 0.1f, 0.5f, 0.1f, 0.1f, 0, 0.3f, 0.3f, 0.1f, 0.3f};
  const SciencePos pos[] = {SCIENCE_POS_SPECIAL, SCIENCE_POS_ARTICLE, SCIENCE_POS_NOUN,
                            SCIENCE_POS_VERB, SCIENCE_POS_SPECIAL};
  double mass[5];
  science_key_mass(map, 2, 5, mass);
  CHECK(NEAR(mass[0], 0.1) && NEAR(mass[1], 0.2) && NEAR(mass[2], 0.4) && NEAR(mass[3], 0.1));
  const ScienceKinds x = science_kinds(mass, pos, 5);
  CHECK(NEAR(x.mass[SCIENCE_POS_NOUN], 0.4) && NEAR(x.mass[SCIENCE_POS_SPECIAL], 0.3));
  /* three words share 0.7 evenly */
  CHECK(NEAR(x.expected[SCIENCE_POS_NOUN], 0.7 / 3) && NEAR(x.expected[SCIENCE_POS_PRONOUN], 0));
}

static void test_articles(void)
{
  const char *const tokens[] = {"[CLS]", "is", "the",   "small", "red",
                                "dog",   "on", "grass", "[SEP]"};
  SciencePos pos[9];
  science_pos_tokens(tokens, 9, pos, NULL);
  CHECK(science_article_of(tokens, pos, 5) == 2);
  CHECK(science_article_of(tokens, pos, 7) == -1);
  const char *const any[] = {"any", "dogs"};
  science_pos_tokens(any, 2, pos, NULL);
  CHECK(science_article_of(any, pos, 1) == -1); /* an article's tag, but no a, an or the */
}

static void test_boxes(void)
{
  const float a[4] = {0, 0, 10, 10}, b[4] = {5, 0, 15, 10}, c[4] = {20, 20, 30, 30};
  CHECK(NEAR(science_iou(a, a), 1) && NEAR(science_iou(a, b), 1.0 / 3) && science_iou(a, c) == 0);

  const char *path = "/tmp/crosslens-graphs-test.json";
  FILE *out = fopen(path, "w");
  fputs("{\"im\": {\"objects\": {\"1\": {\"name\": \"dog\", \"x\": 0, \"y\": 0, \"w\": 10, \"h\": "
        "10},"
        "\"2\": {\"name\": \"dog\", \"x\": 20, \"y\": 20, \"w\": 9, \"h\": 10}}}}",
        out);
  fclose(out);
  ScienceGraphs *graphs = NULL;
  LxRegions *regions = NULL;
  LxError error = {0};
  bool found[3];
  CHECK(science_graphs_read(path, &graphs, &error) == LX_OK, "%s", error.message);
  CHECK(lx_regions_new(3, 1, &regions, &error) == LX_OK);
  memcpy(regions->boxes, a, sizeof a);
  memcpy(regions->boxes + 4, b, sizeof b);
  memcpy(regions->boxes + 8, c, sizeof c);
  CHECK(science_graphs_find(graphs, "im", "dog", regions, 0.5, found) == 2 && found[0] &&
        !found[1] && found[2]);
  CHECK(science_graphs_find(graphs, "im", "cat", regions, 0.5, found) == 0);
  CHECK(science_graphs_find(graphs, "other", "dog", regions, 0.5, found) == 0);
  lx_regions_free(regions);
  science_graphs_free(graphs);
  remove(path);
  CHECK(science_graphs_read(path, &graphs, &error) == LX_ERR_IO && strstr(error.message, path));
}

static void test_removal(void)
{
  const double flat[] = {0.8, 0.8, 0.8, 0.8, 0.8, 0.8}, step[] = {1, 0, 0, 0, 0, 0};
  const double score[] = {0.2, 0.9, 0.2, 0.5};
  int order[4];
  CHECK(NEAR(science_area(flat), 0.8) && NEAR(science_area(step), 0.125 / 0.95));
  CHECK(science_removed(20, 0.95, 1) == 19 && science_removed(4, 0.95, 1) == 3 &&
        science_removed(1, 0.5, 1) == 0 && science_removed(8, 0.95, 0) == 8);
  science_rank(score, 4, true, order);
  CHECK(order[0] == 1 && order[1] == 3 && order[2] == 0 && order[3] == 2);
  science_rank(score, 4, false, order);
  CHECK(order[0] == 0 && order[1] == 2 && order[2] == 3 && order[3] == 1);
}

int main(void)
{
  test_neighbours();
  test_columns();
  test_kinds();
  test_articles();
  test_boxes();
  test_removal();
  return lx_test_end();
}
