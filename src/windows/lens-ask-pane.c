#include "lens-ask-pane.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "lens-answer-bars.h"
#include "lens-brush.h"
#include "lens-pair-layout.h"
#include "lens-partner-slot.h"
#include "lens-sanity-button.h"
#include "lens-scene-view.h"
#include "lens-settings.h"
#include "lens-token-strip.h"
#include "lens-zoom-buttons.h"

struct _LensAskPane {
  GtkWidget parent_instance;

  LensExplorer *explorer;
  char *question; /* the one that the entry was last given: what was typed since stays */

  /* template widgets */
  LensSceneView *scene_view;
  GtkOverlay *scene_overlay;
  LensPartnerSlot *partner_slot;
  GtkWidget *scene_tools;
  LensSanityButton *sanity_button;
  GtkAdjustment *threshold;
  GtkLabel *threshold_label;
  GtkLabel *name_label;
  LensZoomButtons *zoom_buttons;
  GtkWidget *empty_page;
  GtkRevealer *status_revealer, *edits_revealer;
  GtkSpinner *spinner;
  GtkLabel *status_label, *warning_label, *edits_label, *footer_label, *ghosts_label;
  GtkWidget *warning_box;
  GtkEntry *question_entry;
  GtkWidget *ask_button;
  LensTokenStrip *token_strip;
  LensAnswerBars *answer_bars;
  GtkLabel *no_answer_label;
};

G_DEFINE_FINAL_TYPE(LensAskPane, lens_ask_pane, GTK_TYPE_WIDGET)

/* ---- what is shown ---- */

static void
update_brush(LensAskPane *self)
{
  LensSelection *selection = lens_explorer_get_selection(self->explorer);
  LensRun *run = lens_explorer_get_shown_run(self->explorer);
  LensRun *first = lens_explorer_get_image_run(self->explorer, 0);
  g_autofree float *boxes = NULL, *words = NULL;

  /* The image may have got other boxes, of which nothing was asked yet. */
  if (first && lens_run_get_scene(first) != lens_explorer_get_scene(self->explorer))
    first = NULL;
  boxes = lens_brush_boxes(first, selection);
  words = lens_brush_words(run, selection);
  if (!words && first != run) /* a box of the other image */
    words = lens_brush_words(first, selection);
  lens_scene_view_set_weights(self->scene_view, boxes);
  lens_token_strip_set_weights(self->token_strip, words);
}

/* Of a pair only the images that are looked at show the selection. */
static void
update_half(LensAskPane *self)
{
  int first = lens_explorer_get_first_box(self->explorer, 0);

  lens_scene_view_set_first_box(self->scene_view, MAX(first, 0));
  lens_scene_view_set_selection(self->scene_view,
                                first >= 0 ? lens_explorer_get_selection(self->explorer) : NULL);
  update_brush(self);
}

/* What is odd about the features stands under the image; all of the check is behind the button. */
static void
update_warnings(LensAskPane *self)
{
  LensScene *scene = lens_explorer_get_scene(self->explorer);
  const LensSanity *sanity = scene ? lens_scene_get_sanity(scene) : NULL;
  g_autoptr(GString) text = g_string_new(NULL);

  for (int fact = 0; sanity && fact < LENS_N_SANITY; fact++) {
    g_autofree char *advice = lens_sanity_advice(sanity, (LensSanityFact)fact);
    if (advice)
      g_string_append_printf(text, "%s%s", text->len ? "\n" : "", advice);
  }
  gtk_widget_set_visible(self->warning_box, text->len > 0);
  gtk_label_set_text(self->warning_label, text->str);
  lens_sanity_button_set_scene(self->sanity_button, scene);
}

static void
update_scene(LensAskPane *self)
{
  LensScene *scene = lens_explorer_get_scene(self->explorer);

  lens_scene_view_set_scene(self->scene_view, scene);
  gtk_widget_set_visible(self->empty_page,
                         scene == NULL && !lens_explorer_get_busy(self->explorer));
  gtk_widget_set_visible(self->scene_tools, scene != NULL);
  gtk_label_set_text(self->name_label, scene ? lens_scene_get_name(scene) : "");
  gtk_widget_set_sensitive(self->ask_button, scene != NULL);
  update_warnings(self);
}

