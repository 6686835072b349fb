/* One measure of every head as dots with their intervals: a line for each map, a lane in it for each
 * head, the heads' mean as a bar across, what chance would give as a cross.
 *
 *   Language layer 1 |  ×   ●–        |
 *                    |  × –●–     ┃   |
 *   Language layer 2 |  …             |
 *                    0%      25%     50% */
#pragma once

#include "figure.h"

#ifdef __cplusplus
extern "C" {
#endif

#define FIGURE_FINDINGS_MEAN (-1)

/* Dots of one line follow each other. NAN: not known, not drawn. */
typedef struct {
  const char *line;        /* "Language layer 1"; borrowed while the layout is made */
  int head;                /* 0-based, or FIGURE_FINDINGS_MEAN */
  double value, low, high; /* with its interval */
  double chance;
  bool second; /* of the model that is beside */
} FigureFinding;

typedef struct {
  const FigureFinding *items; /* [n] */
  int n;
  bool share; /* 0..1, shown in per cent */
  const char *title;
  const char *model, *second;                      /* names for the legend; second NULL: none */
  const char *head_text, *mean_text, *chance_text; /* the legend's words */
} FigureFindingsInput;

typedef struct {
  FigureRect rect;          /* the dot with its interval, its lane's height */
  double x, y;              /* of the dot; of a mean the bar's middle */
  double low, high, chance; /* x; NAN */
  double bar;               /* half the height of a mean's bar */
  bool mean, second;
} FigureDot;

typedef struct {
  double y, h;
  char *label; /* what fits */
  bool second;
} FigureFindingsLine;

typedef struct {
  double x;
  char text[16];
} FigureTick;

typedef struct {
  double width, height; /* height may be more than asked for: let it scroll */
  double font_size;
  double lane; /* height of a head */
  FigureRect plot;
  FigureDot *dots; /* [n] as in the input */
  int n;
  FigureFindingsLine *lines; /* [n_lines] */
  int n_lines;
  FigureTick ticks[8];
  int n_ticks;
  char *title, *model, *second, *head_text, *mean_text, *chance_text;
} FigureFindings;

/* *out is owned: figure_findings_free. Fails without a known value. */
bool figure_findings_layout(const FigureFindingsInput *input, const FigureStyle *style,
                            double width, double height, FigureFindings **out, FigureError *error);
void figure_findings_free(FigureFindings *self); /* NULL is fine */
/* The dot or bar near the point, -1 for none. */
int figure_findings_hit(const FigureFindings *self, double x, double y);
/* `dot` stands out, -1 = none. */
void figure_findings_draw(cairo_t *cr, const FigureFindings *self, const FigureStyle *style,
                          int dot);

#ifdef __cplusplus
}
#endif
