/* Models of other people, through the import dialog: folders and files as Hugging Face and the authors
 * write them, what is missing, and what is broken. */
#include <adwaita.h>
#include <glib/gstdio.h>

#include "display-window.h"
#include "lens-detectors-dialog.h"
#include "lens-import-dialog.h"

typedef struct {
  DisplayWindow base;
  LensImportDialog *dialog;
  LensModel *model; /* that was imported */
  char *detector;   /* the name of one */
  int boxes;        /* that one of them found */
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
  g_free(self->detector);
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
  self->dialog
      = lens_import_dialog_new(GTK_WINDOW(self->base.window), self->base.world.bench, path);
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

/* What a model without answers shows is its maps, and the pane says that it answers nothing. */
static void
check_maps(Fixture *self, const char *map, int heads)
{
  LensExplorer *explorer = self->base.explorer;
  LensRun *run;

  display_window_ask(&self->base, 0, "is there a cat?");
  g_assert_true(lens_explorer_get_model(explorer) == self->model);
  run = lens_explorer_get_run(explorer);
  g_assert_true(lens_run_get_model(run) == self->model);
  g_assert_cmpuint(g_list_model_get_n_items(lens_run_get_answers(run)), ==, 0);
  g_assert_cmpint(lens_map_get_heads(lens_run_find_map(run, map)), ==, heads);
  g_assert_null(lens_window_get_error(self->base.window));
}

/* LXMERT's encoder alone, and a BERT as Hugging Face writes it: all of its layers, no others. */
static void
test_without_answers(Fixture *self, gconstpointer unused)
{
  g_autofree char *headless = world_write_headless(&self->base.world);
  g_autofree char *bert = world_write_hf_bert(&self->base.world);
  const char *const folders[] = { headless, bert }, *const maps[] = { "x.0.lang_to_vis", "lang.1" };

  for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
    const LensImport *import = look(self, folders[i]);
    GtkWidget *row;

    g_assert_nonnull(import);
    g_assert_null(lens_import_dialog_get_error(self->dialog));
    g_assert_false(import->can_answer);
    g_assert_cmpuint(g_strv_length(import->missing), ==, 0);
    g_assert_cmpint(import->heads, ==, 4);
    g_assert_cmpint(import->language_layers, ==, i == 0 ? 1 : 2);
    g_assert_cmpint(import->cross_layers, ==, i == 0 ? 1 : 0);
    row = GTK_WIDGET(gtk_widget_get_template_child(GTK_WIDGET(self->dialog),
                                                   LENS_TYPE_IMPORT_DIALOG, "answers_row"));
    g_assert_nonnull(strstr(adw_action_row_get_subtitle(ADW_ACTION_ROW(row)), "No answer head"));
    lens_import_dialog_import(self->dialog);
    world_wait(is_over, self);
    g_assert_nonnull(self->model);
    lens_explorer_set_model(self->base.explorer, self->model);
    check_maps(self, maps[i], 4);
    g_clear_object(&self->model);
  }
}

/* One click goes to the model before, one forth again; each time the question is asked of it. */
static void
test_switch(Fixture *self, gconstpointer unused)
{
  g_autofree char *folder = world_copy_model(&self->base.world, "elsewhere");
  LensExplorer *explorer = self->base.explorer;
  LensModel *first = lens_explorer_get_model(explorer);
  GtkWidget *button
      = GTK_WIDGET(gtk_widget_get_template_child(GTK_WIDGET(self->base.window), LENS_TYPE_WINDOW,
                                                 "model_back_button"));

  display_window_ask(&self->base, 0, "is there a cat?");
  g_assert_false(gtk_widget_get_visible(button));
  look(self, folder);
  lens_import_dialog_import(self->dialog);
  world_wait(is_over, self);
  lens_explorer_set_model(explorer, self->model);
  display_window_wait(&self->base);
  g_assert_true(gtk_widget_get_visible(button));
  for (int i = 0; i < 4; i++) {
    LensModel *wanted = i % 2 ? self->model : first;

    g_signal_emit_by_name(button, "clicked");
    display_window_wait(&self->base);
    g_assert_true(lens_explorer_get_model(explorer) == wanted);
    g_assert_true(lens_run_get_model(lens_explorer_get_run(explorer)) == wanted);
  }
}

static void
keep_name(LensImportDialog *dialog, const char *name, Fixture *self)
{
  self->detector = g_strdup(name);
  self->dialog = NULL;
}

/* A model whose features nothing here gives cannot be asked; with a detector that does, it is, and every
 * model sees with its own. */
