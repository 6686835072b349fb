#include "lens-scene-drag.h"

#include <math.h>

#define EDGE 6.0   /* pixels around an edge that take hold of it */
#define CLICK 4.0  /* pixels that are no drag */
#define LEAST 6.0  /* pixels of a new box */
#define TINY 0.005 /* the least side, as a share of the image */

static gboolean
holds(const FigureRect *rect, double x, double y, double margin)
{
  return x >= rect->x - margin && x <= rect->x + rect->w + margin && y >= rect->y - margin
         && y <= rect->y + rect->h + margin;
}

/* -1 at the near edge, 1 at the far one, 0 between; small boxes keep a middle to move them by. */
static int
edge_at(double at, double size, double margin)
{
  margin = MIN(margin, size / 4);
  return at < margin ? -1 : at > size - margin ? 1 : 0;
}

static LensDragMode
mode_at(const FigureRect *image, const FigureRect *pinned, double x, double y, int *side_x,
        int *side_y)
{
  *side_x = *side_y = 0;
  if (pinned && pinned->w > 0 && holds(pinned, x, y, EDGE)) {
    *side_x = edge_at(x - pinned->x, pinned->w, EDGE);
    *side_y = edge_at(y - pinned->y, pinned->h, EDGE);
    return *side_x || *side_y ? LENS_DRAG_RESIZE : LENS_DRAG_MOVE;
  }
  return holds(image, x, y, 0) ? LENS_DRAG_NEW : LENS_DRAG_NONE;
}

void
lens_scene_drag_begin(LensSceneDrag *self, const FigureRect *image, const FigureRect *pinned,
                      int box, double x, double y)
{
  *self = (LensSceneDrag){ .image = *image, .x = x, .y = y, .box = -1 };
  self->mode = mode_at(image, pinned, x, y, &self->side_x, &self->side_y);
  if (self->mode == LENS_DRAG_MOVE || self->mode == LENS_DRAG_RESIZE) {
    self->from = *pinned;
    self->box = box;
  } else {
    self->from = (FigureRect){ x, y, 0, 0 };
    self->side_x = self->side_y = 1;
  }
}

/* The two ends of one axis as shares, in order, inside, apart. */
static void
settle(double a, double b, double origin, double size, float *low, float *high)
{
  double from = CLAMP((MIN(a, b) - origin) / size, 0, 1);
  double to = CLAMP((MAX(a, b) - origin) / size, 0, 1);

  if (to - from < TINY) {
    from = MIN(from, 1 - TINY);
    to = from + TINY;
  }
  *low = (float)from;
  *high = (float)MIN(to, 1);
}

gboolean
lens_scene_drag_update(LensSceneDrag *self, double dx, double dy)
{
  FigureRect r = self->from;
  double x1 = r.x, x2 = r.x + r.w, y1 = r.y, y2 = r.y + r.h;

  if (self->mode <= LENS_DRAG_PAN)
    return FALSE;
  self->moved |= hypot(dx, dy) >= CLICK;
  if (self->mode == LENS_DRAG_MOVE) {
    dx = CLAMP(dx, self->image.x - x1, self->image.x + self->image.w - x2);
    dy = CLAMP(dy, self->image.y - y1, self->image.y + self->image.h - y2);
    x1 += dx, x2 += dx, y1 += dy, y2 += dy;
  } else {
    *(self->side_x < 0 ? &x1 : &x2) += self->side_x ? dx : 0;
    *(self->side_y < 0 ? &y1 : &y2) += self->side_y ? dy : 0;
  }
  settle(x1, x2, self->image.x, self->image.w, &self->rect[0], &self->rect[2]);
  settle(y1, y2, self->image.y, self->image.h, &self->rect[1], &self->rect[3]);
  if (self->mode == LENS_DRAG_NEW)
    return self->moved && fabs(dx) >= LEAST && fabs(dy) >= LEAST;
  return self->moved;
}

void
lens_scene_drag_nudge(float rect[4], double dx, double dy, gboolean resize)
{
  if (!resize) {
    dx = CLAMP(dx, -rect[0], 1 - rect[2]);
    dy = CLAMP(dy, -rect[1], 1 - rect[3]);
    rect[0] = (float)(rect[0] + dx);
    rect[1] = (float)(rect[1] + dy);
  }
  settle(rect[0], MAX(rect[2] + dx, rect[0]), 0, 1, &rect[0], &rect[2]);
  settle(rect[1], MAX(rect[3] + dy, rect[1]), 0, 1, &rect[1], &rect[3]);
}

const char *
lens_scene_drag_cursor(const FigureRect *image, const FigureRect *pinned, double x, double y)
{
  static const char *const edges[3][3] = {
    { "nw-resize", "n-resize", "ne-resize" },
    { "w-resize", "move", "e-resize" },
    { "sw-resize", "s-resize", "se-resize" },
  };
  int side_x, side_y;

  switch (mode_at(image, pinned, x, y, &side_x, &side_y)) {
  case LENS_DRAG_MOVE:
  case LENS_DRAG_RESIZE:
    return edges[side_y + 1][side_x + 1];
  case LENS_DRAG_NEW:
    return "crosshair";
  default:
    return "default";
  }
}
