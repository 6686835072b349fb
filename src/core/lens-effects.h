/* How much an answer changes when each head alone is switched off: what "try all heads" finds out, head
 * by head, about one run. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _LensEffects LensEffects;

LensEffects *lens_effects_new(void);
LensEffects *lens_effects_ref(LensEffects *self);
void lens_effects_unref(LensEffects *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LensEffects, lens_effects_unref)

/* By map name ("x.1.lang_to_vis") and head; NAN while it is not known, or of no effects (NULL). */
void lens_effects_set(LensEffects *self, const char *map, int head, double effect);
double lens_effects_get(const LensEffects *self, const char *map, int head);
/* The number of heads that are known; 0 of no effects (NULL). */
guint lens_effects_get_n(const LensEffects *self);

G_END_DECLS
