/* One line of the authors' obj36 TSV <-> LxRegions. */
#pragma once

#include <stddef.h>

#include "lx-regions.h"

/* More regions or features than any file has; a line that asks for more is damaged. */
#define LX_TSV_MAX_REGIONS 4096
#define LX_TSV_MAX_FEATURES 65536

/* `line` without its end (a carriage return is fine). *out is owned. */
LxStatus lx_tsv_parse_line(const char *line, size_t size, LxRegions **out, LxError *error);
/* With the newline; *out is owned (free), *size its bytes. An image id with a tab or a newline is
 * LX_ERR_ARGUMENT. */
LxStatus lx_tsv_format_line(const LxRegions *regions, char **out, size_t *size, LxError *error);
