/* Scenes: the same bytes from the same seed, tight boxes, held-out pairs where they belong. */
#include <cairo.h>
#include <pthread.h>

#include "lx-test.h"
#include "world-kinds.h"
#include "world-render.h"
#include "world-scene.h"

static uint64_t hash_bytes(const uint8_t *data, size_t n)
{
  uint64_t h = 1469598103934665603u;
  for (size_t i = 0; i < n; i++)
    h = (h ^ data[i]) * 1099511628211u;
  return h;
}

static uint64_t picture_hash(uint64_t seed, WorldSplit split, int width)
{
  size_t size = (size_t)width * (size_t)(width * 3 / 4) * 3;
  uint8_t *rgb = malloc(size);
  WorldScene *s = world_scene_new(seed, split);
  CHECK(world_scene_render(s, width, width * 3 / 4, rgb, (size_t)width * 3));
  uint64_t h = hash_bytes(rgb, size);
  world_scene_free(s);
  free(rgb);
  return h;
}

typedef struct {
  uint64_t hash[12];
} Result;

static void *render_some(void *data)
{
  Result *r = data;
  for (int i = 0; i < 12; i++)
    r->hash[i] = picture_hash(world_scene_seed(9, WORLD_SPLIT_TEST, i), WORLD_SPLIT_TEST, 320);
  return NULL;
}

static void test_same_in_threads(void)
{
  pthread_t threads[3];
  Result results[4];
  for (int i = 0; i < 3; i++)
    CHECK(pthread_create(&threads[i], NULL, render_some, &results[i]) == 0);
  render_some(&results[3]);
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  for (int i = 0; i < 3; i++)
    CHECK(memcmp(&results[i], &results[3], sizeof(Result)) == 0, "thread %d drew other pixels", i);
  for (int i = 1; i < 12; i++)
    CHECK(results[0].hash[i] != results[0].hash[0], "scenes 0 and %d look the same", i);
}

/* The visible box of every object, from its own drawing covered by the nearer ones. */
static void drawn_boxes(const WorldScene *s, float boxes[][4])
{
  static uint8_t who[WORLD_HEIGHT][WORLD_WIDTH];
  memset(who, 0, sizeof who);
  for (int i = 0; i < s->n_objects; i++) {
    cairo_surface_t *a8 = cairo_image_surface_create(CAIRO_FORMAT_A8, WORLD_WIDTH, WORLD_HEIGHT);
    cairo_t *cr = cairo_create(a8);
    world_scene_draw_object(s, i, cr);
    cairo_destroy(cr);
    cairo_surface_flush(a8);
    const uint8_t *data = cairo_image_surface_get_data(a8);
    for (int y = 0; y < WORLD_HEIGHT; y++)
      for (int x = 0; x < WORLD_WIDTH; x++)
        if (data[y * cairo_image_surface_get_stride(a8) + x] > 110)
          who[y][x] = (uint8_t)(i + 1);
    cairo_surface_destroy(a8);
  }
  for (int i = 0; i < s->n_objects; i++) {
    float *b = boxes[i];
    b[0] = WORLD_WIDTH, b[1] = WORLD_HEIGHT, b[2] = b[3] = 0;
    for (int y = 0; y < WORLD_HEIGHT; y++)
      for (int x = 0; x < WORLD_WIDTH; x++)
        if (who[y][x] == i + 1) {
          b[0] = fminf(b[0], (float)x), b[2] = fmaxf(b[2], (float)x + 1);
          b[1] = fminf(b[1], (float)y), b[3] = fmaxf(b[3], (float)y + 1);
        }
  }
}

static float iou(const float a[4], const float b[4])
{
  float w = fminf(a[2], b[2]) - fmaxf(a[0], b[0]), h = fminf(a[3], b[3]) - fmaxf(a[1], b[1]);
  float both = w > 0 && h > 0 ? w * h : 0;
  return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both);
}

static void test_boxes_are_tight(void)
{
  int loose = 0, n = 0;
  double sum = 0;
  for (int k = 0; k < 40; k++) {
    float drawn[WORLD_MAX_OBJECTS][4];
    WorldScene *s = world_scene_new(world_scene_seed(21, WORLD_SPLIT_TRAIN, k), WORLD_SPLIT_TRAIN);
    drawn_boxes(s, drawn);
    for (int i = 0; i < s->n_objects; i++, n++) {
      float same = iou(drawn[i], s->objects[i].box);
      sum += same;
      loose += same < 0.9f;
      CHECK(same > 0.7f, "%s of scene %d: overlap %.2f",
            world_class_name((int)s->objects[i].class_id), k, same);
    }
    world_scene_free(s);
  }
  printf("box against drawing: mean overlap %.4f, %d of %d under 0.9\n", sum / n, loose, n);
  CHECK(sum / n > 0.975);
  CHECK(loose * 100 < n * 2);
}

