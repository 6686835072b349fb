#include "figure-labels.h"

#include <math.h>

#include "figure-text.h"

#define STEPS 5

static double clamp(double x, double low, double high)
{
  return fmax(low, fmin(x, high));
}

/* Candidate `i`: lines above, inside the top, inside the bottom, below; from left to right. */
static FigureRect candidate(const FigureLabel *label, int i, FigureRect room)
{
  const FigureRect *b = &label->box;
  const double lines[] = {b->y - label->h, b->y, b->y + b->h - label->h, b->y + b->h};
  double slide = fmax(b->w - label->w, 0.0) * (i / 4) / (STEPS - 1);
  FigureRect r = {b->x + slide, lines[i % 4], label->w, label->h};

  r.x = clamp(r.x, room.x, room.x + room.w - label->w);
  r.y = clamp(r.y, room.y, room.y + room.h - label->h);
  return r;
}

static bool is_free(const FigureLabel *labels, int n, FigureRect r)
{
  for (int i = 0; i < n; i++)
    if (labels[i].placed && figure_rects_meet(labels[i].place, r))
      return false;
  return true;
}

void figure_labels_place(FigureLabel *labels, int n, FigureRect room)
{
  for (int k = 0; k < n; k++) {
    FigureLabel *label = &labels[k];
    label->placed = false;
    label->place = candidate(label, 0, room);
    if (label->w > room.w || label->h > room.h || label->w <= 0.0)
      continue;
    for (int i = 0; i < 4 * STEPS && !label->placed; i++) {
      FigureRect r = candidate(label, i, room);
      if (is_free(labels, k, r)) {
        label->place = r;
        label->placed = true;
      }
    }
  }
}
