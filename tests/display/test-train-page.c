/* The Train page in the real window, from the dialog to the result: what is set there is what is trained,
 * it is seen while it runs, and its model is used, renamed, exported, deleted and brought back. */
#include <adwaita.h>
#include <glib/gstdio.h>

#include "display-window.h"
#include "lens-answer-bars.h"
#include "lens-curve.h"
#include "lens-data-desk.h"
#include "lens-job-row.h"
#include "lens-train-dialog.h"
#include "lens-train-example.h"

typedef struct {
  DisplayWindow base;
  LensJobView *view;
  LensTrainDialog *dialog;
  LensTrainJob *job; /* borrowed */
  int estimates;
} Fixture;

static void
set_up(Fixture *self, gconstpointer unused)
{
  display_window_set_up(&self->base, NULL);
  self->view = lens_train_page_get_job_view(lens_window_get_train_page(self->base.window));
  lens_window_show_page(self->base.window, "train");
  display_settle(GTK_WIDGET(self->base.window));
}

static void
tear_down(Fixture *self, gconstpointer unused)
{
  display_window_tear_down(&self->base, NULL);
}

/* ---- finding ---- */

static gboolean
has_name(GtkWidget *widget, const char *name)
{
  const char *id = gtk_buildable_get_buildable_id(GTK_BUILDABLE(widget));

  return id && g_str_equal(id, name);
}

static gpointer
find(gpointer root, const char *id)
{
  if (has_name(root, id))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child;
       child = gtk_widget_get_next_sibling(child)) {
    gpointer found = find(child, id);

    if (found)
      return found;
  }
  return NULL;
}

static gpointer
named(gpointer root, const char *id)
{
  gpointer found = find(root, id);

  if (!found)
    g_error("there is no “%s”", id);
  return found;
}

static gpointer
typed(gpointer root, GType type)
{
  gpointer found = display_find(root, type, 0);

  g_assert_nonnull(found);
  return found;
}

/* ---- the dialog ---- */

static void
keep_job(LensTrainDialog *dialog, LensTrainJob *job, Fixture *self)
{
  self->job = job;
}

static void
count_estimate(LensTrainDialog *dialog, Fixture *self)
{
  self->estimates++;
}

static void
open_dialog(Fixture *self)
{
  self->dialog = lens_train_dialog_new(GTK_WINDOW(self->base.window), self->base.world.bench, NULL);
  g_signal_connect(self->dialog, "started", G_CALLBACK(keep_job), self);
  g_signal_connect(self->dialog, "estimated", G_CALLBACK(count_estimate), self);
  gtk_window_present(GTK_WINDOW(self->dialog));
  display_settle(GTK_WIDGET(self->dialog));
}

static void
spin(Fixture *self, const char *id, double value)
{
  gtk_spin_button_set_value(named(self->dialog, id), value);
}

static void
flip(Fixture *self, const char *id, gboolean active)
{
  gtk_switch_set_active(named(self->dialog, id), active);
}

static void
fill_in(Fixture *self)
{
  gtk_editable_set_text(named(self->dialog, "name_row"), "Mine");
  gtk_editable_set_text(named(self->dialog, "rate_row"), "0.002");
  adw_combo_row_set_selected(named(self->dialog, "images_row"), 2);
  spin(self, "examples_spin", 9);
  spin(self, "epochs_spin", 6);
  spin(self, "batch_spin", 2);
  spin(self, "accumulate_spin", 2);
  spin(self, "warmup_spin", 25);
  spin(self, "seed_spin", 77);
  flip(self, "dropout_switch", TRUE);
  spin(self, "dropout_spin", 0.2);
  flip(self, "multi_class", FALSE);
  flip(self, "freeze_embeddings", TRUE);
  flip(self, "freeze_language", FALSE);
  flip(self, "freeze_vision", TRUE);
  flip(self, "freeze_cross", FALSE);
  flip(self, "freeze_heads", FALSE);
}

static gboolean
is_estimated(gpointer data)
{
  Fixture *self = data;
  return self->estimates > 0 && strstr(lens_train_dialog_get_estimate(self->dialog), "steps");
}

