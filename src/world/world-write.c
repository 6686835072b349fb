#include "world-write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "world-json.h"
#include "world-render.h"

enum { MAX_PER_SCENE = 99 };

void world_write_options_init(WorldWriteOptions *options, const char *dir, int n_scenes,
                              uint64_t seed)
{
  int tenth = n_scenes / 10 > 0 ? n_scenes / 10 : 1;
  *options = (WorldWriteOptions){.dir = dir,
                                 .seed = seed,
                                 .vqa_per_scene = 12,
                                 .gqa_per_scene = 12,
                                 .captions_per_scene = 8,
                                 .types = WORLD_ALL_TYPES};
  options->scenes[WORLD_SPLIT_TRAIN] = n_scenes - 3 * tenth > 0 ? n_scenes - 3 * tenth : 1;
  for (int s = WORLD_SPLIT_MINIVAL; s < WORLD_N_SPLITS; s++)
    options->scenes[s] = tenth;
  for (int s = 0; s < WORLD_N_SPLITS; s++)
    options->statements[s] = options->scenes[s] / 2;
}

static bool make_folder(WorldJob *job, const char *name)
{
  char path[4096];
  snprintf(path, sizeof path, "%s%s%s", job->options->dir, *name ? "/" : "", name);
  if (mkdir(path, 0777) == 0 || errno == EEXIST)
    return true;
  snprintf(job->error, job->error_size, "cannot make the folder %s: %s", path, strerror(errno));
  return false;
}

static bool make_folders(WorldJob *job)
{
  static const char *const names[] = {"", "vqa", "gqa", "nlvr2", "lxmert", "scene_graphs"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++)
    if (!make_folder(job, names[i]))
      return false;
  return !job->options->images || make_folder(job, "images");
}

static bool write_lines(const char *path, int n, const char *(*get)(int), char *error,
                        size_t error_size)
{
  FILE *f = fopen(path, "w");
  bool ok = f != NULL;
  for (int i = 0; ok && i < n; i++)
    ok = fprintf(f, "%s\n", get(i)) > 0;
  if (f && fclose(f) != 0)
    ok = false;
  if (!ok)
    snprintf(error, error_size, "cannot write %s: %s", path, strerror(errno));
  return ok;
}

bool world_write_vocabulary(const char *path, char *error, size_t error_size)
{
  return write_lines(path, world_n_vocabulary(), world_vocabulary, error, error_size);
}

static bool write_lists(WorldJob *job)
{
  char path[4096];
  const char *dir = job->options->dir;
  snprintf(path, sizeof path, "%s/vocab.txt", dir);
  if (!world_write_vocabulary(path, job->error, job->error_size))
    return false;
  snprintf(path, sizeof path, "%s/objects_vocab.txt", dir);
  if (!write_lines(path, WORLD_N_CLASSES, world_class_name, job->error, job->error_size))
    return false;
  snprintf(path, sizeof path, "%s/attributes_vocab.txt", dir);
  return write_lines(path, WORLD_N_ATTRIBUTES, world_attribute_name, job->error, job->error_size);
}

static bool write_image(const WorldJob *job, int index)
{
  char path[4096], id[40];
  world_image_id(job->split, index, id, sizeof id);
  snprintf(path, sizeof path, "%s/images/%s.png", job->options->dir, id);
  cairo_surface_t *surface = world_scene_surface(job->scenes[index], WORLD_WIDTH, WORLD_HEIGHT);
  bool ok = surface && cairo_surface_write_to_png(surface, path) == CAIRO_STATUS_SUCCESS;
  cairo_surface_destroy(surface);
  return ok;
}

typedef struct {
  WorldProgress progress;
  void *user_data;
  double before, share; /* of the whole work: done before this split, and this split's part */
} Meter;

static bool report(WorldJob *job, const Meter *m, double part, const char *what)
{
  if (!m->progress || m->progress(m->before + m->share * part, what, m->user_data))
    return true;
  snprintf(job->error, job->error_size, "stopped");
  return false;
}

enum { IMAGES_A_ROUND = 16 };

static bool write_images(WorldJob *job, const Meter *m)
{
  for (int start = 0; start < job->n_scenes; start += IMAGES_A_ROUND) {
    int end = start + IMAGES_A_ROUND < job->n_scenes ? start + IMAGES_A_ROUND : job->n_scenes,
        failed = -1, why = 0;
#pragma omp parallel for schedule(dynamic)
    for (int i = start; i < end; i++)
      if (!write_image(job, i)) {
#pragma omp critical(world_image_failed)
        failed = i, why = errno;
      }
    if (failed >= 0) {
      snprintf(job->error, job->error_size, "cannot write image %d of %s in %s/images: %s", failed,
               world_split_name((int)job->split), job->options->dir, strerror(why));
      return false;
    }
    if (!report(job, m, 0.3 + 0.7 * end / job->n_scenes, "images"))
      return false;
  }
  return true;
}

