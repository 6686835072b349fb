#include "lens-matrix-view.h"

#include <glib/gi18n.h>

#include "lens-figure.h"

struct _LensMatrixView {
  LensRunView parent_instance;

  LensFigure *figure;
  FigureMatrix *matrix;
  FigureReading reading;
  int cursor_row, cursor_col; /* of the cell node, in the shown matrix */
};

G_DEFINE_FINAL_TYPE(LensMatrixView, lens_matrix_view, LENS_TYPE_RUN_VIEW)

/* Run and selection of the base, borrowed. */
#define RUN(self) lens_run_view_get_run(LENS_RUN_VIEW(self))
#define SELECTION(self) lens_run_view_get_selection(LENS_RUN_VIEW(self))

GtkWidget *
lens_matrix_view_new(void)
{
  return g_object_new(LENS_TYPE_MATRIX_VIEW, NULL);
}

/* Nodes: rows, then columns, then the one cell. */
static int
cell_node(LensMatrixView *self)
{
  return self->matrix ? self->matrix->n_rows + self->matrix->n_cols : -1;
}

/* ---- layout ---- */

static void
name_cell(LensMatrixView *self)
{
  const FigureMap *map;
  g_autofree char *name = NULL;
  int row, col;

  if (!self->matrix || !self->matrix->n_rows || !self->matrix->n_cols)
    return;
  map = lens_figure_get_map(self->figure);
  row = self->matrix->row_of[self->cursor_row];
  col = self->matrix->col_of[self->cursor_col];
  name = g_strdup_printf(_("Query %s, key %s: %.3f"), map->row_labels[row], map->col_labels[col],
                         self->matrix->weights[(gsize)row * self->matrix->cols + col]);
  lens_canvas_name_node(LENS_CANVAS(self), cell_node(self), name);
}

static void
name_nodes(LensMatrixView *self)
{
  const FigureMap *map = lens_figure_get_map(self->figure);
  LensCanvas *canvas = LENS_CANVAS(self);

  for (int i = 0; i < self->matrix->n_rows; i++) {
    g_autofree char *name
        = g_strdup_printf(_("Query %s"), map->row_labels[self->matrix->row_of[i]]);

    lens_canvas_name_node(canvas, i, name);
  }
  for (int i = 0; i < self->matrix->n_cols; i++) {
    g_autofree char *name = g_strdup_printf(_("Key %s"), map->col_labels[self->matrix->col_of[i]]);

    lens_canvas_name_node(canvas, self->matrix->n_rows + i, name);
  }
  name_cell(self);
}

static void
make_matrix(LensMatrixView *self, double width, double height)
{
  FigureError error = { { 0 } };

  g_clear_pointer(&self->matrix, figure_matrix_free);
  if (self->figure)
    figure_matrix_layout(lens_figure_get_map(self->figure), &self->reading,
                         lens_canvas_get_style(LENS_CANVAS(self)), MAX(width, 60), MAX(height, 60),
                         &self->matrix, &error);
}

static void
place_cell(LensMatrixView *self)
{
  FigureRect rect = figure_matrix_cell(self->matrix, self->matrix->row_of[self->cursor_row],
                                       self->matrix->col_of[self->cursor_col]);

  lens_canvas_place_node(LENS_CANVAS(self), cell_node(self), &rect);
}

