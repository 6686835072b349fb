/* The folders of removed trainings: set aside beside the others under a hidden name, so that undo is
 * one rename, and deleted for good after a month. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The folder of a training and that of its best model, away or back. A folder that is not there is no
 * failure: nothing was learned. */
gboolean lens_train_folder_move(const char *folder, gboolean away, GError **error);
/* Deletes what was set aside a month ago, in state_dir/models. */
void lens_train_folder_purge(const char *state_dir);
/* The models' names, as their cards say. */
gboolean lens_train_folder_rename(const char *folder, const char *name, GError **error);
/* Copies what Hugging Face reads (and Crosslens' own card) into a folder of its own; NULL with
 * `error`, else the path, owned. */
char *lens_train_folder_export(const char *model_folder, const char *into, const char *name,
                               GError **error);

G_END_DECLS
