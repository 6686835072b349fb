#include "lens-states-view.h"

#include <glib/gi18n.h>
#include <math.h>

#include "lens-compare.h"
#include "lens-figure.h"

#define MARGIN 22.0
#define REACH 8.0 /* how far from a point the pointer still finds it */

struct _LensStatesView {
  LensRunView parent_instance;

  LensStates *states;
  int stage;
  gboolean trails;
  double low[2], high[2]; /* of all points that are drawn, of both runs on common axes */
  int *word_of,
      *box_of; /* of a difference: A's word and box, -1 for none; NULL: nothing to compare */
};

enum { PROP_0, PROP_STAGE, N_PROPS };
static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE(LensStatesView, lens_states_view, LENS_TYPE_RUN_VIEW)

#define RUN(self) lens_run_view_get_run(LENS_RUN_VIEW(self))
#define SELECTION(self) lens_run_view_get_selection(LENS_RUN_VIEW(self))

GtkWidget *
lens_states_view_new(void)
{
  return g_object_new(LENS_TYPE_STATES_VIEW, NULL);
}

const LensStates *
lens_states_view_get_states(LensStatesView *self)
{
  lens_run_view_update(LENS_RUN_VIEW(self));
  return self->states;
}

int
lens_states_view_get_stage(LensStatesView *self)
{
  return self->stage;
}

/* ---- places ---- */

/* The states are shown only with the run that they fit. */
static gboolean
fits(LensStatesView *self)
{
  LensRun *run = RUN(self);

  return run && self->states && (int)lens_run_get_n_tokens(run) == self->states->words
         && (!self->states->boxes /* a BERT's */
             || (int)lens_scene_get_n_regions(lens_run_get_scene(run)) == self->states->boxes);
}

static const float *
point_of(const LensStates *s, gboolean word, int index, int stage)
{
  return word ? s->word_points + 2 * ((gsize)stage * s->words + index)
              : s->box_points + 2 * ((gsize)stage * s->boxes + index);
}

/* With the ways of all stages, else of the one that is shown: it fills the view. */
static void
widen_range(LensStatesView *self, const LensStates *s)
{
  int last = s->stages - 1;

  for (int stage = self->trails ? 0 : MIN(self->stage, last);
       stage <= (self->trails ? last : MIN(self->stage, last)); stage++)
    for (int i = 0; i < s->words + s->boxes; i++) {
      const float *p = point_of(s, i < s->words, i < s->words ? i : i - s->words, stage);

      for (int a = 0; a < 2; a++) {
        self->low[a] = MIN(self->low[a], p[a]);
        self->high[a] = MAX(self->high[a], p[a]);
      }
    }
}

static void
find_range(LensStatesView *self)
{
  for (int a = 0; a < 2; a++) {
    self->low[a] = INFINITY;
    self->high[a] = -INFINITY;
  }
  widen_range(self, self->states);
  if (self->states->together)
    widen_range(self, self->states->beside);
}

/* Which of A's words and boxes each is, where the run is a difference and both are on the same axes. */
static void
find_partners(LensStatesView *self)
{
  LensRun *a = RUN(self) ? lens_run_get_compared(RUN(self), 0, NULL) : NULL;
  LensRun *b = a ? lens_run_get_compared(RUN(self), 1, NULL) : NULL;

  g_clear_pointer(&self->word_of, g_free);
  g_clear_pointer(&self->box_of, g_free);
  if (!b || !fits(self) || !self->states->together
      || self->states->beside->words != (int)lens_run_get_n_tokens(a))
    return;
  self->word_of = lens_compare_words(a, b);
  self->box_of = lens_compare_boxes(lens_run_get_scene(a), lens_run_get_scene(b));
}

/* A's point of the same word or box at the same stage, or its last one; NULL for none. */
static const float *
partner_of(LensStatesView *self, gboolean word, int index)
{
  const LensStates *a = self->states->beside;
  int partner = !self->word_of ? -1 : word ? self->word_of[index] : self->box_of[index];

  if (partner < 0 || partner >= (word ? a->words : a->boxes))
    return NULL;
  return point_of(a, word, partner, MIN(self->stage, a->stages - 1));
}

