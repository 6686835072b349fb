/* One opened model and the state of its last run, so that switching a head costs only the layers
 * behind it. */
#include <glib/gstdio.h>

#include "lens-engine-error.h"
#include "lens-session-private.h"
#include "science-pos.h"

#define KEPT_ANSWERS 10

struct _LensMind {
  LensModel *model;
  LxModel *engine;
  LxAsk *ask;
  GStatBuf weights; /* as opened */
  /* what the graph holds now; question NULL: nothing */
  char *question;
  LensScene *scene;
  LensScene *right;   /* of a pair, else NULL */
  LensEdits *applied; /* never NULL */
  /* what the first question was answered without any edit */
  char *baseline_question;
  LensScene *baseline_scene; /* as it was found */
  LensScene *baseline_right;
  GListModel *baseline;
  double milliseconds; /* of the last run or update */
};

static gboolean stat_weights(LensModel *model, GStatBuf *info)
{
  g_autofree char *path = g_build_filename(lens_model_get_path(model), "model.safetensors", NULL);
  return g_stat(path, info) == 0;
}

LensMind *lens_mind_open(LensModel *model, GError **error)
{
  LxError engine = {0};
  LensMind *self = g_new0(LensMind, 1);
  self->model = g_object_ref(model);
  self->applied = lens_edits_new();
  stat_weights(model, &self->weights);
  if (lx_model_open(lens_model_get_path(model), &self->engine, &engine) != LX_OK ||
      lx_ask_new(self->engine, 20, 36, &self->ask, &engine) != LX_OK) {
    lens_error_from_engine(error, &engine);
    lens_mind_free(self);
    return NULL;
  }
  return self; /* without an answer head, a BERT: its attention can be looked at */
}

static void forget(LensMind *self)
{
  g_clear_pointer(&self->question, g_free);
  g_clear_object(&self->scene);
  g_clear_object(&self->right);
}

static void forget_baseline(LensMind *self)
{
  g_clear_pointer(&self->baseline_question, g_free);
  g_clear_object(&self->baseline_scene);
  g_clear_object(&self->baseline_right);
  g_clear_object(&self->baseline);
}

void lens_mind_free(LensMind *self)
{
  if (!self)
    return;
  forget(self);
  forget_baseline(self);
  lx_ask_free(self->ask);
  lx_model_unref(self->engine);
  lens_edits_free(self->applied);
  g_object_unref(self->model);
  g_free(self);
}

const char *lens_mind_get_id(LensMind *self)
{
  return lens_model_get_id(self->model);
}

gboolean lens_mind_is_fresh(LensMind *self)
{
  GStatBuf now = {0};
  /* A folder that is gone still answers from what is mapped. */
  if (!stat_weights(self->model, &now))
    return TRUE;
  return now.st_ino == self->weights.st_ino && now.st_size == self->weights.st_size &&
         now.st_mtim.tv_sec == self->weights.st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == self->weights.st_mtim.tv_nsec;
}

/* ---- edits ---- */

typedef struct {
  LensMind *mind;
  const LensEdits *wanted;
  LxError *engine;
  LxStatus status;
} Gates;

static gboolean has_head(LensMind *self, const char *map, int head)
{
  int64_t heads = 0, rows, cols;
  int index = lx_ask_find_map(self->ask, map);
  return index >= 0 && lx_ask_map(self->ask, index, 0, &heads, &rows, &cols) && head < heads;
}

/* Edits outlive the model that they were made in: what this one does not have is not changed, here and
 * below. */
static void set_gate(const char *map, int head, LensGate gate, gpointer p)
{
  static const LxGate gates[] = {
      [LENS_GATE_ON] = {LX_GATE_SCALE, 1},
      [LENS_GATE_ZERO] = {LX_GATE_SCALE, 0},
      [LENS_GATE_UNIFORM] = {LX_GATE_UNIFORM, 1},
  };
  Gates *g = p;
  LensGate wanted = g->wanted ? lens_edits_get_gate(g->wanted, map, head) : LENS_GATE_ON;
  if (g->status == LX_OK && has_head(g->mind, map, head) &&
      lens_edits_get_gate(g->mind->applied, map, head) != wanted)
    g->status = lx_ask_set_gate(g->mind->ask, map, head, gates[wanted], g->engine);
}

