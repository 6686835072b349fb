#include "lens-figure.h"

#include <glib/gi18n.h>
#include <string.h>

#include "lens-compare.h"
#include "lens-rollout.h"
#include "lens-words.h"

struct _LensFigure {
  FigureMap map;
  LensRun *run;
  float *values; /* NULL: the run's own */
  float *boxes;
  char **labels; /* of the boxes, NULL-terminated */
  char *title;   /* NULL: the map's name */
};

cairo_surface_t *
lens_figure_surface(LensScene *scene)
{
  static GQuark quark;
  cairo_surface_t *surface;
  GdkPixbuf *pixbuf = lens_scene_get_pixbuf(scene);
  int width = gdk_pixbuf_get_width(pixbuf), height = gdk_pixbuf_get_height(pixbuf);
  int channels = gdk_pixbuf_get_n_channels(pixbuf), stride;
  const guint8 *pixels = gdk_pixbuf_read_pixels(pixbuf);
  guint8 *out;

  if (!quark)
    quark = g_quark_from_static_string("lens-figure-surface");
  surface = g_object_get_qdata(G_OBJECT(pixbuf), quark);
  if (surface)
    return surface;

  surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
    cairo_surface_destroy(surface);
    return NULL;
  }
  out = cairo_image_surface_get_data(surface);
  stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; y < height; y++) {
    const guint8 *in = pixels + (gsize)y * gdk_pixbuf_get_rowstride(pixbuf);
    guint32 *row = (guint32 *)(void *)(out + (gsize)y * stride);

    for (int x = 0; x < width; x++, in += channels)
      row[x] = (guint32)in[0] << 16 | (guint32)in[1] << 8 | in[2];
  }
  cairo_surface_mark_dirty(surface);
  g_object_set_qdata_full(G_OBJECT(pixbuf), quark, surface, (GDestroyNotify)cairo_surface_destroy);
  return surface;
}

float *
lens_figure_boxes(LensScene *scene)
{
  guint n = lens_scene_get_n_regions(scene);
  float width = lens_scene_get_width(scene), height = lens_scene_get_height(scene);
  float *boxes = g_new(float, 4 * MAX(n, 1));

  for (guint i = 0; i < n; i++) {
    float *box = boxes + 4 * i;

    lens_region_get_box(lens_scene_get_region(scene, i), box);
    box[0] /= width;
    box[1] /= height;
    box[2] /= width;
    box[3] /= height;
  }
  return boxes;
}

char **
lens_figure_box_labels(LensScene *scene)
{
  guint n = lens_scene_get_n_regions(scene);
  g_autoptr(GHashTable) count = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  char **labels = g_new0(char *, n + 1);

  for (guint i = 0; i < n; i++) {
    const char *title = lens_region_get_title(lens_scene_get_region(scene, i));

    g_hash_table_insert(count, (gpointer)title,
                        GINT_TO_POINTER(GPOINTER_TO_INT(g_hash_table_lookup(count, title)) + 1));
  }
  for (guint i = 0; i < n; i++) {
    const char *title = lens_region_get_title(lens_scene_get_region(scene, i));
    int nth = GPOINTER_TO_INT(g_hash_table_lookup(seen, title)) + 1;

    g_hash_table_insert(seen, (gpointer)title, GINT_TO_POINTER(nth));
    labels[i] = GPOINTER_TO_INT(g_hash_table_lookup(count, title)) > 1
                    ? g_strdup_printf("%s %d", title, nth)
                    : g_strdup(title);
  }
  return labels;
}