static void
test_detector(Fixture *self, gconstpointer unused)
{
  int features;
  g_autofree char *eyes = world_write_detector(&self->base.world, &features);
  g_autofree char *folder = world_write_model_of(&self->base.world, features);
  LensExplorer *explorer = self->base.explorer;
  LensModel *first = lens_explorer_get_model(explorer);
  g_autofree char *found = NULL;
  const LensImport *import;

  display_window_ask(&self->base, 0, "is there a cat?");
  g_assert_cmpint(lens_model_get_info(first)->features, !=, features);
  import = look(self, folder);
  g_assert_null(import->detector);
  lens_import_dialog_import(self->dialog);
  world_wait(is_over, self);
  lens_explorer_set_model(explorer, self->model);
  display_window_wait(&self->base);
  g_assert_nonnull(lens_window_get_error(self->base.window));
  g_assert_null(lens_workbench_find_detector(self->base.world.bench, self->model));

  import = look(self, eyes);
  g_assert_nonnull(import);
  g_assert_nonnull(import->eyes);
  g_assert_cmpint(import->eyes->features, ==, features);
  g_assert_cmpint(import->eyes->classes, ==, 3);
  g_signal_connect(self->dialog, "detector-added", G_CALLBACK(keep_name), self);
  lens_import_dialog_import(self->dialog);
  world_wait_for((gpointer *)&self->detector);
  g_assert_cmpstr(self->detector, ==, "other-eyes");
  lens_explorer_ask(explorer, "is there a cat?");
  display_window_wait(&self->base);
  g_assert_cmpstr(lens_window_get_error(self->base.window), ==, NULL);
  g_assert_true(lens_run_get_model(lens_explorer_get_run(explorer)) == self->model);
  found = lens_workbench_find_detector(self->base.world.bench, self->model);
  g_assert_cmpstr(found, ==, eyes);
  for (int i = 0; i < 3; i++) {
    LensModel *model = i % 2 ? self->model : first;

    lens_explorer_set_model(explorer, model);
    display_window_wait(&self->base);
    g_assert_null(lens_window_get_error(self->base.window));
    g_assert_true(lens_run_get_model(lens_explorer_get_run(explorer)) == model);
    g_assert_cmpint(lens_scene_get_sanity(lens_explorer_get_scene(explorer))->feature_size, ==,
                    lens_model_get_info(model)->features);
  }
}

static char *
name_of_detector(Fixture *self)
{
  g_autofree char *found = lens_workbench_find_detector(self->base.world.bench, self->model);

  return g_path_get_basename(found);
}

static gboolean
sees_otherwise(gpointer data)
{
  Fixture *self = data;
  LensRun *run = lens_explorer_get_run(self->base.explorer);

  return !lens_explorer_get_busy(self->base.explorer)
         && (int)lens_scene_get_n_regions(lens_run_get_scene(run)) != self->boxes;
}

/* One detector more of the same features, a file of weights: it sees for the model that it was given to,
 * and the other one again when that is chosen; the boxes on the screen are always those of the one that
 * sees. */
static void
test_two_detectors(Fixture *self, gconstpointer unused)
{
  int features;
  g_autofree char *eyes = world_write_detector(&self->base.world, &features);
  g_autofree char *folder = world_write_model_of(&self->base.world, features);
  g_autofree char *file = g_build_filename(eyes, "model.safetensors", NULL);
  g_autofree char *copy = world_file(&self->base.world, "second.safetensors"), *bytes = NULL;
  g_autofree char *before = NULL, *after = NULL;
  LensExplorer *explorer = self->base.explorer;
  GtkWidget *dialog, *row, *group;
  gsize size;

  g_assert_true(g_file_get_contents(file, &bytes, &size, NULL));
  g_assert_true(g_file_set_contents(copy, bytes, size, NULL));
  look(self, folder);
  lens_import_dialog_import(self->dialog);
  world_wait(is_over, self);
  for (int i = 0; i < 2; i++) {
    g_assert_nonnull(look(self, i ? copy : eyes)->eyes);
    g_signal_connect(self->dialog, "detector-added", G_CALLBACK(keep_name), self);
    g_clear_pointer(&self->detector, g_free);
    if (i) {
      group = GTK_WIDGET(gtk_widget_get_template_child(GTK_WIDGET(self->dialog),
                                                       LENS_TYPE_IMPORT_DIALOG, "models_group"));
      gtk_switch_set_active(GTK_SWITCH(display_find(group, GTK_TYPE_SWITCH, 0)),
                            FALSE); /* the model stays with the first */
    }
    lens_import_dialog_import(self->dialog);
    world_wait_for((gpointer *)&self->detector);
  }
  g_assert_cmpstr(self->detector, ==, "second");
  before = name_of_detector(self);
  g_assert_cmpstr(before, ==, "other-eyes");
  display_window_ask(&self->base, 0, "is there a cat?");
  lens_explorer_set_model(explorer, self->model);
  display_window_wait(&self->base);
  self->boxes = (int)lens_scene_get_n_regions(lens_explorer_get_scene(explorer));

  display_window_act(&self->base, "win.detectors", NULL);
  dialog = display_toplevel(LENS_TYPE_DETECTORS_DIALOG);
  for (int i = 0; (row = display_find(dialog, ADW_TYPE_COMBO_ROW, i)); i++) {
    if (g_strcmp0(adw_preferences_row_get_title(ADW_PREFERENCES_ROW(row)),
                  lens_model_get_name(self->model))
        == 0)
      break;
  }
  g_assert_nonnull(row);
  g_assert_cmpuint(adw_combo_row_get_selected(ADW_COMBO_ROW(row)), ==,
                   1); /* the last added first */
  adw_combo_row_set_selected(ADW_COMBO_ROW(row), 0);
  world_wait(sees_otherwise, self);
  after = name_of_detector(self);
  g_assert_cmpstr(after, ==, "second");
  g_assert_true(lens_run_get_scene(lens_explorer_get_run(explorer))
                == lens_explorer_get_scene(explorer));
  g_assert_cmpstr(lens_window_get_error(self->base.window), ==, NULL);
  gtk_window_destroy(GTK_WINDOW(dialog));
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
  ADD("/import/without-answers", test_without_answers);
  ADD("/import/switch", test_switch);
  ADD("/import/detector", test_detector);
  ADD("/import/two-detectors", test_two_detectors);
  ADD("/import/broken", test_broken);
  return g_test_run();
}
