/* Numeric kernels are compiled for several instruction sets; the loader picks the best one. Clang (14)
 * names the choosers of static functions alike in every file, which then do not link. */
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) &&                             \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define LX_KERNEL                                                                                  \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3")))
#else
#define LX_KERNEL
#endif