LensFigure *
lens_figure_new(LensRun *run, const char *map_name)
{
  LensMap *map = lens_run_find_map(run, map_name);
  LensScene *scene = lens_run_get_scene(run);
  const char *const *words = lens_run_get_tokens(run);
  LensFigure *self;
  gboolean query_words, key_words;
  int n_words = lens_run_get_n_tokens(run), n_boxes = lens_scene_get_n_regions(scene);

  if (!map)
    return NULL;
  query_words = lens_map_get_query(map) == LENS_SIDE_WORDS;
  key_words = lens_map_get_key(map) == LENS_SIDE_WORDS;
  /* A map that does not fit its run's tokens and boxes cannot be labelled. */
  if (lens_map_get_rows(map) != (query_words ? n_words : n_boxes)
      || lens_map_get_cols(map) != (key_words ? n_words : n_boxes))
    return NULL;

  self = g_new0(LensFigure, 1);
  self->run = g_object_ref(run);
  self->labels = lens_figure_box_labels(scene);
  self->boxes = lens_figure_boxes(scene);
  self->map = (FigureMap){
    .heads = lens_map_get_heads(map),
    .rows = lens_map_get_rows(map),
    .cols = lens_map_get_cols(map),
    .values = lens_map_get_values(map),
    .row_labels = query_words ? words : (const char *const *)self->labels,
    .col_labels = key_words ? words : (const char *const *)self->labels,
    .query_is_words = query_words,
    .key_is_words = key_words,
    .n_boxes = query_words && key_words ? 0 : n_boxes,
    .boxes = self->boxes,
    .image = query_words && key_words ? NULL : lens_figure_surface(scene),
    .image_width = lens_scene_get_width(scene),
    .image_height = lens_scene_get_height(scene),
    .title = lens_map_get_name(map),
  };
  return self;
}

/* ---- readings that are no heads ---- */

/* values[rows][cols] of a map of the run that was asked, with the words that are shown; takes
 * `values`. */
static void
show(LensFigure *self, float *values, int rows, int cols)
{
  const FigureMap *map = &self->map;
  const int *word_of = lens_run_get_word_of(self->run);
  const int *row_of = map->query_is_words ? word_of : NULL;
  const int *col_of = map->key_is_words ? word_of : NULL;
  G_GNUC_UNUSED g_autofree float *given = values;
  g_autofree float *merged = NULL;

  if (!values)
    return;
  merged = lens_words_merge_values(values, 1, rows, cols, row_of, map->rows, col_of, map->cols);
  if ((row_of ? map->rows : rows) == map->rows && (col_of ? map->cols : cols) == map->cols)
    lens_figure_set_values(self, 1, merged);
}

static void
show_relevancy(LensFigure *self, const LensRelevancy *relevancy)
{
  const FigureMap *map = &self->map;
  int cols;

  if (!relevancy || relevancy->method != LENS_EXPLAIN_RELEVANCY || !map->query_is_words)
    return;
  cols = map->key_is_words ? relevancy->words : relevancy->boxes;
  self->map.quantity = _("relevancy");
  show(self,
       g_memdup2(map->key_is_words ? relevancy->word_word : relevancy->word_box,
                 sizeof(float) * relevancy->words * cols),
       relevancy->words, cols);
}

/* Mean over heads of max(0, gradient), or of max(0, gradient × attention), the largest being 1: the
 * unit of a gradient says nothing. A map that the answer does not depend on has none: zeros. */
static void
show_gradient(LensFigure *self, const char *name, gboolean times_attention)
{
  const LensRelevancy *relevancy = lens_run_get_relevancy(self->run);
  LensMap *map = lens_run_find_map(lens_run_get_source(self->run), name);
  LensMap *gradient = lens_relevancy_find_gradient(relevancy, name);
  int heads = lens_map_get_heads(map);
  gsize n = (gsize)lens_map_get_rows(map) * lens_map_get_cols(map);
  const float *a = lens_map_get_values(map);
  float *values, top = 0;

  if (!relevancy || relevancy->method != LENS_EXPLAIN_GRADIENT)
    return;
  self->map.quantity = times_attention ? _("gradient × attention") : _("gradient");
  values = g_new0(float, n);
  for (int h = 0; gradient && h < heads; h++) {
    const float *g = lens_map_get_values(gradient) + h * n;

    for (gsize i = 0; i < n; i++)
      values[i] += MAX(g[i] * (times_attention ? a[h * n + i] : 1), 0) / heads;
  }
  for (gsize i = 0; i < n; i++)
    top = MAX(top, values[i]);
  for (gsize i = 0; i < n && top > 0; i++)
    values[i] /= top;
  show(self, values, lens_map_get_rows(map), lens_map_get_cols(map));
}

