/* Writers of one file each; all return false with a message in the job's error. */
#pragma once

#include <jansson.h>
#include <stdio.h>

#include "world-write.h"

typedef struct {
  const WorldWriteOptions *options;
  WorldSplit split;
  WorldScene **scenes; /* of the split being written */
  int n_scenes;
  WorldQuestion *questions;
  WorldSentence *captions;
  char *error;
  size_t error_size;
} WorldJob;

/* A JSON list or object that is written entry by entry. */
typedef struct {
  WorldJob *job;
  FILE *file;
  char path[4096];
  char close;
  bool first, failed;
} WorldStream;

bool world_stream_open(WorldStream *stream, WorldJob *job, const char *name, char open);
/* Takes ownership of the entry; `key` is NULL in a list. */
void world_stream_add(WorldStream *stream, const char *key, json_t *entry);
bool world_stream_close(WorldStream *stream);

bool world_write_questions(WorldJob *job, WorldTask task);
bool world_write_pretraining(WorldJob *job);
bool world_write_statements(WorldJob *job);
bool world_write_graphs(WorldJob *job);
bool world_write_tables(WorldJob *job);
bool world_write_manifest(WorldJob *job);
