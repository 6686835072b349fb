/* Anybody's LXMERT (or BERT) weights -> this engine's parameters, with a report by name; and back
 * into a folder that Hugging Face loads. */
#pragma once

#include "lx-answers.h"
#include "lx-config.h"
#include "lx-lxmert-params.h"
#include "lx-tensors.h"

/* A list of owned texts. */
typedef struct {
  char **names;
  size_t count, capacity;
} LxNames;

typedef struct {
  const char *layout;   /* what the file is, for people: "Hugging Face", "BERT", … */
  bool config_inferred; /* no config.json of LXMERT's: sizes come from the tensors */
  bool heads_assumed;   /* and nothing says how many heads there are: hidden / 64, as published */
  unsigned heads;       /* LX_HEAD_* of the parameters */
  LxNames loaded;       /* canonical names */
  LxNames missing;      /* canonical names of what was initialised afresh */
  LxNames unused;       /* names as in the file */
  int64_t answers_dropped; /* size of a table that is there but fits no head, so was left out */
} LxLoadReport;

typedef struct {
  LxConfig config;
  LxTensors *params;  /* F32, canonical names, all that config and heads ask for */
  LxAnswers *answers; /* NULL when there is no table that fits the answer head */
  char *vocab_path;   /* vocab.txt beside the weights, NULL when there is none */
  LxLoadReport report;
} LxCheckpoint;

typedef struct {
  unsigned heads;         /* LX_HEAD_* wanted; 0: those that the file has */
  const LxConfig *config; /* instead of the file's; NULL: config.json beside it, or inferred */
  uint64_t seed;          /* of fresh parameters */
  /* 0: a BERT fills LXMERT's language layers. Else it stays what it is, all of its layers and no others,
   * beside boxes of so many numbers, at which it does not look. */
  int64_t bert_features;
} LxCheckpointOptions;

/* `path`: a folder (model.safetensors, pytorch_model.bin or their shards with an index, or one
 * .pth), or a .safetensors, .bin, .pt or .pth file. Key layouts: Hugging Face (with and without
 * heads), the authors' pre-training and fine-tuned snapshots (with and without "module."), BERT
 * (its first l_layers layers; gamma/beta too). F32 tensors stay mapped. A parameter of another shape
 * than config asks for, or more layers than the weights hold, is LX_ERR_SHAPE; but under
 * options->config, and in a head of another kind than the file's, a head's is initialised afresh.
 * So is an answers.json of another length than the answer head; where the caller asked for other
 * sizes or heads a table that does not fit is left out and counted in the report.
 * Loading nothing is LX_ERR_MISSING. `options` may be NULL. *out: lx_checkpoint_clear. */
LxStatus lx_checkpoint_read(const char *path, const LxCheckpointOptions *options, LxCheckpoint *out,
                            LxError *error);
void lx_checkpoint_clear(LxCheckpoint *self);

/* The file's or folder's tensors under their own names and types, no questions asked: for
 * `inspect` and for other models (the detector). *out is owned. */
LxStatus lx_checkpoint_read_raw(const char *path, LxTensors **out, LxError *error);

/* Writes config.json (architectures by heads), model.safetensors and answers.json into `folder`,
 * and copies vocab.txt; `answers` and `vocab_path` may be NULL. `dtype` as lx_safetensors_write. */
LxStatus lx_checkpoint_write(const char *folder, const LxConfig *config, const LxTensors *params,
                             int dtype, const LxAnswers *answers, const char *vocab_path,
                             LxError *error);

/* What the authors' --loadLXMERTQA does: rows of the answer head's last layer go from the table
 * `from` to the table `to`, answers normalised as they do; those that `from` lacks become zero.
 * *out shares all other parameters with `params`; set config.num_qa_labels to the size of `to`.
 * *moved and *zeroed count the answers (either may be NULL). */
LxStatus lx_checkpoint_move_answers(LxTensors *params, const LxAnswers *from, const LxAnswers *to,
                                    LxTensors **out, int64_t *moved, int64_t *zeroed,
                                    LxError *error);

LxStatus lx_names_add(LxNames *self, const char *name, LxError *error);
void lx_names_clear(LxNames *self);
