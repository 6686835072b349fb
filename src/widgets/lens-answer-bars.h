/* The best answers as bars with probabilities; behind them, as ghosts, what the model answered
 * before the edits. */
#pragma once

#include "lens-canvas.h"
#include "lens-run.h"

G_BEGIN_DECLS

#define LENS_TYPE_ANSWER_BARS (lens_answer_bars_get_type())
G_DECLARE_FINAL_TYPE(LensAnswerBars, lens_answer_bars, LENS, ANSWER_BARS, LensCanvas)

GtkWidget *lens_answer_bars_new(void);

/* Both are lists of LensAnswer, best first; NULL for none. Bars glide to their new length. */
void lens_answer_bars_set_answers(LensAnswerBars *self, GListModel *answers, GListModel *baseline);

/* The left edges of a line's name, bar and number, and the width of a full bar; names stand where
 * reading begins. */
void lens_answer_bars_get_places(LensAnswerBars *self, double *name, double *bar, double *number,
                                 double *bar_width);

G_END_DECLS
