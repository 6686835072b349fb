/* Every question means one thing, and its answer is what the scene graph says. */
#include "lx-test.h"
#include "world-reader.h"

enum { SCENES = 250, ASKED = 24 };

static const WorldScene *scene;
static Words words;

static const char *yes_no(bool yes)
{
  return yes ? "yes" : "no";
}

static const char *number(int n)
{
  static const char *const digits[] = {"0", "1", "2", "3",  "4",  "5", "6",
                                       "7", "8", "9", "10", "11", "12"};
  return digits[n];
}

static int last_colour(void)
{
  for (int i = words.n - 1; i >= 0; i--)
    if (colour_at_word(&words, i) >= 0)
      return colour_at_word(&words, i);
  return -1;
}

static bool in_category(int c, const char *word)
{
  static const struct {
    const char *word, *members;
  } lists[] = {{"animal", " cat dog bird "},
               {"person", " man woman "},
               {"people", " man woman "},
               {"who", " man woman "},
               {"vehicle", " car bus bicycle boat "},
               {"plant", " tree fir mushroom "},
               {"toy", " kite ball balloon "},
               {"furniture", " chair table sofa lamp bench "}};
  char key[32];
  snprintf(key, sizeof key, " %s ", world_class_name(c));
  for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
    if (strncmp(word, lists[i].word, strlen(lists[i].word)) == 0)
      return strstr(lists[i].members, key) != NULL;
  return true;
}

/* Every category that the sentence names. */
static bool fits_category(int c)
{
  for (int i = 0; i < words.n; i++)
    if (!in_category(c, words.words[i]))
      return false;
  return true;
}

static const char *existence(void)
{
  unsigned set = 0;
  for (int i = 0; i < words.n; i++) {
    int at = i;
    if ((is_word(&words, i, "a") || is_word(&words, i, "an") || is_word(&words, i, "any")) &&
        read_phrase(&words, scene, &at, 1, &set))
      return yes_no(set != 0);
  }
  return "no phrase";
}

static const char *count(void)
{
  int n = 0, colour = last_colour();
  for (int i = 0; i < words.n; i++) {
    bool plural;
    int c = class_at(&words, i, &plural);
    if (c >= 0 && plural) {
      for (int k = 0; k < scene->n_objects; k++)
        n += (int)scene->objects[k].class_id == c;
      return number(n);
    }
  }
  for (int k = 0; k < scene->n_objects && colour >= 0; k++)
    if ((int)scene->objects[k].colour == colour &&
        (scene->objects[k].class_id == WORLD_MAN || scene->objects[k].class_id == WORLD_WOMAN))
      return "clothes or things";
  if (colour >= WORLD_BROWN)
    return "colour of details";
  for (int k = 0; k < scene->n_objects; k++)
    n += colour >= 0 ? (int)scene->objects[k].colour == colour
                     : fits_category((int)scene->objects[k].class_id);
  return number(n);
}

static const char *attribute(WorldQuestionType type)
{
  int at = 0, o = next_object(&words, scene, &at, 3);
  if (o < 0)
    return "no single object";
  const WorldObject *object = &scene->objects[o];
  if (type == WORLD_Q_COLOUR_VERIFY)
    return yes_no((int)object->colour == last_colour());
  if (type == WORLD_Q_STATE || type == WORLD_Q_STATE_CHOOSE)
    return world_state_name((int)object->state);
  if (type == WORLD_Q_SIZE_CHOOSE)
    return object->scale < 0.8f ? "small" : "large";
  return world_attribute_name((int)object->colour);
}

static const char *held_thing(int person)
{
  const char *name = "nothing";
  for (int r = 0; r < scene->n_relations; r++)
    if (scene->relations[r].subject == person && scene->relations[r].kind == WORLD_HOLDING)
      name = world_class_name((int)scene->objects[scene->relations[r].object].class_id);
  return name;
}