static void
place_point(LensStatesView *self, const float *p, double *x, double *y)
{
  double width = lens_canvas_get_width(LENS_CANVAS(self));
  double height = lens_canvas_get_height(LENS_CANVAS(self));
  double w = MAX(self->high[0] - self->low[0], 1e-9), h = MAX(self->high[1] - self->low[1], 1e-9);

  *x = MARGIN + (p[0] - self->low[0]) / w * MAX(width - 2 * MARGIN, 1);
  *y = height - MARGIN - (p[1] - self->low[1]) / h * MAX(height - 2 * MARGIN, 1);
}

void
lens_states_view_get_point(LensStatesView *self, gboolean word, int index, int stage, double *x,
                           double *y)
{
  place_point(self, point_of(self->states, word, index, stage), x, y);
}

gboolean
lens_states_view_get_partner(LensStatesView *self, gboolean word, int index, double *x, double *y)
{
  const float *p = partner_of(self, word, index);

  if (p)
    place_point(self, p, x, y);
  return p != NULL;
}

static const char *
label_of(LensStatesView *self, gboolean word, int index)
{
  if (word)
    return lens_run_get_tokens(RUN(self))[index];
  return lens_region_get_title(lens_scene_get_region(lens_run_get_scene(RUN(self)), index));
}

static void
lens_states_view_layout(LensCanvas *canvas, double width, double height)
{
  LensStatesView *self = LENS_STATES_VIEW(canvas);
  int n = lens_canvas_get_n_nodes(canvas);

  for (int i = 0; i < n; i++) {
    gboolean word = i < self->states->words;
    double x, y;

    lens_states_view_get_point(self, word, word ? i : i - self->states->words, self->stage, &x, &y);
    lens_canvas_place_node(canvas, i, &(FigureRect){ x - 7, y - 7, 14, 14 });
  }
}

/* How far it is from A's, for a difference; owned. */
static char *
describe_move(LensStatesView *self, gboolean word, int index)
{
  const float *p = point_of(self->states, word, index, self->stage);
  const float *before = partner_of(self, word, index);

  if (!self->word_of)
    return g_strdup("");
  return before ? g_strdup_printf(_("; %.2f from A's"), hypot(p[0] - before[0], p[1] - before[1]))
                : g_strdup(_("; only in B"));
}

/* The nearest other point of a word or box at this stage, for its accessible name. */
static void
name_node(LensStatesView *self, int node)
{
  const LensStates *s = self->states;
  gboolean word = node < s->words;
  const float *p = point_of(s, word, word ? node : node - s->words, self->stage);
  double best = INFINITY;
  int nearest = -1;
  g_autofree char *moved = describe_move(self, word, word ? node : node - s->words);
  g_autofree char *name = NULL;

  for (int i = 0; i < s->words + s->boxes; i++) {
    gboolean other = i < s->words;
    const float *o = point_of(s, other, other ? i : i - s->words, self->stage);
    double distance = hypot(o[0] - p[0], o[1] - p[1]);

    if (i != node && distance < best) {
      best = distance;
      nearest = i;
    }
  }
  name = g_strdup_printf(word ? _("Word %s; nearest: %s%s") : _("Box %s; nearest: %s%s"),
                         label_of(self, word, word ? node : node - s->words),
                         nearest < 0 ? "–"
                                     : label_of(self, nearest < s->words,
                                                nearest < s->words ? nearest : nearest - s->words),
                         moved);
  lens_canvas_name_node(LENS_CANVAS(self), node, name);
}

