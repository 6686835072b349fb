/* Which of the paper's findings hold, as a list. */
#pragma once

#include <gtk/gtk.h>

#include "lens-findings.h"

G_BEGIN_DECLS

/* In place of what the list showed. */
void lens_findings_claims_show(GtkListBox *list, LensFindings *findings);
/* What was measured, over which questions, in a sentence; owned. */
char *lens_findings_claims_format_origin(LensFindings *findings);

G_END_DECLS
