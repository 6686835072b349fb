#include "lens-train-example.h"

#include <glib/gi18n.h>

#include "lens-answer-bars.h"
#include "lens-graph-view.h"

#define MAP_HEIGHT 300

struct _LensTrainExample {
  AdwBin parent_instance;

  LensTrainJob *job;
  LensRun *run;
  LensSelection *selection;
  gboolean filling; /* the list of maps is being set */

  GtkWidget *question, *truth, *place, *previous, *next, *map_drop;
  LensAnswerBars *bars;
  LensGraphView *graph;
};

G_DEFINE_FINAL_TYPE(LensTrainExample, lens_train_example, ADW_TYPE_BIN)

/* ---- what is shown ---- */

static void
show_words(LensTrainExample *self)
{
  guint index, count, step;
  const char *truth = lens_train_job_get_example_truth(self->job);
  g_autofree char *place = NULL;
  g_autofree char *right
      = truth && *truth ? g_strdup_printf(_("Right answer: %s"), truth) : g_strdup("");

  lens_train_job_get_example_place(self->job, &index, &count, &step);
  place = g_strdup_printf(_("Example %u of %u, as of step %u"), index + 1, count, step);
  gtk_label_set_text(GTK_LABEL(self->place), place);
  gtk_label_set_text(GTK_LABEL(self->question), lens_run_get_question(self->run));
  gtk_label_set_text(GTK_LABEL(self->truth), right);
  gtk_widget_set_visible(self->truth, *right != '\0');
}

/* The maps of the model by their titles; the last words → boxes map at first. */
static void
fill_maps(LensTrainExample *self)
{
  g_autoptr(GtkStringList) titles = gtk_string_list_new(NULL);
  guint picked = 0, n = lens_run_get_n_maps(self->run);
  const char *wanted = lens_selection_get_map(self->selection);

  for (guint i = 0; i < n; i++) {
    const char *name = lens_map_get_name(lens_run_get_map(self->run, i));
    g_autofree char *title = lens_map_format_title(name);

    gtk_string_list_append(titles, title);
    if (wanted && lens_run_find_map(self->run, wanted) ? g_str_equal(name, wanted)
                                                       : g_str_has_suffix(name, "lang_to_vis"))
      picked = i;
  }
  self->filling = TRUE;
  gtk_drop_down_set_model(GTK_DROP_DOWN(self->map_drop), G_LIST_MODEL(titles));
  gtk_drop_down_set_selected(GTK_DROP_DOWN(self->map_drop), picked);
  self->filling = FALSE;
  if (n)
    lens_selection_set_map(self->selection, lens_map_get_name(lens_run_get_map(self->run, picked)));
}

static void
on_map_picked(LensTrainExample *self)
{
  guint i = gtk_drop_down_get_selected(GTK_DROP_DOWN(self->map_drop));

  if (!self->filling && self->run && i < lens_run_get_n_maps(self->run))
    lens_selection_set_map(self->selection, lens_map_get_name(lens_run_get_map(self->run, i)));
}

static void
update(LensTrainExample *self)
{
  LensRun *run = self->job ? lens_train_job_get_example(self->job) : NULL;
  LensRun *old = self->run;
  gboolean same_model = run && old && lens_run_get_n_maps(run) == lens_run_get_n_maps(old);

  gtk_widget_set_visible(GTK_WIDGET(self), run != NULL);
  if (run == old)
    return;
  self->run = run ? g_object_ref(run) : NULL;
  if (run && !same_model)
    fill_maps(self);
  lens_run_view_set_run(LENS_RUN_VIEW(self->graph), run);
  lens_answer_bars_set_answers(self->bars, run ? lens_run_get_answers(run) : NULL,
                               run ? lens_run_get_baseline(run) : NULL, LENS_GHOSTS_BEFORE);
  if (run)
    show_words(self);
  g_clear_object(&old);
}

