#include "lens-model-map-private.h"

#include <glib/gi18n.h>
#include <math.h>

enum { PROP_0, PROP_STAT, N_PROPS };
static GParamSpec *props[N_PROPS];
enum { TOGGLE_GATE, MENU, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensModelMap, lens_model_map, LENS_TYPE_CANVAS)

GtkWidget *
lens_model_map_new(void)
{
  return g_object_new(LENS_TYPE_MODEL_MAP, NULL);
}

static void on_view_changed(LensModelMap *self);

/* ---- strips and nodes ---- */

LensStrip *
lens_model_map_strip_of_node(LensModelMap *self, int node, int *head)
{
  for (guint i = 0; i < self->strips->len; i++) {
    LensStrip *strip = &g_array_index(self->strips, LensStrip, i);

    if (node >= (int)strip->first_node && node < (int)strip->first_node + strip->heads) {
      *head = node - strip->first_node;
      return strip;
    }
  }
  return NULL;
}

LensStrip *
lens_model_map_find_strip(LensModelMap *self, LensModule module, int layer)
{
  for (guint i = 0; i < self->strips->len; i++) {
    LensStrip *strip = &g_array_index(self->strips, LensStrip, i);

    if (strip->module == module && strip->layer == layer)
      return strip;
  }
  return NULL;
}

int
lens_model_map_find_node(LensModelMap *self, const char *map, int head)
{
  for (guint i = 0; i < self->strips->len; i++) {
    LensStrip *strip = &g_array_index(self->strips, LensStrip, i);

    if (g_strcmp0(strip->map, map) == 0)
      return head >= 0 && head < strip->heads ? (int)strip->first_node + head : -1;
  }
  return -1;
}

static void
strip_clear(gpointer data)
{
  g_free(((LensStrip *)data)->map);
}

gboolean
lens_model_map_is_difference(LensModelMap *self)
{
  return self->run && lens_run_get_compared(self->run, 0, NULL) && self->stat != LENS_STAT_EFFECT;
}

/* Of the numbers of both runs: those of a difference's weights mean nothing. */
static double
difference_value(LensModelMap *self, LensStrip *strip, int head)
{
  gboolean reversed;
  LensRun *a = lens_run_get_compared(self->run, 0, &reversed);
  LensMap *of_a = lens_run_find_map(a, strip->map);
  LensMap *of_b = lens_run_find_map(lens_run_get_compared(self->run, 1, NULL), strip->map);

  if (!of_a || !of_b || head >= lens_map_get_heads(of_a))
    return NAN;
  return (reversed ? -1 : 1)
         * (lens_map_head_stat(of_b, head, self->stat)
            - lens_map_head_stat(of_a, head, self->stat));
}

static double
head_value(LensModelMap *self, LensStrip *strip, int head)
{
  if (self->stat == LENS_STAT_EFFECT)
    return lens_effects_get(self->effects, strip->map, head);
  if (!self->run)
    return NAN;
  if (lens_model_map_is_difference(self))
    return difference_value(self, strip, head);
  return lens_map_head_stat(lens_run_find_map(self->run, strip->map), head, self->stat);
}

static void
name_node(LensModelMap *self, LensStrip *strip, int head)
{
  guint node = strip->first_node + head;
  double value = g_array_index(self->values, double, node);
  g_autofree char *title = lens_map_format_title(strip->map);
  const char *state = lens_gate_get_suffix(lens_edits_get_gate(self->edits, strip->map, head));
  g_autofree char *name = NULL;

  if (isnan(value) && !self->run)
    name = g_strdup_printf(_("%s, head %d%s"), title, head + 1, state);
  else if (isnan(value) && self->stat == LENS_STAT_EFFECT)
    name = g_strdup_printf(_("%s, head %d%s; not tried yet"), title, head + 1, state);
  else if (isnan(value))
    name = g_strdup_printf(_("%s, head %d%s; %s: none"), title, head + 1, state,
                           lens_stat_get_name(self->stat));
  else
    name = g_strdup_printf(lens_model_map_is_difference(self) ? _("%s, head %d%s; %s by %+.2f")
                           : self->stat == LENS_STAT_EFFECT   ? _("%s, head %d%s; %s %+.2f")
                                                              : _("%s, head %d%s; %s %.2f"),
                           title, head + 1, state, lens_stat_get_name(self->stat), value);
  lens_canvas_name_node(LENS_CANVAS(self), node, name);
}

