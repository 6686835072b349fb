/* The words of a question as the tokenizer cuts them, to change one of them. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Bytes [begin, end) of the word that token `index` belongs to; `tokens` with [CLS], [SEP] and "##"
 * pieces, NULL-terminated. FALSE for [CLS], [SEP] and what is not in the question. */
gboolean lens_wording_find(const char *question, const char *const *tokens, int index, gsize *begin,
                           gsize *end);

/* The question with that word replaced (empty: left out), single spaces between; owned, NULL where
 * there is no such word or nothing would be left to ask. */
char *lens_wording_replace(const char *question, const char *const *tokens, int index,
                           const char *word);

G_END_DECLS