/* -1: one of a second image that is not there, or of an image that has fewer by now. */
static gint64 engine_box(LensMind *self, int box)
{
  gint64 second = box - LENS_SECOND_BOXES;
  if (second < 0)
    return box < lx_ask_box_count(self->ask, 0) ? box : -1;
  return self->right && second < lx_ask_box_count(self->ask, 1)
             ? lx_ask_box_count(self->ask, 0) + second
             : -1;
}

static LxStatus set_boxes(LensMind *self, const LensEdits *from, const LensEdits *wanted,
                          LxError *engine)
{
  guint n = 0;
  LxStatus status = LX_OK;
  const int *boxes = from ? lens_edits_get_removed_boxes(from, &n) : NULL;
  for (guint i = 0; status == LX_OK && i < n; i++) {
    gboolean remove = wanted && lens_edits_get_box_removed(wanted, boxes[i]);
    gint64 box = engine_box(self, boxes[i]);
    if (box >= 0 && remove != lens_edits_get_box_removed(self->applied, boxes[i]))
      status = lx_ask_set_box_removed(self->ask, box, remove, engine);
  }
  return status;
}

static LxStatus set_words(LensMind *self, const LensEdits *from, const LensEdits *wanted,
                          LxError *engine)
{
  guint n = 0;
  LxStatus status = LX_OK;
  const int *words = from ? lens_edits_get_masked_words(from, &n) : NULL;
  for (guint i = 0; status == LX_OK && i < n; i++) {
    gboolean mask = wanted && lens_edits_get_word_masked(wanted, words[i]);
    if (words[i] < lx_ask_token_count(self->ask) &&
        mask != lens_edits_get_word_masked(self->applied, words[i]))
      status = lx_ask_set_word_masked(self->ask, words[i], mask, engine);
  }
  return status;
}

/* Only what differs from the edits in effect is set, so that only what depends on it runs again.
 * `wanted` NULL: none. Additions before removals: one box must stay at any moment. */
static LxStatus apply(LensMind *self, const LensEdits *wanted, LxError *engine)
{
  Gates gates = {self, wanted, engine, LX_OK};
  lens_edits_foreach_gate(self->applied, set_gate, &gates);
  if (wanted)
    lens_edits_foreach_gate(wanted, set_gate, &gates);
  LxStatus status = gates.status;
  if (status == LX_OK)
    status = set_boxes(self, self->applied, wanted, engine);
  if (status == LX_OK)
    status = set_boxes(self, wanted, wanted, engine);
  if (status == LX_OK)
    status = set_words(self, self->applied, wanted, engine);
  if (status == LX_OK)
    status = set_words(self, wanted, wanted, engine);
  if (status == LX_OK)
    status = lx_ask_update(self->ask, engine);
  if (status != LX_OK)
    return status;
  lens_edits_free(self->applied);
  self->applied = wanted ? lens_edits_copy(wanted) : lens_edits_new();
  return LX_OK;
}

/* ---- results ---- */

/* Adds the answers of before the edits that are none of the first `n`: how far one has fallen is what
 * people look for. Returns how many there are then, at most twice KEPT_ANSWERS. */
static int64_t add_baseline(LensMind *self, int64_t *rows, int64_t n)
{
  guint before = self->baseline ? g_list_model_get_n_items(self->baseline) : 0;
  int64_t all = n;
  for (guint i = 0; i < MIN(before, KEPT_ANSWERS); i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(self->baseline, i);
    gboolean there = FALSE;
    for (int64_t j = 0; j < n; j++)
      there |= rows[j] == lens_answer_get_index(answer);
    if (!there)
      rows[all++] = lens_answer_get_index(answer);
  }
  return all;
}

static int compare_answers(const void *a, const void *b, void *data)
{
  const float *probabilities = data;
  float x = probabilities[*(const int64_t *)a], y = probabilities[*(const int64_t *)b];
  return (x < y) - (x > y);
}

