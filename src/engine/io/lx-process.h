/* Which process does something, in a form that outlives it: "PID:START", so that another process which got
 * the same number later is not taken for it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define LX_PROCESS_SIZE 64

void lx_process_self(char *out, size_t size);
/* True for a living process, this one too; false for anything that is no such text. */
bool lx_process_alive(const char *owner);
/* Its number; 0 when it is gone. */
long lx_process_number(const char *owner);
bool lx_process_is_self(const char *owner);
