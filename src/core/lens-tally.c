#include "lens-tally.h"

void
lens_tally_free(LensTally *self)
{
  g_free(self->name);
  g_free(self->other);
  g_free(self);
}
