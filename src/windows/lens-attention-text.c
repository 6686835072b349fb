#include "lens-attention-text.h"

#include <glib/gi18n.h>

#include "lens-brush.h"
#include "lens-compare.h"
#include "lens-figure.h"

/* "Relevancy for “red”, gradient × attention for “blue”": about an answer, not about one head. */
static char *
relevancy_title(LensRun *run, LensSelection *selection, const char *what)
{
  const LensRelevancy *relevancy = lens_run_get_relevancy(run);
  g_autofree char *map = lens_map_format_title(lens_selection_get_map(selection));
  guint n = g_list_model_get_n_items(lens_run_get_answers(run));

  for (guint i = 0; relevancy && i < n; i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(lens_run_get_answers(run), i);

    if (lens_answer_get_index(answer) == relevancy->answer)
      return g_strdup_printf(_("%s, %s for “%s”"), map, what, lens_answer_get_text(answer));
  }
  return g_strdup_printf("%s, %s", map, what);
}

/* Of a difference either run may have it off, which the bar above says. */
static const char *
gate_suffix(LensRun *run, const char *map, int head)
{
  return lens_run_get_compared(run, 0, NULL)
             ? ""
             : lens_gate_get_suffix(lens_edits_get_gate(lens_run_get_edits(run), map, head));
}

static gboolean
some_are_off(LensRun *run, LensMap *map)
{
  for (int head = 0; map && !lens_run_get_compared(run, 0, NULL) && head < lens_map_get_heads(map);
       head++) {
    if (lens_edits_get_gate(lens_run_get_edits(run), lens_map_get_name(map), head)
        == LENS_GATE_ZERO)
      return TRUE;
  }
  return FALSE;
}

/* What of the heads is shown. */
static char *
reading_title(LensRun *run, LensSelection *selection)
{
  const char *name = lens_selection_get_map(selection);
  LensMap *map = lens_run_find_map(run, name);
  gboolean off = some_are_off(run, map);
  g_autofree char *title = lens_map_format_title(name);

  switch (lens_selection_get_reading(selection)) {
  case LENS_READING_HEAD:
    return g_strdup_printf(_("%s, head %d%s"), title, lens_selection_get_head(selection) + 1,
                           gate_suffix(run, name, lens_selection_get_head(selection)));
  case LENS_READING_MEAN:
    return g_strdup_printf(off ? _("%s, mean of the heads that are on")
                               : _("%s, mean of all heads"),
                           title);
  case LENS_READING_MAX:
    return g_strdup_printf(off ? _("%s, largest of the heads that are on")
                               : _("%s, largest of all heads"),
                           title);
  case LENS_READING_ROLLOUT:
    return g_strdup_printf(_("%s, rollout"), title);
  case LENS_READING_RELEVANCY:
    if (map && lens_map_get_query(map) == LENS_SIDE_BOXES)
      return g_strdup_printf(_("%s: boxes have no relevancy, mean of all heads"), title);
    return relevancy_title(run, selection, _("relevancy"));
  case LENS_READING_GRADIENT:
    return relevancy_title(run, selection, _("gradient"));
  case LENS_READING_GRADIENT_ATTENTION:
    return relevancy_title(run, selection, _("gradient × attention"));
  case LENS_READING_SEVERAL: {
    g_autofree char *chosen = lens_selection_describe_chosen(selection);

    return g_strdup_printf("%s, %s", title, chosen);
  }
  case LENS_N_READINGS:
    break;
  }
  return g_strdup(title);
}

