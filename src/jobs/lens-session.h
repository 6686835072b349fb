/* The engine's side of interactive work: detector and models, opened once and kept. Everything is
 * called on the session thread, but for new and free. */
#pragma once

#include <gio/gio.h>

#include "lens-edits.h"
#include "lens-look.h"
#include "lens-model.h"
#include "lens-run.h"
#include "lens-scene.h"
#include "lens-store.h"
#include "lx-regions.h"

G_BEGIN_DECLS

typedef struct _LensSession LensSession;

/* Nothing is loaded until it is needed. */
/* `state_dir` NULL: only the shipped detector sees. */
LensSession *lens_session_new(const char *data_dir, const char *state_dir, LensStore *store);
void lens_session_free(LensSession *self); /* NULL is fine */

/* Called on the session thread, 0..1. */
typedef void (*LensSessionProgress)(double done, const char *what, gpointer user_data);

/* Reads the picture, takes its regions from the store or detects them, and keeps image,
 * thumbnail and regions. A store that cannot keep them is no failure: *notice (owned) tells. */
LensScene *lens_session_open_image(LensSession *self, const char *path,
                                   LensSessionProgress progress, gpointer progress_data,
                                   GCancellable *cancellable, char **notice, GError **error);

/* Where the image with these contents is: `path`, or a place that the library knows; `path` also when
 * another image is there and this one is nowhere. NULL with `error` when there is neither. Owned. */
char *lens_session_find_image(LensSession *self, const char *path, const char *sha256,
                              GError **error);

typedef struct {
  LensScene *scene;
  LensScene *right; /* the second image of a statement about two; NULL otherwise */
  const char *question;
  LensModel *model;
  const LensEdits *edits; /* NULL or empty: none, and the answers are kept */
} LensSessionAsk;

LensRun *lens_session_ask(LensSession *self, const LensSessionAsk *ask, GCancellable *cancellable,
                          char **notice, GError **error);
/* What an answer (row of the answer table, -1 = the best) rests on, in image 0 or a pair's 1; asks
 * first where the model's last question was another, like the next two. Owned. */
LensRelevancy *lens_session_explain(LensSession *self, const LensSessionAsk *ask, int image,
                                    int answer, LensExplain method, GCancellable *cancellable,
                                    GError **error);
/* One head's queries and keys; owned. */
LensNeuron *lens_session_look_at_head(LensSession *self, const LensSessionAsk *ask, int image,
                                      const char *map, int head, GCancellable *cancellable,
                                      GError **error);
/* The hidden states as points, with those of another ask beside them (NULL: alone); owned. */
LensStates *lens_session_look_at_states(LensSession *self, const LensSessionAsk *ask, int image,
                                        const LensSessionAsk *beside, int beside_image,
                                        GCancellable *cancellable, GError **error);
/* The scene, image 0 or 1 of what is asked, with the boxes where the edits put them, described by the
 * detector: `scene` itself when they are there already, the one as it was found when none is placed.
 * `scene` may be either. Owned. */
LensScene *lens_session_place(LensSession *self, LensScene *scene, int image,
                              const LensEdits *edits, GError **error);
/* Opens the model now, or says why it cannot be used. */
gboolean lens_session_check_model(LensSession *self, LensModel *model, GError **error);

/* The regions that a scene of this session holds; borrowed. */
const LxRegions *lens_session_regions(LensScene *scene);

/* Regions of a picture for training, kept in the store; owned. `detector`: its folder, NULL for the
 * shipped one. */
LxRegions *lens_session_detect(LensSession *self, const char *path, const char *detector,
                               GCancellable *cancellable, GError **error);

G_END_DECLS
