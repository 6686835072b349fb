/* The world as files, in the formats of the LXMERT authors. */
#pragma once

#include "world-language.h"

typedef struct {
  const char *dir; /* made when missing */
  uint64_t seed;
  int scenes[WORLD_N_SPLITS];
  int statements[WORLD_N_SPLITS]; /* NLVR2 statements, four pairs each; 0 under eight scenes */
  int vqa_per_scene, gqa_per_scene, captions_per_scene;
  uint32_t types; /* of questions: a bit for each WorldQuestionType */
  bool images;    /* write images/ID.png */
} WorldWriteOptions;

/* A usual world of `n_scenes`: 70% train, a tenth each for minival, test and heldout; 12 VQA and
 * 12 GQA questions and 8 captions a scene, one statement for each two scenes, no images. */
void world_write_options_init(WorldWriteOptions *options, const char *dir, int n_scenes,
                              uint64_t seed);

/* `fraction` is 0..1. Returns false to stop. */
typedef bool (*WorldProgress)(double fraction, const char *what, void *user_data);

/* Writes
 *   world.json                      seed and numbers, read by world_read_options()
 *   vocab.txt objects_vocab.txt attributes_vocab.txt
 *   vqa/SPLIT.json gqa/SPLIT.json   and trainval_ans2label.json, trainval_label2ans.json
 *   nlvr2/SPLIT.json
 *   lxmert/world_{train,minival}.json, lxmert/all_ans.json   for pre-training
 *   scene_graphs/SPLIT.json         as GQA's
 *   images/ID.png
 * The same options give the same bytes. On failure returns false with a message in `error`. */
bool world_write(const WorldWriteOptions *options, WorldProgress progress, void *user_data,
                 char *error, size_t error_size);

/* Reads world.json of a written world; `options->dir` is set to `dir`, which is borrowed. */
bool world_read_options(const char *dir, WorldWriteOptions *options, char *error,
                        size_t error_size);

/* "vocab.txt" alone: one piece a line, row = id. */
bool world_write_vocabulary(const char *path, char *error, size_t error_size);
