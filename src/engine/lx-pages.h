/* Large memory that is filled once and read often: carved from chunks that ask the system for huge
 * pages, which cost far fewer page faults and address translations. */
#pragma once

#include <stddef.h>

typedef struct LxPages LxPages;

/* `bytes` at a 64-byte boundary, zeroed; NULL when out of memory. *owner: lx_pages_free.
 * Safe from several threads. */
void *lx_pages_alloc(size_t bytes, LxPages **owner);
/* Gives one piece back; a chunk goes back to the system with its last piece. NULL is fine. */
void lx_pages_free(LxPages *owner);
