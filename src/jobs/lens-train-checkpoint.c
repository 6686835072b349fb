#include "lens-train-checkpoint.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "lens-engine-error.h"
#include "lens-folder.h"
#include "lens-models.h"
#include "lx-checkpoint.h"

char *lens_train_checkpoint_best_folder(const char *folder)
{
  return g_strconcat(folder, "-best", NULL);
}

char *lens_train_checkpoint_best_name(const char *name)
{
  return g_strdup_printf(_("%s (best)"), name);
}

static gboolean write_card(const LensTrainCheckpoint *self, const char *folder, const char *name,
                           const char *note, GError **error)
{
  LensModelCard card = {
      .name = name,
      .task = self->task,
      .note = note,
      .base_id = lens_model_get_id(self->base),
      .base_hash = self->setup->base.hash,
  };
  return lens_models_write_card(folder, &card, error);
}

gboolean lens_train_checkpoint_save(const LensTrainCheckpoint *self, GError **error)
{
  LxError engine = {0};
  const LxTrainer *trainer = self->setup->trainer;
  if (lx_trainer_save(trainer, self->folder, self->setup->base.vocab_path,
                      self->setup->base.answers, &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  g_autofree char *note =
      g_strdup_printf(_("Fine-tuned from %s, step %d of %d"), lens_model_get_name(self->base),
                      (int)lx_trainer_steps(trainer), (int)lx_trainer_total_steps(trainer));
  return write_card(self, self->folder, self->name, note, error);
}

gboolean lens_train_checkpoint_save_best(const LensTrainCheckpoint *self, double accuracy,
                                         GError **error)
{
  LxError engine = {0};
  const LxTrainer *trainer = self->setup->trainer;
  g_autofree char *folder = lens_train_checkpoint_best_folder(self->folder);
  if (!lens_make_folder(folder, error))
    return FALSE;
  if (lx_checkpoint_write(folder, lx_trainer_config(trainer), lx_trainer_params(trainer), LX_F32,
                          self->setup->base.answers, self->setup->base.vocab_path,
                          &engine) != LX_OK)
    return lens_error_from_engine(error, &engine);
  g_autofree char *name = lens_train_checkpoint_best_name(self->name);
  g_autofree char *note = g_strdup_printf(
      _("Fine-tuned from %s; the best of its validations, %.1f%% at step %d"),
      lens_model_get_name(self->base), 100 * accuracy, (int)lx_trainer_steps(trainer));
  return write_card(self, folder, name, note, error);
}

void lens_train_checkpoint_drop_state(const char *folder)
{
  g_autofree char *path = g_build_filename(folder, "training-state.safetensors", NULL);
  g_unlink(path);
}

void lens_train_checkpoint_drop_best(const char *folder)
{
  static const char *const files[] = {"crosslens.json", "config.json", "model.safetensors",
                                      "answers.json", "vocab.txt"};
  g_autofree char *best = lens_train_checkpoint_best_folder(folder);
  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename(best, files[i], NULL);
    g_unlink(path);
  }
  g_rmdir(best);
}

static LensModel *describe(const char *folder)
{
  g_autofree char *weights = g_build_filename(folder, "model.safetensors", NULL);
  g_autofree char *name = g_path_get_basename(folder);
  g_autofree char *id = g_strconcat("my:", name, NULL);
  return g_file_test(weights, G_FILE_TEST_EXISTS) ? lens_models_describe(folder, id, FALSE, NULL)
                                                  : NULL;
}

void lens_train_checkpoint_describe(const char *folder, LensModel **last, LensModel **best)
{
  g_autofree char *best_folder = lens_train_checkpoint_best_folder(folder);
  *last = describe(folder);
  *best = describe(best_folder);
}