static void
update_names(LensStatesView *self)
{
  guint n = lens_canvas_get_n_nodes(LENS_CANVAS(self));
  g_autofree char *stage = n ? lens_states_format_stage(self->states, self->stage) : NULL;
  g_autofree char *title
      = stage ? g_strdup_printf(_("Hidden states, %s"), stage) : g_strdup(_("No hidden states"));

  for (guint i = 0; i < n; i++)
    name_node(self, i);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

static void
lens_states_view_rebuild(LensRunView *view)
{
  LensStatesView *self = LENS_STATES_VIEW(view);
  gboolean shown = fits(self);

  find_partners(self);
  if (shown)
    find_range(self);
  lens_canvas_set_n_nodes(LENS_CANVAS(self), shown ? self->states->words + self->states->boxes : 0);
  update_names(self);
  lens_canvas_invalidate(LENS_CANVAS(self));
}

/* Map and head say nothing about states. */
static void
lens_states_view_view_changed(LensRunView *view)
{
}

/* ---- drawing ---- */

static void
set_color(cairo_t *cr, FigureColor color, double alpha)
{
  cairo_set_source_rgba(cr, color.r, color.g, color.b, alpha);
}

static void
draw_trail(LensStatesView *self, cairo_t *cr, gboolean word, int index, double alpha, double width)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));

  for (int stage = 0; stage <= self->stage; stage++) {
    double x, y;

    lens_states_view_get_point(self, word, index, stage, &x, &y);
    cairo_line_to(cr, x, y);
  }
  set_color(cr, word ? style->word : style->box, alpha);
  cairo_set_line_width(cr, width);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_stroke(cr);
}

static void
draw_dot(LensStatesView *self, cairo_t *cr, gboolean word, int index, double radius, double alpha)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double x, y;

  lens_states_view_get_point(self, word, index, self->stage, &x, &y);
  set_color(cr, word ? style->word : style->box, alpha);
  if (word)
    cairo_arc(cr, x, y, radius, 0, 2 * G_PI);
  else /* told apart without colour, too */
    cairo_rectangle(cr, x - radius, y - radius, 2 * radius, 2 * radius);
  cairo_fill(cr);
}

static PangoLayout *
make_layout(LensStatesView *self, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout(GTK_WIDGET(self), text);
  PangoFontDescription *font = pango_font_description_new();
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));

  pango_font_description_set_absolute_size(font, style->font_size * PANGO_SCALE);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  return layout;
}

/* At `x`, or ending there. */
static void
draw_text(LensStatesView *self, cairo_t *cr, const char *text, double x, double y,
          FigureColor color, gboolean right)
{
  g_autoptr(PangoLayout) layout = make_layout(self, text);
  int width, height;

  pango_layout_get_pixel_size(layout, &width, &height);
  x = right ? x - width : x;
  x = CLAMP(x, 0, MAX(lens_canvas_get_width(LENS_CANVAS(self)) - width, 0));
  set_color(cr, color, 1);
  cairo_move_to(cr, x, y - height / 2.0);
  lens_canvas_show_layout(cr, layout);
}

/* Beside a point: right of it, where there is room. */
static void
draw_name(LensStatesView *self, cairo_t *cr, const char *text, double x, double y, double gap,
          FigureColor color)
{
  g_autoptr(PangoLayout) layout = make_layout(self, text);
  int width;
  gboolean left;

  pango_layout_get_pixel_size(layout, &width, NULL);
  left = x + gap + width > lens_canvas_get_width(LENS_CANVAS(self)) - 8;
  draw_text(self, cr, text, left ? x - gap : x + gap, y, color, left);
}

/* From where A has it to where B has it; A's is hollow. */
static void
draw_move(LensStatesView *self, cairo_t *cr, gboolean word, int index, double alpha, double width)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  double x, y, from_x, from_y;

  if (!lens_states_view_get_partner(self, word, index, &from_x, &from_y))
    return;
  lens_states_view_get_point(self, word, index, self->stage, &x, &y);
  set_color(cr, word ? style->word : style->box, alpha);
  cairo_set_line_width(cr, width);
  cairo_move_to(cr, from_x, from_y);
  cairo_line_to(cr, x, y);
  cairo_stroke(cr);
  if (word)
    cairo_arc(cr, from_x, from_y, 3.5, 0, 2 * G_PI);
  else
    cairo_rectangle(cr, from_x - 2.5, from_y - 2.5, 5, 5);
  set_color(cr, style->background, 1);
  cairo_fill_preserve(cr);
  set_color(cr, word ? style->word : style->box, MIN(2 * alpha, 1));
  cairo_set_line_width(cr, 1.2);
  cairo_stroke(cr);
}

