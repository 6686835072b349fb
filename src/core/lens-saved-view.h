/* What a person looks at, as a small text file (.crosslens) that another person can open: which
 * image, question and model, what was changed, and which map is shown how. */
#pragma once

#include "lens-edits.h"
#include "lens-run.h"
#include "lens-selection.h"

G_BEGIN_DECLS

typedef struct _LensSavedView LensSavedView;
struct _LensSavedView {
  char *image;  /* path */
  char *sha256; /* of the image's file; NULL unknown */
  char *question;
  char *model;          /* id */
  char *model_hash;     /* NULL unknown */
  char *partner;        /* path of the second image of a statement about two; NULL: one image */
  char *partner_sha256; /* of its file; NULL unknown */
  int half;             /* which of the two is looked at; 2: both */
  LensEdits *edits;     /* never NULL */
  char *map;
  int head;
  LensReading reading;
  gboolean hide_special;
  double top_p;
  gboolean renormalise;
  int answer; /* that relevancy is about; -1: the best */
  LensTarget pinned;
  gboolean merge_words;
  guint64 chosen;      /* the heads that are read together, a bit each */
  char *view;          /* "graph", "matrix", ... */
  LensSavedView *held; /* the run that is held as A: image, question, model and edits; NULL: none */
  int compare;         /* what is shown of it: b, both, more, less, a */
};

LensSavedView *lens_saved_view_new(LensRun *run, LensSelection *selection, const char *view);
/* Holds the run as A. */
void lens_saved_view_hold(LensSavedView *self, LensRun *run);
LensSavedView *lens_saved_view_copy(const LensSavedView *self);
void lens_saved_view_free(LensSavedView *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensSavedView, lens_saved_view_free)

gboolean lens_saved_view_write(const LensSavedView *self, const char *path, GError **error);
/* NULL for a file that is none; numbers out of range are brought into it. */
LensSavedView *lens_saved_view_read(const char *path, GError **error);

/* Map, head, reading and filters; what is pinned has to wait for the run. */
void lens_saved_view_apply(const LensSavedView *self, LensSelection *selection);

G_END_DECLS