static void
show_chosen(LensFigure *self, guint64 chosen)
{
  gsize n = (gsize)self->map.rows * self->map.cols;
  g_autofree float *values = g_new0(float, n);
  int heads = 0;

  for (int h = 0; h < self->map.heads && h < 64; h++) {
    if (!(chosen >> h & 1))
      continue;
    heads++;
    for (gsize i = 0; i < n; i++)
      values[i] += self->map.values[h * n + i];
  }
  for (gsize i = 0; i < n && heads; i++)
    values[i] /= heads;
  lens_figure_set_values(self, 1, values);
}

/* For a mean or largest of them: only the heads that are not switched off, which is what the layer
 * goes on with; of none, nothing. */
static void
leave_out_heads_off(LensFigure *self, const char *name)
{
  gsize n = (gsize)self->map.rows * self->map.cols;
  g_autofree float *values = g_new0(float, n * self->map.heads);
  int left = 0;

  for (int h = 0; h < self->map.heads; h++) {
    if (lens_edits_get_gate(lens_run_get_edits(self->run), name, h) != LENS_GATE_ZERO)
      memcpy(values + n * left++, self->map.values + n * h, n * sizeof(float));
  }
  if (left < self->map.heads)
    lens_figure_set_values(self, MAX(left, 1), values);
}

LensFigure *
lens_figure_new_mean(LensRun *run, const char *map)
{
  LensFigure *self = lens_figure_new(run, map);

  if (self)
    leave_out_heads_off(self, map);
  return self;
}

static void
show_rollout(LensFigure *self, const char *name)
{
  LensRun *source = lens_run_get_source(self->run);
  LensMap *map = lens_run_find_map(source, name);

  self->map.quantity = _("rollout");
  show(self, lens_rollout(source, name), lens_map_get_rows(map), lens_map_get_cols(map));
}

static void
show_reading(LensFigure *self, const char *name, LensSelection *selection)
{
  switch (lens_selection_get_reading(selection)) {
  case LENS_READING_ROLLOUT:
    show_rollout(self, name);
    break;
  case LENS_READING_RELEVANCY:
    leave_out_heads_off(self, name);
    show_relevancy(self, lens_run_get_relevancy(self->run));
    break;
  case LENS_READING_GRADIENT:
    show_gradient(self, name, FALSE);
    break;
  case LENS_READING_GRADIENT_ATTENTION:
    show_gradient(self, name, TRUE);
    break;
  case LENS_READING_SEVERAL:
    show_chosen(self, lens_selection_get_chosen(selection));
    break;
  case LENS_READING_MEAN:
  case LENS_READING_MAX:
    leave_out_heads_off(self, name);
    break;
  case LENS_READING_HEAD:
  case LENS_N_READINGS:
    break;
  }
}