static bool make_scenes(WorldJob *job)
{
  job->n_scenes = job->options->scenes[job->split];
  job->scenes = calloc((size_t)job->n_scenes + 1, sizeof *job->scenes);
  if (!job->scenes)
    goto fail;
  for (int i = 0; i < job->n_scenes; i++) {
    job->scenes[i] =
        world_scene_new(world_scene_seed(job->options->seed, job->split, i), job->split);
    if (!job->scenes[i])
      goto fail;
  }
  return true;
fail:
  snprintf(job->error, job->error_size, "out of memory");
  return false;
}

static void free_scenes(WorldJob *job)
{
  for (int i = 0; job->scenes && i < job->n_scenes; i++)
    world_scene_free(job->scenes[i]);
  free(job->scenes);
  job->scenes = NULL;
}

static bool write_split(WorldJob *job, const Meter *m)
{
  bool pretraining = job->split <= WORLD_SPLIT_MINIVAL;
  bool ok = make_scenes(job) && report(job, m, 0.1, "questions") &&
            world_write_questions(job, WORLD_VQA) && world_write_questions(job, WORLD_GQA) &&
            (!pretraining || world_write_pretraining(job)) && report(job, m, 0.2, "statements") &&
            world_write_statements(job) && world_write_graphs(job) &&
            (!job->options->images || write_images(job, m));
  free_scenes(job);
  return ok;
}

static bool check_options(WorldJob *job)
{
  const WorldWriteOptions *o = job->options;
  const int numbers[] = {o->vqa_per_scene, o->gqa_per_scene, o->captions_per_scene};
  for (int i = 0; i < 3; i++)
    if (numbers[i] < 0 || numbers[i] > MAX_PER_SCENE) {
      snprintf(job->error, job->error_size,
               "questions and captions of a scene must be 0 to %d, not %d", MAX_PER_SCENE,
               numbers[i]);
      return false;
    }
  for (int s = 0; s < WORLD_N_SPLITS; s++)
    if (o->scenes[s] < 0 || o->scenes[s] > 1000000 || o->statements[s] < 0 ||
        o->statements[s] > 1000000) {
      snprintf(job->error, job->error_size, "the scenes of %s must be 0 to 1000000",
               world_split_name(s));
      return false;
    }
  return true;
}

bool world_write(const WorldWriteOptions *options, WorldProgress progress, void *user_data,
                 char *error, size_t error_size)
{
  WorldJob job = {.options = options, .error = error, .error_size = error_size};
  Meter meter = {.progress = progress, .user_data = user_data};
  double total = 1;
  for (int s = 0; s < WORLD_N_SPLITS; s++)
    total += options->scenes[s];
  job.questions = malloc(sizeof *job.questions * MAX_PER_SCENE);
  job.captions = malloc(sizeof *job.captions * MAX_PER_SCENE);
  bool ok = job.questions && job.captions;
  if (!ok)
    snprintf(error, error_size, "out of memory");
  ok = ok && check_options(&job) && make_folders(&job) && write_lists(&job) &&
       world_write_tables(&job);
  for (int s = 0; ok && s < WORLD_N_SPLITS; s++) {
    job.split = (WorldSplit)s;
    meter.share = options->scenes[s] / total;
    ok = write_split(&job, &meter);
    meter.before += meter.share;
  }
  /* Last, so that a folder with world.json is a complete world. */
  ok = ok && world_write_manifest(&job);
  meter.share = 0;
  meter.before = 1;
  ok = ok && report(&job, &meter, 0, "done");
  free(job.questions);
  free(job.captions);
  return ok;
}

static int read_number(const json_t *root, const char *key, bool *ok)
{
  const json_t *value = json_object_get(root, key);
  *ok = *ok && json_is_integer(value) && json_integer_value(value) >= 0 &&
        json_integer_value(value) <= 1000000;
  return (int)json_integer_value(value);
}

bool world_read_options(const char *dir, WorldWriteOptions *options, char *error, size_t error_size)
{
  char path[4096];
  json_error_t why;
  snprintf(path, sizeof path, "%s/world.json", dir);
  json_t *root = json_load_file(path, 0, &why);
  if (!root) {
    snprintf(error, error_size, "%s is not a finished world: %s", dir, why.text);
    return false;
  }
  const char *seed = json_string_value(json_object_get(root, "seed"));
  bool ok = seed != NULL;
  *options = (WorldWriteOptions){.dir = dir, .seed = seed ? strtoull(seed, NULL, 10) : 0};
  for (int s = 0; s < WORLD_N_SPLITS; s++) {
    options->scenes[s] = read_number(json_object_get(root, "scenes"), world_split_name(s), &ok);
    options->statements[s] =
        read_number(json_object_get(root, "statements"), world_split_name(s), &ok);
  }
  options->vqa_per_scene = read_number(root, "vqa_per_scene", &ok);
  options->gqa_per_scene = read_number(root, "gqa_per_scene", &ok);
  options->captions_per_scene = read_number(root, "captions_per_scene", &ok);
  const json_t *types = json_object_get(root, "types");
  options->types = types ? (uint32_t)json_integer_value(types) : WORLD_ALL_TYPES;
  options->images = json_is_true(json_object_get(root, "images"));
  if (!ok)
    snprintf(error, error_size, "%s lacks a number or has a wrong one; write the world again",
             path);
  json_decref(root);
  return ok;
}
