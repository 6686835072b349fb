/* A model as a list of nodes in execution order, run forward and backward.
 *
 * Building: lx_graph_new, then op constructors (lx_op_*.h) append nodes, then lx_graph_prepare
 * allocates one arena. Building errors are sticky: a constructor that gets NULL or fails returns
 * NULL, and lx_graph_prepare reports the first failure. So builders need no checks.
 *
 * Rows: the first dimension of most outputs is a number that changes from run to run (tokens,
 * objects, examples). It is a *row kind* with a capacity; lx_graph_set_rows sets the actual
 * number, and every node of that kind gets it as out.dim[0]. */
#pragma once

#include "lx-tensors.h"

#define LX_MAX_INPUTS 8
#define LX_MAX_NODE_PARAMS 16
#define LX_MAX_ROW_KINDS 16
#define LX_ROWS_FIXED (-1)

typedef struct LxGraph LxGraph;
typedef struct LxNode LxNode;

/* A parameter as one graph sees it: the shared value and this graph's gradient. */
typedef struct {
  const char *name;      /* borrowed from the LxTensors */
  const LxTensor *value; /* F32, borrowed; shared and immutable unless a trainer owns it */
  float *grad;           /* same count; NULL unless the graph trains it */
  bool frozen;           /* true: gets no gradient */
  bool reached;          /* set by lx_graph_backward: some path from the loss ends here */
  bool blank; /* `grad` counts as zeros, whatever is there: the first to add overwrites */
  int last;   /* the node that adds to `grad` last in a backward */
} LxParam;

typedef struct {
  const char *name;
  /* Fills node->out from node->in[i]->out. */
  void (*forward)(LxGraph *graph, LxNode *node);
  /* Adds to node->in[i]->grad (where not NULL) and node->param[i]->grad (where not NULL), given
   * node->grad. NULL: no gradient passes. */
  void (*backward)(LxGraph *graph, LxNode *node);
  /* `backward` heeds `blank` of its inputs and matrices: lx_take_blank. For others, blank gradients
   * are cleared first. */
  bool heeds_blank;
  /* Begins the forward of two nodes with the same first parameter that do not wait for each other,
   * where that is faster than one after the other; their forward then goes on from there. Only in
   * graphs that pack. May be NULL. */
  void (*begin_both)(LxGraph *graph, LxNode *one, LxNode *other);
  /* Frees what node->attr points to, beyond lx_graph_alloc's memory. May be NULL. */
  void (*release)(LxNode *node);
} LxOp;

struct LxNode {
  const LxOp *op;
  char name[48]; /* golden name, "hidden/lang.1.att", "attn/x.0.vis_self"; or "" */
  int index;     /* position in the graph */
  int rows;      /* row kind of dim[0], or LX_ROWS_FIXED */
  int n_in;
  LxNode *in[LX_MAX_INPUTS];
  int n_param;
  LxParam *param[LX_MAX_NODE_PARAMS];
  LxTensor out;         /* data: arena */
  float *grad;          /* of out, F32; NULL when not needed */
  bool blank;           /* `grad` counts as zeros, whatever is there */
  void *attr;           /* the op's settings; lx_graph_alloc */
  size_t scratch_bytes; /* asked for at build time */
  void *scratch;        /* arena; kept from forward to backward */
  size_t kept_bytes;    /* like scratch_bytes, for what only the backward reads */
  void *kept;           /* arena; NULL in LX_INFER */
  bool no_grad;         /* out is data (labels, images): never give it a gradient */
  bool keep;            /* lx_graph_keep */
  bool live;            /* backward: on a path from the loss */
  bool ran;             /* lx_graph_run_from: recomputed in this run */
  LxNode *partner;      /* begun with this one, which is first; NULL = none */
  bool begun;           /* in this run, by begin_both */
};

typedef enum {
  LX_INFER,   /* forward only */
  LX_EXPLAIN, /* activation gradients, none for parameters; no dropout */
  LX_TRAIN,   /* both, dropout on unless graph's dropout is switched off */
} LxMode;

/* Parameters are looked up in `params` (a reference is taken). NULL when out of memory. */
LxGraph *lx_graph_new(LxTensors *params);
void lx_graph_free(LxGraph *self); /* NULL is fine */

/* ---- building ---- */
/* A new row kind with room for `capacity` rows. */
int lx_graph_add_rows(LxGraph *self, int64_t capacity);
/* Appends a node. `dim[0]` is ignored (the kind's capacity) unless rows is LX_ROWS_FIXED. Inputs
 * and params are set by the caller through lx_node_input/lx_node_param. NULL after a failure. */
LxNode *lx_graph_add(LxGraph *self, const LxOp *op, const char *name, int rows, LxDType dtype,
                     int ndim, const int64_t *dim);
void lx_node_input(LxGraph *self, LxNode *node, LxNode *input);
/* Binds parameter `name`; the shape must be `dim` (-1 = any). A missing or misshapen one fails
 * the graph. Returns it. */
