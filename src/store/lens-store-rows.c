#include "lens-store-rows.h"

void lens_store_image_free(LensStoreImage *self)
{
  if (!self)
    return;
  g_free(self->path);
  g_free(self->name);
  g_free(self->sha256);
  g_clear_pointer(&self->thumbnail, g_bytes_unref);
  g_free(self);
}

void lens_store_question_free(LensStoreQuestion *self)
{
  if (!self)
    return;
  for (guint i = 0; i < self->n_answers; i++)
    g_free(self->answers[i].text);
  g_free(self->answers);
  g_free(self->second_path);
  g_free(self->second_name);
  g_free(self->text);
  g_free(self->model_id);
  g_free(self);
}

void lens_store_job_free(LensStoreJob *self)
{
  if (!self)
    return;
  g_free(self->kind);
  g_free(self->title);
  g_free(self->settings);
  g_free(self->state);
  g_free(self->message);
  g_free(self->error);
  g_free(self->output_dir);
  g_free(self->base_hash);
  g_free(self->owner);
  g_free(self);
}

void lens_store_model_free(LensStoreModel *self)
{
  if (!self)
    return;
  g_free(self->id);
  g_free(self->path);
  g_free(self->name);
  g_free(self->hash);
  g_free(self);
}
