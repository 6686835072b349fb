#include "lens-job-view-private.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lens-duration.h"
#include "lens-job-row.h"

enum { USE_MODEL, FAILED, TOLD, REMOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensJobView, lens_job_view, ADW_TYPE_BIN)

static LensTrainJob *
train_job(LensJobView *self)
{
  return LENS_IS_TRAIN_JOB(self->job) ? LENS_TRAIN_JOB(self->job) : NULL;
}

/* ---- what is shown ---- */

static void
set_fact(LensJobView *self, int fact, char *text)
{
  gtk_label_set_text(self->fact_values[fact], text ? text : "–");
  g_free(text);
}

/* Speed and time left are of a run that is under way. */
static void
show_fact(LensJobView *self, int fact, gboolean visible)
{
  GtkWidget *child
      = gtk_widget_get_ancestor(GTK_WIDGET(self->fact_values[fact]), GTK_TYPE_FLOW_BOX_CHILD);

  gtk_widget_set_visible(child, visible);
}

static double
last_step(LensTrainJob *job)
{
  double step = 0, value;
  guint n = lens_series_get_n_points(lens_train_job_get_loss_series(job));

  if (n)
    lens_series_get_point(lens_train_job_get_loss_series(job), n - 1, &step, &value);
  return step;
}

/* "91.0% at 64" */
static char *
describe_best(LensTrainJob *job)
{
  double step, accuracy;

  return lens_train_job_get_best(job, &step, &accuracy)
             ? g_strdup_printf(_("%.1f%% at %.0f"), 100 * accuracy, step)
             : NULL;
}

static void
update_facts(LensJobView *self, LensTrainJob *job)
{
  guint step = lens_train_job_get_step(job), total = lens_train_job_get_total_steps(job);
  double speed = lens_train_job_get_examples_per_second(job);
  double left = lens_train_job_get_seconds_left(job);
  gboolean active = !lens_job_is_finished(self->job);

  set_fact(self, LENS_FACT_STEP,
           total ? g_strdup_printf("%u / %u", step, total)
                 : g_strdup_printf("%.0f", last_step(job)));
  set_fact(self, LENS_FACT_LOSS,
           lens_job_view_last_value(lens_train_job_get_loss_series(job),
                                    lens_curve_get_smoothing(self->curve), FALSE));
  set_fact(self, LENS_FACT_ACCURACY,
           lens_job_view_last_value(lens_train_job_get_accuracy_series(job), 0, TRUE));
  set_fact(self, LENS_FACT_BEST, describe_best(job));
  set_fact(self, LENS_FACT_SPEED,
           speed > 0 ? g_strdup_printf(_("%.*f / s"), speed < 10 ? 1 : 0, speed) : NULL);
  set_fact(self, LENS_FACT_LEFT, active && left >= 0 ? lens_format_duration(left) : NULL);
  show_fact(self, LENS_FACT_SPEED, active || speed > 0);
  show_fact(self, LENS_FACT_LEFT, active);
  lens_curve_set_total_steps(self->curve, total);
  gtk_label_set_text(self->report_label, lens_train_job_get_load_report(job)
                                             ? lens_train_job_get_load_report(job)
                                             : "");
}

static gboolean
can_resume(LensJobState state)
{
  return state == LENS_JOB_PAUSED || state == LENS_JOB_INTERRUPTED || state == LENS_JOB_FAILED
         || state == LENS_JOB_STOPPED;
}

/* The button with the focus, which may be about to go. */
static GtkWidget *
focused_button(LensJobView *self)
{
  GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
  GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;

  return focus == GTK_WIDGET(self->stop_button) || focus == GTK_WIDGET(self->pause_button) ? focus
                                                                                           : NULL;
}

/* It hands the focus to one that stays, else the keyboard would begin anew at the window's top. */
static void
keep_focus(LensJobView *self, GtkWidget *had)
{
  GtkWidget *others[] = { GTK_WIDGET(self->pause_button), GTK_WIDGET(self->use_button),
                          GTK_WIDGET(self->menu_button) };

  for (gsize i = 0; had && !gtk_widget_get_visible(had) && i < G_N_ELEMENTS(others); i++) {
    if (gtk_widget_get_visible(others[i]) && gtk_widget_grab_focus(others[i]))
      return;
  }
}

