#include "lens-token-strip.h"

#include <glib/gi18n.h>

#include "lens-chip.h"
#include "lens-word-editor.h"
#include "lens-wording.h"

#define SPACING 5

struct _LensTokenStrip {
  GtkWidget parent_instance;

  GPtrArray *chips; /* of LensChip; children, borrowed */
  LensSelection *selection;
  LensEdits *edits;
  LensWordEditor *editor;
  gboolean runs_left; /* a sentence runs in its own direction, whatever that of the window */
  char *question;     /* whose tokens these are; NULL: words cannot be edited */
};

enum { MASK_WORD, EDIT_WORD, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensTokenStrip, lens_token_strip, GTK_TYPE_WIDGET)

GtkWidget *
lens_token_strip_new(void)
{
  return g_object_new(LENS_TYPE_TOKEN_STRIP, NULL);
}

/* ---- wrapping ---- */

/* From the strip's left to the first line's, so that the chips stand where the window's text begins. */
static int
indent(LensTokenStrip *self, int width, guint first)
{
  int x = 0;

  if (self->runs_left == (gtk_widget_get_direction(GTK_WIDGET(self)) == GTK_TEXT_DIR_RTL))
    return 0;
  for (guint i = first; i < self->chips->len; i++) {
    int chip_width;

    gtk_widget_measure(g_ptr_array_index(self->chips, i), GTK_ORIENTATION_HORIZONTAL, -1, NULL,
                       &chip_width, NULL, NULL);
    chip_width = MIN(chip_width, MAX(width, 1));
    if (x > 0 && x + chip_width > width)
      break;
    x += chip_width + SPACING;
  }
  return MAX(width - x + SPACING, 0);
}

/* Lays the chips out in lines of `width`; allocates them when asked to. Returns the height. */
static int
wrap(LensTokenStrip *self, int width, gboolean allocate)
{
  int x = 0, y = 0, line = 0, from = allocate ? indent(self, width, 0) : 0;
  gboolean rtl = self->runs_left;

  for (guint i = 0; i < self->chips->len; i++) {
    GtkWidget *chip = g_ptr_array_index(self->chips, i);
    int chip_width, chip_height;

    gtk_widget_measure(chip, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &chip_width, NULL, NULL);
    chip_width = MIN(chip_width, MAX(width, 1));
    gtk_widget_measure(chip, GTK_ORIENTATION_VERTICAL, chip_width, NULL, &chip_height, NULL, NULL);
    if (x > 0 && x + chip_width > width) {
      x = 0;
      y += line + SPACING;
      line = 0;
      from = allocate ? indent(self, width, i) : 0;
    }
    if (allocate)
      gtk_widget_size_allocate(chip,
                               &(GtkAllocation){ rtl ? width - from - x - chip_width : from + x, y,
                                                 chip_width, chip_height },
                               -1);
    x += chip_width + SPACING;
    line = MAX(line, chip_height);
  }
  return y + line;
}

static GtkSizeRequestMode
lens_token_strip_get_request_mode(GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
lens_token_strip_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                         int *natural, int *minimum_baseline, int *natural_baseline)
{
  LensTokenStrip *self = LENS_TOKEN_STRIP(widget);
  int widest = 0, total = 0;

  if (orientation == GTK_ORIENTATION_VERTICAL) {
    *minimum = *natural = wrap(self, for_size < 0 ? 400 : for_size, FALSE);
    return;
  }
  for (guint i = 0; i < self->chips->len; i++) {
    int least, wanted;

    gtk_widget_measure(g_ptr_array_index(self->chips, i), orientation, -1, &least, &wanted, NULL,
                       NULL);
    widest = MAX(widest, least);
    total += wanted + SPACING;
  }
  *minimum = widest;
  *natural = MAX(widest, MIN(total, 600));
}

static void
lens_token_strip_size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
  wrap(LENS_TOKEN_STRIP(widget), width, TRUE);
  gtk_popover_present(GTK_POPOVER(LENS_TOKEN_STRIP(widget)->editor));
}

/* ---- chips ---- */

static int
index_of(LensTokenStrip *self, GtkWidget *chip)
{
  guint index;

  return g_ptr_array_find(self->chips, chip, &index) ? (int)index : -1;
}

