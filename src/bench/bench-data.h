/* crosslens-bench data: a data set of a million questions with feature files of the published size,
 * opened, scrolled, filtered and answered in the window. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Makes FOLDER/train.json and FOLDER/train_obj36.tsv when they are not there: `images` lines of 395
 * KB. `model`: the folder of one that takes 2048 numbers a box, which then answers the questions for
 * 20 seconds; NULL: none. Returns the program's exit code. */
int bench_data(AdwApplication *application, const char *folder, int questions, int images,
               const char *model);

G_END_DECLS