static void
check_settings(const LensTrainSettings *s)
{
  g_assert_cmpstr(s->name, ==, "Mine");
  g_assert_true(s->task == LENS_TASK_VQA && s->images == 512 && s->examples == 9);
  g_assert_true(s->epochs == 6 && s->batch == 2 && s->accumulate == 2 && s->seed == 77);
  g_assert_cmpfloat(s->learning_rate, ==, 0.002);
  g_assert_cmpfloat(s->warmup, ==, 0.25);
  g_assert_cmpfloat_with_epsilon(s->dropout, 0.2, 1e-9);
  g_assert_true(!s->multi_class && s->freeze_embeddings && !s->freeze_language);
  g_assert_true(s->freeze_vision && !s->freeze_cross && !s->freeze_heads);
}

/* ---- the run ---- */

static gboolean
is_finished(gpointer job)
{
  return lens_job_is_finished(job);
}

static void
run_one(Fixture *self)
{
  open_dialog(self);
  fill_in(self);
  g_signal_emit_by_name(named(self->dialog, "start_button"), "clicked");
  g_assert_nonnull(self->job);
  lens_train_page_select_job(lens_window_get_train_page(self->base.window), LENS_JOB(self->job));
  world_wait(is_finished, self->job);
  if (lens_job_get_error_text(LENS_JOB(self->job)))
    g_error("%s", lens_job_get_error_text(LENS_JOB(self->job)));
  display_settle(GTK_WIDGET(self->base.window));
}

/* A label that says this; NULL: none does. */
static GtkWidget *
label_saying(GtkWidget *root, const char *text)
{
  GtkWidget *found = NULL;

  if (GTK_IS_LABEL(root) && g_strcmp0(gtk_label_get_text(GTK_LABEL(root)), text) == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child && !found;
       child = gtk_widget_get_next_sibling(child))
    found = label_saying(child, text);
  return found;
}

/* Half as large again: a row's choice leaves its title room. */
static void
test_large_text(Fixture *self, gconstpointer unused)
{
  static const char *const rows[] = { "base_row", "task_row", "images_row" };
  GtkSettings *settings = gtk_widget_get_settings(GTK_WIDGET(self->base.window));
  int dpi;

  g_object_get(settings, "gtk-xft-dpi", &dpi, NULL);
  g_object_set(settings, "gtk-xft-dpi", MAX(dpi, 96 * 1024) * 3 / 2, NULL);
  open_dialog(self);
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    AdwPreferencesRow *row = named(self->dialog, rows[i]);
    GtkWidget *title = label_saying(GTK_WIDGET(row), adw_preferences_row_get_title(row));

    g_assert_cmpint(pango_layout_get_line_count(gtk_label_get_layout(GTK_LABEL(title))), ==, 1);
  }
  gtk_window_destroy(GTK_WINDOW(self->dialog));
  g_object_set(settings, "gtk-xft-dpi", dpi, NULL);
}

static void
test_dialog(Fixture *self, gconstpointer unused)
{
  open_dialog(self);
  world_wait(is_estimated, self);
  g_assert_nonnull(strstr(lens_train_dialog_get_estimate(self->dialog), "of memory"));
  /* A wrong number is said, and nothing starts. */
  gtk_editable_set_text(named(self->dialog, "rate_row"), "fast");
  g_signal_emit_by_name(named(self->dialog, "start_button"), "clicked");
  g_assert_null(self->job);
  g_assert_true(gtk_info_bar_get_revealed(named(self->dialog, "error_bar")));
  gtk_window_close(GTK_WINDOW(self->dialog));
}

/* The paper's values for a folder of data, by task. */
static void
test_defaults(Fixture *self, gconstpointer unused)
{
  static const struct {
    LensTask task;
    int epochs, batch;
    double rate, warmup;
  } paper[] = { { LENS_TASK_VQA, 4, 32, 5e-5, 0.1 },
                { LENS_TASK_GQA, 4, 32, 1e-5, 0.1 },
                { LENS_TASK_NLVR2, 4, 32, 5e-5, 0.1 },
                { LENS_TASK_PRETRAIN, 20, 256, 1e-4, 0.05 } };

  open_dialog(self);
  for (gsize i = 0; i < G_N_ELEMENTS(paper); i++) {
    g_autoptr(LensTrainSettings) s = lens_train_settings_new(paper[i].task);
    g_autoptr(LensTrainSettings) picked = NULL;
    g_autofree char *problem = NULL;

    g_assert_true(s->epochs == paper[i].epochs && s->batch == paper[i].batch);
    g_assert_true(s->learning_rate == paper[i].rate && s->warmup == paper[i].warmup);
    g_assert_true(s->examples == 0 && s->images == 0 && s->dropout < 0 && s->accumulate == 1);
    adw_combo_row_set_selected(named(self->dialog, "task_row"), (guint)i);
    picked = lens_train_dialog_get_settings(self->dialog, &problem);
    g_assert_cmpint(picked->task, ==, paper[i].task);
    g_assert_true(gtk_widget_get_visible(named(self->dialog, "loss_row"))
                  == (paper[i].task == LENS_TASK_VQA || paper[i].task == LENS_TASK_GQA));
  }
  gtk_window_close(GTK_WINDOW(self->dialog));
}

