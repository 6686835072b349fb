#include "lens-error.h"

/* clang-format off: it takes the name for a subtraction */
G_DEFINE_QUARK(lens - error - quark, lens_error)
/* clang-format on */
