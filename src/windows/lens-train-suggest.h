/* The model that a new fine-tuning begins from and what the new one is called, before a person says otherwise. */
#pragma once

#include "lens-workbench.h"

G_BEGIN_DECLS

/* A model of one's own where that is `shown` (NULL: none is); else a shipped one that `task` is learned from on
 * this data, `demo` or a folder. Borrowed; NULL when there is no model at all. */
LensModel *lens_train_suggest_base(LensWorkbench *workbench, LensTask task, LensModel *shown,
                                   gboolean demo);

/* The base's name and the task, with a number where a run or a model is called so already; owned. */
char *lens_train_suggest_name(LensWorkbench *workbench, LensModel *base, LensTask task);

G_END_DECLS
