#include "lx-relevancy.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lx-ask-private.h"
#include "lx-lxmert-named.h"

/* Relevancies of words (t) and boxes (i) for one another; "R_t_i: of the boxes for the words". */
typedef struct {
  const LxLxmert *m;
  int64_t example, t, i;
  double *tt, *ti, *it, *ii;
  double *cam, *tmp, *tmp2, *tmp3; /* [n, n], n = max(t, i) */
  double *memory;
} State;

/* C[m,n] = A[m,k] B[k,n]; op(A) = A^T [k,m] stored when `transposed`. */
static void product(const double *a, bool transposed, const double *b, int64_t m, int64_t k,
                    int64_t n, double *c)
{
  memset(c, 0, (size_t)(m * n) * sizeof *c);
  for (int64_t r = 0; r < m; r++)
    for (int64_t s = 0; s < k; s++) {
      double x = transposed ? a[s * m + r] : a[r * k + s];
      for (int64_t j = 0; j < n; j++)
        c[r * n + j] += x * b[s * n + j];
    }
}

static void add(double *into, const double *from, int64_t n)
{
  for (int64_t i = 0; i < n; i++)
    into[i] += from[i];
}

static void set_eye(double *x, int64_t n)
{
  memset(x, 0, (size_t)(n * n) * sizeof *x);
  for (int64_t i = 0; i < n; i++)
    x[i * n + i] = 1;
}

static LxStatus state_new(State *s, const LxLxmert *m, int64_t example, LxError *error)
{
  *s = (State){.m = m,
               .example = example,
               .t = lx_seq_length(m->words, example),
               .i = lx_seq_length(m->objects, example)};
  int64_t t = s->t, i = s->i, n = t > i ? t : i;
  s->memory = calloc((size_t)(t * t + 2 * t * i + i * i + 4 * n * n), sizeof(double));
  if (!s->memory)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to explain the answer.");
  s->tt = s->memory;
  s->ti = s->tt + t * t;
  s->it = s->ti + t * i;
  s->ii = s->it + t * i;
  s->cam = s->ii + i * i;
  s->tmp = s->cam + n * n;
  s->tmp2 = s->tmp + n * n;
  s->tmp3 = s->tmp2 + n * n;
  set_eye(s->tt, t);
  set_eye(s->ii, i);
  return LX_OK;
}

/* Rule 5: cam = mean over heads of max(0, dA * A); without gradient the mean of A. */
static bool load_cam(State *s, const char *name, bool gradient)
{
  char full[64];
  int64_t heads, q, k;
  snprintf(full, sizeof full, "attn/%s", name);
  const LxNode *node = lx_graph_find(s->m->graph, full);
  if (!node || (gradient && !node->live))
    return false;
  const float *map = lx_attention_map(node, s->example, &heads, &q, &k);
  const float *grad = gradient ? lx_attention_map_grad(node, s->example) : NULL;
  for (int64_t j = 0; j < q * k; j++) {
    double sum = 0;
    for (int64_t h = 0; h < heads; h++) {
      double a = map[h * q * k + j];
      if (gradient)
        a *= grad[h * q * k + j];
      sum += a > 0 ? a : 0;
    }
    s->cam[j] = sum / (double)heads;
  }
  return true;
}

__attribute__((format(printf, 3, 4))) static bool cam_of(State *s, bool gradient,
                                                         const char *format, ...)
{
  char name[48];
  va_list args;
  va_start(args, format);
  vsnprintf(name, sizeof name, format, args);
  va_end(args);
  return load_cam(s, name, gradient);
}

/* Rules 6 and 7: R_ss += cam R_ss, R_sq += cam R_sq. */
static void self_rule(State *s, double *ss, int64_t n, double *sq, int64_t m)
{
  product(s->cam, false, sq, n, n, m, s->tmp);
  product(s->cam, false, ss, n, n, n, s->tmp2);
  add(sq, s->tmp, n * m);
  add(ss, s->tmp2, n * n);
}

/* Equations 8 and 9: the part beyond the identity has rows that sum to 1. */
static void normalized(const double *r, int64_t n, double *out)
{
  for (int64_t a = 0; a < n; a++) {
    double sum = 0;
    for (int64_t b = 0; b < n; b++)
      sum += r[a * n + b] - (a == b);
    for (int64_t b = 0; b < n; b++)
      out[a * n + b] = (sum > 0 ? (r[a * n + b] - (a == b)) / sum : 0) + (a == b);
  }
}

