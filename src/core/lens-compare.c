#include "lens-compare.h"

#include <string.h>

/* Words that stand in another order, from the first on. */
static void
add_moved(const char *const *x, int n, const char *const *y, int m, int *partner)
{
  g_autofree gboolean *taken = g_new0(gboolean, MAX(n, 1));

  for (int j = 0; j < m; j++) {
    if (partner[j] >= 0)
      taken[partner[j]] = TRUE;
  }
  for (int j = 0; j < m; j++) {
    for (int i = 0; i < n && partner[j] < 0; i++) {
      if (!taken[i] && strcmp(x[i], y[j]) == 0) {
        partner[j] = i;
        taken[i] = TRUE;
      }
    }
  }
}

int *
lens_compare_words(LensRun *a, LensRun *b)
{
  const char *const *x = lens_run_get_tokens(a), *const *y = lens_run_get_tokens(b);
  int n = lens_run_get_n_tokens(a), m = lens_run_get_n_tokens(b), i = 0, j = 0;
  g_autofree int *length = g_new0(int, (gsize)(n + 1) * (m + 1)); /* of the common rest */
  int *partner = g_new(int, MAX(m, 1));

  for (int r = n - 1; r >= 0; r--) {
    for (int c = m - 1; c >= 0; c--)
      length[r * (m + 1) + c] = strcmp(x[r], y[c]) == 0 ? length[(r + 1) * (m + 1) + c + 1] + 1
                                                        : MAX(length[(r + 1) * (m + 1) + c],
                                                              length[r * (m + 1) + c + 1]);
  }
  for (int c = 0; c < m; c++)
    partner[c] = -1;
  while (i < n && j < m) {
    if (strcmp(x[i], y[j]) == 0)
      partner[j++] = i++;
    else if (length[(i + 1) * (m + 1) + j] >= length[i * (m + 1) + j + 1])
      i++;
    else
      j++;
  }
  add_moved(x, n, y, m, partner);
  return partner;
}

/* Whether a box of one is that of the other with the same number: the same image, seen by the same
 * detector. One that was moved since is still that box, as long as most are where they were. */
static gboolean
same_detection(LensScene *a, LensScene *b)
{
  guint n = MIN(lens_scene_get_n_regions(a), lens_scene_get_n_regions(b)), same = 0;

  if (a == b)
    return TRUE;
  if (!lens_scene_get_sha256(a)
      || g_strcmp0(lens_scene_get_sha256(a), lens_scene_get_sha256(b)) != 0)
    return FALSE;
  for (guint i = 0; i < n; i++)
    same += lens_region_iou(lens_scene_get_region(a, i), lens_scene_get_region(b, i)) > 0.99;
  return 2 * same >= n;
}

/* [n][m], of every box of a with every one of b; owned. */
static float *
overlaps(LensScene *a, LensScene *b, int n, int m)
{
  float *iou = g_new(float, MAX((gsize)n * m, 1));

  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m; j++)
      iou[(gsize)i * m + j]
          = (float)lens_region_iou(lens_scene_get_region(a, i), lens_scene_get_region(b, j));
  }
  return iou;
}

/* The best pair that is left, of an overlap of at least a half; FALSE: there is none. */
static gboolean
take_best(const float *iou, int n, int m, gboolean *taken, int *partner)
{
  float best = 0.5f;
  int best_i = -1, best_j = -1;

  for (int i = 0; i < n; i++) {
    for (int j = 0; j < m && !taken[i]; j++) {
      float at = partner[j] >= 0 ? 0 : iou[(gsize)i * m + j];

      if (at > best || (at == best && best_i < 0)) {
        best = at;
        best_i = i;
        best_j = j;
      }
    }
  }
  if (best_i < 0)
    return FALSE;
  taken[best_i] = TRUE;
  partner[best_j] = best_i;
  return TRUE;
}

int *
lens_compare_boxes(LensScene *a, LensScene *b)
{
  int n = lens_scene_get_n_regions(a), m = lens_scene_get_n_regions(b);
  int *partner = g_new(int, MAX(m, 1));
  g_autofree gboolean *taken = g_new0(gboolean, MAX(n, 1));
  g_autofree float *iou = NULL;
  gboolean same = same_detection(a, b);

  for (int j = 0; j < m; j++)
    partner[j] = same && j < n ? j : -1;
  if (same)
    return partner;
  iou = overlaps(a, b, n, m);
  while (take_best(iou, n, m, taken, partner))
    ;
  return partner;
}

/* One value of a for the heads at hand. */
static float
value_of(LensMap *a, int head, int row, int col)
{
  int heads = lens_map_get_heads(a), rows = lens_map_get_rows(a), cols = lens_map_get_cols(a);
  const float *values = lens_map_get_values(a);
  float mean = 0;

  if (row < 0 || col < 0 || row >= rows || col >= cols)
    return 0;
  if (head >= 0)
    return values[((gsize)head * rows + row) * cols + col];
  for (int h = 0; h < heads; h++)
    mean += values[((gsize)h * rows + row) * cols + col] / heads;
  return mean;
}