static void
update_buttons(LensJobView *self)
{
  GtkWidget *focused = focused_button(self);
  LensJobState state = lens_job_get_state(self->job);
  LensTrainJob *job = train_job(self);
  gboolean finished = lens_job_is_finished(self->job);

  gtk_widget_set_visible(GTK_WIDGET(self->stop_button), !finished);
  gtk_widget_set_visible(GTK_WIDGET(self->pause_button),
                         job && !lens_train_job_is_elsewhere(job)
                             && (state == LENS_JOB_RUNNING || can_resume(state)));
  gtk_button_set_label(self->pause_button, state == LENS_JOB_RUNNING ? _("Pause") : _("Go On"));
  gtk_widget_set_visible(GTK_WIDGET(self->use_button), job && lens_train_job_get_model(job));
  gtk_widget_set_visible(self->rate_bar, job && !finished && !lens_train_job_is_elsewhere(job));
  lens_job_view_update_actions(self);
  keep_focus(self, focused);
}

/* Settings change with the name and with the learning rate. */
static void
update_words(LensJobView *self, LensTrainJob *job)
{
  g_autofree char *settings
      = lens_job_view_describe_settings(self, lens_train_job_get_settings(job));
  g_autofree char *lineage = lens_job_view_describe_lineage(self, job);

  gtk_label_set_text(self->settings_label, settings);
  gtk_label_set_text(self->lineage_label, lineage);
}

static void
update(LensJobView *self)
{
  LensJobState state = lens_job_get_state(self->job);
  const char *message = lens_job_get_message(self->job);
  const char *error = lens_job_get_error_text(self->job);
  g_autofree char *text = NULL;

  gtk_label_set_text(self->title_label, lens_job_get_title(self->job));
  text = message && *message && g_strcmp0(message, lens_job_row_state_text(state)) != 0
             ? g_strdup_printf("%s · %s", lens_job_row_state_text(state), message)
             : g_strdup(lens_job_row_state_text(state));
  gtk_label_set_text(self->state_label, text);
  gtk_progress_bar_set_fraction(self->progress_bar, CLAMP(lens_job_get_progress(self->job), 0, 1));
  gtk_widget_set_visible(GTK_WIDGET(self->progress_bar), !lens_job_is_finished(self->job));
  gtk_widget_set_visible(self->error_box, error != NULL);
  gtk_label_set_text(self->error_label, error ? error : "");
  if (train_job(self)) {
    update_facts(self, train_job(self));
    update_words(self, train_job(self));
  }
  update_buttons(self);
}

/* ---- comparing ---- */

static void
show_compared(LensJobView *self)
{
  lens_curve_clear_others(self->curve);
  for (guint i = 0; i < self->compared->len; i++) {
    LensTrainJob *job = self->compared->pdata[i];

    if (LENS_JOB(job) != self->job)
      lens_curve_add_other(self->curve, lens_job_get_title(LENS_JOB(job)),
                           lens_train_job_get_loss_series(job),
                           lens_train_job_get_accuracy_series(job));
  }
}

void
lens_job_view_compare(LensJobView *self, LensTrainJob *job, gboolean compare)
{
  guint at;
  gboolean found = g_ptr_array_find(self->compared, job, &at);

  if (found && !compare)
    g_ptr_array_remove_index(self->compared, at);
  else if (!found && compare)
    g_ptr_array_add(self->compared, g_object_ref(job));
  show_compared(self);
}

static void
on_compare_toggled(GtkCheckButton *check, LensJobView *self)
{
  lens_job_view_compare(self, g_object_get_data(G_OBJECT(check), "job"),
                        gtk_check_button_get_active(check));
}

/* A box to tick for every other run, made anew whenever the list is opened. */
static void
fill_compare(LensJobView *self)
{
  GListModel *jobs = lens_workbench_get_jobs(self->workbench);
  GtkWidget *child;
  guint n = 0;

  while ((child = gtk_widget_get_first_child(self->compare_box)))
    gtk_box_remove(GTK_BOX(self->compare_box), child);
  for (guint i = 0; i < g_list_model_get_n_items(jobs); i++) {
    g_autoptr(LensJob) job = g_list_model_get_item(jobs, i);
    GtkWidget *check;

    if (!LENS_IS_TRAIN_JOB(job) || job == self->job)
      continue;
    check = gtk_check_button_new_with_label(lens_job_get_title(job));
    gtk_check_button_set_active(GTK_CHECK_BUTTON(check),
                                g_ptr_array_find(self->compared, job, NULL));
    g_object_set_data_full(G_OBJECT(check), "job", g_object_ref(job), g_object_unref);
    g_signal_connect_object(check, "toggled", G_CALLBACK(on_compare_toggled), self, 0);
    gtk_box_append(GTK_BOX(self->compare_box), check);
    n++;
  }
  if (!n)
    gtk_box_append(GTK_BOX(self->compare_box), gtk_label_new(_("There is no other run yet")));
}

