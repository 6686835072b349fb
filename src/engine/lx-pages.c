#include "lx-pages.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { HUGE_PAGE = 2 << 20, CHUNK = 32 << 20 };

/* One mapping. `begin` is at a huge page's boundary. Memory that was given back is not handed out
 * again, so that every piece is zeroed. */
struct LxPages {
  void *mapping;
  size_t mapped;
  char *begin;
  size_t size, used;
  int pieces; /* handed out and not given back */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static LxPages *current; /* the chunk that still has room; counts as a piece of itself */

static LxPages *map_chunk(size_t size)
{
  LxPages *chunk = calloc(1, sizeof *chunk);
  size_t mapped = size + HUGE_PAGE;
  void *at = chunk ? mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                   : MAP_FAILED;
  if (at == MAP_FAILED) {
    free(chunk);
    return NULL;
  }
  uintptr_t begin = ((uintptr_t)at + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
  *chunk = (LxPages){.mapping = at, .mapped = mapped, .begin = (char *)begin, .size = size};
  madvise(chunk->begin, size, MADV_HUGEPAGE);
  return chunk;
}

static void drop(LxPages *chunk)
{
  if (!chunk || --chunk->pieces)
    return;
  munmap(chunk->mapping, chunk->mapped);
  free(chunk);
}

static void *carve(LxPages *chunk, size_t bytes, LxPages **owner)
{
  void *piece = chunk->begin + chunk->used;
  chunk->used += bytes;
  chunk->pieces++;
  *owner = chunk;
  return piece;
}

void *lx_pages_alloc(size_t bytes, LxPages **owner)
{
  void *piece = NULL;
  bytes = (bytes + 63) / 64 * 64;
  pthread_mutex_lock(&lock);
  if (bytes > CHUNK / 2) {
    LxPages *own = map_chunk((bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
    if (own)
      piece = carve(own, bytes, owner);
  } else {
    if (!current || current->size - current->used < bytes) {
      LxPages *fresh = map_chunk(CHUNK);
      if (fresh) {
        fresh->pieces = 1;
        drop(current);
        current = fresh;
      }
    }
    if (current && current->size - current->used >= bytes)
      piece = carve(current, bytes, owner);
  }
  pthread_mutex_unlock(&lock);
  return piece;
}

void lx_pages_free(LxPages *owner)
{
  pthread_mutex_lock(&lock);
  drop(owner);
  pthread_mutex_unlock(&lock);
}