static void
lens_matrix_view_layout(LensCanvas *canvas, double width, double height)
{
  LensMatrixView *self = LENS_MATRIX_VIEW(canvas);
  FigureMatrix *matrix;
  double cell_w, cell_h;

  if (!self->matrix || self->matrix->width != width || self->matrix->height != height)
    make_matrix(self, width, height);
  matrix = self->matrix;
  if (!matrix || !matrix->n_rows || !matrix->n_cols)
    return;
  cell_w = matrix->cells.w / matrix->n_cols;
  cell_h = matrix->cells.h / matrix->n_rows;
  /* Labels reach from the figure's edge to the cells, also where their text had no room. */
  for (int i = 0; i < matrix->n_rows; i++) {
    double x = matrix->mirrored ? matrix->cells.x + matrix->cells.w : 0;
    double w = matrix->mirrored ? width - x : matrix->cells.x;
    FigureRect rect = { x, matrix->cells.y + i * cell_h, MAX(w, 1), cell_h };

    lens_canvas_place_node(canvas, i, &rect);
  }
  for (int i = 0; i < matrix->n_cols; i++) {
    FigureRect rect = { matrix->cells.x + i * cell_w, 0, cell_w, MAX(matrix->cells.y, 1) };

    lens_canvas_place_node(canvas, matrix->n_rows + i, &rect);
  }
  place_cell(self);
}

static void
lens_matrix_view_rebuild(LensRunView *view)
{
  LensMatrixView *self = LENS_MATRIX_VIEW(view);
  LensCanvas *canvas = LENS_CANVAS(self);
  const char *map = SELECTION(self) ? lens_selection_get_map(SELECTION(self)) : NULL;
  double width = lens_canvas_get_width(canvas), height = lens_canvas_get_height(canvas);
  g_autofree char *title = NULL;

  g_clear_pointer(&self->figure, lens_figure_free);
  if (RUN(self) && map)
    self->figure = lens_figure_new_selected(RUN(self), SELECTION(self));
  if (self->figure)
    lens_figure_reading(SELECTION(self), lens_figure_get_map(self->figure), &self->reading);
  make_matrix(self, width > 0 ? width : 480, height > 0 ? height : 400);
  if (self->matrix && self->matrix->n_rows && self->matrix->n_cols) {
    self->cursor_row = CLAMP(self->cursor_row, 0, self->matrix->n_rows - 1);
    self->cursor_col = CLAMP(self->cursor_col, 0, self->matrix->n_cols - 1);
    lens_canvas_set_n_nodes(canvas, cell_node(self) + 1);
    name_nodes(self);
  } else {
    g_clear_pointer(&self->matrix, figure_matrix_free);
    lens_canvas_set_n_nodes(canvas, 0);
  }
  title = map ? lens_map_format_title(map) : g_strdup(_("No map"));
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  lens_canvas_invalidate(canvas);
}

static void
lens_matrix_view_draw(LensCanvas *canvas, cairo_t *cr, double width, double height)
{
  LensMatrixView *self = LENS_MATRIX_VIEW(canvas);
  FigureHighlight highlight = FIGURE_NO_HIGHLIGHT;
  LensTarget active;

  if (!self->matrix) {
    lens_run_view_draw_nothing(LENS_RUN_VIEW(self), cr, width, height);
    return;
  }
  active = lens_run_view_get_active(LENS_RUN_VIEW(self));
  lens_figure_highlight(SELECTION(self), RUN(self), lens_figure_get_map(self->figure), &highlight);
  figure_matrix_draw(cr, self->matrix, lens_canvas_get_style(canvas), &highlight,
                     active.kind == LENS_TARGET_CELL ? active.index : -1,
                     active.kind == LENS_TARGET_CELL ? active.other : -1);
}

/* ---- pointer and keyboard ---- */

static LensTarget
lens_matrix_view_target_at(LensRunView *view, double x, double y)
{
  LensMatrixView *self = LENS_MATRIX_VIEW(view);
  FigureHit hit;

  if (!self->matrix)
    return lens_target_none();
  hit = figure_matrix_hit(self->matrix, x, y);
  return lens_run_view_hit_target(&hit);
}

static LensTarget
lens_matrix_view_target_of_node(LensRunView *view, int node)
{
  LensMatrixView *self = LENS_MATRIX_VIEW(view);
  const FigureMatrix *matrix = self->matrix;

  if (!matrix)
    return lens_target_none();
  if (node < matrix->n_rows)
    return lens_run_view_side_target(matrix->query_is_words, matrix->row_of[node], FIGURE_AS_QUERY);
  if (node < matrix->n_rows + matrix->n_cols)
    return lens_run_view_side_target(matrix->key_is_words, matrix->col_of[node - matrix->n_rows],
                                     FIGURE_AS_KEY);
  return lens_target_cell(matrix->row_of[self->cursor_row], matrix->col_of[self->cursor_col]);
}