/* Words carry their label, boxes too where one layer fills the view; else these only when looked at,
 * there are too many of them. Labels that would cover an earlier one are left out. */
static void
draw_labels(LensStatesView *self, cairo_t *cr)
{
  const LensStates *s = self->states;
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  int n = s->words + (self->trails ? 0 : s->boxes), n_taken = 0;
  g_autofree double *taken = g_new(double, 2 * n);

  for (int i = 0; i < n; i++) {
    gboolean word = i < s->words, free_place = TRUE;
    int index = word ? i : i - s->words;
    double x, y;

    lens_states_view_get_point(self, word, index, self->stage, &x, &y);
    for (int t = 0; t < n_taken && free_place; t++)
      free_place = fabs(taken[2 * t] - x) > (word ? 44 : 80) || fabs(taken[2 * t + 1] - y) > 13;
    if (!free_place)
      continue;
    taken[2 * n_taken] = x;
    taken[2 * n_taken++ + 1] = y;
    draw_name(self, cr, label_of(self, word, index), x, y, 7, word ? style->text : style->box);
  }
}

static void
draw_active(LensStatesView *self, cairo_t *cr, LensTarget target, gboolean pinned)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  int ends[2];

  lens_selection_resolve(SELECTION(self), target, &ends[0], &ends[1]);
  for (int box = 0; box < 2; box++) {
    double x, y;

    if (ends[box] < 0 || ends[box] >= (box ? self->states->boxes : self->states->words))
      continue;
    if (self->word_of)
      draw_move(self, cr, !box, ends[box], 0.9, 2);
    else if (self->trails)
      draw_trail(self, cr, !box, ends[box], 0.9, 2);
    draw_dot(self, cr, !box, ends[box], 6, 1);
    lens_states_view_get_point(self, !box, ends[box], self->stage, &x, &y);
    if (pinned) {
      set_color(cr, style->accent, 1);
      cairo_set_line_width(cr, 2);
      cairo_new_path(cr);
      cairo_arc(cr, x, y, 9, 0, 2 * G_PI);
      cairo_stroke(cr);
    }
    draw_name(self, cr, label_of(self, !box, ends[box]), x, y, box ? 10 : 7,
              box ? style->box : style->word);
  }
}

static void
draw_frame(LensStatesView *self, cairo_t *cr, double width, double height)
{
  const FigureStyle *style = lens_canvas_get_style(LENS_CANVAS(self));
  g_autofree char *across
      = g_strdup_printf(_("axis 1: %.0f%% of the variance"), 100 * self->states->share[0]);
  g_autofree char *up = g_strdup_printf(_("axis 2: %.0f%%"), 100 * self->states->share[1]);

  set_color(cr, style->muted, 0.3);
  cairo_set_line_width(cr, 1);
  cairo_rectangle(cr, 4.5, 4.5, width - 9, height - 9);
  cairo_stroke(cr);
  draw_text(self, cr, across, width - 10, height - 12, style->muted, TRUE);
  draw_text(self, cr, up, 10, 13, style->muted, FALSE);
  if (lens_run_get_compared(RUN(self), 0, NULL))
    draw_text(self, cr,
              self->word_of ? _("hollow: A, filled: B")
                            : _("B's alone: A's states have another size"),
              width - 10, 13, style->muted, TRUE);
}

static void
lens_states_view_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensStatesView *self = LENS_STATES_VIEW(canvas);
  const LensStates *s = self->states;

  if (!fits(self)) {
    lens_run_view_draw_waiting(LENS_RUN_VIEW(self), cr, width, height);
    return;
  }
  lens_run_view_end_waiting(LENS_RUN_VIEW(self));
  draw_frame(self, cr, width, height);
  for (int i = 0; i < s->words + s->boxes; i++) {
    gboolean word = i < s->words;

    if (self->word_of)
      draw_move(self, cr, word, word ? i : i - s->words, 0.45, 1);
    else if (self->trails)
      draw_trail(self, cr, word, word ? i : i - s->words, 0.25, 1);
    draw_dot(self, cr, word, word ? i : i - s->words, word ? 4 : 3, word ? 0.95 : 0.6);
  }
  draw_labels(self, cr);
  draw_active(self, cr, lens_run_view_get_pinned(LENS_RUN_VIEW(self)), TRUE);
  draw_active(self, cr, lens_run_view_get_active(LENS_RUN_VIEW(self)), FALSE);
}

