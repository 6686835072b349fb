/* JSON on standard output. */
#pragma once

#include <jansson.h>

/* A string. JSON is UTF-8 and file names are any bytes: what is no UTF-8 becomes U+FFFD. */
json_t *cli_json_text(const char *text);

/* Prints `json` (taken over) with jansson's `flags` and a line's end; returns CLI_OK. NULL, which is
 * what jansson makes of a text or number that JSON does not have, is an error: CLI_FAILED. */
int cli_print_json(json_t *json, size_t flags);