/* Rules 10 and 11: sq_add = R_ss^T cam R_qq (both normalised), ss_add = cam R_qs. */
static void cross_rule(State *s, const double *ss, int64_t n, const double *qq, int64_t m,
                       const double *qs, double *sq_add, double *ss_add)
{
  normalized(qq, m, s->tmp);
  product(s->cam, false, s->tmp, n, m, m, s->tmp2);
  normalized(ss, n, s->tmp);
  product(s->tmp, true, s->tmp2, n, n, m, sq_add);
  product(s->cam, false, qs, n, m, n, ss_add);
}

/* One cross-modality layer; the last one only its language half. */
static LxStatus cross_layer(State *s, int layer, bool last, LxError *error)
{
  int64_t t = s->t, i = s->i, n = t > i ? t : i;
  double *memory = calloc((size_t)(4 * n * n), sizeof *memory);
  if (!memory)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to explain the answer.");
  double *ti = memory, *tt = ti + n * n, *it = tt + n * n, *ii = it + n * n;
  if (cam_of(s, true, "x.%d.lang_to_vis", layer))
    cross_rule(s, s->tt, t, s->ii, i, s->it, ti, tt);
  if (!last && cam_of(s, true, "x.%d.vis_to_lang", layer))
    cross_rule(s, s->ii, i, s->tt, t, s->ti, it, ii);
  add(s->ti, ti, t * i);
  add(s->tt, tt, t * t);
  add(s->it, it, t * i);
  add(s->ii, ii, i * i);
  free(memory);
  if (cam_of(s, true, "x.%d.lang_self", layer))
    self_rule(s, s->tt, t, s->ti, i);
  if (!last && cam_of(s, true, "x.%d.vis_self", layer))
    self_rule(s, s->ii, i, s->it, t);
  return LX_OK;
}

static int count_layers(const LxLxmert *m, const char *kind)
{
  int n = 0;
  for (char name[48];; n++) {
    const int written = snprintf(name, sizeof name, "attn/%s.%d", kind, n);
    if (written < 0 || !lx_graph_find(m->graph, name))
      break;
  }
  return n;
}

static int count_cross(const LxLxmert *m)
{
  char name[48];
  int n = 0;
  do
    snprintf(name, sizeof name, "attn/x.%d.lang_to_vis", n++);
  while (lx_graph_find(m->graph, name));
  return n - 1;
}

static LxStatus relevancy(State *s, LxError *error)
{
  for (int l = 0; l < count_layers(s->m, "lang"); l++)
    if (cam_of(s, true, "lang.%d", l))
      self_rule(s, s->tt, s->t, s->ti, s->i);
  for (int l = 0; l < count_layers(s->m, "vis"); l++)
    if (cam_of(s, true, "vis.%d", l))
      self_rule(s, s->ii, s->i, s->it, s->t);
  LxStatus status = LX_OK;
  int layers = count_cross(s->m);
  for (int l = 0; l < layers && !status; l++)
    status = cross_layer(s, l, l + 1 == layers, error);
  return status;
}

/* R <- rows of (cam + 1), normalised, times R */
static void rollout_step(State *s, double *r, int64_t n)
{
  for (int64_t a = 0; a < n; a++) {
    double sum = 0;
    s->cam[a * n + a] += 1;
    for (int64_t b = 0; b < n; b++)
      sum += s->cam[a * n + b];
    for (int64_t b = 0; b < n; b++)
      s->cam[a * n + b] /= sum;
  }
  product(s->cam, false, r, n, n, n, s->tmp);
  memcpy(r, s->tmp, (size_t)(n * n) * sizeof *r);
}

static void rollout(State *s)
{
  int64_t t = s->t, i = s->i;
  int layers = count_cross(s->m);
  for (int l = 0; l < count_layers(s->m, "lang"); l++)
    if (cam_of(s, false, "lang.%d", l))
      rollout_step(s, s->tt, t);
  for (int l = 0; l < count_layers(s->m, "vis"); l++)
    if (cam_of(s, false, "vis.%d", l))
      rollout_step(s, s->ii, i);
  for (int l = 0; l < layers; l++) {
    if (cam_of(s, false, "x.%d.lang_self", l))
      rollout_step(s, s->tt, t);
    if (l + 1 < layers && cam_of(s, false, "x.%d.vis_self", l))
      rollout_step(s, s->ii, i);
  }
  if (!cam_of(s, false, "x.%d.lang_to_vis", layers - 1))
    return;
  product(s->cam, false, s->ii, t, i, i, s->tmp);
  product(s->tt, true, s->tmp, t, t, i, s->ti);
}