LxParam *lx_node_param(LxGraph *self, LxNode *node, const char *name, int ndim, const int64_t *dim);
/* Zeroed memory that lives as long as the graph; NULL fails the graph. */
void *lx_graph_alloc(LxGraph *self, size_t bytes);
/* Makes the graph fail with this message (the first one counts). Always returns NULL. */
LxNode *lx_graph_fail(LxGraph *self, LxStatus code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
bool lx_graph_failed(const LxGraph *self);

/* A node that only holds data, filled by the caller through node->out.data after prepare. */
LxNode *lx_graph_input(LxGraph *self, const char *name, int rows, LxDType dtype, int ndim,
                       const int64_t *dim);

/* Before running: LX_INFER and LX_EXPLAIN may lay weights out for fast products
 * (lx-packed-shared.h). Only for parameters that nobody changes while they are shared. */
void lx_graph_set_packed(LxGraph *self, bool packed);

/* Before prepare: in LX_INFER an output's memory goes to others after its last reader, and what a
 * node keeps for itself (attention maps) after the node; in LX_TRAIN an output's gradient after the
 * node's backward. Inputs stay, and what is kept. */
void lx_graph_set_sharing(LxGraph *self, bool sharing);
/* Before prepare: what this node computes stays until the next run. NULL is fine. */
void lx_graph_keep(LxGraph *self, LxNode *node);
/* Inputs stay without being kept. */
bool lx_node_stays(const LxNode *self);

/* Allocates the arena for `mode`. Reports the first building error, if there was one. */
LxStatus lx_graph_prepare(LxGraph *self, LxMode mode, LxError *error);

/* ---- running ---- */
/* 0 <= n <= capacity, else LX_ERR_ARGUMENT. */
LxStatus lx_graph_set_rows(LxGraph *self, int kind, int64_t n, LxError *error);
int64_t lx_graph_rows(const LxGraph *self, int kind);
int64_t lx_graph_capacity(const LxGraph *self, int kind);
/* All nodes. `progress` may be NULL. */
LxStatus lx_graph_run(LxGraph *self, LxProgress progress, void *user_data, LxError *error);
/* `from` and whatever depends on it; everything else keeps its last values. LX_ERR_ARGUMENT where
 * that reads what is not kept. */
LxStatus lx_graph_run_from(LxGraph *self, LxNode *from, LxError *error);
/* Like run_from for several changed nodes at once. */
LxStatus lx_graph_run_changed(LxGraph *self, LxNode *const *changed, int n, LxError *error);
/* Backward from `loss` whose grad the caller has set (lx_graph_seed_grad) or, for a scalar loss,
 * is 1. Activation gradients are cleared first; parameter gradients accumulate. */
LxStatus lx_graph_backward(LxGraph *self, LxNode *loss, LxError *error);
/* The same, watched: `progress` (may be NULL) is called before each node and can stop it; `complete` (may
 * be NULL) as soon as nothing more is added to a parameter's gradient in this backward. */
typedef struct {
  LxProgress progress;
  LxStatus (*complete)(LxParam *param, void *user_data, LxError *error);
  void *user_data;
} LxBackwardWatch;
LxStatus lx_graph_backward_watched(LxGraph *self, LxNode *loss, const LxBackwardWatch *watch,
                                   LxError *error);
/* Backward from `node` with d(node)[i] = grad[i] for all its elements. */
LxStatus lx_graph_backward_with(LxGraph *self, LxNode *node, const float *grad, LxError *error);
void lx_graph_zero_grads(LxGraph *self);
/* How much of a gradient that is added to counts (a product's beta): nothing when it is blank,
 * which it is no longer then. */
float lx_take_blank(bool *blank);
/* Makes a blank gradient zeros. */
void lx_node_clear_blank(LxNode *self);

/* ---- looking in ---- */
LxTensors *lx_graph_tensors(const LxGraph *self); /* the parameters; borrowed */
bool lx_graph_packed(const LxGraph *self);
LxMode lx_graph_mode(const LxGraph *self);
/* Dropout's generator: masks depend on (seed, step, node). */
void lx_graph_set_random(LxGraph *self, uint64_t seed, uint64_t step);
uint64_t lx_graph_seed(const LxGraph *self);
uint64_t lx_graph_step(const LxGraph *self);
/* False switches dropout off in LX_TRAIN (gradient checks). */
void lx_graph_set_dropout(LxGraph *self, bool on);
bool lx_graph_dropout(const LxGraph *self);
LxNode *lx_graph_find(const LxGraph *self, const char *name); /* NULL when absent */
int lx_graph_node_count(const LxGraph *self);
LxNode *lx_graph_node(const LxGraph *self, int index);
int lx_graph_param_count(const LxGraph *self);
LxParam *lx_graph_param(const LxGraph *self, int index);
LxParam *lx_graph_find_param(const LxGraph *self, const char *name);
size_t lx_graph_arena_bytes(const LxGraph *self);