/* Those that the model got, of both images. */
static guint
count_boxes(LensRun *run)
{
  guint removed, n = lens_scene_get_n_regions(lens_run_get_scene(run));

  if (lens_run_is_pair(run))
    n += lens_scene_get_n_regions(lens_run_get_scene(lens_run_get_half(run, 1)));
  lens_edits_get_removed_boxes(lens_run_get_edits(run), &removed);
  return n - MIN(removed, n);
}

static void
update_footer(LensAskPane *self)
{
  LensRun *run = lens_explorer_get_run(self->explorer);
  LensScene *scene = lens_explorer_get_scene(self->explorer);
  g_autofree char *text = NULL;

  if (run)
    text = g_strdup_printf(_("%s · %u boxes · %.0f ms"),
                           lens_model_get_name(lens_run_get_model(run)), count_boxes(run),
                           lens_run_get_milliseconds(run));
  else if (scene)
    text = g_strdup_printf(_("%s · %u boxes"), lens_scene_get_name(scene),
                           lens_scene_get_n_regions(scene));
  gtk_label_set_text(self->footer_label, text ? text : "");
}

/* "" where there is an answer, or will be. */
static const char *
why_no_answer(LensAskPane *self)
{
  LensRun *run = lens_explorer_get_run(self->explorer);

  if (run && g_list_model_get_n_items(lens_run_get_answers(run)) == 0)
    return _(
        "This model gives no answers. Its attention is shown: hold another run with P and look "
        "at both.");
  if (lens_explorer_get_scene(self->explorer) && lens_explorer_wants_partner(self->explorer))
    return _("Choose the second image: then the statement is judged.");
  return "";
}

/* What the grey bars are. */
static void
name_ghosts(LensAskPane *self, gboolean shown, LensGhosts whose)
{
  GtkWidget *label = GTK_WIDGET(self->ghosts_label);

  gtk_widget_set_visible(label, shown);
  gtk_label_set_text(self->ghosts_label, whose == LENS_GHOSTS_A ? _("■ A") : _("■ before"));
  gtk_widget_set_tooltip_text(label, whose == LENS_GHOSTS_A
                                         ? _("Grey bars: what A answered")
                                         : _("Grey bars: the answers without the changes"));
}

/* Behind the bars: the answers of the run that is held as A, else those without the edits. */
static void
update_answers(LensAskPane *self)
{
  LensRun *run = lens_explorer_get_run(self->explorer);
  LensRun *pinned = lens_explorer_get_pinned_run(self->explorer);
  GListModel *ghosts = run ? lens_run_get_baseline(run) : NULL;
  const char *why = why_no_answer(self);
  LensGhosts whose = LENS_GHOSTS_BEFORE;

  if (run && pinned && pinned != run
      && g_list_model_get_n_items(lens_run_get_answers(pinned)) > 0) {
    ghosts = lens_run_get_answers(pinned);
    whose = LENS_GHOSTS_A;
  }
  lens_answer_bars_set_answers(self->answer_bars, run ? lens_run_get_answers(run) : NULL, ghosts,
                               whose);
  name_ghosts(self, ghosts && *why == 0, whose);
  gtk_label_set_text(self->no_answer_label, why);
  gtk_widget_set_visible(GTK_WIDGET(self->no_answer_label), *why != 0);
  gtk_widget_set_visible(GTK_WIDGET(self->answer_bars), *why == 0);
}

static void
show_question(LensAskPane *self, const char *question)
{
  GtkEditable *entry = GTK_EDITABLE(self->question_entry);

  g_free(self->question);
  self->question = g_strstrip(g_strdup(question ? question : ""));
  if (g_strcmp0(gtk_editable_get_text(entry), question) == 0)
    return;
  gtk_editable_set_text(entry, question ? question : "");
  if (gtk_widget_get_state_flags(GTK_WIDGET(entry)) & GTK_STATE_FLAG_FOCUS_WITHIN)
    gtk_editable_select_region(entry, 0, -1); /* as after coming here: typing begins another one */
}

static void
on_asked(LensAskPane *self)
{
  show_question(self, lens_explorer_get_question(self->explorer));
}