static LensMap *
compare_maps(LensMap *a, LensMap *b, const int *words, const int *boxes, LensDifference difference)
{
  int heads = lens_map_get_heads(b), rows = lens_map_get_rows(b), cols = lens_map_get_cols(b);
  const int *row_of = lens_map_get_query(b) == LENS_SIDE_WORDS ? words : boxes;
  const int *col_of = lens_map_get_key(b) == LENS_SIDE_WORDS ? words : boxes;
  const float *values = lens_map_get_values(b);
  gboolean by_head = heads == lens_map_get_heads(a);
  g_autofree float *out = g_new(float, (gsize)heads *rows *cols);
  LensMap *compared;

  for (int h = 0; h < heads; h++) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        gsize at = ((gsize)h * rows + i) * cols + j;
        float d = values[at] - value_of(a, by_head ? h : -1, row_of[i], col_of[j]);

        out[at] = MAX(difference == LENS_DIFFERENCE_MORE ? d : -d, 0);
      }
    }
  }
  compared = lens_map_new(lens_map_get_name(b), heads, rows, cols, out);
  if (lens_map_get_key_kinds(b))
    lens_map_set_key_kinds(compared, lens_map_get_key_kinds(b));
  return compared;
}

LensRun *
lens_compare_runs(LensRun *a, LensRun *b, LensDifference difference)
{
  g_autofree int *words = lens_compare_words(a, b);
  g_autofree int *boxes = lens_compare_boxes(lens_run_get_scene(a), lens_run_get_scene(b));
  g_autoptr(GPtrArray) maps = g_ptr_array_new_with_free_func(g_object_unref);
  LensRun *run;

  for (guint i = 0; i < lens_run_get_n_maps(b); i++) {
    LensMap *map = lens_run_get_map(b, i);
    LensMap *other = lens_run_find_map(a, lens_map_get_name(map));

    if (other)
      g_ptr_array_add(maps, compare_maps(other, map, words, boxes, difference));
  }
  run = lens_run_new_view(b, lens_run_get_tokens(b), maps, NULL);
  lens_run_set_compared(run, a, b, difference == LENS_DIFFERENCE_LESS);
  return run;
}

float *
lens_compare_values(LensRun *self, const char *map, const double *of_a, const double *of_b)
{
  gboolean reversed;
  LensRun *a = lens_run_get_compared(self, 0, &reversed);
  LensRun *b = lens_run_get_compared(self, 1, NULL);
  LensMap *map_a = lens_run_find_map(a, map), *map_b = lens_run_find_map(b, map);
  int rows = lens_map_get_rows(map_b), cols = lens_map_get_cols(map_b);
  int cols_a = lens_map_get_cols(map_a);
  g_autofree int *words = lens_compare_words(a, b);
  g_autofree int *boxes = lens_compare_boxes(lens_run_get_scene(a), lens_run_get_scene(b));
  const int *row_of = lens_map_get_query(map_b) == LENS_SIDE_WORDS ? words : boxes;
  const int *col_of = lens_map_get_key(map_b) == LENS_SIDE_WORDS ? words : boxes;
  float *out = g_new(float, (gsize)rows *cols);

  for (int i = 0; i < rows; i++) {
    for (int j = 0; j < cols; j++) {
      gboolean both = row_of[i] >= 0 && col_of[j] >= 0;
      double d
          = of_b[(gsize)i * cols + j] - (both ? of_a[(gsize)row_of[i] * cols_a + col_of[j]] : 0);

      out[(gsize)i * cols + j] = MAX(reversed ? -d : d, 0);
    }
  }
  return out;
}

/* partner[n], `apart` that are nobody's, and those of a's `count` items that have no partner in b;
 * [*all], owned. */
static int *
add_alone(const int *partner, int n, int apart, int count, int *all)
{
  int *list = g_new(int, MAX(n + apart + count, 1));

  for (int j = 0; j < n + apart; j++)
    list[j] = j < n ? partner[j] : -1;
  *all = n + apart;
  for (int i = 0; i < count; i++) {
    gboolean taken = FALSE;

    for (int j = 0; j < n && !taken; j++)
      taken = partner[j] == i;
    if (!taken)
      list[(*all)++] = i;
  }
  return list;
}

LensRun *
lens_compare_align(LensRun *a, LensRun *b, int apart)
{
  LensScene *scene_a = lens_run_get_scene(a), *scene_b = lens_run_get_scene(b);
  int n_words = lens_run_get_n_tokens(b), n_boxes = lens_scene_get_n_regions(scene_b);
  int words, boxes;
  g_autofree int *of_words = lens_compare_words(a, b);
  g_autofree int *of_boxes = lens_compare_boxes(scene_a, scene_b);
  g_autofree int *all_words = add_alone(of_words, n_words, 0, lens_run_get_n_tokens(a), &words);
  g_autofree int *all_boxes
      = add_alone(of_boxes, n_boxes, apart, lens_scene_get_n_regions(scene_a), &boxes);
  LensRun *run = lens_run_new_view(a, NULL, NULL, NULL);

  lens_run_set_partners(run, all_words, words, all_boxes, boxes);
  return run;
}

LensRun *
lens_compare_halves(LensRun *half, LensRun *other)
{
  int n = lens_run_get_n_tokens(half), before = lens_scene_get_n_regions(lens_run_get_scene(other));
  int boxes = lens_scene_get_n_regions(lens_run_get_scene(half));
  g_autofree int *words = g_new(int, n);
  g_autofree int *all_boxes = g_new(int, MAX(before + boxes, 1));
  LensRun *run = lens_run_new_view(half, NULL, NULL, NULL);

  for (int i = 0; i < n; i++)
    words[i] = i;
  for (int i = 0; i < before + boxes; i++)
    all_boxes[i] = i < before ? -1 : i - before;
  lens_run_set_partners(run, words, n, all_boxes, before + boxes);
  return run;
}
