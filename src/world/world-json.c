#include "world-json.h"

#include <stdlib.h>
#include <string.h>

#include "world-kinds.h"

static json_t *question_entry(const WorldJob *job, WorldTask task, int scene, int k,
                              const WorldQuestion *q)
{
  char image[40], id[32];
  long long number = ((long long)job->split + 1) * 1000000000LL + (long long)scene * 100 + k;
  world_image_id(job->split, scene, image, sizeof image);
  snprintf(id, sizeof id, "%lld", number);
  if (task == WORLD_GQA)
    return json_pack("{s:s,s:{s:f},s:s,s:s,s:s}", "img_id", image, "label", q->answer, 1.0,
                     "question_id", id, "sent", q->sentence.text, "question_type",
                     world_question_type_name((int)q->type));
  return json_pack("{s:s,s:s,s:{s:f},s:I,s:s,s:s}", "answer_type", world_answer_type(q->answer),
                   "img_id", image, "label", q->answer, 1.0, "question_id", (json_int_t)number,
                   "question_type", world_question_type_name((int)q->type), "sent",
                   q->sentence.text);
}

static int per_scene(const WorldJob *job, WorldTask task)
{
  return task == WORLD_VQA ? job->options->vqa_per_scene : job->options->gqa_per_scene;
}

bool world_write_questions(WorldJob *job, WorldTask task)
{
  char name[64];
  WorldStream stream;
  snprintf(name, sizeof name, "%s/%s.json", task == WORLD_VQA ? "vqa" : "gqa",
           world_split_name((int)job->split));
  if (!world_stream_open(&stream, job, name, '['))
    return false;
  for (int i = 0; i < job->n_scenes; i++) {
    int n = world_scene_questions(job->scenes[i], task, job->options->types, job->options->seed,
                                  per_scene(job, task), job->questions);
    for (int k = 0; k < n; k++)
      world_stream_add(&stream, NULL, question_entry(job, task, i, k, &job->questions[k]));
  }
  return world_stream_close(&stream);
}

static void add_questions(WorldJob *job, int scene, WorldTask task, json_t *sentences,
                          json_t *labels)
{
  const char *set = task == WORLD_VQA ? "vqa" : "gqa";
  json_t *texts = json_array(), *answers = json_array();
  int n = world_scene_questions(job->scenes[scene], task, job->options->types, job->options->seed,
                                per_scene(job, task), job->questions);
  for (int k = 0; k < n; k++) {
    json_array_append_new(texts, json_string(job->questions[k].sentence.text));
    json_array_append_new(answers, json_pack("{s:f}", job->questions[k].answer, 1.0));
  }
  json_object_set_new(sentences, set, texts);
  json_object_set_new(labels, set, answers);
}

bool world_write_pretraining(WorldJob *job)
{
  char name[64], image[40];
  WorldStream stream;
  snprintf(name, sizeof name, "lxmert/world_%s.json", world_split_name((int)job->split));
  if (!world_stream_open(&stream, job, name, '['))
    return false;
  for (int i = 0; i < job->n_scenes; i++) {
    json_t *sentences = json_object(), *labels = json_object(), *captions = json_array();
    int n = world_scene_captions(job->scenes[i], job->options->seed,
                                 job->options->captions_per_scene, job->captions);
    for (int k = 0; k < n; k++)
      json_array_append_new(captions, json_string(job->captions[k].text));
    json_object_set_new(sentences, "mscoco", captions);
    add_questions(job, i, WORLD_VQA, sentences, labels);
    add_questions(job, i, WORLD_GQA, sentences, labels);
    world_image_id(job->split, i, image, sizeof image);
    world_stream_add(
        &stream, NULL,
        json_pack("{s:s,s:o,s:o}", "img_id", image, "labelf", labels, "sentf", sentences));
  }
  return world_stream_close(&stream);
}

static void add_statement(WorldStream *stream, const WorldJob *job, int set,
                          const WorldStatement *s)
{
  const char *split = world_split_name((int)job->split);
  for (int k = 0; k < WORLD_STATEMENT_PAIRS; k++) {
    char identifier[64], uid[64], image[2][40];
    snprintf(identifier, sizeof identifier, "%s-%d-%d-0", split, set, k);
    snprintf(uid, sizeof uid, "nlvr2_%s_%d", split, set * WORLD_STATEMENT_PAIRS + k);
    world_image_id(job->split, s->pairs[k][0], image[0], sizeof image[0]);
    world_image_id(job->split, s->pairs[k][1], image[1], sizeof image[1]);
    world_stream_add(stream, NULL,
                     json_pack("{s:s,s:s,s:s,s:i,s:s,s:s}", "identifier", identifier, "img0",
                               image[0], "img1", image[1], "label", (int)s->label[k], "sent",
                               s->sentence.text, "uid", uid));
  }
}

bool world_write_statements(WorldJob *job)
{
  char name[64];
  WorldStream stream;
  int wanted = job->n_scenes < 8 ? 0 : job->options->statements[job->split];
  snprintf(name, sizeof name, "nlvr2/%s.json", world_split_name((int)job->split));
  if (!world_stream_open(&stream, job, name, '['))
    return false;
  WorldStatement *list = calloc((size_t)wanted + 1, sizeof *list);
  if (!list)
    stream.failed = true;
  else
    wanted = world_statements((const WorldScene *const *)job->scenes, job->n_scenes,
                              job->options->seed, wanted, list);
  for (int i = 0; list && i < wanted; i++)
    add_statement(&stream, job, i, &list[i]);
  free(list);
  return world_stream_close(&stream);
}

