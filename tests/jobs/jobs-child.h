/* A test's own program again, at work in the same world, killed before it is done. */
#pragma once

#include "jobs-world.h"

/* Runs "PROGRAM --child DATA STATE", which writes a byte for everything that it gets done; kills it
 * after so many of them and microseconds more. FALSE when it had come to its end before. */
gboolean child_kill(const char *program, World *self, int done, gulong more);
