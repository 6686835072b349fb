/* A data folder small enough to make in a test: a random tiny detector and model, six painted
 * scenes with questions. And waiting for the main loop, with a bound. */
#pragma once

#include "lens-workbench.h"

typedef struct {
  char *root; /* goes away with the world */
  char *data_dir;
  char *state_dir;
  LensWorkbench *bench;
} World;

#define WORLD_SCENES 6
#define WORLD_MODEL "tiny"
#define WORLD_ANSWERS 6

void world_set_up(World *self, gconstpointer unused);
void world_tear_down(World *self, gconstpointer unused);
/* A fresh workbench on the same folders, as after a restart. */
void world_reopen(World *self);
char *world_scene(World *self, int i);                 /* path; owned */
char *world_file(World *self, const char *below_root); /* owned */
/* A folder with a random model for statements about two images; owned path. */
char *world_write_pair_model(World *self);
/* ... with one of two language layers alone, without answers. */
char *world_write_bert(World *self);
/* Beside the tiny model ships "a-bert", a language encoder alone, and "lxmert-base", both pre-trained;
 * reopens. */
void world_ship_pretrained(World *self);
/* ... as Hugging Face's LxmertModel: the encoder alone, no head at all. */
char *world_write_headless(World *self);
/* The BERT above as Hugging Face writes one: other names, another configuration; owned path. */
char *world_write_hf_bert(World *self);
/* A detector of other features than the shipped one's, and a model that takes such; owned paths. */
char *world_write_detector(World *self, int *features);
char *world_write_model_of(World *self, int features);
/* A copy of the model's folder; owned path. */
char *world_copy_model(World *self, const char *name);

typedef gboolean (*WorldCondition)(gpointer data);
/* Runs the main loop until `condition`; fails the test after three minutes. */
void world_wait(WorldCondition condition, gpointer data);
/* Runs the main loop until *pointer is set. */
void world_wait_for(gpointer *pointer);

/* The asynchronous functions, waited for. */
LensScene *world_open(World *self, const char *path, GError **error);
LensRun *world_ask(World *self, LensScene *scene, const char *question, const char *model,
                   const LensEdits *edits, GError **error);
GListModel *world_list_questions(World *self, gint64 image_id);
LensModel *world_import(World *self, const char *path, GError **error);
