#include "lens-figure.h"

#include "lens-rollout.h"

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
  surface = g_object_get_qdata(G_OBJECT(scene), quark);
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
  g_object_set_qdata_full(G_OBJECT(scene), quark, surface, (GDestroyNotify)cairo_surface_destroy);
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

/* "cat", or "cat 2" where there are several, so that a matrix's rows can be told apart. */
static char **
box_labels(LensScene *scene)
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
  self->labels = box_labels(scene);
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

static void
show_relevancy(LensFigure *self, const LensRelevancy *relevancy)
{
  const FigureMap *map = &self->map;

  if (!relevancy || !map->query_is_words || map->rows != relevancy->words
      || map->cols != (map->key_is_words ? relevancy->words : relevancy->boxes))
    return;
  lens_figure_set_values(self, 1, map->key_is_words ? relevancy->word_word : relevancy->word_box);
}

LensFigure *
lens_figure_new_selected(LensRun *run, LensSelection *selection)
{
  const char *map = lens_selection_get_map(selection);
  LensFigure *self = map ? lens_figure_new(run, map) : NULL;

  if (self && lens_selection_get_reading(selection) == LENS_READING_ROLLOUT) {
    g_autofree float *values = lens_rollout(run, map);

    lens_figure_set_values(self, 1, values);
  } else if (self && lens_selection_explains(selection)) {
    show_relevancy(self, lens_run_get_relevancy(run));
  }
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
    reading->head = map->heads == 1 ? 0 : FIGURE_MEAN;
    break;
  }
  reading->top_p = lens_selection_get_top_p(selection);
  reading->hide_special = lens_selection_get_hide_special(selection);
  reading->renormalise
      = reading->hide_special && lens_selection_get_renormalise(selection);
}

void
lens_figure_highlight(LensSelection *selection, const FigureMap *map, FigureHighlight *highlight)
{
  LensTarget hover = lens_selection_get_hover(selection);
  static const FigureSide sides[] = { FIGURE_EITHER_SIDE, FIGURE_AS_QUERY, FIGURE_AS_KEY };

  *highlight = FIGURE_NO_HIGHLIGHT;
  lens_selection_resolve(selection, hover, &highlight->word, &highlight->box);
  lens_selection_resolve(selection, lens_selection_get_pinned(selection), &highlight->pinned_word,
                         &highlight->pinned_box);
  if (map->query_is_words == map->key_is_words)
    highlight->side = sides[hover.side];
}