/* The best, and with edits those that were the best before. */
static GListModel *read_answers(LensMind *self, gboolean edited)
{
  int64_t rows[2 * KEPT_ANSWERS];
  int64_t n = lx_ask_top(self->ask, KEPT_ANSWERS, rows), kept = n;
  const float *probabilities = lx_ask_probabilities(self->ask);
  GListStore *list = g_list_store_new(LENS_TYPE_ANSWER);
  if (edited)
    n = add_baseline(self, rows, n);
  g_qsort_with_data(rows + kept, (gint)(n - kept), sizeof *rows, compare_answers,
                    (gpointer)probabilities);
  for (int64_t i = 0; i < n; i++) {
    const char *text = lx_ask_answer_text(self->ask, rows[i]);
    g_autofree char *number = g_strdup_printf("#%" G_GINT64_FORMAT, (gint64)rows[i]);
    g_autoptr(LensAnswer) answer =
        lens_answer_new((int)rows[i], text ? text : number, (double)probabilities[rows[i]]);
    g_list_store_append(list, answer);
  }
  return G_LIST_MODEL(list);
}

static LensWordKind kind_of(SciencePos pos)
{
  static const LensWordKind kinds[SCIENCE_N_POS] = {
      [SCIENCE_POS_NOUN] = LENS_WORD_NOUN,       [SCIENCE_POS_PRONOUN] = LENS_WORD_PRONOUN,
      [SCIENCE_POS_ARTICLE] = LENS_WORD_ARTICLE, [SCIENCE_POS_VERB] = LENS_WORD_VERB,
      [SCIENCE_POS_OTHER] = LENS_WORD_OTHER,     [SCIENCE_POS_SPECIAL] = LENS_WORD_SPECIAL,
  };
  return kinds[pos];
}

/* [n tokens], owned. */
static LensWordKind *read_kinds(const char *const *tokens)
{
  guint n = g_strv_length((char **)tokens);
  g_autofree SciencePos *pos = g_new0(SciencePos, n + 1);
  LensWordKind *kinds = g_new(LensWordKind, n + 1);
  science_pos_tokens(tokens, (int)n, pos, NULL);
  for (guint i = 0; i < n; i++)
    kinds[i] = kind_of(pos[i]);
  return kinds;
}

/* What a removed box would look at changes nothing: it is not shown, nor counted. */
static void clear_removed(LensMind *self, LensMap *map, int image)
{
  int first = image ? LENS_SECOND_BOXES : 0;
  for (int i = 0; lens_map_get_query(map) == LENS_SIDE_BOXES && i < lens_map_get_rows(map); i++) {
    if (lens_edits_get_box_removed(self->applied, first + i))
      lens_map_clear_query(map, i);
  }
}

static GPtrArray *read_maps(LensMind *self, int image, const char *const *tokens)
{
  g_autofree LensWordKind *kinds = read_kinds(tokens);
  int n = lx_ask_map_count(self->ask);
  GPtrArray *maps = g_ptr_array_new_with_free_func(g_object_unref);
  for (int i = 0; i < n; i++) {
    int64_t heads = 0, rows = 0, cols = 0;
    const float *values = lx_ask_map(self->ask, i, image, &heads, &rows, &cols);
    LensMap *map =
        lens_map_new(lx_ask_map_name(self->ask, i), (int)heads, (int)rows, (int)cols, values);
    if (lens_map_get_key(map) == LENS_SIDE_WORDS)
      lens_map_set_key_kinds(map, kinds);
    clear_removed(self, map, image);
    g_ptr_array_add(maps, map);
  }
  return maps;
}

static char **read_tokens(LensMind *self)
{
  int64_t n = lx_ask_token_count(self->ask);
  char **tokens = g_new0(char *, n + 1);
  for (int64_t i = 0; i < n; i++)
    tokens[i] = g_strdup(lx_ask_token(self->ask, i, NULL, NULL));
  return tokens;
}

GListModel *lens_mind_get_answers(LensMind *self)
{
  return read_answers(self, FALSE);
}

double lens_mind_get_milliseconds(LensMind *self)
{
  return self->milliseconds;
}