static json_t *graph_object(const WorldScene *s, int i)
{
  const WorldObject *o = &s->objects[i];
  json_t *attributes = json_pack("[s]", world_attribute_name((int)o->colour)),
         *relations = json_array();
  char id[16];
  if (o->size != WORLD_MEDIUM)
    json_array_append_new(attributes, json_string(world_size_name((int)o->size)));
  if (o->state != WORLD_NO_STATE)
    json_array_append_new(attributes, json_string(world_state_name((int)o->state)));
  for (int r = 0; r < s->n_relations; r++)
    if (s->relations[r].subject == i) {
      snprintf(id, sizeof id, "%d", s->relations[r].object);
      json_array_append_new(
          relations,
          json_pack("{s:s,s:s}", "name", world_relation_name(s->relations[r].kind), "object", id));
    }
  return json_pack("{s:s,s:i,s:i,s:i,s:i,s:o,s:o}", "name", world_class_name((int)o->class_id), "x",
                   (int)o->box[0], "y", (int)o->box[1], "w", (int)(o->box[2] - o->box[0]), "h",
                   (int)(o->box[3] - o->box[1]), "attributes", attributes, "relations", relations);
}

bool world_write_graphs(WorldJob *job)
{
  char name[64], image[40], id[16];
  WorldStream stream;
  snprintf(name, sizeof name, "scene_graphs/%s.json", world_split_name((int)job->split));
  if (!world_stream_open(&stream, job, name, '{'))
    return false;
  for (int i = 0; i < job->n_scenes; i++) {
    const WorldScene *s = job->scenes[i];
    json_t *objects = json_object();
    for (int k = 0; k < s->n_objects; k++) {
      snprintf(id, sizeof id, "%d", k);
      json_object_set_new(objects, id, graph_object(s, k));
    }
    world_image_id(job->split, i, image, sizeof image);
    world_stream_add(&stream, image,
                     json_pack("{s:i,s:i,s:s,s:s,s:s,s:o}", "width", WORLD_WIDTH, "height",
                               WORLD_HEIGHT, "location", world_place_name((int)s->place), "weather",
                               world_weather_name((int)s->weather), "light",
                               world_light_name((int)s->light), "objects", objects));
  }
  return world_stream_close(&stream);
}

static bool write_answer_table(WorldJob *job, const char *folder)
{
  char name[64];
  WorldStream stream;
  snprintf(name, sizeof name, "%s/trainval_label2ans.json", folder);
  if (!world_stream_open(&stream, job, name, '['))
    return false;
  for (int i = 0; i < world_n_answers(); i++)
    world_stream_add(&stream, NULL, json_string(world_answer(i)));
  if (!world_stream_close(&stream))
    return false;
  snprintf(name, sizeof name, "%s/trainval_ans2label.json", folder);
  if (!world_stream_open(&stream, job, name, '{'))
    return false;
  for (int i = 0; i < world_n_answers(); i++)
    world_stream_add(&stream, world_answer(i), json_integer(i));
  return world_stream_close(&stream);
}

bool world_write_tables(WorldJob *job)
{
  WorldStream stream;
  if (!write_answer_table(job, "vqa") || !write_answer_table(job, "gqa") ||
      !world_stream_open(&stream, job, "lxmert/all_ans.json", '['))
    return false;
  for (int i = 0; i < world_n_answers(); i++)
    world_stream_add(&stream, NULL,
                     json_pack("{s:s,s:[s,s]}", "ans", world_answer(i), "dsets", "vqa", "gqa"));
  return world_stream_close(&stream);
}

bool world_write_manifest(WorldJob *job)
{
  const WorldWriteOptions *o = job->options;
  char seed[24];
  WorldStream stream;
  if (!world_stream_open(&stream, job, "world.json", '{'))
    return false;
  /* As text: a 64-bit seed does not fit into the integers of every JSON reader. */
  snprintf(seed, sizeof seed, "%llu", (unsigned long long)o->seed);
  world_stream_add(&stream, "version", json_integer(1));
  world_stream_add(&stream, "seed", json_string(seed));
  json_t *scenes = json_object(), *statements = json_object();
  for (int s = 0; s < WORLD_N_SPLITS; s++) {
    json_object_set_new(scenes, world_split_name(s), json_integer(o->scenes[s]));
    json_object_set_new(statements, world_split_name(s), json_integer(o->statements[s]));
  }
  world_stream_add(&stream, "scenes", scenes);
  world_stream_add(&stream, "statements", statements);
  world_stream_add(&stream, "vqa_per_scene", json_integer(o->vqa_per_scene));
  world_stream_add(&stream, "gqa_per_scene", json_integer(o->gqa_per_scene));
  world_stream_add(&stream, "captions_per_scene", json_integer(o->captions_per_scene));
  if (o->types != WORLD_ALL_TYPES)
    world_stream_add(&stream, "types", json_integer(o->types));
  world_stream_add(&stream, "images", json_boolean(o->images));
  return world_stream_close(&stream);
}
