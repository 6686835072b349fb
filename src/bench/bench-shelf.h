/* crosslens-bench ui library: a library of 100,000 images and 1,000,000 questions, opened, searched,
 * scrolled and changed in the window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Makes FOLDER/library.db (2 GB) when it is not there. Returns the program's exit code. */
int bench_shelf(AdwApplication *application, const char *folder, int images, int questions);

G_END_DECLS
