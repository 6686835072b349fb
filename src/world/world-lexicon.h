/* The words of the world's language. Every word has one part of speech in it, so the tags of
 * its sentences are exact. */
#pragma once

#include "world-language.h"

/* False: not a word of the language. */
bool world_lookup(const char *word, WorldPos *pos, bool *plural);
