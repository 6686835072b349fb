/* Places for the labels of boxes on an image, so that none covers another. Internal to src/figure. */
#pragma once

#include "figure.h"

typedef struct {
  FigureRect box;   /* what is labelled */
  double w, h;      /* of the label's plate */
  FigureRect place; /* result: the plate */
  bool placed;      /* false: no free place; `place` is then the first choice */
} FigureLabel;

/* In the given order: earlier labels get the better places. Places lie inside `room`. */
void figure_labels_place(FigureLabel *labels, int n, FigureRect room);
