#include "lens-brush.h"

#include "lens-figure.h"
#include "lens-words.h"

float *
lens_brush_read(LensRun *run, LensSelection *selection, const char *map)
{
  gboolean selected = map && g_strcmp0(map, lens_selection_get_map(selection)) == 0;
  g_autoptr(LensFigure) figure = selected ? lens_figure_new_selected(run, selection)
                                 : map    ? lens_figure_new_mean(run, map)
                                          : NULL;
  const FigureMap *figure_map;
  FigureReading reading;
  g_autofree double *weights = NULL;
  float *values;
  gsize n;

  if (!figure)
    return NULL;
  figure_map = lens_figure_get_map(figure);
  n = (gsize)figure_map->rows * figure_map->cols;
  lens_figure_reading(selection, figure_map, &reading);
  if (!selected)
    reading.head = FIGURE_MEAN;
  weights = g_new(double, n);
  if (!figure_read(figure_map, &reading, weights))
    return NULL;
  values = g_new(float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = weights[i];
  return values;
}

/* The last cross-modality layer's map of this kind, borrowed; NULL without cross layers. */
static LensMap *
last_cross_map(LensRun *run, LensModule wanted)
{
  for (int i = (int)lens_run_get_n_maps(run) - 1; i >= 0; i--) {
    LensMap *map = lens_run_get_map(run, i);
    LensModule module;
    int layer;

    if (lens_map_parse_name(lens_map_get_name(map), &module, &layer) && module == wanted)
      return map;
  }
  return NULL;
}

/* The map in which `from` (query or key side) meets `to`: the selected one if it does, else the
 * last cross layer's. */
static LensMap *
joining_map(LensRun *run, LensSelection *selection, LensSide from, LensSide to)
{
  const char *name = lens_selection_get_map(selection);
  LensMap *map = name ? lens_run_find_map(run, name) : NULL;

  if (map) {
    LensSide query = lens_map_get_query(map), key = lens_map_get_key(map);

    if ((query == from && key == to) || (query == to && key == from))
      return map;
  }
  if (from == to)
    return NULL;
  return last_cross_map(run, from == LENS_SIDE_WORDS ? LENS_MODULE_LANG_TO_VIS
                                                     : LENS_MODULE_VIS_TO_LANG);
}

static float *
line_of(LensRun *run, LensSelection *selection, LensSide from, LensSide to, int index,
        gboolean as_key)
{
  LensMap *map = joining_map(run, selection, from, to);
  g_autofree float *values = NULL;
  float *line, top = 0;
  int rows, cols, n;
  gboolean column;

  if (!map)
    return NULL;
  rows = lens_map_get_rows(map);
  cols = lens_map_get_cols(map);
  column = from == to ? as_key : lens_map_get_query(map) != from;
  n = column ? rows : cols;
  if (index < 0 || index >= (column ? cols : rows))
    return NULL;
  values = lens_brush_read(run, selection, lens_map_get_name(map));
  if (!values)
    return NULL;
  line = g_new(float, n);
  for (int i = 0; i < n; i++) {
    line[i] = column ? values[(gsize)i * cols + index] : values[(gsize)index * cols + i];
    top = MAX(top, line[i]);
  }
  for (int i = 0; i < n && top > 0; i++)
    line[i] /= top;
  return line;
}

/* The row of [CLS], largest 1. */
static float *
answer_line(LensRun *run, LensSide to)
{
  const LensRelevancy *relevancy = lens_run_get_relevancy(run);
  int n = relevancy ? (to == LENS_SIDE_BOXES ? relevancy->boxes : relevancy->words) : 0;
  const float *row;
  float *line, top = 0;

  if (!n)
    return NULL;
  row = to == LENS_SIDE_BOXES ? relevancy->word_box : relevancy->word_word;
  line = g_memdup2(row, n * sizeof(float));
  for (int i = 0; i < n; i++)
    top = MAX(top, line[i]);
  for (int i = 0; i < n; i++)
    line[i] = top > 0 ? MAX(line[i] / top, 0) : 0;
  return line;
}

/* A weight for every piece of the words of a line; takes `line`. */
static float *
line_of_pieces(LensRun *words, float *line)
{
  const int *word_of = lens_run_get_word_of(words);
  guint n = lens_run_get_n_tokens(lens_run_get_source(words));
  float *pieces;

  if (!line || !word_of)
    return line;
  pieces = g_new(float, n);
  for (guint i = 0; i < n; i++)
    pieces[i] = line[word_of[i]];
  g_free(line);
  return pieces;
}

static float *
brush(LensRun *run, LensSelection *selection, LensSide to)
{
  LensTarget target = lens_selection_get_active(selection);
  g_autoptr(LensRun) shown = NULL;
  LensSide from;
  int word, box, index;
  float *line;

  if (!run)
    return NULL;
  if (target.kind == LENS_TARGET_NONE && lens_selection_explains(selection))
    return answer_line(run, to);
  shown = lens_selection_get_merge_words(selection) ? lens_words_merge_run(run) : g_object_ref(run);
  target = lens_target_in_run(target, shown, lens_selection_get_map(selection));
  lens_selection_resolve(selection, target, &word, &box);
  if (word >= 0 && box >= 0) { /* a cell across: the two ends themselves */
    from = to == LENS_SIDE_BOXES ? LENS_SIDE_WORDS : LENS_SIDE_BOXES;
    index = to == LENS_SIDE_BOXES ? word : box;
  } else if (word >= 0 || box >= 0) {
    from = word >= 0 ? LENS_SIDE_WORDS : LENS_SIDE_BOXES;
    index = MAX(word, box);
  } else {
    return NULL;
  }
  line = line_of(shown, selection, from, to, index, target.side == LENS_AS_KEY);
  return to == LENS_SIDE_WORDS ? line_of_pieces(shown, line) : line;
}

float *
lens_brush_boxes(LensRun *run, LensSelection *selection)
{
  return brush(run, selection, LENS_SIDE_BOXES);
}

float *
lens_brush_words(LensRun *run, LensSelection *selection)
{
  return brush(run, selection, LENS_SIDE_WORDS);
}
