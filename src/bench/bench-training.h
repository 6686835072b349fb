/* crosslens-bench training: what trainings were estimated to take and then took, and how long questions
 * take beside one. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* On a data folder as crosslens-cli world writes it. `model` is a folder, or NULL: the models that ship.
 * Only the rows whose names are in `rows` (NULL-ended; empty: all). Returns the program's exit code. */
int bench_training(const char *data, const char *model, char **rows);

G_END_DECLS