/* The range of colours is that of the values at hand, so that small models show differences too;
 * nearly equal values keep the statistic's own range. */
static void
update_range(LensModelMap *self)
{
  double nominal_low, nominal_high;

  lens_stat_get_range(self->stat, 36, &nominal_low, &nominal_high);
  self->low = INFINITY;
  self->high = -INFINITY;
  self->known = 0;
  for (guint i = 0; i < self->values->len; i++) {
    double value = g_array_index(self->values, double, i);

    if (isnan(value))
      continue;
    self->known++;
    self->low = MIN(self->low, value);
    self->high = MAX(self->high, value);
  }
  if ((self->stat == LENS_STAT_EFFECT || lens_model_map_is_difference(self))
      && isfinite(self->high)) { /* coloured by how large it is, either way */
    double top = MAX(fabs(self->low), fabs(self->high));

    self->low = 0;
    self->high = MAX(top, 1e-6);
  } else if (!isfinite(self->low) || self->high - self->low < 1e-3) {
    self->low = nominal_low;
    self->high = nominal_high;
  }
}

static void
update_values(LensModelMap *self)
{
  guint n = 0;

  for (guint i = 0; i < self->strips->len; i++)
    n += g_array_index(self->strips, LensStrip, i).heads;
  g_array_set_size(self->values, n);
  for (guint i = 0; i < self->strips->len; i++) {
    LensStrip *strip = &g_array_index(self->strips, LensStrip, i);

    for (int head = 0; head < strip->heads; head++) {
      g_array_index(self->values, double, strip->first_node + head) = head_value(self, strip, head);
      name_node(self, strip, head);
    }
  }
  update_range(self);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void
add_strip(LensModelMap *self, LensModule module, int layer, int heads, guint *nodes)
{
  LensStrip strip = { .module = module, .layer = layer, .heads = heads, .first_node = *nodes };

  strip.map = lens_map_format_name(module, layer);
  *nodes += heads;
  g_array_append_val(self->strips, strip);
}

static void
add_run_strips(LensModelMap *self, guint *nodes)
{
  for (guint i = 0; i < lens_run_get_n_maps(self->run); i++) {
    LensMap *map = lens_run_get_map(self->run, i);
    LensModule module;
    int layer;

    if (lens_map_parse_name(lens_map_get_name(map), &module, &layer))
      add_strip(self, module, layer, lens_map_get_heads(map), nodes);
  }
}

static void
add_model_strips(LensModelMap *self, guint *nodes)
{
  const LensModelInfo *info = lens_model_get_info(self->model);

  for (LensModule module = 0; module < LENS_N_MODULES; module++) {
    int layers = module == LENS_MODULE_LANGUAGE ? info->language_layers
                 : module == LENS_MODULE_VISION ? info->vision_layers
                                                : info->cross_layers;

    for (int layer = 0; layer < layers; layer++)
      add_strip(self, module, layer, MAX(info->heads, 1), nodes);
  }
}

static void
rebuild(LensModelMap *self)
{
  guint nodes = 0;

  g_array_set_size(self->strips, 0);
  if (self->run)
    add_run_strips(self, &nodes);
  else if (self->model)
    add_model_strips(self, &nodes);
  lens_canvas_set_n_nodes(LENS_CANVAS(self), nodes);
  update_values(self);
  on_view_changed(self);
  gtk_widget_queue_resize(GTK_WIDGET(self));
}

/* ---- layout ---- */

int
lens_model_map_n_lines(LensModelMap *self)
{
  int lines = 0;

  for (guint i = 0; i < self->strips->len; i++)
    lines = MAX(lines, g_array_index(self->strips, LensStrip, i).layer + 1);
  return lines;
}

/* The columns stand in the order in which a model is read: words and boxes, then both together. For
 * who reads from right to left that order, and that of the heads, begins at the right. */
static void
lens_model_map_layout(LensCanvas *canvas, double width, double height)
{
  LensModelMap *self = LENS_MODEL_MAP(canvas);
  int lines = lens_model_map_n_lines(self), columns = 0, cells = 0, heads[LENS_N_MODULES] = { 0 };
  double scale = lens_canvas_get_text_scale(canvas), gaps, cell, row, x;
  const FigureStyle *style = lens_canvas_get_style(canvas);

  for (guint i = 0; i < self->strips->len; i++) {
    LensStrip *strip = &g_array_index(self->strips, LensStrip, i);

    heads[strip->module] = MAX(heads[strip->module], strip->heads);
  }
  for (int m = 0; m < LENS_N_MODULES; m++) {
    columns += heads[m] > 0;
    cells += heads[m];
  }
  if (!cells || !lines)
    return;
  gaps = scale * GUTTER + COLUMN_GAP * (columns - 1) + GROUP_GAP - COLUMN_GAP;
  cell = MIN((width - gaps) / cells, MAX_CELL);
  row = MIN((height - scale * (HEADER + FOOTER)) / lines, MAX_ROW);
  x = scale * GUTTER + MAX(0, (width - gaps - cell * cells) / 2);
  for (int m = 0; m < LENS_N_MODULES; m++) {
    if (m == LENS_MODULE_LANG_TO_VIS)
      x += GROUP_GAP - COLUMN_GAP;
    self->column_w[m] = heads[m] * cell;
    self->column_x[m] = figure_mirror(style, width, x, self->column_w[m]);
    x += heads[m] ? heads[m] * cell + COLUMN_GAP : 0;
  }
  for (guint i = 0; i < self->strips->len; i++) {
    LensStrip *strip = &g_array_index(self->strips, LensStrip, i);

    strip->rect = (FigureRect){ self->column_x[strip->module], scale * HEADER + row * strip->layer,
                                cell * strip->heads, MAX(row - 3, 4) };
    if (style->mirrored) /* a map of fewer heads begins where its column does */
      strip->rect.x += self->column_w[strip->module] - strip->rect.w;
    for (int head = 0; head < strip->heads; head++) {
      double x_of = figure_mirror(style, strip->rect.w, head * cell, cell);
      FigureRect rect = { strip->rect.x + x_of, strip->rect.y, cell, strip->rect.h };

      lens_canvas_place_node(canvas, strip->first_node + head, &rect);
    }
  }
}

static gboolean
is_mirrored(LensModelMap *self)
{
  return lens_canvas_get_style(LENS_CANVAS(self))->mirrored;
}

static int
hit_node(LensModelMap *self, double x, double y)
{
  for (guint i = 0; i < self->strips->len; i++) {
    LensStrip *strip = &g_array_index(self->strips, LensStrip, i);
    const FigureRect *rect = &strip->rect;

    /* The gap between lines belongs to the line above it. */
    if (x >= rect->x && x < rect->x + rect->w && y >= rect->y && y < rect->y + rect->h + 3) {
      int place = MIN((int)((x - rect->x) / (rect->w / strip->heads)), strip->heads - 1);

      return strip->first_node + (is_mirrored(self) ? strip->heads - 1 - place : place);
    }
  }
  return -1;
}

/* ---- moving about ---- */

static void
pick_node(LensModelMap *self, int node)
{
  int head;
  LensStrip *strip = lens_model_map_strip_of_node(self, node, &head);

  if (!strip || !self->selection)
    return;
  lens_canvas_set_current_node(LENS_CANVAS(self), node);
  lens_selection_set_cell(self->selection, strip->map, head);
}

/* Left and Right go through the heads of a line and on into the next column; Up and Down through
 * the layers of a column. */
static int
lens_model_map_move(LensCanvas *canvas, int node, GtkDirectionType direction)
{
  LensModelMap *self = LENS_MODEL_MAP(canvas);
  int head, step = direction == GTK_DIR_LEFT || direction == GTK_DIR_UP ? -1 : 1;
  LensStrip *strip = lens_model_map_strip_of_node(self, node, &head), *next;

  if (!strip)
    return -1;
  if (direction == GTK_DIR_UP || direction == GTK_DIR_DOWN) {
    next = lens_model_map_find_strip(self, strip->module, strip->layer + step);
    return next ? (int)next->first_node + MIN(head, next->heads - 1) : -1;
  }
  step = is_mirrored(self) ? -step : step;
  if (head + step >= 0 && head + step < strip->heads)
    return node + step;
  for (int m = (int)strip->module + step; m >= 0 && m < LENS_N_MODULES; m += step) {
    for (int layer = strip->layer; layer >= 0; layer--) {
      next = lens_model_map_find_strip(self, m, layer);
      if (next)
        return next->first_node + (step > 0 ? 0 : next->heads - 1);
    }
  }
  return -1;
}

static int
selected_node(LensModelMap *self)
{
  const char *map;
  int head;

  if (!self->selection)
    return -1;
  map = lens_selection_get_picked(self->selection, &head);
  return lens_model_map_find_node(self, map, head);
}

int
lens_model_map_get_previewed(LensModelMap *self)
{
  const char *picked, *shown;
  int head;

  if (self->hovered >= 0 || !self->selection)
    return self->hovered;
  picked = lens_selection_get_picked(self->selection, &head);
  shown = lens_selection_get_map(self->selection);
  if (g_strcmp0(picked, shown) == 0 && head == lens_selection_get_head(self->selection))
    return -1;
  return lens_model_map_find_node(self, shown, lens_selection_get_head(self->selection));
}

gboolean
lens_model_map_step(LensModelMap *self, GtkDirectionType direction)
{
  int from = selected_node(self);
  int node = from < 0 ? -1 : lens_model_map_move(LENS_CANVAS(self), from, direction);

  if (node < 0)
    return FALSE;
  pick_node(self, node);
  return TRUE;
}

gboolean
lens_model_map_pick_column(LensModelMap *self, guint column)
{
  int head = 0, from = selected_node(self);
  LensStrip *strip = from < 0 ? NULL : lens_model_map_strip_of_node(self, from, &head),
            *next = NULL;

  if (column >= LENS_N_MODULES)
    return FALSE;
  for (int layer = strip ? strip->layer : 0; layer >= 0 && !next; layer--)
    next = lens_model_map_find_strip(self, column, layer);
  if (!next)
    return FALSE;
  pick_node(self, next->first_node + MIN(head, next->heads - 1));
  return TRUE;
}

static void
preview_node(LensModelMap *self, int node)
{
  int head = 0;
  LensStrip *strip = node < 0 ? NULL : lens_model_map_strip_of_node(self, node, &head);

  if (self->selection && self->run)
    lens_selection_preview(self->selection, strip ? strip->map : NULL, head);
}

static void
lens_model_map_hover(LensCanvas *canvas, double x, double y)
{
  LensModelMap *self = LENS_MODEL_MAP(canvas);
  int node = x < 0 ? -1 : hit_node(self, x, y);

  if (node == self->hovered)
    return;
  self->hovered = node;
  preview_node(self, node);
  gtk_widget_set_cursor_from_name(GTK_WIDGET(self), node >= 0 ? "pointer" : NULL);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

/* One of several heads, or no more. */
static void
choose(LensModelMap *self, LensStrip *strip, int head)
{
  if (g_strcmp0(lens_selection_get_picked(self->selection, NULL), strip->map) != 0)
    lens_selection_set_map(self->selection, strip->map);
  lens_selection_toggle_chosen(self->selection, head);
}

static gboolean
choose_picked(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensModelMap *self = LENS_MODEL_MAP(widget);
  int head, node = selected_node(self);
  LensStrip *strip = node < 0 ? NULL : lens_model_map_strip_of_node(self, node, &head);

  if (strip)
    choose(self, strip, head);
  return strip != NULL;
}

static void
lens_model_map_click(LensCanvas *canvas, double x, double y, guint button, int n_press)
{
  LensModelMap *self = LENS_MODEL_MAP(canvas);
  int head, node = hit_node(self, x, y);
  LensStrip *strip = node < 0 ? NULL : lens_model_map_strip_of_node(self, node, &head);

  if (!strip)
    return;
  if (button == GDK_BUTTON_PRIMARY && self->selection
      && lens_canvas_get_modifiers(canvas) & (GDK_CONTROL_MASK | GDK_SHIFT_MASK)) {
    choose(self, strip, head);
    return;
  }
  lens_canvas_focus_node(canvas, node); /* focusing picks */
  if (button == GDK_BUTTON_SECONDARY)
    g_signal_emit(self, signals[MENU], 0, x, y);
}

static void
lens_model_map_node_focused(LensCanvas *canvas, int node)
{
  if (node >= 0)
    pick_node(LENS_MODEL_MAP(canvas), node);
}

static void
lens_model_map_node_activated(LensCanvas *canvas, int node)
{
  LensModelMap *self = LENS_MODEL_MAP(canvas);
  int head;
  LensStrip *strip = lens_model_map_strip_of_node(self, node, &head);

  if (strip)
    g_signal_emit(self, signals[TOGGLE_GATE], 0, strip->map, head);
}

static gboolean
open_menu(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensModelMap *self = LENS_MODEL_MAP(widget);
  int node = selected_node(self);
  FigureRect rect;

  if (node < 0)
    return FALSE;
  lens_canvas_get_node_rect(LENS_CANVAS(self), node, &rect);
  g_signal_emit(self, signals[MENU], 0, rect.x + rect.w / 2, rect.y + rect.h);
  return TRUE;
}

/* ---- properties ---- */

void
lens_model_map_set_run(LensModelMap *self, LensRun *run)
{
  if (!g_set_object(&self->run, run))
    return;
  rebuild(self);
}

void
lens_model_map_set_model(LensModelMap *self, LensModel *model)
{
  if (g_set_object(&self->model, model) && !self->run)
    rebuild(self);
}

static void
on_view_changed(LensModelMap *self)
{
  int node = selected_node(self);

  for (guint i = 0; i < lens_canvas_get_n_nodes(LENS_CANVAS(self)); i++)
    lens_canvas_select_node(LENS_CANVAS(self), i, (int)i == node);
  lens_canvas_set_current_node(LENS_CANVAS(self), node);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void
lens_model_map_set_selection(LensModelMap *self, LensSelection *selection)
{
  if (self->selection)
    g_signal_handlers_disconnect_by_func(self->selection, on_view_changed, self);
  g_set_object(&self->selection, selection);
  if (selection)
    g_signal_connect_object(selection, "view-changed", G_CALLBACK(on_view_changed), self,
                            G_CONNECT_SWAPPED);
}

void
lens_model_map_set_edits(LensModelMap *self, const LensEdits *edits)
{
  LensEdits *copy = lens_edits_copy(edits);

  g_clear_pointer(&self->edits, lens_edits_free);
  self->edits = copy;
  update_values(self);
}

char *
lens_model_map_describe(LensModelMap *self)
{
  const char *name = lens_stat_get_name(self->stat), *blurb = lens_stat_get_blurb(self->stat);

  if (lens_model_map_is_difference(self))
    return g_strdup_printf(_("%s: how far A and B differ"), name);
  if (self->stat == LENS_STAT_EFFECT && !self->known)
    return g_strdup(
        _("Effect on answer: not known yet. “Try All Heads” in the menu above finds it"));
  if (!self->known)
    return g_strdup_printf(_("%s: no head has this number here"), name);
  if (self->stat != LENS_STAT_EFFECT && self->known < self->values->len)
    return g_strdup_printf(_("%s: %s; gray: has none"), name, blurb);
  return g_strdup_printf("%s: %s", name, blurb);
}

LensStat
lens_model_map_get_stat(LensModelMap *self)
{
  return self->stat;
}

void
lens_model_map_set_stat(LensModelMap *self, LensStat stat)
{
  g_return_if_fail(stat < LENS_N_STATS);
  if (self->stat == stat)
    return;
  self->stat = stat;
  update_values(self);
  g_object_notify_by_pspec(G_OBJECT(self), props[PROP_STAT]);
}

void
lens_model_map_set_effects(LensModelMap *self, LensEffects *effects)
{
  if (self->effects != effects) {
    g_clear_pointer(&self->effects, lens_effects_unref);
    self->effects = effects ? lens_effects_ref(effects) : NULL;
  }
  if (self->stat == LENS_STAT_EFFECT)
    update_values(self);
}

static void
lens_model_map_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                       int *natural, int *minimum_baseline, int *natural_baseline)
{
  int lines = MAX(lens_model_map_n_lines(LENS_MODEL_MAP(widget)), 2);
  int around = (int)ceil(lens_canvas_get_text_scale(LENS_CANVAS(widget)) * (HEADER + FOOTER));

  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = 320;
    *natural = 480;
  } else {
    *minimum = around + lines * 11;
    *natural = around + lines * (lines > 5 ? 15 : 20);
  }
}

static void
lens_model_map_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STAT)
    g_value_set_uint(value, LENS_MODEL_MAP(object)->stat);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID(object, id, pspec);
}

