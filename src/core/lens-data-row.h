/* One question of a data set with a model's answer, filled in once it was read. */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Texts are never NULL but `truth`, `label` (no answer in the file) and `answer` (not asked). */
typedef struct {
  const char *id, *question, *image, *image2, *answer_type, *question_type;
  const char *truth, *label; /* label: JSON {answer: score} */
  const char *answer;
  double confidence; /* 0..1 */
  double score;      /* 0..1, -1 unknown */
} LensDataRowInfo;

#define LENS_TYPE_DATA_ROW (lens_data_row_get_type())
G_DECLARE_FINAL_TYPE(LensDataRow, lens_data_row, LENS, DATA_ROW, GObject)

/* Not filled: empty texts. Signal "filled" when they have become others. */
LensDataRow *lens_data_row_new(guint number);
void lens_data_row_fill(LensDataRow *self, const LensDataRowInfo *info);
/* From now on another row of the file; `info` NULL: not filled yet. */
void lens_data_row_reuse(LensDataRow *self, guint number, const LensDataRowInfo *info);
gboolean lens_data_row_is_filled(LensDataRow *self);
guint lens_data_row_get_number(LensDataRow *self); /* in the file, 0-based */
/* Borrowed. */
const LensDataRowInfo *lens_data_row_get_info(LensDataRow *self);

G_END_DECLS
