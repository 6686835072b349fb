/* A model that sees only the question, or only the image, must do badly. */
#include "lx-test.h"
#include "world-language.h"

enum { SCENES = 1500, ASKED = 12, KEYS = 1 << 16, ANSWERS = 128 };

static unsigned table[KEYS][ANSWERS];
static int by_type[WORLD_N_QUESTION_TYPES][ANSWERS];

static unsigned key_of(const char *text)
{
  uint64_t h = 1469598103934665603u;
  for (; *text; text++)
    h = (h ^ (uint8_t)*text) * 1099511628211u;
  return (unsigned)(h ^ h >> 29) & (KEYS - 1);
}

static int best(const unsigned *counts)
{
  int top = 0;
  for (int a = 1; a < world_n_answers(); a++)
    top = counts[a] > counts[top] ? a : top;
  return top;
}

/* The most frequent answer to exactly this sentence, else to this type. */
static double question_only(WorldTask task)
{
  static WorldQuestion asked[ASKED];
  int right = 0, all = 0;
  memset(table, 0, sizeof table);
  memset(by_type, 0, sizeof by_type);
  for (int pass = 0; pass < 2; pass++) {
    WorldSplit split = pass ? WORLD_SPLIT_TEST : WORLD_SPLIT_TRAIN;
    for (int k = 0; k < (pass ? SCENES / 5 : SCENES); k++) {
      WorldScene *s = world_scene_new(world_scene_seed(3, split, k), split);
      int n = world_scene_questions(s, task, WORLD_ALL_TYPES, 1, ASKED, asked);
      for (int i = 0; i < n; i++) {
        int answer = world_answer_index(asked[i].answer);
        unsigned *counts = table[key_of(asked[i].sentence.text)], total = 0;
        if (pass == 0) {
          counts[answer]++;
          by_type[asked[i].type][answer]++;
          continue;
        }
        for (int a = 0; a < world_n_answers(); a++)
          total += counts[a];
        right += (total > 2 ? best(counts) : best((unsigned *)by_type[asked[i].type])) == answer;
        all++;
      }
      world_scene_free(s);
    }
  }
  return (double)right / all;
}

static void check_types(WorldTask task)
{
  /* Largest share that one answer may have among those of its type. */
  for (int t = 0; t < WORLD_N_QUESTION_TYPES; t++) {
    int total = 0, used = 0, top = best((unsigned *)by_type[t]);
    for (int a = 0; a < world_n_answers(); a++) {
      total += by_type[t][a];
      used += by_type[t][a] > 0;
    }
    if (total < 250)
      continue;
    double share = (double)by_type[t][top] / total, bound = used == 2   ? 0.65
                                                            : used == 3 ? 0.55
                                                            : used <= 7 ? 0.4
                                                                        : 0.2;
    CHECK(share < bound, "task %d, %s: %.0f%% are \"%s\"", (int)task, world_question_type_name(t),
          100 * share, world_answer(top));
  }
}

/* The best single answer for a whole image cannot beat this: answer each image's questions with
 * the answer most frequent among them (an image-only model that knows everything). */
static void check_image_only(WorldTask task)
{
  static WorldQuestion asked[ASKED];
  int constant[ANSWERS] = {0}, all = 0;
  for (int k = 0; k < 800; k++) {
    WorldScene *s =
        world_scene_new(world_scene_seed(3, WORLD_SPLIT_MINIVAL, k), WORLD_SPLIT_MINIVAL);
    int n = world_scene_questions(s, task, WORLD_ALL_TYPES, 1, ASKED, asked);
    for (int i = 0; i < n; i++, all++)
      constant[world_answer_index(asked[i].answer)]++;
    world_scene_free(s);
  }
  double share = (double)constant[best((unsigned *)constant)] / all;
  printf("task %d: most frequent answer %.1f%%\n", (int)task, 100 * share);
  CHECK(share < 0.25);
}

int main(void)
{
  for (int task = 0; task < WORLD_N_TASKS; task++) {
    double accuracy = question_only((WorldTask)task);
    printf("task %d: question only %.1f%%\n", task, 100 * accuracy);
    CHECK(accuracy < 0.45);
    check_types((WorldTask)task);
    check_image_only((WorldTask)task);
  }
  return lx_test_end();
}
