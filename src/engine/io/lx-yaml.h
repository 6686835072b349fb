/* The part of YAML that published config.yaml files use, as JSON values. */
#pragma once

#include <jansson.h>

#include "lx-error.h"

/* The first document of a file of at most 4 MB. Plain scalars become numbers, booleans and null as
 * YAML 1.1 says (numbers such as 1e-5 too, which it calls texts); quoted ones are texts; Python's
 * tuples are lists. Other tags, and keys that are no scalars, are errors. *out is owned. */
LxStatus lx_yaml_to_json(const char *path, json_t **out, LxError *error);