/* ---- pointer and keyboard ---- */

static LensTarget
target_of(LensStatesView *self, int node)
{
  return node < self->states->words ? lens_target_word(node)
                                    : lens_target_box(node - self->states->words);
}

static LensTarget
lens_states_view_target_at(LensRunView *view, double x, double y)
{
  LensStatesView *self = LENS_STATES_VIEW(view);
  double best = REACH;
  int found = -1;

  if (!fits(self))
    return lens_target_none();
  for (int i = 0; i < self->states->words + self->states->boxes; i++) {
    gboolean word = i < self->states->words;
    double px, py;

    lens_states_view_get_point(self, word, word ? i : i - self->states->words, self->stage, &px,
                               &py);
    if (hypot(px - x, py - y) < best) {
      best = hypot(px - x, py - y);
      found = i;
    }
  }
  return found < 0 ? lens_target_none() : target_of(self, found);
}

static LensTarget
lens_states_view_target_of_node(LensRunView *view, int node)
{
  LensStatesView *self = LENS_STATES_VIEW(view);

  return self->states ? target_of(self, node) : lens_target_none();
}

/* ---- properties ---- */

void
lens_states_view_set_stage(LensStatesView *self, int stage)
{
  stage = CLAMP(stage, 0, self->states ? self->states->stages - 1 : 0);
  if (self->stage == stage)
    return;
  self->stage = stage;
  if (fits(self))
    find_range(self);
  update_names(self);
  lens_canvas_invalidate(LENS_CANVAS(self));
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_STAGE]);
}

void
lens_states_view_set_trails(LensStatesView *self, gboolean trails)
{
  self->trails = !!trails;
  if (fits(self))
    find_range(self);
  lens_canvas_invalidate(LENS_CANVAS(self));
}

/* The first states, and those of a model with other layers, are shown at their end. */
void
lens_states_view_set_states(LensStatesView *self, const LensStates *states)
{
  int before = self->states ? self->states->stages : 0;

  g_clear_pointer(&self->states, lens_states_free);
  self->states = lens_states_copy(states);
  if (states && states->stages != before)
    self->stage = states->stages - 1;
  lens_states_view_rebuild(LENS_RUN_VIEW(self));
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_STAGE]);
}

static void
lens_states_view_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STAGE)
    g_value_set_int(value, LENS_STATES_VIEW(object)->stage);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_states_view_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STAGE)
    lens_states_view_set_stage(LENS_STATES_VIEW(object), g_value_get_int(value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_states_view_finalize(GObject *object)
{
  LensStatesView *self = LENS_STATES_VIEW(object);

  g_clear_pointer(&self->states, lens_states_free);
  g_free(self->word_of);
  g_free(self->box_of);
  G_OBJECT_CLASS(lens_states_view_parent_class)->finalize(object);
}

static void
lens_states_view_class_init(LensStatesViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);
  LensRunViewClass *view_class = LENS_RUN_VIEW_CLASS(klass);

  object_class->finalize = lens_states_view_finalize;
  object_class->get_property = lens_states_view_get_property;
  object_class->set_property = lens_states_view_set_property;
  props[PROP_STAGE]
      = g_param_spec_int("stage", NULL, NULL, 0, 1000, 0,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties(object_class, N_PROPS, props);
  canvas_class->layout = lens_states_view_layout;
  canvas_class->draw = lens_states_view_draw;
  view_class->rebuild = lens_states_view_rebuild;
  view_class->view_changed = lens_states_view_view_changed;
  view_class->target_at = lens_states_view_target_at;
  view_class->target_of_node = lens_states_view_target_of_node;
}

static void
lens_states_view_init(LensStatesView *self)
{
  self->trails = TRUE;
}
