#include "lens-words.h"

#include <string.h>

static gboolean
is_special(const char *token)
{
  return token[0] == '[' && g_str_has_suffix(token, "]") && token[1];
}

int *
lens_words_group(const char *const *tokens, int *n_words)
{
  int n = g_strv_length((char **)tokens), words = 0;
  int *group = g_new(int, MAX(n, 1));

  for (int i = 0; i < n; i++) {
    gboolean joins
        = i > 0 && g_str_has_prefix(tokens[i], "##") && tokens[i][2] && !is_special(tokens[i - 1]);

    words += !joins;
    group[i] = words - 1;
  }
  *n_words = words;
  return group;
}

/* How many of `n` belong to each; NULL group: one each. */
static int *
count_parts(const int *group, int n, int groups)
{
  int *parts = g_new0(int, MAX(groups, 1));

  for (int i = 0; i < n; i++)
    parts[group ? group[i] : i]++;
  return parts;
}

float *
lens_words_merge_values(const float *values, int heads, int rows, int cols, const int *row_of,
                        int new_rows, const int *col_of, int new_cols)
{
  int out_rows = row_of ? new_rows : rows, out_cols = col_of ? new_cols : cols;
  float *out = g_new0(float, (gsize)heads *out_rows *out_cols);
  g_autofree int *parts = count_parts(row_of, rows, out_rows);

  for (int h = 0; h < heads; h++) {
    for (int r = 0; r < rows; r++) {
      int row = row_of ? row_of[r] : r;
      const float *from = values + ((gsize)h * rows + r) * cols;
      float *to = out + ((gsize)h * out_rows + row) * out_cols;

      for (int c = 0; c < cols; c++)
        to[col_of ? col_of[c] : c] += from[c] / parts[row];
    }
  }
  return out;
}

static char **
join_tokens(const char *const *tokens, const int *group, int n_words)
{
  char **words = g_new0(char *, n_words + 1);

  for (int i = 0; tokens[i]; i++) {
    char *before = words[group[i]];

    words[group[i]] = before ? g_strconcat(before, tokens[i] + 2, NULL) : g_strdup(tokens[i]);
    g_free(before);
  }
  return words;
}

static LensMap *
merge_map(LensMap *map, const int *group, int n_words)
{
  gboolean row_words = lens_map_get_query(map) == LENS_SIDE_WORDS;
  gboolean col_words = lens_map_get_key(map) == LENS_SIDE_WORDS;
  int heads = lens_map_get_heads(map), rows = lens_map_get_rows(map), cols = lens_map_get_cols(map);
  const LensWordKind *kinds = lens_map_get_key_kinds(map);
  g_autofree float *values = lens_words_merge_values(lens_map_get_values(map), heads, rows, cols,
                                                     row_words ? group : NULL, n_words,
                                                     col_words ? group : NULL, n_words);
  LensMap *merged = lens_map_new(lens_map_get_name(map), heads, row_words ? n_words : rows,
                                 col_words ? n_words : cols, values);

  if (col_words && kinds) { /* a word is what its pieces are */
    g_autofree LensWordKind *of_words = g_new(LensWordKind, n_words);

    for (int c = 0; c < cols; c++)
      of_words[group[c]] = kinds[c];
    lens_map_set_key_kinds(merged, of_words);
  }
  return merged;
}

LensRun *
lens_words_merge_run(LensRun *run)
{
  const char *const *tokens = lens_run_get_tokens(run);
  int n = lens_run_get_n_tokens(run), n_words;
  g_autofree int *group = lens_words_group(tokens, &n_words);
  g_auto(GStrv) words = NULL;
  g_autoptr(GPtrArray) maps = NULL;

  if (n_words == n)
    return g_object_ref(run);
  words = join_tokens(tokens, group, n_words);
  maps = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint i = 0; i < lens_run_get_n_maps(run); i++) {
    LensMap *map = lens_run_get_map(run, i);
    gboolean fits = (lens_map_get_query(map) != LENS_SIDE_WORDS || lens_map_get_rows(map) == n)
                    && (lens_map_get_key(map) != LENS_SIDE_WORDS || lens_map_get_cols(map) == n);

    if (fits)
      g_ptr_array_add(maps, merge_map(map, group, n_words));
  }
  return lens_run_new_view(run, (const char *const *)words, maps, group);
}