char *
lens_attention_text_title(LensRun *run, LensSelection *selection)
{
  double top_p = lens_selection_get_top_p(selection);
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *title = NULL;

  if (!run || !lens_selection_get_map(selection))
    return g_strdup("");
  title = reading_title(run, selection);
  g_string_append(text, title);
  if (lens_selection_get_hide_special(selection))
    g_string_append_printf(text, " · %s", _("without [CLS] and [SEP]"));
  if (top_p < 1) {
    g_string_append(text, " · ");
    g_string_append_printf(text, _("strongest %.0f%%"), 100 * top_p);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The run's words or boxes by name; [n], NULL-terminated, owned. */
static char **
side_labels(LensRun *run, LensSide side)
{
  return side == LENS_SIDE_WORDS ? g_strdupv((char **)lens_run_get_tokens(run))
                                 : lens_figure_box_labels(lens_run_get_scene(run));
}

/* For every item of a difference's B the one of A; NULL where nothing is compared. Owned. */
static int *
side_partners(LensRun *run, LensSide side)
{
  LensRun *a = lens_run_get_compared(run, 0, NULL), *b = lens_run_get_compared(run, 1, NULL);

  if (!a)
    return NULL;
  return side == LENS_SIDE_WORDS ? lens_compare_words(a, b)
                                 : lens_compare_boxes(lens_run_get_scene(a), lens_run_get_scene(b));
}

/* By the run's own edits, A's or B's, and of a pair in this image, not in the other. */
static gboolean
is_removed(LensRun *run, int box)
{
  const LensEdits *edits = lens_run_get_edits(run);

  return lens_region_get_removed(lens_scene_get_region(lens_run_get_scene(run), box))
         && (lens_edits_get_box_removed(edits, box)
             || lens_edits_get_box_removed(edits, LENS_SECOND_BOXES + box));
}

/* What is odd about an item: " (removed)", " (masked)", " (only in B)"; mostly "". */
static const char *
item_state(LensRun *run, LensSide side, int index)
{
  const LensEdits *edits = lens_run_get_edits(run);
  g_autofree int *partner = side_partners(run, side);

  if (partner && partner[index] < 0)
    return _(" (only in B)");
  if (side == LENS_SIDE_BOXES && is_removed(run, index))
    return _(" (removed)");
  if (side == LENS_SIDE_WORDS && !lens_run_get_word_of(run)
      && lens_edits_get_word_masked(edits, index))
    return _(" (masked)");
  return "";
}

/* The four strongest of a row or column; `values` is used up. */
static char *
describe_line(LensRun *run, LensMap *map, float *values, int index, gboolean as_key)
{
  LensSide from = as_key ? lens_map_get_key(map) : lens_map_get_query(map);
  LensSide to = as_key ? lens_map_get_query(map) : lens_map_get_key(map);
  int cols = lens_map_get_cols(map), n = as_key ? lens_map_get_rows(map) : cols;
  int stride = as_key ? cols : 1;
  float *line = as_key ? values + index : values + (gsize)index * cols;
  g_auto(GStrv) froms = side_labels(run, from);
  g_auto(GStrv) tos = side_labels(run, to);
  GString *text = g_string_new(froms[index]);

  g_string_append(text, item_state(run, from, index));
  g_string_append(text, as_key ? "  ←" : "  →");
  for (int rank = 0; rank < MIN(4, n); rank++) {
    int best = 0;

    for (int i = 1; i < n; i++) {
      if (line[i * stride] > line[best * stride])
        best = i;
    }
    if (line[best * stride] < 0.01)
      break;
    g_string_append_printf(text, "%s %s %.2f", rank ? " ·" : "", tos[best], line[best * stride]);
    line[best * stride] = -1;
  }
  return g_string_free(text, FALSE);
}

/* Of a difference what A and B have there, "–" for what A has not; of one run its value. Owned. */
static char *
describe_value(LensRun *run, LensSelection *selection, LensMap *map, float value, int row, int col)
{
  LensRun *a = lens_run_get_compared(run, 0, NULL), *b = lens_run_get_compared(run, 1, NULL);
  const char *name = lens_map_get_name(map);
  g_autofree int *rows = side_partners(run, lens_map_get_query(map));
  g_autofree int *cols = side_partners(run, lens_map_get_key(map));
  g_autofree float *of_a = a ? lens_brush_read(a, selection, name) : NULL;
  g_autofree float *of_b = b ? lens_brush_read(b, selection, name) : NULL;
  g_autofree char *known = NULL;
  gsize wide = of_a ? lens_map_get_cols(lens_run_find_map(a, name)) : 0;

  if (!of_a || !of_b)
    return g_strdup_printf("%.3f", value);
  if (rows[row] >= 0 && cols[col] >= 0)
    known = g_strdup_printf("%.3f", of_a[rows[row] * wide + cols[col]]);
  return g_strdup_printf(_("A %s, B %.3f"), known ? known : "–",
                         of_b[(gsize)row * lens_map_get_cols(map) + col]);
}

static char *
describe_cell(LensRun *run, LensSelection *selection, LensMap *map, const float *values, int row,
              int col)
{
  g_auto(GStrv) queries = side_labels(run, lens_map_get_query(map));
  g_auto(GStrv) keys = side_labels(run, lens_map_get_key(map));
  g_autofree char *value
      = describe_value(run, selection, map, values[(gsize)row * lens_map_get_cols(map) + col], row,
                       col);

  return g_strdup_printf("%s → %s  %s", queries[row], keys[col], value);
}

static char *
describe_target(LensRun *run, LensSelection *selection, LensMap *map, LensTarget target)
{
  g_autofree float *values = lens_brush_read(run, selection, lens_map_get_name(map));
  LensSide query = lens_map_get_query(map), key = lens_map_get_key(map);
  LensSide side = target.kind == LENS_TARGET_WORD ? LENS_SIDE_WORDS : LENS_SIDE_BOXES;
  int rows = lens_map_get_rows(map), cols = lens_map_get_cols(map);
  gboolean as_key;

  if (!values)
    return NULL;
  if (target.kind == LENS_TARGET_CELL) {
    if (target.index >= rows || target.other >= cols)
      return NULL;
    return describe_cell(run, selection, map, values, target.index, target.other);
  }
  as_key = query == key ? target.side == LENS_AS_KEY : side != query;
  if (side != (as_key ? key : query) || target.index >= (as_key ? cols : rows))
    return NULL;
  return describe_line(run, map, values, target.index, as_key);
}

/* Whether a difference has nothing to show. */
static gboolean
is_alike(LensRun *run, LensSelection *selection, LensMap *map)
{
  g_autofree float *values = lens_run_get_compared(run, 0, NULL)
                                 ? lens_brush_read(run, selection, lens_map_get_name(map))
                                 : NULL;
  gsize n = (gsize)lens_map_get_rows(map) * lens_map_get_cols(map);

  for (gsize i = 0; values && i < n; i++) {
    if (values[i] >= 0.005)
      return FALSE;
  }
  return values != NULL;
}

/* While nothing is pointed at. */
static const char *
hint(const char *view)
{
  if (g_str_equal(view, "numbers"))
    return _("Point at a row to see its head on the map; click to pick it");
  if (g_str_equal(view, "heads"))
    return _("Each head has its own scale, up to its largest weight. Double-click opens it");
  return _("Point at a word or a box; click to pin it");
}

char *
lens_attention_text_active(LensRun *run, LensSelection *selection, const char *view)
{
  const char *name = lens_selection_get_map(selection);
  LensMap *map = run && name ? lens_run_find_map(run, name) : NULL;
  LensTarget target = lens_target_in_run(lens_selection_get_active(selection), run, name);
  gboolean reversed = FALSE;
  char *text = NULL;

  if (run)
    lens_run_get_compared(run, 0, &reversed);
  if (map && is_alike(run, selection, map))
    return g_strdup(reversed ? _("B looks nowhere less than A here")
                             : _("B looks nowhere more than A here"));
  if (map && target.kind != LENS_TARGET_NONE)
    text = describe_target(run, selection, map, target);
  if (text)
    return text;
  return g_strdup(map ? hint(view) : "");
}