/* The last cross-modality layer alone. */
static void last_maps(State *s, bool gradient)
{
  int last = count_cross(s->m) - 1;
  memset(s->tt, 0, (size_t)(s->t * s->t) * sizeof *s->tt);
  if (cam_of(s, gradient, "x.%d.lang_self", last))
    memcpy(s->tt, s->cam, (size_t)(s->t * s->t) * sizeof *s->tt);
  if (cam_of(s, gradient, "x.%d.lang_to_vis", last))
    memcpy(s->ti, s->cam, (size_t)(s->t * s->i) * sizeof *s->ti);
}

static LxStatus result(const State *s, int64_t answer, LxRelevancy **out, LxError *error)
{
  LxRelevancy *r = calloc(1, sizeof *r);
  size_t tt = (size_t)(s->t * s->t), ti = (size_t)(s->t * s->i);
  if (r) {
    *r =
        (LxRelevancy){answer, s->t, s->i, malloc(tt * sizeof(double)), malloc(ti * sizeof(double))};
  }
  if (!r || !r->word_word || !r->word_box) {
    lx_relevancy_free(r);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to explain the answer.");
  }
  memcpy(r->word_word, s->tt, tt * sizeof(double));
  memcpy(r->word_box, s->ti, ti * sizeof(double));
  r->word_word[0] = 0;
  *out = r;
  return LX_OK;
}

void lx_relevancy_free(LxRelevancy *self)
{
  if (!self)
    return;
  free(self->word_word);
  free(self->word_box);
  free(self);
}

/* Row of the logits that belongs to the example: pairs share one. */
static int64_t logits_row(const LxLxmert *m, int64_t example)
{
  return m->answer_logits->rows == m->pairs ? example / 2 : example;
}

static LxStatus backward_from(LxLxmert *m, int64_t example, int64_t *answer, LxError *error)
{
  if (!m->answer_logits)
    return lx_fail(error, LX_ERR_ARGUMENT, "The model has no answer head to explain.");
  int64_t rows = m->answer_logits->out.dim[0], n = m->answer_logits->out.dim[1];
  int64_t row = logits_row(m, example);
  const float *logits = lx_f32(&m->answer_logits->out) + row * n;
  if (*answer >= n)
    return lx_fail(error, LX_ERR_ARGUMENT, "The model has %lld answers, counted from 0.",
                   (long long)n);
  if (*answer < 0) {
    *answer = 0;
    for (int64_t j = 1; j < n; j++)
      *answer = logits[j] > logits[*answer] ? j : *answer;
  }
  float *seed = calloc((size_t)(rows * n), sizeof *seed);
  if (!seed)
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory to explain the answer.");
  seed[row * n + *answer] = 1;
  LxStatus status = lx_graph_backward_with(m->graph, m->answer_logits, seed, error);
  free(seed);
  return status;
}

LxStatus lx_relevancy_of_graph(LxLxmert *model, int64_t example, LxMethod method, int64_t answer,
                               LxRelevancy **out, LxError *error)
{
  State s = {0};
  LxStatus status = backward_from(model, example, &answer, error);
  if (!status)
    status = state_new(&s, model, example, error);
  if (!status && method == LX_METHOD_RELEVANCY)
    status = relevancy(&s, error);
  else if (!status && method == LX_METHOD_ROLLOUT)
    rollout(&s);
  else if (!status)
    last_maps(&s, method == LX_METHOD_GRADIENT);
  if (!status)
    status = result(&s, answer, out, error);
  free(s.memory);
  return status;
}

static void each_gradient(const LxLxmert *m, int64_t example, LxMapGradientFunc each,
                          void *user_data)
{
  for (int i = 0; i < lx_graph_node_count(m->graph); i++) {
    const LxNode *node = lx_graph_node(m->graph, i);
    int64_t heads, q, k;
    if (!lx_is_attention(node) || !node->live)
      continue;
    lx_attention_map(node, example, &heads, &q, &k);
    each(node->name + strlen("attn/"), lx_attention_map_grad(node, example), heads, q, k,
         user_data);
  }
}

LxStatus lx_relevancy_of_ask_each(const LxAsk *ask, LxMethod method, int64_t answer, int image,
                                  LxMapGradientFunc each, LxRelevancy **out, LxError *error,
                                  void *user_data)
{
  LxLxmert *m = NULL;
  if (image < 0 || image >= ask->images)
    return lx_fail(error, LX_ERR_ARGUMENT, "Ask a question first.");
  LxStatus status = lx_ask_copy_for_explaining(ask, &m, error);
  if (!status)
    status = lx_graph_run(m->graph, NULL, NULL, error);
  if (!status)
    status = lx_relevancy_of_graph(m, image, method, answer, out, error);
  if (!status && each)
    each_gradient(m, image, each, user_data);
  lx_lxmert_free(m);
  return status;
}

