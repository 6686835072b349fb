#include "lens-run.h"

#include <math.h>

struct _LensRun {
  GObject parent_instance;

  gint64 id;
  char *question;
  LensScene *scene;
  LensModel *model;
  char **tokens;
  GListModel *answers;
  GPtrArray *maps;
  double milliseconds;
  LensEdits *edits;
  GListModel *baseline;
  LensRelevancy *relevancy;
  LensRun *right; /* of a pair; NULL otherwise */
  /* as it is looked at */
  LensRun *source;      /* NULL: this one was asked */
  int *word_of;         /* [tokens of the source]; NULL: the same */
  LensRun *compared[2]; /* of a difference */
  gboolean reversed;
  GArray *partner_words, *partner_boxes; /* of int; NULL: the selection counts this run's */
};

G_DEFINE_FINAL_TYPE(LensRun, lens_run, G_TYPE_OBJECT)

LensRun *
lens_run_new(gint64 id, const char *question, LensScene *scene, LensModel *model,
             const char *const *tokens, GListModel *answers, GPtrArray *maps, double milliseconds)
{
  LensRun *self;

  g_return_val_if_fail(LENS_IS_SCENE(scene) && LENS_IS_MODEL(model), NULL);
  g_return_val_if_fail(tokens && G_IS_LIST_MODEL(answers) && maps, NULL);

  self = g_object_new(LENS_TYPE_RUN, NULL);
  self->id = id;
  self->question = g_strdup(question);
  self->scene = g_object_ref(scene);
  self->model = g_object_ref(model);
  self->tokens = g_strdupv((char **)tokens);
  self->answers = g_object_ref(answers);
  self->maps = g_ptr_array_ref(maps);
  self->milliseconds = milliseconds;
  return self;
}

gint64
lens_run_get_id(LensRun *self)
{
  return self->id;
}

const char *
lens_run_get_question(LensRun *self)
{
  return self->question;
}

LensScene *
lens_run_get_scene(LensRun *self)
{
  return self->scene;
}

LensModel *
lens_run_get_model(LensRun *self)
{
  return self->model;
}

const char *const *
lens_run_get_tokens(LensRun *self)
{
  return (const char *const *)self->tokens;
}

guint
lens_run_get_n_tokens(LensRun *self)
{
  return g_strv_length(self->tokens);
}

GListModel *
lens_run_get_answers(LensRun *self)
{
  return self->answers;
}

guint
lens_run_get_n_maps(LensRun *self)
{
  return self->maps->len;
}

LensMap *
lens_run_get_map(LensRun *self, guint index)
{
  g_return_val_if_fail(index < self->maps->len, NULL);
  return g_ptr_array_index(self->maps, index);
}

double
lens_run_get_milliseconds(LensRun *self)
{
  return self->milliseconds;
}

LensMap *
lens_run_find_map(LensRun *self, const char *name)
{
  for (guint i = 0; i < self->maps->len; i++) {
    LensMap *map = g_ptr_array_index(self->maps, i);

    if (g_strcmp0(lens_map_get_name(map), name) == 0)
      return map;
  }
  return NULL;
}

const LensEdits *
lens_run_get_edits(LensRun *self)
{
  return self->edits;
}

void
lens_run_set_edits(LensRun *self, const LensEdits *edits)
{
  LensEdits *copy = lens_edits_copy(edits);

  lens_edits_free(self->edits);
  self->edits = copy;
}

GListModel *
lens_run_get_baseline(LensRun *self)
{
  return self->baseline;
}

void
lens_run_set_baseline(LensRun *self, GListModel *answers)
{
  g_set_object(&self->baseline, answers);
}

const LensRelevancy *
lens_run_get_relevancy(LensRun *self)
{
  return self->source ? lens_run_get_relevancy(self->source) : self->relevancy;
}

void
lens_run_take_relevancy(LensRun *self, LensRelevancy *relevancy)
{
  lens_relevancy_free(self->relevancy);
  self->relevancy = relevancy;
}

double
lens_run_get_probability(LensRun *self, int answer_index)
{
  guint n = g_list_model_get_n_items(self->answers);

  for (guint i = 0; i < n; i++) {
    g_autoptr(LensAnswer) answer = g_list_model_get_item(self->answers, i);

    if (lens_answer_get_index(answer) == answer_index)
      return lens_answer_get_probability(answer);
  }
  return NAN;
}

LensRun *
lens_run_get_half(LensRun *self, int image)
{
  return image == 1 && self->right ? self->right : self;
}

gboolean
lens_run_is_pair(LensRun *self)
{
  return self->right != NULL;
}

void
lens_run_set_right(LensRun *self, LensRun *right)
{
  g_return_if_fail(right != self);
  g_set_object(&self->right, right);
}