static LensRun *make_half(LensMind *self, LensScene *scene, int image, GListModel *answers,
                          gint64 id)
{
  g_auto(GStrv) tokens = read_tokens(self);
  g_autoptr(GPtrArray) maps = read_maps(self, image, (const char *const *)tokens);
  return lens_run_new(id, self->question, scene, self->model, (const char *const *)tokens, answers,
                      maps, self->milliseconds);
}

static void add_edits(LensMind *self, LensRun *run, const LensEdits *edits)
{
  lens_run_set_edits(run, edits);
  lens_run_set_baseline(run, self->baseline);
}

LensRun *lens_mind_get_run(LensMind *self, const LensSessionAsk *ask, gint64 id)
{
  g_autoptr(GListModel) answers = read_answers(self, ask->edits != NULL);
  LensRun *run = make_half(self, ask->scene, 0, answers, id);
  if (ask->edits)
    add_edits(self, run, ask->edits);
  if (self->right) {
    g_autoptr(LensRun) right = make_half(self, self->right, 1, answers, id);
    if (ask->edits)
      add_edits(self, right, ask->edits);
    lens_run_set_right(run, right);
  }
  return run;
}

/* ---- asking ---- */

/* A fresh question, run without edits. */
static LxStatus run_afresh(LensMind *self, const char *question, LensScene *scene, LensScene *right,
                           LxError *engine)
{
  forget(self);
  lx_ask_reset_gates(self->ask);
  lens_edits_free(self->applied);
  self->applied = lens_edits_new();
  const LxRegions *left_regions = lens_session_regions(scene);
  LxStatus status = right ? lx_ask_run_pair(self->ask, question, left_regions,
                                            lens_session_regions(right), engine)
                          : lx_ask_run(self->ask, question, left_regions, engine);
  if (status != LX_OK)
    return status;
  self->question = g_strdup(question);
  self->scene = g_object_ref(scene);
  g_set_object(&self->right, right);
  self->milliseconds = lx_ask_milliseconds(self->ask);
  return LX_OK;
}

static gboolean holds(LensMind *self, const char *question, LensScene *scene, LensScene *right)
{
  return self->scene == scene && self->right == right && g_strcmp0(self->question, question) == 0;
}

/* The answers before any edit: of the question as it was first worded, about the scene as it was
 * found. */
static LxStatus find_baseline(LensMind *self, const char *question, LensScene *found,
                              LensScene *right, LxError *engine)
{
  if (self->baseline && self->baseline_scene == found && self->baseline_right == right &&
      g_strcmp0(self->baseline_question, question) == 0)
    return LX_OK;
  LxStatus status = run_afresh(self, question, found, right, engine);
  if (status != LX_OK)
    return status;
  forget_baseline(self);
  self->baseline_question = g_strdup(question);
  self->baseline_scene = g_object_ref(found);
  g_set_object(&self->baseline_right, right);
  self->baseline = read_answers(self, FALSE);
  return LX_OK;
}

gboolean lens_mind_ask(LensMind *self, const LensSessionAsk *ask, GCancellable *cancellable,
                       GError **error)
{
  LxError engine = {0};
  const char *wording = lens_edits_get_wording(ask->edits);
  const char *question = wording ? wording : ask->question;
  LxStatus status = find_baseline(self, ask->question, lens_session_found(ask->scene),
                                  ask->right ? lens_session_found(ask->right) : NULL, &engine);
  if (status == LX_OK && g_cancellable_set_error_if_cancelled(cancellable, error))
    return FALSE;
  if (status == LX_OK && !holds(self, question, ask->scene, ask->right))
    status = run_afresh(self, question, ask->scene, ask->right, &engine);
  if (status == LX_OK && g_cancellable_set_error_if_cancelled(cancellable, error))
    return FALSE;
  if (status == LX_OK && (ask->edits ? !lens_edits_equal(ask->edits, self->applied)
                                     : !lens_edits_is_empty(self->applied))) {
    status = apply(self, ask->edits, &engine);
    self->milliseconds = lx_ask_milliseconds(self->ask);
  }
  if (status == LX_OK)
    return TRUE;
  forget(self); /* half of the edits may be in effect */
  return lens_error_from_engine(error, &engine);
}

const LxAsk *lens_mind_get_ask(LensMind *self)
{
  return self->ask;
}
