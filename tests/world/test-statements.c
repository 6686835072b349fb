/* Statements about two pictures: two true and two false pairs, as counting in the scenes says. */
#include "lx-test.h"
#include "world-reader.h"

enum { SCENES = 200, STATEMENTS = 400 };

static int count_of(const WorldScene *s, int c, int colour)
{
  int n = 0;
  for (int i = 0; i < s->n_objects; i++)
    n += (int)s->objects[i].class_id == c && (colour < 0 || (int)s->objects[i].colour == colour);
  return n;
}

static int numeral(const Words *w)
{
  static const char *const names[] = {"no",   "one", "two",   "three", "four",
                                      "five", "six", "seven", "eight"};
  for (int i = 0; i < w->n; i++) {
    /* "the two images" is no count */
    if (is_word(w, i + 1, "images") || is_word(w, i + 1, "pictures") || is_word(w, i + 1, "of"))
      continue;
    for (int k = 0; k < 9; k++)
      if (is_word(w, i, names[k]))
        return k;
  }
  return -1;
}

/* 1 true, 0 false, -1: a kind of statement that this reader leaves out. */
static int judge(const Words *w, const WorldScene *l, const WorldScene *r)
{
  int at = 0, colour = -1, c = -1, kind = -1;
  bool plural;
  for (int i = 0; i < w->n && kind < 0; i++) {
    int next = i;
    kind = relation_at(w, &next);
    if (kind >= 0 && class_at(w, next + 1, &plural) < 0)
      kind = -1;
  }
  for (; at < w->n && c < 0; at++)
    c = class_at(w, at, &plural);
  if (kind >= 0 || has_word(w, "other"))
    return -1;
  if (c < 0)
    return -1;
  colour = colour_at_word(w, at - 2);
  if (is_word(w, at, "in") && colour_at_word(w, at + 1) >= 0)
    colour = colour_at_word(w, at + 1);
  int a = count_of(l, c, colour), b = count_of(r, c, colour);
  if (has_word(w, "total"))
    return a + b == numeral(w);
  if (has_word(w, "more"))
    return has_word(w, "left") && strcmp(w->words[w->n - 3], "right") == 0 ? a > b : b > a;
  if (has_word(w, "both"))
    return a > 0 && b > 0;
  if (has_word(w, "only") || (has_word(w, "exactly") && has_word(w, "one")))
    return (a > 0) != (b > 0);
  if (has_word(w, "no"))
    return a + b == 0;
  if (has_word(w, "exactly"))
    return (has_word(w, "left") ? a : b) == numeral(w);
  return (has_word(w, "left") ? a : b) > 0;
}

static void test_split(WorldSplit split)
{
  static WorldScene *scenes[SCENES];
  static WorldStatement list[STATEMENTS], again[STATEMENTS];
  int judged = 0;
  for (int i = 0; i < SCENES; i++)
    scenes[i] = world_scene_new(world_scene_seed(8, split, i), split);
  int n = world_statements((const WorldScene *const *)scenes, SCENES, 2, STATEMENTS, list);
  CHECK(n == STATEMENTS, "%d", n);
  CHECK(world_statements((const WorldScene *const *)scenes, SCENES, 2, STATEMENTS, again) == n);
  for (int k = 0; k < n; k++) {
    Words words;
    int right = 0;
    CHECK(strcmp(list[k].sentence.text, again[k].sentence.text) == 0);
    split_words(list[k].sentence.text, &words);
    CHECK(words.n <= 18 && words.n == list[k].sentence.n_words, "%s", list[k].sentence.text);
    for (int p = 0; p < WORLD_STATEMENT_PAIRS; p++) {
      int said = judge(&words, scenes[list[k].pairs[p][0]], scenes[list[k].pairs[p][1]]);
      right += list[k].label[p];
      judged += said >= 0;
      CHECK(list[k].pairs[p][0] != list[k].pairs[p][1]);
      CHECK(said < 0 || said == (int)list[k].label[p], "%s", list[k].sentence.text);
    }
    CHECK(right == 2, "%d of 4 are true: %s", right, list[k].sentence.text);
  }
  CHECK(judged > n * 2, "only %d of %d were judged", judged, n * 4);
  for (int i = 0; i < SCENES; i++)
    world_scene_free(scenes[i]);
}

int main(void)
{
  for (int split = 0; split < WORLD_N_SPLITS; split++)
    test_split((WorldSplit)split);
  return lx_test_end();
}
