/* What lens-window-open.c keeps in a window. */
#pragma once

#include "lens-window.h"

G_BEGIN_DECLS

typedef struct {
  char *expected;   /* hash of the image that a saved view was made on, until it is open */
  int starts;       /* what was tried to begin with: last time's image, the shipped scene */
  gboolean instead; /* the start is on its way because something failed: that is still said */
} LensOpening;

LensOpening *lens_window_get_opening(LensWindow *self); /* borrowed */
void lens_opening_clear(LensOpening *self);
/* An answer is there. TRUE: what stands in the error bar is about something else. */
gboolean lens_opening_answered(LensOpening *self);

/* Says so when it is not the image that the session was saved with. */
void lens_window_check_expected(LensWindow *self, LensScene *scene);
/* Something failed: a page that is empty shows the start. */
void lens_window_open_instead(LensWindow *self);

G_END_DECLS