/* A difference is that of what is read of either run: the mean's, not the mean of the heads'. */
static gboolean
show_difference(LensFigure *self, const char *name, LensSelection *selection)
{
  LensRun *a = lens_run_get_compared(self->run, 0, NULL);
  LensRun *b = lens_run_get_compared(self->run, 1, NULL);
  g_autoptr(LensFigure) of_a = NULL, of_b = NULL;
  g_autofree double *values_a = NULL, *values_b = NULL;
  g_autofree float *out = NULL;
  FigureReading reading;

  if (!a || !b || lens_selection_get_reading(selection) == LENS_READING_HEAD)
    return FALSE;
  of_a = lens_figure_new_selected(a, selection);
  of_b = lens_figure_new_selected(b, selection);
  if (!of_a || !of_b)
    return FALSE;
  values_a = g_new(double, (gsize)of_a->map.rows * of_a->map.cols);
  values_b = g_new(double, (gsize)of_b->map.rows * of_b->map.cols);
  figure_reading_init(&reading);
  if (lens_selection_get_reading(selection) == LENS_READING_MAX)
    reading.head = FIGURE_MAX;
  if (!figure_read(&of_a->map, &reading, values_a) || !figure_read(&of_b->map, &reading, values_b))
    return FALSE;
  out = lens_compare_values(self->run, name, values_a, values_b);
  lens_figure_set_values(self, 1, out);
  return TRUE;
}

LensFigure *
lens_figure_new_selected(LensRun *run, LensSelection *selection)
{
  const char *map = lens_selection_get_map(selection);
  LensFigure *self = map ? lens_figure_new(run, map) : NULL;

  if (self && !show_difference(self, map, selection))
    show_reading(self, map, selection);
  return self;
}

void
lens_figure_free(LensFigure *self)
{
  if (!self)
    return;
  g_clear_object(&self->run);
  g_strfreev(self->labels);
  g_free(self->boxes);
  g_free(self->values);
  g_free(self->title);
  g_free(self);
}

const FigureMap *
lens_figure_get_map(LensFigure *self)
{
  return &self->map;
}

void
lens_figure_set_title(LensFigure *self, const char *title)
{
  g_free(self->title);
  self->title = g_strdup(title);
  self->map.title = self->title;
}

void
lens_figure_set_values(LensFigure *self, int heads, const float *values)
{
  gsize n = (gsize)heads * self->map.rows * self->map.cols;

  g_free(self->values);
  self->values = g_memdup2(values, n * sizeof(float));
  self->map.values = self->values;
  self->map.heads = heads;
}

void
lens_figure_reading(LensSelection *selection, const FigureMap *map, FigureReading *reading)
{
  figure_reading_init(reading);
  switch (lens_selection_get_reading(selection)) {
  case LENS_READING_HEAD:
    reading->head = CLAMP(lens_selection_get_head(selection), 0, map->heads - 1);
    break;
  case LENS_READING_MAX:
    reading->head = FIGURE_MAX;
    break;
  case LENS_READING_MEAN:
  case LENS_READING_ROLLOUT:
  case LENS_READING_RELEVANCY:
  case LENS_READING_GRADIENT:
  case LENS_READING_GRADIENT_ATTENTION:
  case LENS_READING_SEVERAL:
  case LENS_N_READINGS:
    reading->head = map->heads == 1 ? 0 : FIGURE_MEAN;
    break;
  }
  reading->top_p = lens_selection_get_top_p(selection);
  reading->hide_special = lens_selection_get_hide_special(selection);
  reading->renormalise = reading->hide_special && lens_selection_get_renormalise(selection);
}

void
lens_figure_highlight(LensSelection *selection, LensRun *run, const FigureMap *map,
                      FigureHighlight *highlight)
{
  const char *name = lens_selection_get_map(selection);
  LensTarget hover = lens_target_in_run(lens_selection_get_hover(selection), run, name);
  LensTarget pinned = lens_target_in_run(lens_selection_get_pinned(selection), run, name);
  static const FigureSide sides[] = { FIGURE_EITHER_SIDE, FIGURE_AS_QUERY, FIGURE_AS_KEY };

  *highlight = FIGURE_NO_HIGHLIGHT;
  lens_selection_resolve(selection, hover, &highlight->word, &highlight->box);
  lens_selection_resolve(selection, pinned, &highlight->pinned_word, &highlight->pinned_box);
  if (map->query_is_words == map->key_is_words)
    highlight->side = sides[hover.side];
}
