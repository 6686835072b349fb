/* What lens-library.c (the list) and lens-library-search.c share. */
#pragma once

#include "lens-image-list.h"
#include "lens-library.h"
#include "lens-worker.h"

G_BEGIN_DECLS

struct _LensLibrary {
  GObject parent_instance;
  /* owned */
  LensStore *store;
  GPtrArray *shipped;
  LensImageList *images;
  LensWorker *worker;
  GCancellable *closing;
  gboolean reading;      /* rows or pictures; one thing at a time, so that the newest goes first */
  GArray *waiting;       /* of gint64: images whose picture is to be read, the next one last */
  GHashTable *removed;   /* gint64 id -> guint, where it was */
  GCancellable *finding; /* the last search; those before it are given up */
  gboolean searching;    /* not everything is shown */
  guint preparing;       /* source: the first search is made ready soon */
};

/* Emits "notice". */
void lens_library_tell(LensLibrary *self, const char *message);
/* Once the list is shown: the first search of a large library then takes no longer than others. */
void lens_library_prepare_search(LensLibrary *self);

G_END_DECLS