static int
chip_at(LensTokenStrip *self, double x, double y)
{
  for (guint i = 0; i < self->chips->len; i++) {
    GtkWidget *chip = g_ptr_array_index(self->chips, i);
    graphene_rect_t area;

    if (gtk_widget_compute_bounds(chip, GTK_WIDGET(self), &area)
        && graphene_rect_contains_point(&area, &GRAPHENE_POINT_INIT(x, y)))
      return i;
  }
  return -1;
}

static gboolean
continues(LensTokenStrip *self, int index)
{
  return g_str_has_prefix(lens_chip_get_text(g_ptr_array_index(self->chips, index)), "##");
}

/* Whether the chip is the token or, where whole words are looked at, a piece of the same word. */
static gboolean
is_part(LensTokenStrip *self, int index, int token)
{
  if (index == token || token < 0 || token >= (int)self->chips->len
      || !lens_selection_get_merge_words(self->selection))
    return index == token;
  for (int i = MIN(index, token) + 1; i <= MAX(index, token); i++) {
    if (!continues(self, i))
      return FALSE;
  }
  return TRUE;
}

static void
update_states(LensTokenStrip *self)
{
  int active = -1, pinned = -1, box;

  if (self->selection) {
    lens_selection_resolve(self->selection, lens_selection_get_active(self->selection), &active,
                           &box);
    lens_selection_resolve(self->selection, lens_selection_get_pinned(self->selection), &pinned,
                           &box);
  }
  for (guint i = 0; i < self->chips->len; i++)
    lens_chip_set_state(g_ptr_array_index(self->chips, i), is_part(self, i, active),
                        is_part(self, i, pinned), lens_edits_get_word_masked(self->edits, i));
}

static void
on_chip_focus(GtkWidget *chip, GParamSpec *pspec, LensTokenStrip *self)
{
  int index = index_of(self, chip);

  if (!self->selection || index < 0)
    return;
  if (gtk_widget_has_focus(chip))
    lens_selection_set_hover(self->selection, lens_target_word(index));
  else if (lens_target_equal(lens_selection_get_hover(self->selection), lens_target_word(index)))
    lens_selection_set_hover(self->selection, lens_target_none());
}

static gboolean
runs_left(LensTokenStrip *self)
{
  g_autoptr(GString) sentence = g_string_new(NULL);
  g_autoptr(PangoLayout) layout = NULL;

  for (guint i = 0; i < self->chips->len; i++) {
    const char *text = lens_chip_get_text(g_ptr_array_index(self->chips, i));

    if (*text != '[') /* [CLS] and [SEP] are of no language */
      g_string_append_printf(sentence, "%s ", text);
  }
  layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), sentence->str);
  return pango_layout_line_get_resolved_direction(pango_layout_get_line_readonly(layout, 0))
         == PANGO_DIRECTION_RTL;
}

void
lens_token_strip_set_tokens(LensTokenStrip *self, const char *const *tokens)
{
  guint n = tokens ? g_strv_length((char **)tokens) : 0;
  gboolean same = n == self->chips->len;

  for (guint i = 0; same && i < n; i++)
    same = g_str_equal(lens_chip_get_text(g_ptr_array_index(self->chips, i)), tokens[i]);
  if (same)
    return;
  while (self->chips->len)
    gtk_widget_unparent(g_ptr_array_steal_index(self->chips, self->chips->len - 1));
  for (guint i = 0; i < n; i++) {
    GtkWidget *chip = lens_chip_new(tokens[i]);

    gtk_widget_set_parent(chip, GTK_WIDGET(self));
    g_ptr_array_add(self->chips, chip);
    g_signal_connect_object(chip, "notify::has-focus", G_CALLBACK(on_chip_focus), self, 0);
  }
  self->runs_left = runs_left(self);
  update_states(self);
}

guint
lens_token_strip_get_n_tokens(LensTokenStrip *self)
{
  return self->chips->len;
}

GtkWidget *
lens_token_strip_get_chip(LensTokenStrip *self, guint index)
{
  return index < self->chips->len ? g_ptr_array_index(self->chips, index) : NULL;
}