/* ---- which job ---- */

static void
show_rate(LensJobView *self, LensTrainJob *job)
{
  char rate[G_ASCII_DTOSTR_BUF_SIZE];

  gtk_editable_set_text(GTK_EDITABLE(self->rate_entry),
                        g_ascii_formatd(rate, sizeof rate, "%g",
                                        lens_train_job_get_learning_rate(job)));
}

void
lens_job_view_set_job(LensJobView *self, LensJob *job)
{
  LensTrainJob *training;

  if (self->job == job)
    return;
  if (self->job)
    g_signal_handlers_disconnect_by_func(self->job, update, self);
  g_set_object(&self->job, job);
  gtk_widget_set_visible(GTK_WIDGET(self), job != NULL);
  training = train_job(self);
  lens_curve_set_series(self->curve, training ? lens_train_job_get_loss_series(training) : NULL,
                        training ? lens_train_job_get_accuracy_series(training) : NULL);
  gtk_widget_set_visible(GTK_WIDGET(self->curve), training != NULL);
  gtk_widget_set_visible(GTK_WIDGET(self->facts), training != NULL);
  gtk_widget_set_visible(self->curve_bar, training != NULL);
  lens_train_example_set_job(self->example, training);
  show_compared(self);
  if (!job)
    return;
  if (training)
    show_rate(self, training);
  g_signal_connect_object(job, "updated", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  update(self);
}

void
lens_job_view_set_workbench(LensJobView *self, LensWorkbench *workbench)
{
  g_set_object(&self->workbench, workbench);
}

/* ---- messages ---- */

void
lens_job_view_fail(LensJobView *self, const char *text)
{
  g_signal_emit(self, signals[FAILED], 0, text);
}

void
lens_job_view_tell(LensJobView *self, const char *text)
{
  g_signal_emit(self, signals[TOLD], 0, text);
}

void
lens_job_view_emit_removed(LensJobView *self, LensJob *job)
{
  if (LENS_IS_TRAIN_JOB(job))
    lens_job_view_compare(self, LENS_TRAIN_JOB(job), FALSE);
  g_signal_emit(self, signals[REMOVED], 0, job);
}

/* ---- what the person does ---- */

static void
on_rate(LensJobView *self)
{
  LensTrainJob *job = train_job(self);
  const char *text = gtk_editable_get_text(GTK_EDITABLE(self->rate_entry));
  char *end;
  double rate = g_ascii_strtod(text, &end);

  if (!job)
    return;
  if (end == text || *end || !(rate > 0 && rate <= 1)) {
    lens_job_view_fail(
        self, _("The learning rate must be a number above 0 and at most 1, such as 5e-5."));
    return;
  }
  lens_train_job_set_learning_rate(job, rate);
  lens_job_view_tell(self, _("The new learning rate begins with the next epoch"));
}

static void
on_smoothing(LensJobView *self)
{
  lens_curve_set_smoothing(self->curve, gtk_adjustment_get_value(self->smoothing_adjustment));
  if (self->job)
    update(self);
}

static void
on_zoom(LensJobView *self)
{
  gboolean zoomed = lens_curve_is_zoomed(self->curve);

  gtk_widget_set_visible(GTK_WIDGET(self->zoom_button), zoomed);
  gtk_label_set_text(self->zoom_hint, zoomed ? "" : _("Drag over the curve to zoom in"));
}

static void
show_all_steps(LensJobView *self)
{
  lens_curve_zoom(self->curve, 0, 0);
}

static void
on_stop(LensJobView *self)
{
  if (self->job)
    lens_job_cancel(self->job);
}

static void
on_pause(LensJobView *self)
{
  LensTrainJob *job = train_job(self);
  LensJobState state;
  g_autoptr(GError) error = NULL;

  if (!job)
    return;
  state = lens_job_get_state(self->job);
  if (state == LENS_JOB_RUNNING)
    lens_train_job_pause(job);
  else if (state == LENS_JOB_PAUSED)
    lens_train_job_resume(job);
  else if (!lens_workbench_resume_training(self->workbench, job, &error))
    g_signal_emit(self, signals[FAILED], 0, error->message);
}

static void
on_use(LensJobView *self)
{
  LensTrainJob *job = train_job(self);
  LensModel *best = job ? lens_train_job_get_best_model(job) : NULL;

  /* As the authors submit: the best by validation. */
  if (job && lens_train_job_get_model(job))
    g_signal_emit(self, signals[USE_MODEL], 0, best ? best : lens_train_job_get_model(job));
}

static void
add_facts(LensJobView *self)
{
  static const char *const names[LENS_N_FACTS]
      = { N_("Step"), N_("Loss"), N_("Accuracy"), N_("Best"), N_("Examples"), N_("Time left") };

  for (int i = 0; i < LENS_N_FACTS; i++) {
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    GtkWidget *name = gtk_label_new(_(names[i])), *value = gtk_label_new("–");

    gtk_widget_add_css_class(box, "fact");
    gtk_widget_add_css_class(name, "caption");
    gtk_widget_add_css_class(name, "dim-label");
    gtk_widget_add_css_class(value, "heading");
    gtk_widget_add_css_class(value, "numeric");
    gtk_box_append(GTK_BOX(box), value);
    gtk_box_append(GTK_BOX(box), name);
    gtk_flow_box_insert(self->facts, box, -1);
    gtk_widget_set_focusable(gtk_widget_get_parent(box), FALSE);
    self->fact_values[i] = GTK_LABEL(value);
  }
}

static void
lens_job_view_dispose(GObject *object)
{
  LensJobView *self = LENS_JOB_VIEW(object);

  if (self->job)
    g_signal_handlers_disconnect_by_func(self->job, update, self);
  g_clear_object(&self->job);
  g_clear_object(&self->workbench);
  g_clear_pointer(&self->compared, g_ptr_array_unref);
  G_OBJECT_CLASS(lens_job_view_parent_class)->dispose(object);
}

static void
lens_job_view_class_init(LensJobViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_job_view_dispose;
  signals[USE_MODEL] = g_signal_new("use-model", LENS_TYPE_JOB_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_MODEL);
  signals[FAILED] = g_signal_new("failed", LENS_TYPE_JOB_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[TOLD] = g_signal_new("told", LENS_TYPE_JOB_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[REMOVED] = g_signal_new("removed", LENS_TYPE_JOB_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, LENS_TYPE_JOB);
  lens_job_view_add_actions(widget_class);
  g_type_ensure(LENS_TYPE_CURVE);
  g_type_ensure(LENS_TYPE_TRAIN_EXAMPLE);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-job-view.ui");
  gtk_widget_class_bind_template_child(widget_class, LensJobView, title_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, state_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, error_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, settings_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, report_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, pause_button);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, stop_button);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, use_button);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, progress_bar);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, error_box);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, curve);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, facts);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, lineage_label);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, zoom_hint);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, zoom_button);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, rate_button);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, menu_button);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, compare_button);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, rate_entry);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, smoothing_adjustment);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, rate_bar);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, curve_bar);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, compare_box);
  gtk_widget_class_bind_template_child(widget_class, LensJobView, example);
}

static void
lens_job_view_init(LensJobView *self)
{
  gtk_widget_init_template(GTK_WIDGET(self));
  self->compared = g_ptr_array_new_with_free_func(g_object_unref);
  add_facts(self);
  g_signal_connect_object(self->smoothing_adjustment, "value-changed", G_CALLBACK(on_smoothing),
                          self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->curve, "zoom-changed", G_CALLBACK(on_zoom), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->zoom_button, "clicked", G_CALLBACK(show_all_steps), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->rate_button, "clicked", G_CALLBACK(on_rate), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->rate_entry, "activate", G_CALLBACK(on_rate), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(gtk_menu_button_get_popover(self->compare_button), "map",
                          G_CALLBACK(fill_compare), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->stop_button, "clicked", G_CALLBACK(on_stop), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->pause_button, "clicked", G_CALLBACK(on_pause), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->use_button, "clicked", G_CALLBACK(on_use), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}