/* ---- a run as it is looked at ---- */

LensRun *
lens_run_new_view(LensRun *source, const char *const *tokens, GPtrArray *maps, const int *word_of)
{
  LensRun *asked = lens_run_get_source(source);
  LensRun *self;

  g_return_val_if_fail(!word_of || source == asked || !source->word_of, NULL);
  self = lens_run_new(source->id, source->question, source->scene, source->model,
                      tokens ? tokens : (const char *const *)source->tokens, source->answers,
                      maps ? maps : source->maps, source->milliseconds);
  self->source = g_object_ref(asked);
  if (!word_of)
    word_of = source->word_of;
  self->word_of = g_memdup2(word_of, sizeof *word_of * lens_run_get_n_tokens(asked));
  if (source->partner_words)
    lens_run_set_partners(self, (const int *)(gconstpointer)source->partner_words->data,
                          source->partner_words->len,
                          (const int *)(gconstpointer)source->partner_boxes->data,
                          source->partner_boxes->len);
  lens_run_set_edits(self, source->edits);
  lens_run_set_baseline(self, source->baseline);
  return self;
}

LensRun *
lens_run_get_source(LensRun *self)
{
  return self->source ? self->source : self;
}

const int *
lens_run_get_word_of(LensRun *self)
{
  return self->word_of;
}

void
lens_run_set_compared(LensRun *self, LensRun *a, LensRun *b, gboolean reversed)
{
  self->reversed = reversed;
  g_set_object(&self->compared[0], a);
  g_set_object(&self->compared[1], b);
}

LensRun *
lens_run_get_compared(LensRun *self, int index, gboolean *reversed)
{
  if (reversed)
    *reversed = self->reversed;
  return self->compared[index ? 1 : 0];
}

void
lens_run_set_partners(LensRun *self, const int *words, guint n_words, const int *boxes,
                      guint n_boxes)
{
  g_clear_pointer(&self->partner_words, g_array_unref);
  g_clear_pointer(&self->partner_boxes, g_array_unref);
  self->partner_words = g_array_new(FALSE, FALSE, sizeof(int));
  self->partner_boxes = g_array_new(FALSE, FALSE, sizeof(int));
  g_array_append_vals(self->partner_words, words, n_words);
  if (n_boxes)
    g_array_append_vals(self->partner_boxes, boxes, n_boxes);
}

static int
count_items(LensRun *self, LensSide side)
{
  return side == LENS_SIDE_WORDS ? (int)lens_run_get_n_tokens(lens_run_get_source(self))
                                 : (int)lens_scene_get_n_regions(self->scene);
}

int
lens_run_from_selection(LensRun *self, LensSide side, int index)
{
  GArray *partner = side == LENS_SIDE_WORDS ? self->partner_words : self->partner_boxes;

  if (partner)
    index = index >= 0 && index < (int)partner->len ? g_array_index(partner, int, index) : -1;
  if (index < 0 || index >= count_items(self, side))
    return -1;
  return side == LENS_SIDE_WORDS && self->word_of ? self->word_of[index] : index;
}

int
lens_run_to_selection(LensRun *self, LensSide side, int index)
{
  GArray *partner = side == LENS_SIDE_WORDS ? self->partner_words : self->partner_boxes;
  int n = partner ? (int)partner->len : count_items(self, side);

  if (!partner && (side != LENS_SIDE_WORDS || !self->word_of))
    return index;
  for (int i = 0; i < n; i++) { /* the first piece stands for its word */
    if (index >= 0 && lens_run_from_selection(self, side, i) == index)
      return i;
  }
  return -1;
}

static void
lens_run_finalize(GObject *object)
{
  LensRun *self = LENS_RUN(object);

  g_free(self->question);
  g_strfreev(self->tokens);
  g_clear_object(&self->scene);
  g_clear_object(&self->model);
  g_clear_object(&self->answers);
  g_clear_object(&self->baseline);
  g_clear_pointer(&self->relevancy, lens_relevancy_free);
  g_clear_object(&self->right);
  g_clear_object(&self->source);
  g_clear_object(&self->compared[0]);
  g_clear_object(&self->compared[1]);
  g_free(self->word_of);
  g_clear_pointer(&self->partner_words, g_array_unref);
  g_clear_pointer(&self->partner_boxes, g_array_unref);
  g_clear_pointer(&self->maps, g_ptr_array_unref);
  g_clear_pointer(&self->edits, lens_edits_free);
  G_OBJECT_CLASS(lens_run_parent_class)->finalize(object);
}

static void
lens_run_class_init(LensRunClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_run_finalize;
}

static void
lens_run_init(LensRun *self)
{
}