static void check_object(const WorldScene *s, int i, bool *held)
{
  const WorldObject *o = &s->objects[i];
  bool pair = world_pair_is_held_out(o->class_id, o->colour);
  *held = *held || pair;
  CHECK(world_pair_is_possible(o->class_id, o->colour));
  CHECK(o->box[0] >= 0 && o->box[1] >= 0 && o->box[2] <= WORLD_WIDTH && o->box[3] <= WORLD_HEIGHT);
  CHECK(o->box[2] - o->box[0] >= 20 && o->box[3] - o->box[1] >= 20);
  CHECK(o->visible > 0.5f);
  CHECK(o->support < s->n_objects && o->support != i);
  CHECK(i == 0 || o->depth >= s->objects[i - 1].depth);
}

static void test_scenes_keep_their_promises(void)
{
  int small = 0, n = 0, classes[WORLD_N_CLASSES] = {0}, places[WORLD_N_PLACES] = {0},
      kinds[WORLD_N_RELATIONS] = {0};
  for (int k = 0; k < 1200; k++) {
    WorldSplit split = (WorldSplit)(k % WORLD_N_SPLITS);
    WorldScene *s = world_scene_new(world_scene_seed(4, split, k), split);
    bool held = false;
    CHECK(s->n_objects >= 4 && s->n_objects <= 12);
    places[s->place]++;
    for (int i = 0; i < s->n_objects; i++, n++) {
      const float *b = s->objects[i].box;
      check_object(s, i, &held);
      classes[s->objects[i].class_id]++;
      small += fminf(b[2] - b[0], b[3] - b[1]) < 24;
    }
    for (int r = 0; r < s->n_relations; r++)
      kinds[s->relations[r].kind]++;
    CHECK(held == (split == WORLD_SPLIT_HELDOUT));
    world_scene_free(s);
  }
  CHECK(small * 50 < n, "%d of %d objects are under 24 pixels", small, n);
  for (int c = 0; c < WORLD_N_CLASSES; c++)
    CHECK(classes[c] > 40, "%s: %d", world_class_name(c), classes[c]);
  for (int p = 0; p < WORLD_N_PLACES; p++)
    CHECK(places[p] > 100, "%s: %d", world_place_name(p), places[p]);
  for (int r = 0; r < WORLD_N_RELATIONS; r++)
    CHECK(kinds[r] > 100, "%s: %d", world_relation_name(r), kinds[r]);
}

static bool has(const WorldScene *s, int i, WorldRelationKind kind, int j)
{
  for (int r = 0; r < s->n_relations; r++)
    if (s->relations[r].subject == i && s->relations[r].kind == kind && s->relations[r].object == j)
      return true;
  return false;
}

/* Left, right, behind and in front can be read off the boxes alone, with a margin. */
static void test_relations_follow_from_boxes(void)
{
  for (int k = 0; k < 200; k++) {
    WorldScene *s = world_scene_new(world_scene_seed(6, WORLD_SPLIT_TRAIN, k), WORLD_SPLIT_TRAIN);
    for (int r = 0; r < s->n_relations; r++) {
      int i = s->relations[r].subject, j = s->relations[r].object;
      const float *a = s->objects[i].box, *b = s->objects[j].box;
      WorldRelationKind kind = s->relations[r].kind;
      if (kind == WORLD_LEFT_OF) {
        CHECK(a[0] + a[2] + 48 < b[0] + b[2]);
        CHECK(has(s, j, WORLD_RIGHT_OF, i));
      } else if (kind == WORLD_BEHIND) {
        CHECK(a[3] + 17 < b[3]);
        CHECK(has(s, j, WORLD_IN_FRONT_OF, i) && !has(s, j, WORLD_BEHIND, i));
      } else if (kind == WORLD_NEXT_TO) {
        CHECK(has(s, j, WORLD_NEXT_TO, i));
      } else if (kind == WORLD_ON || kind == WORLD_HOLDING || kind == WORLD_WEARING) {
        CHECK(fminf(a[2], b[2]) > fmaxf(a[0], b[0]) - 6 &&
              fminf(a[3], b[3]) > fmaxf(a[1], b[1]) - 6);
      }
    }
    world_scene_free(s);
  }
}

static void test_names(void)
{
  char id[40];
  world_image_id(WORLD_SPLIT_TRAIN, 12, id, sizeof id);
  CHECK(strcmp(id, "world_train_000000000012") == 0);
  CHECK(world_n_classes() >= 24 && world_n_attributes() == 11);
  CHECK(!world_class_name(-1) && !world_class_name(WORLD_N_CLASSES) && !world_attribute_name(99));
  int held = 0;
  for (int c = 0; c < WORLD_N_CLASSES; c++)
    for (int a = 0; a < WORLD_N_ATTRIBUTES; a++) {
      held += world_pair_is_held_out(c, a);
      CHECK(world_pair_is_possible(c, a) || !world_pair_is_held_out(c, a));
    }
  CHECK(held >= 24, "%d pairs are held out", held);
}

int main(void)
{
  test_names();
  test_same_in_threads();
  test_boxes_are_tight();
  test_scenes_keep_their_promises();
  test_relations_follow_from_boxes();
  return lx_test_end();
}
