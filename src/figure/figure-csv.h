/* Tables as files, comma separated (RFC 4180). */
#pragma once

#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One field of free text; in quotes where it holds a comma, a quote or a line's end. */
void figure_csv_text(FILE *file, const char *text);

#ifdef __cplusplus
}
#endif
