/* A library in a folder of its own that goes away after the test. */
#pragma once

#include <glib/gstdio.h>

#include "lens-store-images.h"
#include "lens-store-jobs.h"
#include "lens-store-questions.h"
#include "lens-store-search.h"

typedef struct {
  char *folder;
  char *path;
} Fixture;

static inline void remove_folder(const char *folder)
{
  GDir *dir = g_dir_open(folder, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
      remove_folder(path);
    else
      g_unlink(path);
  }
  g_clear_pointer(&dir, g_dir_close);
  g_rmdir(folder);
}

static inline void fixture_set_up(Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  self->folder = g_dir_make_tmp("crosslens-store-XXXXXX", &error);
  g_assert_no_error(error);
  self->path = g_build_filename(self->folder, "library.db", NULL);
}

static inline void fixture_tear_down(Fixture *self, gconstpointer data)
{
  remove_folder(self->folder);
  g_free(self->folder);
  g_free(self->path);
}

static inline LensStore *open_store(const char *path)
{
  GError *error = NULL;
  LensStore *store = lens_store_open(path, &error);
  g_assert_no_error(error);
  return store;
}

/* A library as expected: nothing to tell. */
static inline LensStore *open_clean(const char *path)
{
  LensStore *store = open_store(path);
  g_assert_cmpstr(lens_store_get_notice(store), ==, NULL);
  g_assert_true(lens_store_is_writable(store));
  return store;
}

static inline void close_store(LensStore *store)
{
  lens_store_close(store);
  g_assert_finalize_object(store);
}

static inline gint64 put_image(LensStore *store, const char *path, GError **error)
{
  LensStoreImage image = {.path = (char *)path, .name = (char *)path, .sha256 = (char *)"aa"};
  return lens_store_put_image(store, &image, error);
}

static inline gint64 put_question(LensStore *store, gint64 image, const char *text,
                                  const char *model, const char *answer, GError **error)
{
  LensStoreAnswer answers[] = {{(char *)answer, 0.75}, {(char *)"maybe", 0.25}};
  LensStoreQuestion question = {.image_id = image,
                                .text = (char *)text,
                                .model_id = (char *)model,
                                .milliseconds = 12.5,
                                .n_answers = 2,
                                .answers = answers};
  return lens_store_put_question(store, &question, error);
}