/* Moves the one cell; over the matrix's edge it becomes a label, and back. */
static int
lens_matrix_view_move(LensCanvas *canvas, int node, GtkDirectionType direction)
{
  LensMatrixView *self = LENS_MATRIX_VIEW(canvas);
  int rows = self->matrix->n_rows, cell = cell_node(self);
  int dx = direction == GTK_DIR_LEFT ? -1 : direction == GTK_DIR_RIGHT ? 1 : 0;
  int dy = direction == GTK_DIR_UP ? -1 : direction == GTK_DIR_DOWN ? 1 : 0;
  int row = self->cursor_row, col = self->cursor_col, cols = self->matrix->n_cols;
  int inwards = self->matrix->mirrored ? -1 : 1; /* from the rows' labels to the cells */

  if (node < rows) {
    if (dx != inwards)
      return node + dy >= 0 && node + dy < rows && dy ? node + dy : -1;
    row = node;
    col = inwards > 0 ? 0 : cols - 1;
  } else if (node < cell) {
    if (dy <= 0)
      return node + dx >= rows && node + dx < cell && dx ? node + dx : -1;
    row = 0;
    col = node - rows;
  } else {
    if (dx == -inwards && (col + dx < 0 || col + dx >= cols))
      return row;
    if (row + dy < 0)
      return rows + col;
    row = MIN(row + dy, rows - 1);
    col = CLAMP(col + dx, 0, cols - 1);
  }
  self->cursor_row = row;
  self->cursor_col = col;
  place_cell(self);
  name_cell(self);
  gtk_widget_queue_allocate(GTK_WIDGET(self));
  if (SELECTION(self))
    lens_run_view_set_hover(LENS_RUN_VIEW(self),
                            lens_matrix_view_target_of_node(LENS_RUN_VIEW(self), cell));
  return cell;
}

/* ---- properties ---- */

const FigureMatrix *
lens_matrix_view_get_matrix(LensMatrixView *self)
{
  lens_run_view_update(LENS_RUN_VIEW(self));
  return self->matrix;
}

static void
lens_matrix_view_style_changed(LensCanvas *canvas)
{
  g_clear_pointer(&LENS_MATRIX_VIEW(canvas)->matrix, figure_matrix_free);
}

static void
lens_matrix_view_finalize(GObject *object)
{
  LensMatrixView *self = LENS_MATRIX_VIEW(object);

  g_clear_pointer(&self->figure, lens_figure_free);
  g_clear_pointer(&self->matrix, figure_matrix_free);
  G_OBJECT_CLASS(lens_matrix_view_parent_class)->finalize(object);
}

static void
lens_matrix_view_class_init(LensMatrixViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);
  LensCanvasClass *canvas_class = LENS_CANVAS_CLASS(klass);
  LensRunViewClass *view_class = LENS_RUN_VIEW_CLASS(klass);

  G_OBJECT_CLASS(klass)->finalize = lens_matrix_view_finalize;
  canvas_class->layout = lens_matrix_view_layout;
  canvas_class->draw = lens_matrix_view_draw;
  canvas_class->move = lens_matrix_view_move;
  canvas_class->style_changed = lens_matrix_view_style_changed;
  view_class->rebuild = lens_matrix_view_rebuild;
  view_class->target_at = lens_matrix_view_target_at;
  view_class->target_of_node = lens_matrix_view_target_of_node;
  canvas_class->node_role = GTK_ACCESSIBLE_ROLE_GRID_CELL;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GRID);
}

static void
lens_matrix_view_init(LensMatrixView *self)
{
  figure_reading_init(&self->reading);
}