/* The model that the dialog begins with when `shown` (NULL: none) is on the Explore page. */
static void
check_base(LensWindow *window, LensWorkbench *bench, const char *shown, const char *wanted)
{
  LensModel *model = shown ? lens_workbench_find_model(bench, shown) : NULL;
  LensTrainDialog *dialog = lens_train_dialog_new(GTK_WINDOW(window), bench, model);
  g_autofree char *problem = NULL;
  g_autoptr(LensTrainSettings) picked = lens_train_dialog_get_settings(dialog, &problem);

  g_assert_true(!shown || model);
  g_assert_null(problem);
  g_assert_cmpstr(picked->base_model_id, ==, wanted);
  gtk_window_destroy(GTK_WINDOW(dialog));
}

/* With the demo, a task's base is the shipped model of the other kind of questions; one that a person
 * picked stays. */
static void
check_base_by_task(Fixture *self)
{
  LensTrainDialog *dialog
      = lens_train_dialog_new(GTK_WINDOW(self->base.window), self->base.world.bench, NULL);
  AdwComboRow *row = named(dialog, "base_row");
  AdwComboRow *task = named(dialog, "task_row");
  LensModel *model;
  guint picked;

  adw_combo_row_set_selected(task, 1);
  g_assert_cmpstr(lens_model_get_id(adw_combo_row_get_selected_item(row)), ==, WORLD_MODEL);
  g_assert_true(gtk_switch_get_active(named(dialog, "dropout_switch")));
  g_assert_cmpfloat(gtk_spin_button_get_value(named(dialog, "dropout_spin")), ==, 0);
  adw_combo_row_set_selected(task, 2); /* no model for GQA ships in this world */
  g_assert_cmpstr(lens_model_get_id(adw_combo_row_get_selected_item(row)), ==, "lxmert-base");
  g_assert_cmpstr(gtk_editable_get_text(named(dialog, "rate_row")), ==, "0.0002");
  g_assert_cmpfloat(gtk_spin_button_get_value(named(dialog, "examples_spin")), ==, 0);
  adw_combo_row_set_selected(task, 3);
  g_assert_cmpstr(lens_model_get_id(adw_combo_row_get_selected_item(row)), ==, "lxmert-base");
  g_assert_false(gtk_switch_get_active(named(dialog, "dropout_switch")));
  picked = (adw_combo_row_get_selected(row) + 1)
           % g_list_model_get_n_items(adw_combo_row_get_model(row));
  adw_combo_row_set_selected(row, picked);
  model = adw_combo_row_get_selected_item(row);
  adw_combo_row_set_selected(task, 0);
  g_assert_true(adw_combo_row_get_selected_item(row) == model);
  gtk_window_destroy(GTK_WINDOW(dialog));
}

/* Where no other is meant for the task: from the LXMERT that only was pre-trained, never from the BERT
 * beside it; from a model of one's own where that is shown. */
static void
test_base(Fixture *self, gconstpointer unused)
{
  g_autoptr(LensModel) own = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *copy = world_copy_model(&self->base.world, "own");

  gtk_window_destroy(GTK_WINDOW(self->base.window));
  world_ship_pretrained(&self->base.world);
  display_window_open(&self->base, 1280, 800);
  own = world_import(&self->base.world, copy, &error);
  g_assert_no_error(error);
  check_base(self->base.window, self->base.world.bench, NULL, "lxmert-base");
  check_base(self->base.window, self->base.world.bench, WORLD_MODEL, "lxmert-base");
  check_base(self->base.window, self->base.world.bench, "a-bert", "lxmert-base");
  check_base(self->base.window, self->base.world.bench, lens_model_get_id(own),
             lens_model_get_id(own));
  check_base_by_task(self);
}

static char *
suggested_name(Fixture *self)
{
  LensTrainDialog *dialog
      = lens_train_dialog_new(GTK_WINDOW(self->base.window), self->base.world.bench, NULL);
  char *name = g_strdup(gtk_editable_get_text(named(dialog, "name_row")));

  gtk_window_destroy(GTK_WINDOW(dialog));
  return name;
}