static void
lens_model_map_finalize(GObject *object)
{
  LensModelMap *self = LENS_MODEL_MAP(object);

  g_clear_object(&self->run);
  g_clear_object(&self->model);
  g_clear_object(&self->selection);
  g_clear_pointer(&self->edits, lens_edits_free);
  g_clear_pointer(&self->effects, lens_effects_unref);
  g_array_unref(self->strips);
  g_array_unref(self->values);
  G_OBJECT_CLASS(lens_model_map_parent_class)->finalize(object);
}

static void
lens_model_map_class_init(LensModelMapClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = lens_model_map_finalize;
  G_OBJECT_CLASS(klass)->get_property = lens_model_map_get_property;
  props[PROP_STAT] = g_param_spec_uint("stat", NULL, NULL, 0, LENS_N_STATS - 1, 0,
                                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(G_OBJECT_CLASS(klass), N_PROPS, props);
  widget_class->measure = lens_model_map_measure;
  canvas_class->layout = lens_model_map_layout;
  canvas_class->draw = lens_model_map_draw;
  canvas_class->hover = lens_model_map_hover;
  canvas_class->click = lens_model_map_click;
  canvas_class->move = lens_model_map_move;
  canvas_class->node_focused = lens_model_map_node_focused;
  canvas_class->node_activated = lens_model_map_node_activated;
  canvas_class->node_role = GTK_ACCESSIBLE_ROLE_GRID_CELL;
  signals[TOGGLE_GATE] = g_signal_new("toggle-gate", LENS_TYPE_MODEL_MAP, G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_INT);
  signals[MENU] = g_signal_new("menu", LENS_TYPE_MODEL_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_Menu, 0, open_menu, NULL);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, open_menu, NULL);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_space, GDK_CONTROL_MASK, choose_picked, NULL);
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
lens_model_map_init(LensModelMap *self)
{
  self->strips = g_array_new(FALSE, FALSE, sizeof(LensStrip));
  g_array_set_clear_func(self->strips, strip_clear);
  self->values = g_array_new(FALSE, FALSE, sizeof(double));
  self->hovered = -1;
  self->high = 1;
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Map of the model: layers and heads"), -1);
}