/* "what ... REL the Y ?", "look at Y . what is REL it ?", "what is Y holding ?" */
static const char *what(void)
{
  int kind = -1, anchor = -1, found = -1, at = 0;
  bool asks_hand = has_word(&words, "hold") || has_word(&words, "hand");
  if (is_word(&words, 0, "look")) {
    anchor = next_object(&words, scene, &at, 3);
    for (; at < words.n && kind < 0; at++)
      kind = relation_at(&words, &at);
  } else {
    for (int i = 1; i < words.n && kind < 0 && !asks_hand; i++) {
      int next = i;
      if (is_word(&words, i, "the"))
        break;
      kind = relation_at(&words, &next);
      at = next;
    }
    at = kind < 0 ? 1 : at;
    anchor = next_object(&words, scene, &at, 3);
  }
  if (anchor < 0)
    return "no single anchor";
  if (kind < 0 || kind == WORLD_HOLDING)
    return held_thing(anchor);
  for (int k = 0; k < scene->n_objects; k++)
    if (stands(scene, k, kind, anchor)) {
      bool wanted = true;
      for (int i = 0; i < words.n && !is_word(&words, i, "the"); i++)
        wanted = wanted && in_category((int)scene->objects[k].class_id, words.words[i]);
      if (!wanted)
        continue;
      if (found >= 0)
        return "several";
      found = k;
    }
  return found < 0 ? "nothing" : world_class_name((int)scene->objects[found].class_id);
}

static const char *relation_verify(void)
{
  int at = 0, a = next_object(&words, scene, &at, 0), kind = -1;
  for (; at < words.n && kind < 0; at++) {
    int next = at;
    if ((kind = relation_at(&words, &next)) >= 0) {
      at = next;
      break;
    }
  }
  int b = next_object(&words, scene, &at, 0);
  return a < 0 || b < 0 || kind < 0 ? "unreadable" : yes_no(stands(scene, a, kind, b));
}

static const char *relation_choose(void)
{
  static const char *const names[] = {"left", "right", "behind", "in front", "", "on", "under"};
  int at = 0, a = next_object(&words, scene, &at, 0), b = next_object(&words, scene, &at, 0);
  if (is_word(&words, 1, "which")) {
    int t = a;
    a = b;
    b = t;
  }
  for (int kind = 0; a >= 0 && b >= 0 && kind <= WORLD_UNDER; kind++)
    if (*names[kind] && stands(scene, a, kind, b) &&
        (has_word(&words, "left") == (kind <= WORLD_RIGHT_OF)))
      return names[kind];
  return "none";
}

/* The two classes named with "a"; the answer is the one in relation to the definite phrase. */
static const char *class_choose(void)
{
  int classes[2], n = 0, kind = -1, anchor = -1;
  bool plural;
  for (int i = 0; i < words.n; i++) {
    if ((is_word(&words, i, "a") || is_word(&words, i, "an")) && n < 2 &&
        class_at(&words, i + 1, &plural) >= 0)
      classes[n++] = class_at(&words, i + 1, &plural);
    int at = i;
    if (kind < 0 && (kind = relation_at(&words, &at)) >= 0)
      anchor = next_object(&words, scene, &at, 0);
  }
  const char *answer = "none";
  for (int k = 0; k < scene->n_objects && n == 2 && anchor >= 0; k++)
    for (int c = 0; c < 2; c++)
      if ((int)scene->objects[k].class_id == classes[c] && stands(scene, k, kind, anchor)) {
        if (strcmp(answer, "none") != 0 && strcmp(answer, world_class_name(classes[c])) != 0)
          return "both";
        answer = world_class_name(classes[c]);
      }
  return answer;
}

static float area(int o)
{
  const float *b = scene->objects[o].box;
  return (b[2] - b[0]) * (b[3] - b[1]);
}

static const char *compare(WorldQuestionType type)
{
  int at = 0, a = next_object(&words, scene, &at, 0), b = next_object(&words, scene, &at, 2);
  if (a < 0 || b < 0)
    return "no single object";
  if (type == WORLD_Q_SAME_COLOUR)
    return yes_no((scene->objects[a].colour == scene->objects[b].colour) !=
                  has_word(&words, "different"));
  CHECK(fmaxf(area(a), area(b)) > 1.45f * fminf(area(a), area(b)));
  if (type == WORLD_Q_LARGER_VERIFY)
    return yes_no((area(a) > area(b)) != has_word(&words, "smaller"));
  return world_class_name((int)scene->objects[area(a) > area(b) ? a : b].class_id);
}

