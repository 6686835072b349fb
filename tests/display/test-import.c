/* Models of other people, through the import dialog: folders and files as Hugging Face and the authors
 * write them, what is missing, and what is broken. */
#include <adwaita.h>
#include <glib/gstdio.h>

#include "display-window.h"
#include "lens-import-dialog.h"

typedef struct {
  DisplayWindow base;
  LensImportDialog *dialog;
  LensModel *model; /* that was imported */
} Fixture;

static void
set_up(Fixture *self, gconstpointer unused)
{
  display_window_set_up(&self->base, NULL);
}

static void
tear_down(Fixture *self, gconstpointer unused)
{
  g_clear_object(&self->model);
  if (self->dialog)
    gtk_window_destroy(GTK_WINDOW(self->dialog));
  display_window_tear_down(&self->base, NULL);
}

static void
keep_model(LensImportDialog *dialog, LensModel *model, Fixture *self)
{
  self->model = g_object_ref(model);
  self->dialog = NULL; /* it closes itself */
}

static gboolean
is_read(gpointer dialog)
{
  return lens_import_dialog_get_import(dialog) || lens_import_dialog_get_error(dialog);
}

static gboolean
is_over(gpointer data)
{
  Fixture *self = data;

  return self->model || lens_import_dialog_get_error(self->dialog);
}

static const LensImport *
look(Fixture *self, const char *path)
{
  if (self->dialog)
    gtk_window_destroy(GTK_WINDOW(self->dialog));
  self->dialog = lens_import_dialog_new(GTK_WINDOW(self->base.window), self->base.world.bench, path);
  g_signal_connect(self->dialog, "imported", G_CALLBACK(keep_model), self);
  gtk_window_present(GTK_WINDOW(self->dialog));
  world_wait(is_read, self->dialog);
  return lens_import_dialog_get_import(self->dialog);
}

static char *
golden(const char *name)
{
  return g_build_filename(g_getenv("CROSSLENS_TEST_DATA"), "tiny", name, NULL);
}

/* A vocabulary of as many words; owned. */
static char *
write_vocabulary(Fixture *self, int words)
{
  char *path = world_file(&self->base.world, "vocab.txt");
  GString *text = g_string_new("[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\n");

  for (int i = 5; i < words; i++)
    g_string_append_printf(text, "word%d\n", i);
  g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
  g_string_free(text, TRUE);
  return path;
}

static void
test_layouts(Fixture *self, gconstpointer unused)
{
  static const char *const names[] = { "pytorch_model.bin", "model_LXRT.pth" };
  g_autofree char *vocab = NULL;
  guint models = g_list_model_get_n_items(lens_workbench_get_models(self->base.world.bench));

  for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = golden(names[i]);
    const LensImport *import = look(self, path);

    g_assert_nonnull(import);
    g_assert_null(lens_import_dialog_get_error(self->dialog));
    g_assert_cmpuint(import->loaded, >, 100);
    g_assert_cmpuint(g_strv_length(import->missing), ==, 0);
    g_assert_cmpint(import->language_layers, ==, 3);
    g_assert_cmpint(import->heads, ==, 4);
    g_assert_null(import->vocab_path); /* there is none: the person is asked for it */
    g_assert_false(import->in_place);

    g_free(vocab);
    vocab = write_vocabulary(self, import->words);
    lens_import_dialog_set_vocabulary(self->dialog, vocab);
    lens_import_dialog_import(self->dialog);
    world_wait(is_over, self);
    g_assert_nonnull(self->model);
    g_assert_true(lens_workbench_find_model(self->base.world.bench, lens_model_get_id(self->model))
                  == self->model);
    g_assert_cmpint(lens_model_get_info(self->model)->cross_layers, ==, 2);
    g_clear_object(&self->model);
  }
  g_assert_cmpuint(g_list_model_get_n_items(lens_workbench_get_models(self->base.world.bench)), ==,
                   models + 2);
}

/* What is a folder of ours already stays where it is. */
static void
test_in_place(Fixture *self, gconstpointer unused)
{
  g_autofree char *folder = world_copy_model(&self->base.world, "elsewhere");
  const LensImport *import = look(self, folder);

  g_assert_nonnull(import);
  g_assert_true(import->in_place);
  lens_import_dialog_import(self->dialog);
  world_wait(is_over, self);
  g_assert_cmpstr(lens_model_get_path(self->model), ==, folder);
}

static void
test_broken(Fixture *self, gconstpointer unused)
{
  g_autofree char *whole = golden("pytorch_model.bin");
  g_autofree char *path = world_file(&self->base.world, "pytorch_model.bin"), *bytes = NULL;
  g_autofree char *vocab = NULL;
  gsize size;

  g_assert_true(g_file_get_contents(whole, &bytes, &size, NULL));
  g_assert_true(g_file_set_contents(path, bytes, (gssize)size / 2, NULL));
  g_assert_null(look(self, path));
  g_assert_nonnull(lens_import_dialog_get_error(self->dialog));
  g_assert_true(g_file_set_contents(path, "this is no model", -1, NULL));
  g_assert_null(look(self, path));
  g_assert_nonnull(strstr(lens_import_dialog_get_error(self->dialog), "pytorch_model.bin"));
  g_unlink(path);
  g_assert_null(look(self, path));
  g_assert_nonnull(lens_import_dialog_get_error(self->dialog));

  g_assert_nonnull(look(self, whole)); /* a vocabulary of other length */
  vocab = write_vocabulary(self, 17);
  lens_import_dialog_set_vocabulary(self->dialog, vocab);
  lens_import_dialog_import(self->dialog);
  world_wait(is_over, self);
  g_assert_null(self->model);
  g_assert_nonnull(strstr(lens_import_dialog_get_error(self->dialog), "17 words"));
}

#define ADD(path, func) g_test_add(path, Fixture, NULL, set_up, func, tear_down)

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  ADD("/import/layouts", test_layouts);
  ADD("/import/in-place", test_in_place);
  ADD("/import/broken", test_broken);
  return g_test_run();
}
