/* The best answers as bars with probabilities; behind them, as ghosts, what was answered before the
 * edits, or by the run that is held as A. */
#pragma once

#include "lens-canvas.h"
#include "lens-run.h"

G_BEGIN_DECLS

#define LENS_TYPE_ANSWER_BARS (lens_answer_bars_get_type())
G_DECLARE_FINAL_TYPE(LensAnswerBars, lens_answer_bars, LENS, ANSWER_BARS, LensCanvas)

GtkWidget *lens_answer_bars_new(void);

typedef enum {
  LENS_GHOSTS_BEFORE, /* of the same run before its edits */
  LENS_GHOSTS_A,      /* of the run that is held as A */
} LensGhosts;

/* Both are lists of LensAnswer, best first; NULL for none. Bars glide to their new length. The best of
 * the ghosts has a bar, however far it fell. */
void lens_answer_bars_set_answers(LensAnswerBars *self, GListModel *answers, GListModel *ghosts,
                                  LensGhosts whose);

/* The left edges of a line's name, bar and number, and the width of a full bar; names stand where
 * reading begins. */
void lens_answer_bars_get_places(LensAnswerBars *self, double *name, double *bar, double *number,
                                 double *bar_width);

G_END_DECLS