static void
update_run(LensAskPane *self)
{
  LensRun *run = lens_explorer_get_run(self->explorer);

  lens_token_strip_set_question(self->token_strip, run ? lens_run_get_question(run) : NULL);
  lens_token_strip_set_tokens(self->token_strip, run ? lens_run_get_tokens(run) : NULL);
  update_answers(self);
  if (run && g_strcmp0(lens_run_get_question(run), self->question) != 0)
    show_question(self, lens_run_get_question(run));
  update_footer(self);
  update_half(self);
}

typedef struct {
  LensRun *run;
  guint n; /* gates of heads that the run's model has not */
} Elsewhere;

static void
count_elsewhere(const char *map, int head, LensGate gate, gpointer data)
{
  Elsewhere *elsewhere = data;
  LensMap *found = lens_run_find_map(elsewhere->run, map);

  elsewhere->n += !found || head >= lens_map_get_heads(found);
}

/* What is changed; gates are kept when another model answers, which may not have their heads. */
static char *
describe_edits(LensAskPane *self)
{
  const LensEdits *edits = lens_explorer_get_edits(self->explorer);
  g_autofree char *text = lens_edits_describe(edits);
  Elsewhere elsewhere = { lens_explorer_get_run(self->explorer), 0 };

  if (elsewhere.run)
    lens_edits_foreach_gate(edits, count_elsewhere, &elsewhere);
  if (!elsewhere.n)
    return g_steal_pointer(&text);
  return g_strdup_printf(_("%s (%u of these heads not in this model)"), text, elsewhere.n);
}

static void
update_edits(LensAskPane *self)
{
  const LensEdits *edits = lens_explorer_get_edits(self->explorer);
  g_autofree char *text = describe_edits(self);

  gtk_label_set_text(self->edits_label, text);
  /* The image must not move under a box that is dragged over it. */
  if (!lens_explorer_is_placing(self->explorer))
    gtk_revealer_set_reveal_child(self->edits_revealer, !lens_edits_is_empty(edits));
  lens_token_strip_set_edits(self->token_strip, edits);
}

static void
update_busy(LensAskPane *self)
{
  const char *status = lens_explorer_get_status(self->explorer);
  gboolean busy = lens_explorer_get_busy(self->explorer);

  gtk_spinner_set_spinning(self->spinner, busy);
  if (status)
    gtk_label_set_text(self->status_label, status);
  gtk_revealer_set_reveal_child(self->status_revealer, busy);
  if (busy)
    gtk_widget_set_visible(self->empty_page, FALSE);
  else
    update_scene(self);
}

/* ---- what the person does ---- */

/* What is typed is kept until there is a second image. */
static void
ask(LensAskPane *self)
{
  if (!self->explorer || !lens_explorer_get_scene(self->explorer))
    return;
  lens_explorer_ask(self->explorer, gtk_editable_get_text(GTK_EDITABLE(self->question_entry)));
  if (lens_explorer_wants_partner(self->explorer))
    lens_partner_slot_choose(self->partner_slot);
}

static void
on_remove_box(LensAskPane *self, int box)
{
  lens_explorer_toggle_box(self->explorer, 0, box);
}

static void
on_place_box(LensAskPane *self, int box, const float *rect, gboolean live)
{
  lens_explorer_place_box(self->explorer, 0, box, rect, live);
}

static void
on_edit_word(LensAskPane *self, int word, const char *text)
{
  lens_explorer_reword(self->explorer, word, text);
}

static void
on_mask_word(LensAskPane *self, int word)
{
  lens_explorer_toggle_word(self->explorer, word);
}

static void
on_threshold(LensAskPane *self)
{
  double value = gtk_adjustment_get_value(self->threshold);
  g_autofree char *text = g_strdup_printf("%.2f", value);

  gtk_label_set_text(self->threshold_label, text);
  lens_scene_view_set_threshold(self->scene_view, value);
}

void
lens_ask_pane_focus_question(LensAskPane *self)
{
  gtk_widget_grab_focus(GTK_WIDGET(self->question_entry));
}

void
lens_ask_pane_choose_partner(LensAskPane *self)
{
  lens_partner_slot_choose(self->partner_slot);
}

LensCanvas *
lens_ask_pane_get_scene_view(LensAskPane *self)
{
  return LENS_CANVAS(self->scene_view);
}