/* A name that is not taken is suggested, and a person's own stays. */
static void
test_name(Fixture *self, gconstpointer unused)
{
  g_autofree char *first = suggested_name(self);
  g_autofree char *second = g_strconcat(first, "-2", NULL);
  g_autofree char *now = NULL;

  run_one(self);
  g_assert_true(lens_job_view_rename(self->view, first));
  now = suggested_name(self);
  g_assert_cmpstr(now, ==, second);
  open_dialog(self);
  adw_combo_row_set_selected(named(self->dialog, "task_row"), 1);
  g_assert_true(g_str_has_suffix(gtk_editable_get_text(named(self->dialog, "name_row")), "-gqa"));
  gtk_editable_set_text(named(self->dialog, "name_row"), "Mine");
  adw_combo_row_set_selected(named(self->dialog, "task_row"), 0);
  g_assert_cmpstr(gtk_editable_get_text(named(self->dialog, "name_row")), ==, "Mine");
  gtk_window_close(GTK_WINDOW(self->dialog));
}

static guint
count_offers(Fixture *self)
{
  GtkMenuButton *button = named(self->dialog, "sets_button");
  guint n = (guint)g_menu_model_get_n_items(gtk_menu_button_get_menu_model(button));

  g_assert_true(gtk_widget_get_visible(GTK_WIDGET(button)) == (n > 0));
  return n;
}

/* What is open on the Data page is offered where it can teach the task, and picked with its menu. */
static void
test_opened_sets(Fixture *self, gconstpointer unused)
{
  g_autofree char *folder = world_file(&self->base.world, "mine");
  g_autofree char *sub = g_build_filename(folder, "vqa", NULL);
  g_autofree char *train = g_build_filename(sub, "train.json", NULL);
  g_autofree char *features = g_build_filename(folder, "some.tsv", NULL);
  g_autofree char *problem = NULL;
  g_autoptr(LensDataSource) source = lens_data_source_new("mine", "vqa", train, features, "");
  g_autoptr(LensTrainSettings) picked = NULL;

  g_assert_cmpint(g_mkdir_with_parents(sub, 0755), ==, 0);
  g_assert_true(g_file_set_contents(train, "[]", -1, NULL));
  g_assert_true(g_file_set_contents(features, "", -1, NULL));
  open_dialog(self);
  g_assert_cmpuint(count_offers(self), ==, 0);
  gtk_window_close(GTK_WINDOW(self->dialog));
  lens_data_desk_open(lens_workbench_get_data_desk(self->base.world.bench), source);
  open_dialog(self);
  g_assert_cmpuint(count_offers(self), ==, 1);
  adw_combo_row_set_selected(named(self->dialog, "task_row"), 1);
  g_assert_cmpuint(count_offers(self), ==, 0); /* nothing for GQA in it */
  adw_combo_row_set_selected(named(self->dialog, "task_row"), 0);
  g_assert_true(gtk_widget_activate_action(GTK_WIDGET(self->dialog), "data.use", "@ay",
                                           g_variant_new_bytestring(folder)));
  picked = lens_train_dialog_get_settings(self->dialog, &problem);
  g_assert_cmpstr(picked->data, ==, folder);
  gtk_window_close(GTK_WINDOW(self->dialog));
}

static void
test_to_result(Fixture *self, gconstpointer unused)
{
  LensCurve *curve;
  GListModel *jobs = lens_workbench_get_jobs(self->base.world.bench);
  LensTrainExample *example;
  guint index, count, step;

  run_one(self);
  check_settings(lens_train_job_get_settings(self->job));
  g_assert_cmpint(lens_job_get_state(LENS_JOB(self->job)), ==, LENS_JOB_DONE);
  g_assert_cmpuint(g_list_model_get_n_items(jobs), ==, 1);
  g_assert_cmpuint(lens_series_get_n_points(lens_train_job_get_loss_series(self->job)), ==, 12);
  g_assert_cmpuint(lens_series_get_n_points(lens_train_job_get_accuracy_series(self->job)), ==, 7);
  curve = typed(self->view, LENS_TYPE_CURVE);
  g_assert_true(gtk_widget_get_mapped(GTK_WIDGET(curve)));
  example = typed(self->view, LENS_TYPE_TRAIN_EXAMPLE);
  g_assert_nonnull(lens_train_example_get_run(example));
  g_assert_true(gtk_widget_get_mapped(typed(example, LENS_TYPE_ANSWER_BARS)));
  lens_train_job_get_example_place(self->job, &index, &count, &step);
  g_assert_cmpuint(step, ==, 12); /* asked again at the last evaluation */
  g_assert_nonnull(strstr(gtk_label_get_text(named(self->view, "settings_label")), "batch 2"));
  g_assert_nonnull(strstr(gtk_label_get_text(named(self->view, "lineage_label")), WORLD_MODEL));

  g_signal_emit_by_name(named(self->view, "use_button"), "clicked");
  display_settle(GTK_WIDGET(self->base.window));
  LensModel *used = lens_explorer_get_model(lens_window_get_explorer(self->base.window));
  g_assert_true(used == lens_train_job_get_model(self->job)
                || used == lens_train_job_get_best_model(self->job));
}

