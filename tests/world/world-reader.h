/* Reads the world's questions back from their plain text: a second, independent opinion on what
 * they mean. It knows the words and scene->relations, and nothing of how sentences are made. */
#pragma once

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "world-language.h"

typedef struct {
  char words[WORLD_MAX_WORDS][24];
  int n;
} Words;

static inline void split_words(const char *text, Words *w)
{
  w->n = 0;
  while (*text) {
    int k = 0;
    if (*text == ' ') {
      text++;
      continue;
    }
    if (ispunct((unsigned char)*text))
      w->words[w->n][k++] = *text++;
    else
      while (isalnum((unsigned char)*text) && k < 23)
        w->words[w->n][k++] = (char)tolower((unsigned char)*text++);
    w->words[w->n++][k] = 0;
  }
}

static inline bool is_word(const Words *w, int i, const char *word)
{
  return i >= 0 && i < w->n && strcmp(w->words[i], word) == 0;
}

static inline bool has_word(const Words *w, const char *word)
{
  for (int i = 0; i < w->n; i++)
    if (is_word(w, i, word))
      return true;
  return false;
}

static inline int find_in(const Words *w, int i, const char *(*name)(int), int n)
{
  for (int k = 0; k < n; k++)
    if (is_word(w, i, name(k)))
      return k;
  return -1;
}

static inline int class_at(const Words *w, int i, bool *plural)
{
  int c = find_in(w, i, world_class_name, WORLD_N_CLASSES);
  *plural = c < 0;
  return c >= 0 ? c : find_in(w, i, world_class_plural, WORLD_N_CLASSES);
}

static inline int colour_at_word(const Words *w, int i)
{
  return find_in(w, i, world_attribute_name, WORLD_N_ATTRIBUTES);
}

/* A relation phrase at *i; moves behind it. -1: there is none. */
static inline int relation_at(const Words *w, int *i)
{
  static const struct {
    const char *words[4];
    int kind;
  } forms[] = {{{"to", "the", "left", "of"}, WORLD_LEFT_OF},
               {{"to", "the", "right", "of"}, WORLD_RIGHT_OF},
               {{"left", "of"}, WORLD_LEFT_OF},
               {{"right", "of"}, WORLD_RIGHT_OF},
               {{"behind"}, WORLD_BEHIND},
               {{"in", "front", "of"}, WORLD_IN_FRONT_OF},
               {{"next", "to"}, WORLD_NEXT_TO},
               {{"beside"}, WORLD_NEXT_TO},
               {{"near"}, WORLD_NEXT_TO},
               {{"on", "top", "of"}, WORLD_ON},
               {{"on"}, WORLD_ON},
               {{"under"}, WORLD_UNDER},
               {{"below"}, WORLD_UNDER},
               {{"holding"}, WORLD_HOLDING},
               {{"carrying"}, WORLD_HOLDING},
               {{"wearing"}, WORLD_WEARING}};
  for (size_t f = 0; f < sizeof forms / sizeof *forms; f++) {
    int k = 0;
    while (k < 4 && forms[f].words[k] && is_word(w, *i + k, forms[f].words[k]))
      k++;
    if (k == 4 || !forms[f].words[k]) {
      *i += k;
      return forms[f].kind;
    }
  }
  return -1;
}

static inline bool stands(const WorldScene *s, int i, int kind, int j)
{
  for (int r = 0; r < s->n_relations; r++)
    if (s->relations[r].subject == i && s->relations[r].kind == kind && s->relations[r].object == j)
      return true;
  return false;
}

static inline int only_bit(unsigned set)
{
  for (int i = 0; i < 32; i++)
    if (set == 1u << i)
      return i;
  return -1;
}

/* The objects that the noun phrase at *i may mean (bits); moves behind it. Returns false when no
 * noun phrase starts there. An anchor must mean exactly one object. */
static inline bool read_phrase(const Words *w, const WorldScene *s, int *i, int hops, unsigned *set)
{
  int at = *i, colour, c;
  bool plural;
  if (is_word(w, at, "the") || is_word(w, at, "a") || is_word(w, at, "an") || is_word(w, at, "any"))
    at++;
  if ((colour = colour_at_word(w, at)) >= 0)
    at++;
  if ((c = class_at(w, at, &plural)) < 0)
    return false;
  at++;
  if (is_word(w, at, "in") && colour_at_word(w, at + 1) >= 0) {
    colour = colour_at_word(w, at + 1);
    at += 2;
  }
  *set = 0;
  for (int k = 0; k < s->n_objects; k++)
    if ((int)s->objects[k].class_id == c && (colour < 0 || (int)s->objects[k].colour == colour))
      *set |= 1u << k;
  *i = at;
  if (hops == 0)
    return true;
  if (is_word(w, at, "that") && (is_word(w, at + 1, "is") || is_word(w, at + 1, "are")))
    at += 2;
  unsigned anchors;
  int kind = relation_at(w, &at);
  if (kind < 0 || !is_word(w, at, "the") || !read_phrase(w, s, &at, hops - 1, &anchors))
    return true;
  int anchor = only_bit(anchors);
  for (int k = 0; k < s->n_objects; k++)
    if (*set >> k & 1 && (anchor < 0 || k == anchor || !stands(s, k, kind, anchor)))
      *set &= ~(1u << k);
  *i = at;
  return true;
}

/* The next noun phrase at or after *i. */
static inline bool next_phrase(const Words *w, const WorldScene *s, int *i, int hops, unsigned *set)
{
  for (; *i < w->n; (*i)++)
    if ((is_word(w, *i, "the") || is_word(w, *i, "a") || is_word(w, *i, "an") ||
         is_word(w, *i, "any")) &&
        read_phrase(w, s, i, hops, set))
      return true;
  return false;
}

static inline int next_object(const Words *w, const WorldScene *s, int *i, int hops)
{
  unsigned set = 0;
  return next_phrase(w, s, i, hops, &set) ? only_bit(set) : -1;
}
