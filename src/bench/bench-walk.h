/* crosslens-bench ui walk: the longest turn of the main loop at everything that a person does on the
 * Explore page with a full-size model, and the frames under a pointer in each view. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* With the model in `folder`. Returns the program's exit code. */
int bench_walk(AdwApplication *application, const char *folder);

G_END_DECLS
