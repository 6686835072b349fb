/* Questions and the models' answers. See lens-store.h for threads. */
#pragma once

#include "lens-store.h"

G_BEGIN_DECLS

/* Keeps an answered question: the same text about the same image, or pair, is one row, asked now; the model's
 * earlier answers to it are replaced. Takes a deletion back. `question->asked_at` 0 = now;
 * `model_id` NULL: only the question, without answers. Returns the question's id; 0 with `error`.
 */
gint64 lens_store_put_question(LensStore *self, const LensStoreQuestion *question, GError **error);
/* Of LensStoreQuestion, newest first, each with the newest run's answers; deleted ones left out. */
GPtrArray *lens_store_list_questions(LensStore *self, gint64 image_id, GError **error);

G_END_DECLS
