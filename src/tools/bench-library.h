/* The library's part of crosslens-bench; see bench-library.c. */
#pragma once

/* Exit status. The generated library is kept in `folder` and used again. */
int bench_library(const char *folder, int images, int questions);