void
lens_token_strip_set_weights(LensTokenStrip *self, const float *weights)
{
  for (guint i = 0; i < self->chips->len; i++)
    lens_chip_set_weight(g_ptr_array_index(self->chips, i), weights ? weights[i] : -1);
}

void
lens_token_strip_set_edits(LensTokenStrip *self, const LensEdits *edits)
{
  LensEdits *copy = lens_edits_copy(edits);

  g_clear_pointer(&self->edits, lens_edits_free);
  self->edits = copy;
  update_states(self);
}

void
lens_token_strip_set_selection(LensTokenStrip *self, LensSelection *selection)
{
  if (self->selection)
    g_signal_handlers_disconnect_by_func(self->selection, update_states, self);
  g_set_object(&self->selection, selection);
  if (selection)
    g_signal_connect_object(selection, "hover-changed", G_CALLBACK(update_states), self,
                            G_CONNECT_SWAPPED);
  update_states(self);
}

/* ---- another word ---- */

void
lens_token_strip_set_question(LensTokenStrip *self, const char *question)
{
  char *copy = g_strdup(question);

  g_free(self->question);
  self->question = copy;
}

/* The whole word, also when a later piece of it was picked. */
gboolean
lens_token_strip_edit(LensTokenStrip *self, int index)
{
  g_autoptr(GPtrArray) tokens = g_ptr_array_new();
  g_autofree char *word = NULL;
  GtkWidget *chip;
  graphene_rect_t area;
  gsize begin, end;

  if (index < 0 || index >= (int)self->chips->len || !self->question)
    return FALSE;
  for (guint i = 0; i < self->chips->len; i++)
    g_ptr_array_add(tokens, (char *)lens_chip_get_text(g_ptr_array_index(self->chips, i)));
  g_ptr_array_add(tokens, NULL);
  chip = g_ptr_array_index(self->chips, index);
  if (!lens_wording_find(self->question, (const char *const *)tokens->pdata, index, &begin, &end)
      || !gtk_widget_compute_bounds(chip, GTK_WIDGET(self), &area))
    return FALSE;
  word = g_strndup(self->question + begin, end - begin);
  lens_word_editor_edit(self->editor, index, word,
                        &(GdkRectangle){ (int)area.origin.x, (int)area.origin.y,
                                         (int)area.size.width, (int)area.size.height });
  return TRUE;
}

LensWordEditor *
lens_token_strip_get_editor(LensTokenStrip *self)
{
  return self->editor;
}

static void
on_edited(LensTokenStrip *self, int word, const char *text)
{
  g_signal_emit(self, signals[EDIT_WORD], 0, word, text);
}

/* ---- pointer and keyboard ---- */

static void
on_motion(GtkEventControllerMotion *motion, double x, double y, LensTokenStrip *self)
{
  int index = chip_at(self, x, y);

  if (self->selection)
    lens_selection_set_hover(self->selection,
                             index < 0 ? lens_target_none() : lens_target_word(index));
}

static void
on_leave(GtkEventControllerMotion *motion, LensTokenStrip *self)
{
  if (self->selection)
    lens_selection_set_hover(self->selection, lens_target_none());
}

static void
on_click(GtkGestureClick *click, int n_press, double x, double y, LensTokenStrip *self)
{
  int index = chip_at(self, x, y);

  if (index < 0 || !self->selection)
    return;
  gtk_widget_grab_focus(g_ptr_array_index(self->chips, index)); /* keys go on where it clicked */
  if (gtk_gesture_single_get_current_button(GTK_GESTURE_SINGLE(click)) == GDK_BUTTON_SECONDARY)
    g_signal_emit(self, signals[MASK_WORD], 0, index);
  else if (n_press == 2)
    lens_token_strip_edit(self, index);
  else
    lens_selection_toggle_pinned(self->selection, lens_target_word(index));
}

static int
focused_chip(LensTokenStrip *self)
{
  GtkWidget *focus = gtk_root_get_focus(gtk_widget_get_root(GTK_WIDGET(self)));

  return focus ? index_of(self, focus) : -1;
}

static gboolean
pin_focused(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensTokenStrip *self = LENS_TOKEN_STRIP(widget);
  int index = focused_chip(self);

  if (index < 0 || !self->selection)
    return FALSE;
  lens_selection_toggle_pinned(self->selection, lens_target_word(index));
  return TRUE;
}