static const char *both(void)
{
  bool found[2] = {false, false}, plural;
  int n = 0;
  for (int i = 0; i < words.n; i++) {
    int c = class_at(&words, i, &plural);
    if (c < 0 || n == 2)
      continue;
    for (int k = 0; k < scene->n_objects; k++)
      found[n] = found[n] || (int)scene->objects[k].class_id == c;
    n++;
  }
  return yes_no(has_word(&words, "or") ? found[0] || found[1] : found[0] && found[1]);
}

static const char *weather(void)
{
  int clouds = 0;
  for (int k = 0; k < scene->n_objects; k++)
    clouds += scene->objects[k].class_id == WORLD_CLOUD;
  if (scene->weather == WORLD_CLEAR ? clouds > 0 : scene->weather == WORLD_CLOUDY && clouds == 0)
    return "clear or cloudy";
  return world_weather_name((int)scene->weather);
}

static const char *position(bool choose)
{
  int at = 0, o = next_object(&words, scene, &at, 3);
  if (o < 0)
    return "no single object";
  const float *box = scene->objects[o].box;
  bool left = box[2] <= 320, right = box[0] >= 320;
  if (left == right)
    return "across the middle";
  return choose ? (left ? "left" : "right") : yes_no(left == has_word(&words, "left"));
}

static const char *derive(const WorldQuestion *q)
{
  const char *place = world_place_name((int)scene->place);
  switch (q->type) {
  case WORLD_Q_EXIST:
  case WORLD_Q_EXIST_COLOUR:
  case WORLD_Q_EXIST_RELATION:
    return existence();
  case WORLD_Q_COUNT:
  case WORLD_Q_COUNT_CATEGORY:
  case WORLD_Q_COUNT_COLOUR:
    return count();
  case WORLD_Q_PLACE:
  case WORLD_Q_PLACE_CHOOSE:
    return place;
  case WORLD_Q_PLACE_VERIFY:
    return yes_no(strstr(q->sentence.text, place) != NULL);
  case WORLD_Q_WEATHER:
    return weather();
  case WORLD_Q_LIGHT:
    return world_light_name((int)scene->light);
  case WORLD_Q_WHAT:
  case WORLD_Q_WHAT_HOP2:
    return what();
  case WORLD_Q_RELATION_VERIFY:
    return relation_verify();
  case WORLD_Q_RELATION_CHOOSE:
    return relation_choose();
  case WORLD_Q_POSITION_VERIFY:
  case WORLD_Q_POSITION_CHOOSE:
    return position(q->type == WORLD_Q_POSITION_CHOOSE);
  case WORLD_Q_CLASS_CHOOSE:
    return class_choose();
  case WORLD_Q_SAME_COLOUR:
  case WORLD_Q_LARGER_VERIFY:
  case WORLD_Q_LARGER_CHOOSE:
    return compare(q->type);
  case WORLD_Q_BOTH:
    return both();
  default:
    return attribute(q->type);
  }
}

static bool in_vocabulary(const char *word)
{
  for (int i = 5; i < world_n_vocabulary(); i++)
    if (strcmp(world_vocabulary(i), word) == 0)
      return true;
  return false;
}

static void check_sentence(const WorldSentence *s)
{
  static const char *const articles[] = {"a", "an", "the"}, *const pronouns[] = {"it", "he", "she"};
  split_words(s->text, &words);
  CHECK(words.n == s->n_words, "%s: %d words, %d said", s->text, words.n, s->n_words);
  CHECK(words.n <= 18, "%s", s->text);
  for (int i = 0; i < words.n; i++) {
    bool plural;
    CHECK(in_vocabulary(words.words[i]), "%s in \"%s\"", words.words[i], s->text);
    if (class_at(&words, i, &plural) >= 0)
      CHECK(s->pos[i] == WORLD_POS_NOUN && s->plural[i] == plural, "%s", words.words[i]);
    for (int k = 0; k < 3; k++) {
      CHECK(!is_word(&words, i, articles[k]) || s->pos[i] == WORLD_POS_ARTICLE);
      CHECK(!is_word(&words, i, pronouns[k]) || s->pos[i] == WORLD_POS_PRONOUN);
    }
    int o = s->object[i];
    if (o >= 0 && s->pos[i] == WORLD_POS_NOUN)
      CHECK(class_at(&words, i, &plural) == (int)scene->objects[o].class_id, "%s", s->text);
    if (is_word(&words, i, "a") && i + 1 < words.n)
      CHECK(!strchr("aeiou", words.words[i + 1][0]), "%s", s->text);
  }
}

