/* The points of the hidden states as a table. */
#pragma once

#include "lens-look.h"
#include "lens-run.h"

G_BEGIN_DECLS

/* "stage,kind,name,x,y", a line a word and a box at each stage, 0 the input (RFC 4180); free with
 * g_free. The states are the run's. */
char *lens_export_states(LensRun *run, const LensStates *states);

G_END_DECLS
