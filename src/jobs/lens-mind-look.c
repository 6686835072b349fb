/* What the last ask of a model holds beside its maps: what an answer rests on, one head's queries and
 * keys, the hidden states as points. */
#include <glib/gi18n.h>
#include <string.h>

#include "lens-engine-error.h"
#include "lens-session-private.h"
#include "lx-relevancy.h"

static void add_gradient(const char *map, const float *gradient, int64_t heads, int64_t q,
                         int64_t k, void *user_data)
{
  g_ptr_array_add(user_data, lens_map_new(map, (int)heads, (int)q, (int)k, gradient));
}

LensRelevancy *lens_mind_explain(LensMind *self, int image, int answer, LensExplain method,
                                 GError **error)
{
  LxError engine = {0};
  LxRelevancy *found = NULL;
  gboolean gradient = method == LENS_EXPLAIN_GRADIENT;
  g_autoptr(GPtrArray) maps = g_ptr_array_new_with_free_func(g_object_unref);
  if (lx_relevancy_of_ask_each(lens_mind_get_ask(self),
                               gradient ? LX_METHOD_GRADIENT : LX_METHOD_RELEVANCY, answer, image,
                               gradient ? add_gradient : NULL, &found, &engine, maps) != LX_OK) {
    lens_error_from_engine(error, &engine);
    return NULL;
  }
  LensRelevancy *relevancy =
      lens_relevancy_new((int)found->answer, (int)found->words, (int)found->boxes);
  relevancy->method = method;
  relevancy->asked = answer;
  relevancy->gradients = gradient ? g_steal_pointer(&maps) : NULL;
  for (int64_t i = 0; i < found->words * found->words; i++)
    relevancy->word_word[i] = (float)found->word_word[i];
  for (int64_t i = 0; i < found->words * found->boxes; i++)
    relevancy->word_box[i] = (float)found->word_box[i];
  lx_relevancy_free(found);
  return relevancy;
}

LensNeuron *lens_mind_look_at_head(LensMind *self, int image, const char *map, int head,
                                   GError **error)
{
  const LxAsk *ask = lens_mind_get_ask(self);
  int index = lx_ask_find_map(ask, map);
  int64_t heads = 0, rows, cols, size;
  if (index >= 0)
    lx_ask_map(ask, index, image, &heads, &rows, &cols);
  if (index < 0 || head < 0 || head >= heads) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT, _("The model has no head %d in “%s”."),
                head + 1, map);
    return NULL;
  }
  lx_ask_queries(ask, index, head, image, &rows, &size, NULL);
  LensNeuron *neuron = lens_neuron_new(map, head, (int)rows, (int)cols, (int)size);
  lx_ask_queries(ask, index, head, image, &rows, &size, neuron->queries);
  lx_ask_keys(ask, index, head, image, &cols, &size, neuron->keys);
  return neuron;
}

/* ---- hidden states ---- */

typedef struct {
  const LxAsk *ask;
  int image, language, vision, stages;
  int64_t words, boxes, columns;
} Stages;

/* The state after a stage, the side with fewer layers waiting for the other. */
static const float *state_at(Stages *s, gboolean words, int stage)
{
  char name[32];
  int own = words ? s->language : s->vision, most = MAX(s->language, s->vision);
  int64_t rows, columns;
  if (stage > most)
    g_snprintf(name, sizeof name, "x.%d.%s", stage - most - 1, words ? "lang" : "vis");
  else
    g_snprintf(name, sizeof name, "%s.%d", words ? "lang" : "vis", MIN(stage, own));
  const float *state = lx_ask_hidden(s->ask, name, s->image, &rows, &columns);
  return state && columns == s->columns && rows == (words ? s->words : s->boxes) ? state : NULL;
}

/* How many states PREFIX.first, PREFIX.first+1, … SUFFIX there are. */
static int count(const LxAsk *ask, const char *prefix, int first, const char *suffix)
{
  char name[32];
  int64_t rows, columns;
  int n = 0;
  do
    g_snprintf(name, sizeof name, "%s.%d%s", prefix, first + n, suffix);
  while (lx_ask_hidden(ask, name, 0, &rows, &columns) && ++n);
  return n;
}

LensHidden *lens_mind_get_hidden(LensMind *self, int image, GError **error)
{
  const LxAsk *ask = lens_mind_get_ask(self);
  Stages s = {.ask = ask, .image = image};
  int64_t size;
  s.language = count(ask, "lang", 1, "");
  s.vision = count(ask, "vis", 1, "");
  s.stages = 1 + MAX(s.language, s.vision) + count(ask, "x", 0, ".lang");
  lx_ask_hidden(ask, "lang.0", image, &s.words, &s.columns);
  if (!lx_ask_hidden(ask, "vis.0", image, &s.boxes, &size)) /* a BERT sees no boxes */
    s.boxes = 0;
  LensHidden *hidden = g_new0(LensHidden, 1);
  *hidden = (LensHidden){.stages = s.stages,
                         .words = (int)s.words,
                         .boxes = (int)s.boxes,
                         .language = s.language,
                         .vision = s.vision,
                         .size = (int)s.columns};
  hidden->rows = g_new0(float, s.stages *(s.words + s.boxes) * s.columns);
  gboolean whole = s.words > 0;
  float *to = hidden->rows;
  for (int side = 0; side < 2; side++)
    for (int stage = 0; stage < s.stages; stage++) {
      int64_t n = side ? s.boxes : s.words;
      const float *state = n ? state_at(&s, side == 0, stage) : NULL;
      whole &= state != NULL || n == 0;
      if (state)
        memcpy(to, state, sizeof(float) * n * s.columns);
      to += n * s.columns;
    }
  if (whole)
    return hidden;
  lens_hidden_free(hidden);
  g_set_error(error, LENS_ERROR, LENS_ERROR_UNSUPPORTED,
              _("The model keeps no hidden states of this run."));
  return NULL;
}

void lens_hidden_free(LensHidden *self)
{
  if (!self)
    return;
  g_free(self->rows);
  g_free(self);
}

static int count_rows(const LensHidden *self)
{
  return self->stages * (self->words + self->boxes);
}

static LensStates *states_of(const LensHidden *self, const float *points, const double *share)
{
  LensStates *states = lens_states_new(self->stages, self->words, self->boxes);
  size_t words = 2 * (size_t)self->stages * self->words;
  states->language_layers = self->language;
  states->vision_layers = self->vision;
  states->share[0] = share[0];
  states->share[1] = share[1];
  memcpy(states->word_points, points, sizeof(float) * words);
  memcpy(states->box_points, points + words,
         sizeof(float) * 2 * (size_t)self->stages * self->boxes);
  return states;
}

LensStates *lens_hidden_to_states(const LensHidden *self, const LensHidden *beside)
{
  gboolean together = beside && beside->size == self->size;
  int n = count_rows(self), more = together ? count_rows(beside) : 0;
  size_t size = (size_t)self->size;
  g_autofree float *rows = g_new(float, (n + more) * size);
  g_autofree float *points = g_new0(float, 2 * (size_t)(n + more));
  double share[2];
  memcpy(rows, self->rows, sizeof(float) * n * size);
  if (together)
    memcpy(rows + n * size, beside->rows, sizeof(float) * more * size);
  lens_pca(rows, n + more, self->size, points, share);
  LensStates *states = states_of(self, points, share);
  states->together = together;
  if (together)
    states->beside = states_of(beside, points + 2 * (size_t)n, share);
  else if (beside)
    states->beside = lens_hidden_to_states(beside, NULL);
  return states;
}
