#pragma once

#include "lens-session.h"
#include "lx-ask.h"

G_BEGIN_DECLS

typedef struct _LensEyes LensEyes;

/* ---- lens-eyes.c: the detector ---- */
/* Nothing is loaded until the first picture. */
LensEyes *lens_eyes_new(const char *folder);
const char *lens_eyes_get_folder(LensEyes *self);
void lens_eyes_free(LensEyes *self);
/* Identity of the detector for stored regions; borrowed. */
const char *lens_eyes_get_fingerprint(LensEyes *self, GError **error);
LxRegions *lens_eyes_detect(LensEyes *self, GdkPixbuf *picture, LensSessionProgress progress,
                            gpointer progress_data, GCancellable *cancellable, GError **error);
/* Features and names of boxes [n][4] in pixels of the picture; owned. */
LxRegions *lens_eyes_describe(LensEyes *self, GdkPixbuf *picture, const float *boxes, int n,
                              GError **error);
/* Borrowed names; NULL out of range. */
const char *lens_eyes_object(LensEyes *self, gint64 id);
const char *lens_eyes_attribute(LensEyes *self, gint64 id);
/* How many regions a picture should have at least; 0 unknown. */
/* Fills in what the detector says of itself: the boxes that it looks for, its channel order. */
void lens_eyes_vouch(LensEyes *self, LensSanity *out);

/* ---- lens-mind.c: one opened model with its last question ---- */
typedef struct _LensMind LensMind;

LensMind *lens_mind_open(LensModel *model, GError **error);
void lens_mind_free(LensMind *self);
const char *lens_mind_get_id(LensMind *self);
/* FALSE when the folder's weights are others than those that were opened. */
gboolean lens_mind_is_fresh(LensMind *self);
/* Asks, or changes the last question's run by the edits. `ask->scene` and `ask->right` have the boxes
 * placed already; the answers before the edits are those of `ask->question` about them as they were
 * found. */
gboolean lens_mind_ask(LensMind *self, const LensSessionAsk *ask, GCancellable *cancellable,
                       GError **error);
/* Of the last ask. Owned; `id` is the store's. */
GListModel *lens_mind_get_answers(LensMind *self);
double lens_mind_get_milliseconds(LensMind *self);
LensRun *lens_mind_get_run(LensMind *self, const LensSessionAsk *ask, gint64 id);
/* The engine's run of the last ask; borrowed. */
const LxAsk *lens_mind_get_ask(LensMind *self);

/* ---- lens-mind-look.c: what the last ask holds beside its maps; owned ---- */
LensRelevancy *lens_mind_explain(LensMind *self, int image, int answer, LensExplain method,
                                 GError **error);
LensNeuron *lens_mind_look_at_head(LensMind *self, int image, const char *map, int head,
                                   GError **error);

/* The hidden states that points are made of: rows[stages][words][size], then [stages][boxes][size]. */
typedef struct {
  int stages, words, boxes, language, vision, size;
  float *rows;
} LensHidden;

LensHidden *lens_mind_get_hidden(LensMind *self, int image, GError **error);
void lens_hidden_free(LensHidden *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensHidden, lens_hidden_free)
/* With `beside` (NULL: none) both on the axes of all of them together, where they are as long. */
LensStates *lens_hidden_to_states(const LensHidden *self, const LensHidden *beside);

/* ---- lens-session-place.c: boxes moved and added ---- */
/* The scene as it was found; borrowed. */
LensScene *lens_session_found(LensScene *scene);
GListModel *lens_session_list_regions(LensEyes *eyes, const LxRegions *regions); /* owned */
/* The detector that saw the scene, or one of such features; borrowed until the next call. */
LensEyes *lens_session_eyes(LensSession *self, LensScene *scene);
/* The folder of the detector that saw the scene; NULL: its features are a file's. */
void lens_session_note_detector(LensScene *scene, const char *folder);
const char *lens_session_get_detector(LensScene *scene);

struct _LensSession {
  LensStore *store;           /* owned reference */
  char *data_dir, *state_dir; /* state_dir NULL: no detector was added */
  LensEyes *eyes;             /* the shipped detector */
  LensEyes *other;            /* the one that was needed last beside it; NULL: none */
  GHashTable *folders;  /* "features model" -> a detector's folder or NULL, as long as `changes` */
  int changes;          /* of lens_detectors_get_changes */
  GPtrArray *minds;     /* of LensMind, the last used one last */
  LensScene *placed[2]; /* the last one of lens_session_place, of either image */
  GPtrArray *seen;      /* of LensScene: seen by another detector, the last ones */
};

G_END_DECLS