/* Whether the text names a held-out pair, next to each other or as "woman in gray". */
static bool names_held_out(void)
{
  bool plural;
  for (int i = 0; i < words.n; i++) {
    int c = class_at(&words, i, &plural);
    if (c < 0)
      continue;
    int before = i > 0 ? colour_at_word(&words, i - 1) : -1;
    int after = is_word(&words, i + 1, "in") ? colour_at_word(&words, i + 2) : -1;
    if ((before >= 0 && world_pair_is_held_out(c, before)) ||
        (after >= 0 && world_pair_is_held_out(c, after)))
      return true;
  }
  return false;
}

static void test_split(WorldSplit split)
{
  static WorldQuestion asked[ASKED];
  int types[WORLD_N_QUESTION_TYPES] = {0};
  for (int k = 0; k < SCENES; k++) {
    WorldScene *s = world_scene_new(world_scene_seed(77, split, k), split);
    scene = s;
    for (int task = 0; task < WORLD_N_TASKS; task++) {
      int n = world_scene_questions(s, (WorldTask)task, WORLD_ALL_TYPES, 5, ASKED, asked);
      CHECK(split == WORLD_SPLIT_HELDOUT || n == ASKED, "%d questions", n);
      for (int i = 0; i < n; i++) {
        check_sentence(&asked[i].sentence);
        const char *derived = derive(&asked[i]);
        CHECK(strcmp(derived, asked[i].answer) == 0, "scene %d, %s: %s -> %s, but it says %s", k,
              world_question_type_name((int)asked[i].type), asked[i].sentence.text, derived,
              asked[i].answer);
        CHECK(world_answer_index(asked[i].answer) >= 0);
        CHECK(asked[i].held_out == (split == WORLD_SPLIT_HELDOUT));
        CHECK(split == WORLD_SPLIT_HELDOUT || !names_held_out(), "%s", asked[i].sentence.text);
        types[asked[i].type]++;
      }
    }
    world_scene_free(s);
  }
  for (int t = 0; t < WORLD_N_QUESTION_TYPES && split == WORLD_SPLIT_TRAIN; t++)
    CHECK(types[t] > 50, "%s: %d", world_question_type_name(t), types[t]);
}

/* Only the wanted types come, and none where the task asks none of them. */
static void test_types(void)
{
  static WorldQuestion asked[ASKED];
  uint32_t wanted = 1u << WORLD_Q_RELATION_CHOOSE | 1u << WORLD_Q_SAME_COLOUR;
  int found = 0;
  for (int k = 0; k < 20; k++) {
    WorldScene *s = world_scene_new(world_scene_seed(79, WORLD_SPLIT_TRAIN, k), WORLD_SPLIT_TRAIN);
    int n = world_scene_questions(s, WORLD_VQA, wanted, 5, ASKED, asked);
    for (int i = 0; i < n; i++)
      CHECK(asked[i].type == WORLD_Q_RELATION_CHOOSE);
    found += n;
    CHECK(world_scene_questions(s, WORLD_VQA, 1u << WORLD_Q_SAME_COLOUR, 5, ASKED, asked) == 0);
    world_scene_free(s);
  }
  CHECK(found > 100, "%d", found);
}

static void test_captions(void)
{
  WorldSentence captions[8];
  for (int k = 0; k < SCENES; k++) {
    WorldScene *s = world_scene_new(world_scene_seed(78, WORLD_SPLIT_TRAIN, k), WORLD_SPLIT_TRAIN);
    scene = s;
    int n = world_scene_captions(s, 5, 8, captions);
    CHECK(n == 8);
    for (int i = 0; i < n; i++) {
      check_sentence(&captions[i]);
      /* What a caption speaks of is there, in the colour it says. */
      for (int at = 0; at < words.n; at++) {
        unsigned set = 0;
        int next = at;
        if ((is_word(&words, at, "a") || is_word(&words, at, "an")) &&
            read_phrase(&words, s, &next, 0, &set))
          CHECK(set != 0, "%s", captions[i].text);
      }
    }
    world_scene_free(s);
  }
}

int main(void)
{
  for (int split = 0; split < WORLD_N_SPLITS; split++)
    test_split((WorldSplit)split);
  test_types();
  test_captions();
  return lx_test_end();
}
