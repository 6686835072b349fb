#include "lens-compare-bar.h"

#include <glib/gi18n.h>

#include "lens-compare-text.h"
#include "lens-compare.h"
#include "lens-cut-label.h"

struct _LensCompareBar {
  GtkWidget parent_instance;

  LensExplorer *explorer;
  LensRun *difference, *aligned; /* made for the mode; dropped when a run changes */
  GtkWidget *revealer, *label, *shared;
  GtkToggleButton *buttons[LENS_N_COMPARE];
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensCompareBar, lens_compare_bar, GTK_TYPE_WIDGET)

LensCompareMode
lens_compare_bar_get_mode(LensCompareBar *self)
{
  for (int i = 0; i < LENS_N_COMPARE; i++) {
    if (gtk_toggle_button_get_active(self->buttons[i]))
      return i;
  }
  return LENS_COMPARE_B;
}

void
lens_compare_bar_set_mode(LensCompareBar *self, LensCompareMode mode)
{
  g_return_if_fail(mode < LENS_N_COMPARE);
  gtk_toggle_button_set_active(self->buttons[mode], TRUE);
}

void
lens_compare_bar_cycle(LensCompareBar *self)
{
  lens_compare_bar_set_mode(self, (lens_compare_bar_get_mode(self) + 1) % LENS_N_COMPARE);
}

static LensRun *
held_run(LensCompareBar *self)
{
  LensRun *pinned = lens_explorer_get_pinned_run(self->explorer);

  return pinned ? lens_run_get_half(pinned, lens_explorer_get_half(self->explorer)) : NULL;
}

static LensRun *
aligned_run(LensCompareBar *self, LensRun *a, LensRun *b)
{
  int first = lens_explorer_get_both(self->explorer)
                  ? (int)lens_scene_get_n_regions(lens_explorer_get_scene(self->explorer))
                  : 0;

  if (!self->aligned)
    self->aligned = lens_compare_align(a, b, first);
  return self->aligned;
}

LensRun *
lens_compare_bar_get_run(LensCompareBar *self)
{
  LensRun *a = held_run(self), *b = lens_explorer_get_shown_run(self->explorer);
  LensCompareMode mode = lens_compare_bar_get_mode(self);

  if (!a || !b || mode == LENS_COMPARE_B || mode == LENS_COMPARE_BOTH)
    return b;
  if (mode == LENS_COMPARE_A)
    return aligned_run(self, a, b);
  if (!self->difference)
    self->difference = lens_compare_runs(a, b,
                                         mode == LENS_COMPARE_MORE ? LENS_DIFFERENCE_MORE
                                                                   : LENS_DIFFERENCE_LESS);
  return self->difference;
}

LensRun *
lens_compare_bar_get_beside(LensCompareBar *self)
{
  LensRun *a = held_run(self), *b = lens_explorer_get_shown_run(self->explorer);

  if (!a || !b || lens_compare_bar_get_mode(self) != LENS_COMPARE_BOTH)
    return NULL;
  return aligned_run(self, a, b);
}

LensRun *
lens_compare_bar_get_whole_run(LensCompareBar *self)
{
  LensRun *a = lens_explorer_get_pinned_run(self->explorer);
  LensRun *b = lens_explorer_get_run(self->explorer);

  return a && b && lens_compare_bar_get_mode(self) == LENS_COMPARE_A ? a : b;
}

LensRun *
lens_compare_bar_get_whole_other(LensCompareBar *self)
{
  LensCompareMode mode = lens_compare_bar_get_mode(self);
  gboolean both = mode != LENS_COMPARE_A && mode != LENS_COMPARE_B;

  return both && lens_explorer_get_run(self->explorer)
             ? lens_explorer_get_pinned_run(self->explorer)
             : NULL;
}

/* What the two have in common, where that is not all. */
static void
update_shared(LensCompareBar *self)
{
  LensRun *a = self->explorer ? held_run(self) : NULL;
  LensRun *b = a ? lens_explorer_get_shown_run(self->explorer) : NULL;
  g_autofree char *text = a ? lens_compare_text_shared(a, b) : g_strdup("");

  gtk_label_set_text(GTK_LABEL(self->shared), text);
  gtk_widget_set_visible(self->shared, *text != 0);
}

static void
on_changed(LensCompareBar *self)
{
  g_clear_object(&self->difference);
  g_clear_object(&self->aligned);
  update_shared(self);
  g_signal_emit(self, signals[CHANGED], 0);
}

