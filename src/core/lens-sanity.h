/* What came in: the numbers that show wrong features before anybody trusts an answer. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  int count, wanted, most;              /* boxes; how many are expected at least, at most; 0: any */
  double box_min, box_max;              /* of coordinates divided by the image's size */
  int outside, empty;                   /* boxes beyond the image; without an area */
  int duplicates;                       /* boxes equal to another */
  int feature_size;                     /* numbers of a box */
  double norm_min, norm_mean, norm_max; /* Euclidean, of the features */
  gboolean unusual;                     /* features that are NaN, negative or all 0 */
  gboolean normalised;                  /* all norms are 1 */
  int unnamed;                          /* boxes whose class or attribute has no name */
  gboolean nameless;                    /* there are no lists of names at all */
  const char *channels;                 /* static: "bgr", "rgb", "as-hf-demo"; NULL: not known */
  gboolean channels_agree;              /* with the mean that is subtracted */
} LensSanity;

typedef enum {
  LENS_SANITY_COUNT,
  LENS_SANITY_RANGE,
  LENS_SANITY_DUPLICATES,
  LENS_SANITY_FEATURES,
  LENS_SANITY_NAMES,
  LENS_SANITY_CHANNELS,
  LENS_N_SANITY,
} LensSanityFact;

/* Is this other than what LXMERT was trained on? */
gboolean lens_sanity_is_odd(const LensSanity *self, LensSanityFact fact);

/* Some things a file of features does not say. */
gboolean lens_sanity_is_known(const LensSanity *self, LensSanityFact fact);

/* "Boxes", "18, of 20 that the detector looks for": translated. The value is owned. */
const char *lens_sanity_title(LensSanityFact fact);
char *lens_sanity_value(const LensSanity *self, LensSanityFact fact);
/* What is wrong and what to do, translated; NULL when nothing is. Owned. */
char *lens_sanity_advice(const LensSanity *self, LensSanityFact fact);

G_END_DECLS
