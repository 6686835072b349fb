/* How often a value occurs among the rows of a data set, or a pair of right and given answer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char *name, *other; /* owned; other: of pairs the given answer, else NULL */
  gint64 n;
  double score; /* sum over the labelled ones; -1 without any */
} LensTally;

void lens_tally_free(LensTally *self);

G_END_DECLS