void
lens_ask_pane_set_explorer(LensAskPane *self, LensExplorer *explorer)
{
  LensSelection *selection = lens_explorer_get_selection(explorer);

  g_return_if_fail(!self->explorer);
  self->explorer = g_object_ref(explorer);
  lens_scene_view_set_selection(self->scene_view, selection);
  lens_partner_slot_set_explorer(self->partner_slot, explorer);
  lens_partner_slot_turn_on_click(GTK_WIDGET(self->scene_view), explorer, 0);
  g_signal_connect_object(explorer, "notify::half", G_CALLBACK(update_half), self,
                          G_CONNECT_SWAPPED);
  lens_token_strip_set_selection(self->token_strip, selection);
  g_signal_connect_object(selection, "hover-changed", G_CALLBACK(update_brush), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "view-changed", G_CALLBACK(update_brush), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "scene-changed", G_CALLBACK(update_scene), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "asked", G_CALLBACK(on_asked), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "run-changed", G_CALLBACK(update_run), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "run-changed", G_CALLBACK(update_edits), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "pinned-run-changed", G_CALLBACK(update_answers), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "partner-changed", G_CALLBACK(update_answers), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "edits-changed", G_CALLBACK(update_edits), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "notify::busy", G_CALLBACK(update_busy), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "notify::status", G_CALLBACK(update_busy), self,
                          G_CONNECT_SWAPPED);
  update_scene(self);
  update_run(self);
  update_edits(self);
  update_busy(self);
}

static void
lens_ask_pane_dispose(GObject *object)
{
  LensAskPane *self = LENS_ASK_PANE(object);
  GtkWidget *child;

  g_clear_object(&self->explorer);
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self))))
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(lens_ask_pane_parent_class)->dispose(object);
}

static void
lens_ask_pane_finalize(GObject *object)
{
  g_free(LENS_ASK_PANE(object)->question);
  G_OBJECT_CLASS(lens_ask_pane_parent_class)->finalize(object);
}

static void
lens_ask_pane_class_init(LensAskPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_ask_pane_dispose;
  G_OBJECT_CLASS(klass)->finalize = lens_ask_pane_finalize;
  g_type_ensure(LENS_TYPE_SCENE_VIEW);
  g_type_ensure(LENS_TYPE_PARTNER_SLOT);
  g_type_ensure(LENS_TYPE_SANITY_BUTTON);
  g_type_ensure(LENS_TYPE_PAIR_LAYOUT);
  g_type_ensure(LENS_TYPE_ZOOM_BUTTONS);
  g_type_ensure(LENS_TYPE_TOKEN_STRIP);
  g_type_ensure(LENS_TYPE_ANSWER_BARS);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-ask-pane.ui");
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, scene_view);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, scene_overlay);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, partner_slot);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, scene_tools);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, sanity_button);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, threshold);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, threshold_label);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, name_label);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, zoom_buttons);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, empty_page);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, status_revealer);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, edits_revealer);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, spinner);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, status_label);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, warning_label);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, edits_label);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, footer_label);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, ghosts_label);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, warning_box);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, question_entry);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, ask_button);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, token_strip);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, answer_bars);
  gtk_widget_class_bind_template_child(widget_class, LensAskPane, no_answer_label);
  gtk_widget_class_set_css_name(widget_class, "lensaskpane");
}

static void
lens_ask_pane_init(LensAskPane *self)
{
  gtk_widget_init_template(GTK_WIDGET(self));
  g_signal_connect_object(self->question_entry, "activate", G_CALLBACK(ask), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->ask_button, "clicked", G_CALLBACK(ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->scene_view, "remove-box", G_CALLBACK(on_remove_box), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->scene_view, "place-box", G_CALLBACK(on_place_box), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->token_strip, "edit-word", G_CALLBACK(on_edit_word), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->token_strip, "mask-word", G_CALLBACK(on_mask_word), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->threshold, "value-changed", G_CALLBACK(on_threshold), self,
                          G_CONNECT_SWAPPED);
  lens_settings_bind("confidence", self->threshold, "value");
  on_threshold(self);
  lens_zoom_buttons_set_view(self->zoom_buttons, self->scene_view);
  g_object_bind_property(self->scene_view, "threshold",
                         lens_partner_slot_get_scene_view(self->partner_slot), "threshold",
                         G_BINDING_SYNC_CREATE);
}