LxStatus lx_relevancy_of_ask(const LxAsk *ask, LxMethod method, int64_t answer, int image,
                             LxRelevancy **out, LxError *error)
{
  return lx_relevancy_of_ask_each(ask, method, answer, image, NULL, out, error, NULL);
}

/* ---- from and to named tensors ---- */

/* `count` elements of sample `sample` from `name` as a batch of one, its second dimension cut. */
static LxStatus take_sample(const LxTensors *inputs, const char *name, int64_t sample, int64_t cut,
                            LxTensors *out, LxError *error)
{
  const LxTensor *from = lx_tensors_find(inputs, name);
  if (!from)
    return LX_OK;
  if (from->ndim < 2 || sample < 0 || sample >= from->dim[0])
    return lx_fail(error, LX_ERR_ARGUMENT, "“%s” has no sample %lld.", name, (long long)sample);
  LxTensor one = *from;
  one.dim[0] = 1;
  size_t each = lx_tensor_bytes(&one);
  if (cut > 0 && cut < one.dim[1])
    one.dim[1] = cut;
  return lx_tensors_add_view(out, name, one.dtype, one.ndim, one.dim,
                             (char *)from->data + (size_t)sample * each, error);
}

static int64_t text_length(const LxTensors *inputs, int64_t sample)
{
  const LxTensor *mask = lx_tensors_find(inputs, "attention_mask");
  int64_t n = 0;
  if (!mask || mask->ndim != 2 || sample < 0 || sample >= mask->dim[0])
    return 0;
  for (int64_t j = 0; j < mask->dim[1]; j++)
    n += lx_tensor_get(mask, sample * mask->dim[1] + j) != 0;
  return n;
}

static LxStatus put(LxTensors *out, const char *name, const double *from, int64_t rows,
                    int64_t columns, LxError *error)
{
  LxTensor *t;
  LxStatus status = lx_tensors_add(out, name, LX_F64, 2, (int64_t[]){rows, columns}, &t, error);
  if (!status)
    memcpy(t->data, from, lx_tensor_bytes(t));
  return status;
}

typedef struct {
  LxTensors *out;
  LxStatus status;
  LxError *error;
} Gradients;

static void put_gradient(const char *map, const float *gradient, int64_t heads, int64_t q,
                         int64_t k, void *user_data)
{
  Gradients *g = user_data;
  char name[64];
  LxTensor *t;
  if (g->status)
    return;
  snprintf(name, sizeof name, "attn_grad/%s", map);
  g->status = lx_tensors_add(g->out, name, LX_F32, 3, (int64_t[]){heads, q, k}, &t, g->error);
  if (!g->status)
    memcpy(t->data, gradient, lx_tensor_bytes(t));
}

static LxStatus put_gradients(const LxLxmert *m, LxTensors *out, LxError *error)
{
  Gradients g = {out, LX_OK, error};
  each_gradient(m, 0, put_gradient, &g);
  return g.status;
}

LxStatus lx_relevancy_named(const LxConfig *config, LxTensors *params, const LxTensors *inputs,
                            int64_t sample, LxMethod method, int64_t answer, LxTensors **out,
                            LxError *error)
{
  LxTensors *one = lx_tensors_new(), *results = lx_tensors_new();
  LxLxmert *m = NULL;
  LxRelevancy *r = NULL;
  int64_t cut = text_length(inputs, sample);
  LxStatus status = LX_OK;
  if (!one || !results)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to explain the answer.");
  static const char *const words[] = {"input_ids", "token_type_ids", "attention_mask"};
  static const char *const objects[] = {"visual_feats", "visual_pos"};
  for (int i = 0; i < 3 && !status; i++)
    status = take_sample(inputs, words[i], sample, cut, one, error);
  for (int i = 0; i < 2 && !status; i++)
    status = take_sample(inputs, objects[i], sample, 0, one, error);
  if (!status)
    status = lx_lxmert_load(config, params, one, LX_EXPLAIN, false, &m, error);
  if (!status)
    status = lx_graph_run(m->graph, NULL, NULL, error);
  if (!status)
    status = lx_relevancy_of_graph(m, 0, method, answer, &r, error);
  if (!status)
    status = put(results, "R_t_t", r->word_word, r->words, r->words, error);
  if (!status)
    status = put(results, "R_t_i", r->word_box, r->words, r->boxes, error);
  if (!status)
    status = put_gradients(m, results, error);
  if (!status)
    *out = lx_tensors_ref(results);
  lx_relevancy_free(r);
  lx_lxmert_free(m);
  lx_tensors_unref(one);
  lx_tensors_unref(results);
  return status;
}