static gboolean
mask_focused(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensTokenStrip *self = LENS_TOKEN_STRIP(widget);
  int index = focused_chip(self);

  if (index < 0)
    return FALSE;
  g_signal_emit(self, signals[MASK_WORD], 0, index);
  return TRUE;
}

static gboolean
edit_focused(GtkWidget *widget, GVariant *args, gpointer data)
{
  return lens_token_strip_edit(LENS_TOKEN_STRIP(widget), focused_chip(LENS_TOKEN_STRIP(widget)));
}

/* One stop for Tab; arrows go from chip to chip. */
static gboolean
lens_token_strip_focus(GtkWidget *widget, GtkDirectionType direction)
{
  LensTokenStrip *self = LENS_TOKEN_STRIP(widget);
  gboolean rtl = self->runs_left;
  int index = focused_chip(self), step = 0;

  if (!self->chips->len)
    return FALSE;
  if (index < 0)
    return gtk_widget_grab_focus(g_ptr_array_index(self->chips, 0));
  if (direction == GTK_DIR_LEFT)
    step = rtl ? 1 : -1;
  else if (direction == GTK_DIR_RIGHT)
    step = rtl ? -1 : 1;
  else
    return FALSE;
  index = CLAMP(index + step, 0, (int)self->chips->len - 1);
  return gtk_widget_grab_focus(g_ptr_array_index(self->chips, index));
}

static void
lens_token_strip_dispose(GObject *object)
{
  LensTokenStrip *self = LENS_TOKEN_STRIP(object);

  lens_token_strip_set_tokens(self, NULL);
  if (self->editor)
    gtk_widget_unparent(GTK_WIDGET(self->editor));
  self->editor = NULL;
  g_clear_object(&self->selection);
  G_OBJECT_CLASS(lens_token_strip_parent_class)->dispose(object);
}

static void
lens_token_strip_finalize(GObject *object)
{
  LensTokenStrip *self = LENS_TOKEN_STRIP(object);

  g_ptr_array_unref(self->chips);
  g_clear_pointer(&self->edits, lens_edits_free);
  g_free(self->question);
  G_OBJECT_CLASS(lens_token_strip_parent_class)->finalize(object);
}

static void
lens_token_strip_class_init(LensTokenStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_token_strip_dispose;
  G_OBJECT_CLASS(klass)->finalize = lens_token_strip_finalize;
  widget_class->get_request_mode = lens_token_strip_get_request_mode;
  widget_class->measure = lens_token_strip_measure;
  widget_class->size_allocate = lens_token_strip_size_allocate;
  widget_class->focus = lens_token_strip_focus;
  signals[MASK_WORD] = g_signal_new("mask-word", LENS_TYPE_TOKEN_STRIP, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
  signals[EDIT_WORD] = g_signal_new("edit-word", LENS_TYPE_TOKEN_STRIP, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_F2, 0, edit_focused, NULL);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_space, 0, pin_focused, NULL);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_Return, 0, pin_focused, NULL);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_Delete, 0, mask_focused, NULL);
  gtk_widget_class_set_css_name(widget_class, "lenstokens");
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_LIST_BOX);
}

static void
lens_token_strip_init(LensTokenStrip *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new();
  GtkGesture *click = gtk_gesture_click_new();

  self->chips = g_ptr_array_new();
  self->editor = lens_word_editor_new();
  gtk_widget_set_parent(GTK_WIDGET(self->editor), GTK_WIDGET(self));
  g_signal_connect_object(self->editor, "edited", G_CALLBACK(on_edited), self, G_CONNECT_SWAPPED);
  gtk_gesture_single_set_button(GTK_GESTURE_SINGLE(click), 0);
  g_signal_connect(motion, "enter", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "motion", G_CALLBACK(on_motion), self);
  g_signal_connect(motion, "leave", G_CALLBACK(on_leave), self);
  g_signal_connect(click, "pressed", G_CALLBACK(on_click), self);
  gtk_widget_add_controller(GTK_WIDGET(self), motion);
  gtk_widget_add_controller(GTK_WIDGET(self), GTK_EVENT_CONTROLLER(click));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Tokens of the question"), -1);
}
