/* Model folders as LensModels: what their config.json and card say, without loading weights. */
#pragma once

#include <gio/gio.h>

#include "lens-model.h"

G_BEGIN_DECLS

/* What Crosslens writes into the folder of a model it trained ("crosslens.json"). */
typedef struct {
  const char *name;
  const char *task;
  const char *note;
  const char *base_id;
  const char *base_hash;
} LensModelCard;

/* Reads config.json (and crosslens.json or README.md for name and note) of the model folder
 * `path`. NULL with `error` when it is no LXMERT model folder. */
LensModel *lens_models_describe(const char *path, const char *id, gboolean shipped, GError **error);
/* Of LensModel, by folder name: the model folders inside `folder`; their id is `prefix` + name.
 * What is no model folder is left out; of one with a broken config.json `problem` (owned, if not
 * NULL) tells. */
GPtrArray *lens_models_scan(const char *folder, const char *prefix, gboolean shipped,
                            char **problem);
gboolean lens_models_write_card(const char *path, const LensModelCard *card, GError **error);

/* SHA-256 of the weights, as hex; reads the whole file. */
char *lens_models_hash(const char *path, GCancellable *cancellable, GError **error);
/* A cheaper identity of any model folder: configuration, size and both ends of the weights. */
char *lens_models_fingerprint(const char *path, GError **error);

G_END_DECLS
