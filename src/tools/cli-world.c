/* world: the demo world as files. */
#include "cli.h"
#include "cli-json.h"
#include "cli-world-features.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "lx-file.h"

/* All scenes into the one split of that name. */
static bool only_split(WorldWriteOptions *world, const char *name, int n_scenes)
{
  bool found = false;

  for (int i = 0; i < WORLD_N_SPLITS; i++) {
    bool is_it = strcmp(name, world_split_name(i)) == 0;

    world->scenes[i] = is_it ? n_scenes : 0;
    world->statements[i] = is_it ? n_scenes / 2 : 0;
    found |= is_it;
  }
  return found;
}

/* "relation choose,relation verify" as bits; false for a name that is none. */
static bool parse_types(const char *list, uint32_t *out)
{
  for (*out = 0; *list; list += *list == ',') {
    size_t n = strcspn(list, ",");
    int t = 0;
    const char *name;

    while ((name = world_question_type_name(t)) && (strlen(name) != n || strncmp(name, list, n)))
      t++;
    if (!name)
      return false;
    *out |= UINT32_C(1) << t;
    list += n;
  }
  return *out != 0;
}

static bool on_progress(double fraction, const char *what, void *user_data)
{
  return cli_progress(fraction, what, user_data) == 0;
}

static bool same_world(const WorldWriteOptions *a, const WorldWriteOptions *b)
{
  return a->seed == b->seed && a->types == b->types && a->images == b->images &&
         a->vqa_per_scene == b->vqa_per_scene && a->gqa_per_scene == b->gqa_per_scene &&
         !memcmp(a->scenes, b->scenes, sizeof a->scenes) &&
         !memcmp(a->statements, b->statements, sizeof a->statements);
}

/* Features are numbered by scene: those of another seed must not be gone on with. */
static void remove_features(const WorldWriteOptions *world)
{
  char path[4096];

  for (int i = 0; i < WORLD_N_SPLITS; i++)
    for (int index = 0; index < 2; index++) {
      snprintf(path, sizeof path, "%s/features/world_%s_obj36.tsv%s", world->dir,
               world_split_name(i), index ? ".idx" : "");
      if (unlink(path) == 0 && !index)
        fprintf(stderr, "crosslens-cli world: %s was of another seed and begins again\n", path);
    }
}

/* Everything but the features. A world that is finished stays as it is with `resume`. */
static bool write_files(const WorldWriteOptions *world, bool resume, char *message, size_t size)
{
  WorldWriteOptions old;
  char ignored[640];
  const bool finished = world_read_options(world->dir, &old, ignored, sizeof ignored);

  if (finished && resume && !same_world(world, &old)) {
    snprintf(message, size,
             "%s holds another world; choose another --out, or leave out --resume to "
             "write over it",
             world->dir);
    return false;
  }
  if (finished && resume)
    return true;
  if (finished && old.seed != world->seed)
    remove_features(world);
  return world_write(world, on_progress, "world", message, size);
}

static void print_json(const WorldWriteOptions *world, const char *detector, double seconds)
{
  json_t *scenes = json_object(), *statements = json_object();

  for (int i = 0; i < WORLD_N_SPLITS; i++) {
    json_object_set_new(scenes, world_split_name(i), json_integer(world->scenes[i]));
    json_object_set_new(statements, world_split_name(i), json_integer(world->statements[i]));
  }
  json_t *out =
      json_pack("{so sI so so si si si sb so? sf}", "out", cli_json_text(world->dir), "seed",
                (json_int_t)world->seed, "scenes", scenes, "statements", statements,
                "vqa_per_scene", world->vqa_per_scene, "gqa_per_scene", world->gqa_per_scene,
                "captions_per_scene", world->captions_per_scene, "images", world->images,
                "detector", detector ? cli_json_text(detector) : NULL, "seconds", seconds);
  cli_print_json(out, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
}

int cli_world(int argc, char **argv)
{
  const char *out = NULL, *features = NULL, *split = NULL, *types = NULL;
  int64_t scenes = 0, seed = 1, questions = 12, statements = 0;
  bool images = false, resume = false, as_json = false;
  const CliOption options[] = {
      {"out", CLI_STRING, &out, "DIR", "folder to write into; made when missing"},
      {"scenes", CLI_INT, &scenes, "N", "scenes in all splits together"},
      {"seed", CLI_INT, &seed, "S", "the same seed gives the same bytes (default 1)"},
      {"questions", CLI_INT, &questions, "N", "VQA and GQA questions a scene, each (default 12)"},
      {"statements", CLI_INT, &statements, "N",
       "NLVR2 sentences of each split, four pairs of scenes each (default: half as many as "
       "scenes)"},
      {"types", CLI_STRING, &types, "NAMES",
       "only these question types: \"relation choose,count\""},
      {"split", CLI_STRING, &split, "NAME",
       "all scenes in this split: train, minival, test, heldout"},
      {"images", CLI_FLAG, &images, NULL, "write every scene as a PNG too"},
      {"features", CLI_STRING, &features, "DIR",
       "a detector: write its features of every scene too"},
      {"resume", CLI_FLAG, &resume, NULL,
       "keep what is finished; refuse a folder with another world"},
      {"json", CLI_FLAG, &as_json, NULL, "what was written, as JSON on standard output"},
  };
  const CliSpec spec = {
      "--out DIR --scenes N --seed S [--split NAME] [--questions N] [--statements N] [--types "
      "NAMES] [--images] [--features DETECTOR]",
      "Makes scenes with their questions, captions and statements in the formats of\n"
      "LXMERT's authors. With --features also features/world_SPLIT_obj36.tsv; a stopped\n"
      "run goes on where it was.",
      options,
      sizeof options / sizeof *options,
      0,
      0};
  WorldWriteOptions world;
  char message[640] = "";
  LxError error = {0};
  int code = cli_parse(&spec, &argc, argv);

  if (code != CLI_GO_ON)
    return code;
  if (!out || scenes <= 0)
    return cli_usage(argv[0], "--out and a positive --scenes are needed");
  if (scenes > 10000000 || seed < 0 || questions < 1 || questions > 100 || statements < 0 ||
      statements > 1000000)
    return cli_usage(argv[0], "--scenes is at most 10000000, --statements 1000000, --seed at least "
                              "0, --questions 1 to 100");
  cli_catch_interrupt();
  world_write_options_init(&world, out, (int)scenes, (uint64_t)seed);
  world.vqa_per_scene = world.gqa_per_scene = (int)questions;
  world.images = images;
  if (split && !only_split(&world, split, (int)scenes))
    return cli_usage(argv[0], "--split is train, minival, test or heldout");
  for (int i = 0; i < WORLD_N_SPLITS && statements > 0; i++)
    if (world.scenes[i] > 0)
      world.statements[i] = (int)statements;
  if (types && !parse_types(types, &world.types))
    return cli_usage(argv[0], "--types takes names like \"relation choose,relation verify\"");
  const double begun = cli_now();
  if (!write_files(&world, resume, message, sizeof message))
    return cli_fail("%s", cli_interrupted() ? "stopped before the end" : message);
  if (features && cli_world_features(&world, features, cli_progress, "features", &error) != LX_OK)
    return cli_fail_error(&error);
  if (as_json)
    print_json(&world, features, cli_now() - begun);
  return CLI_OK;
}