static gboolean
is_exported(gpointer path)
{
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void
test_result_kept(Fixture *self, gconstpointer unused)
{
  static const char *const files[] = { "config.json", "vocab.txt", "answers.json" };
  GListModel *jobs = lens_workbench_get_jobs(self->base.world.bench);
  guint models;
  g_autofree char *into = world_file(&self->base.world, "exported");
  g_autofree char *name = NULL;
  g_autofree char *weights = NULL;
  g_autoptr(GError) error = NULL;

  run_one(self);
  models = g_list_model_get_n_items(lens_workbench_get_models(self->base.world.bench));
  g_assert_true(lens_job_view_rename(self->view, "Better name"));
  g_assert_cmpstr(lens_job_get_title(LENS_JOB(self->job)), ==, "Better name");
  g_assert_cmpstr(gtk_widget_get_tooltip_text(
                      label_saying(display_find(GTK_WIDGET(self->base.window), LENS_TYPE_JOB_ROW, 0),
                                   "Better name")),
                  ==, "Better name");
  g_assert_nonnull(strstr(lens_model_get_name(lens_train_job_get_model(self->job)), "Better name"));
  g_assert_false(lens_job_view_rename(self->view, "a/b"));

  LensModel *model = lens_train_job_get_best_model(self->job);
  name = g_strdup(model ? "Better-name-best" : "Better-name");
  weights = g_build_filename(into, name, "model.safetensors", NULL);
  g_assert_cmpint(g_mkdir(into, 0755), ==, 0);
  lens_job_view_export(self->view, into);
  world_wait(is_exported, weights);
  for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename(into, name, files[i], NULL);

    world_wait(is_exported, path); /* they are copied one after the other */
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
  }

  g_autoptr(LensTrainJob) kept = g_object_ref(self->job);
  lens_job_view_remove(self->view);
  g_assert_cmpuint(g_list_model_get_n_items(jobs), ==, 0);
  g_assert_cmpuint(g_list_model_get_n_items(lens_workbench_get_models(self->base.world.bench)), <,
                   models);
  g_assert_false(g_file_test(lens_train_job_get_output_dir(kept), G_FILE_TEST_EXISTS));
  g_assert_true(lens_workbench_restore_training(self->base.world.bench, kept, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(g_list_model_get_n_items(jobs), ==, 1);
  g_assert_cmpuint(g_list_model_get_n_items(lens_workbench_get_models(self->base.world.bench)), ==,
                   models);
  g_assert_true(g_file_test(lens_train_job_get_output_dir(kept), G_FILE_TEST_EXISTS));
}

int
main(int argc, char **argv)
{
  display_start(&argc, &argv);
  g_test_add("/train-page/dialog", Fixture, NULL, set_up, test_dialog, tear_down);
  g_test_add("/train-page/large-text", Fixture, NULL, set_up, test_large_text, tear_down);
  g_test_add("/train-page/base", Fixture, NULL, set_up, test_base, tear_down);
  g_test_add("/train-page/name", Fixture, NULL, set_up, test_name, tear_down);
  g_test_add("/train-page/opened-sets", Fixture, NULL, set_up, test_opened_sets, tear_down);
  g_test_add("/train-page/defaults", Fixture, NULL, set_up, test_defaults, tear_down);
  g_test_add("/train-page/to-result", Fixture, NULL, set_up, test_to_result, tear_down);
  g_test_add("/train-page/result-kept", Fixture, NULL, set_up, test_result_kept, tear_down);
  return g_test_run();
}