static void
on_toggled(GtkToggleButton *button, LensCompareBar *self)
{
  if (gtk_toggle_button_get_active(button))
    on_changed(self);
}

static void
on_pinned(LensCompareBar *self)
{
  LensRun *run = lens_explorer_get_pinned_run(self->explorer);
  g_autofree char *text = NULL;

  gtk_revealer_set_reveal_child(GTK_REVEALER(self->revealer), run != NULL);
  if (run) {
    text = lens_compare_text_held(run);
    lens_cut_label_set_text(GTK_LABEL(self->label), text);
  } else {
    lens_compare_bar_set_mode(self, LENS_COMPARE_B);
  }
  on_changed(self);
}

static void
let_go(LensCompareBar *self)
{
  lens_explorer_pin_run(self->explorer, NULL);
}

void
lens_compare_bar_set_explorer(LensCompareBar *self, LensExplorer *explorer)
{
  g_return_if_fail(!self->explorer);
  self->explorer = g_object_ref(explorer);
  g_signal_connect_object(explorer, "pinned-run-changed", G_CALLBACK(on_pinned), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "run-changed", G_CALLBACK(on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "notify::half", G_CALLBACK(on_changed), self,
                          G_CONNECT_SWAPPED);
}

static void
add_buttons(LensCompareBar *self, GtkWidget *box)
{
  static const struct {
    const char *label, *tip;
  } texts[LENS_N_COMPARE] = {
    { N_("B"), N_("The current run") },
    { N_("A | B"), N_("The run that is held beside the current one") },
    { N_("B − A"), N_("Where B looks more than A") },
    { N_("A − B"), N_("Where B looks less than A") },
    { N_("A"), N_("The run that is held") },
  };
  GtkWidget *group = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_add_css_class(group, "linked");
  for (int i = 0; i < LENS_N_COMPARE; i++) {
    GtkWidget *button = gtk_toggle_button_new_with_label(_(texts[i].label));

    gtk_widget_set_tooltip_text(button, _(texts[i].tip));
    self->buttons[i] = GTK_TOGGLE_BUTTON(button);
    if (i)
      gtk_toggle_button_set_group(self->buttons[i], self->buttons[0]);
    g_signal_connect(button, "toggled", G_CALLBACK(on_toggled), self);
    gtk_box_append(GTK_BOX(group), button);
  }
  gtk_toggle_button_set_active(self->buttons[LENS_COMPARE_B], TRUE);
  gtk_box_append(GTK_BOX(box), group);
}

static void
lens_compare_bar_dispose(GObject *object)
{
  LensCompareBar *self = LENS_COMPARE_BAR(object);

  g_clear_pointer(&self->revealer, gtk_widget_unparent);
  g_clear_object(&self->difference);
  g_clear_object(&self->aligned);
  g_clear_object(&self->explorer);
  G_OBJECT_CLASS(lens_compare_bar_parent_class)->dispose(object);
}

static void
lens_compare_bar_class_init(LensCompareBarClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_compare_bar_dispose;
  signals[CHANGED] = g_signal_new("changed", LENS_TYPE_COMPARE_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
}

static void
lens_compare_bar_init(LensCompareBar *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *close = gtk_button_new_from_icon_name("window-close-symbolic");
  GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

  gtk_widget_add_css_class(box, "compare-bar");
  self->label = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->label), PANGO_ELLIPSIZE_END);
  gtk_box_append(GTK_BOX(texts), self->label);
  self->shared = gtk_label_new(NULL);
  gtk_label_set_xalign(GTK_LABEL(self->shared), 0);
  gtk_label_set_ellipsize(GTK_LABEL(self->shared), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text(self->shared,
                              _("Words and boxes of B that A has, too. In a difference the others "
                                "count as 0 in A."));
  gtk_widget_add_css_class(self->shared, "caption");
  gtk_widget_add_css_class(self->shared, "dim-label");
  gtk_box_append(GTK_BOX(texts), self->shared);
  gtk_widget_set_hexpand(texts, TRUE);
  gtk_widget_set_valign(texts, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(box), texts);
  add_buttons(self, box);
  gtk_widget_add_css_class(close, "flat");
  gtk_widget_set_tooltip_text(close, _("Let go of A (P)"));
  g_signal_connect_swapped(close, "clicked", G_CALLBACK(let_go), self);
  gtk_box_append(GTK_BOX(box), close);
  self->revealer = gtk_revealer_new();
  gtk_revealer_set_child(GTK_REVEALER(self->revealer), box);
  gtk_widget_set_parent(self->revealer, GTK_WIDGET(self));
}