void
lens_train_example_set_job(LensTrainExample *self, LensTrainJob *job)
{
  if (self->job == job)
    return;
  if (self->job)
    g_signal_handlers_disconnect_by_func(self->job, update, self);
  g_set_object(&self->job, job);
  if (job)
    g_signal_connect_object(job, "example-changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  update(self);
}

LensRun *
lens_train_example_get_run(LensTrainExample *self)
{
  return self->run;
}

/* ---- another one ---- */

static void
go(LensTrainExample *self, int by)
{
  guint index, count, step;

  if (!self->job)
    return;
  lens_train_job_get_example_place(self->job, &index, &count, &step);
  if (count)
    lens_train_job_set_example(self->job, (index + count + (guint)by) % count);
}

static void
on_previous(LensTrainExample *self)
{
  go(self, -1);
}

static void
on_next(LensTrainExample *self)
{
  go(self, 1);
}

/* ---- object ---- */

static GtkWidget *
make_label(const char *css, gboolean wrap)
{
  GtkWidget *label = gtk_label_new(NULL);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_wrap(GTK_LABEL(label), wrap);
  gtk_widget_add_css_class(label, css);
  return label;
}

static GtkWidget *
make_button(const char *icon, const char *tooltip)
{
  GtkWidget *button = gtk_button_new_from_icon_name(icon);

  gtk_widget_set_tooltip_text(button, tooltip);
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  return button;
}

static GtkWidget *
make_head(LensTrainExample *self)
{
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);

  self->place = make_label("dim-label", FALSE);
  gtk_label_set_ellipsize(GTK_LABEL(self->place), PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(self->place, "caption");
  gtk_widget_set_hexpand(self->place, TRUE);
  self->previous = make_button("go-previous-symbolic", _("The example before"));
  self->next = make_button("go-next-symbolic", _("The next example"));
  self->map_drop = gtk_drop_down_new(NULL, NULL);
  gtk_widget_set_valign(self->map_drop, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(self->map_drop, _("The attention that is drawn, mean of all heads"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->map_drop), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Attention map"), -1);
  gtk_box_append(GTK_BOX(line), self->place);
  gtk_box_append(GTK_BOX(line), self->map_drop);
  gtk_box_append(GTK_BOX(line), self->previous);
  gtk_box_append(GTK_BOX(line), self->next);
  return line;
}

static GtkWidget *
make_body(LensTrainExample *self)
{
  GtkWidget *body = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 14);
  GtkWidget *side = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);

  self->graph = LENS_GRAPH_VIEW(lens_graph_view_new());
  gtk_widget_set_hexpand(GTK_WIDGET(self->graph), TRUE);
  gtk_widget_set_size_request(GTK_WIDGET(self->graph), -1, MAP_HEIGHT);
  lens_run_view_set_selection(LENS_RUN_VIEW(self->graph), self->selection);
  self->bars = LENS_ANSWER_BARS(lens_answer_bars_new());
  self->question = make_label("heading", TRUE);
  self->truth = make_label("dim-label", TRUE);
  gtk_box_append(GTK_BOX(side), self->question);
  gtk_box_append(GTK_BOX(side), self->truth);
  gtk_box_append(GTK_BOX(side), GTK_WIDGET(self->bars));
  gtk_widget_set_size_request(side, 200, -1);
  gtk_box_append(GTK_BOX(body), GTK_WIDGET(self->graph));
  gtk_box_append(GTK_BOX(body), side);
  return body;
}

static void
lens_train_example_dispose(GObject *object)
{
  LensTrainExample *self = LENS_TRAIN_EXAMPLE(object);

  if (self->job)
    g_signal_handlers_disconnect_by_func(self->job, update, self);
  g_clear_object(&self->job);
  g_clear_object(&self->run);
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(lens_train_example_parent_class)->dispose(object);
}

static void
lens_train_example_class_init(LensTrainExampleClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_train_example_dispose;
}

static void
lens_train_example_init(LensTrainExample *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);

  self->selection = lens_selection_new();
  lens_selection_set_reading(self->selection, LENS_READING_MEAN);
  lens_selection_set_hide_special(self->selection, TRUE);
  gtk_box_append(GTK_BOX(box), make_head(self));
  gtk_box_append(GTK_BOX(box), make_body(self));
  adw_bin_set_child(ADW_BIN(self), box);
  g_signal_connect_object(self->previous, "clicked", G_CALLBACK(on_previous), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->next, "clicked", G_CALLBACK(on_next), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->map_drop, "notify::selected", G_CALLBACK(on_map_picked), self,
                          G_CONNECT_SWAPPED);
  gtk_widget_set_visible(GTK_WIDGET(self), FALSE);
}
