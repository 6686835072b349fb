#include "lens-sanity.h"

#include <glib/gi18n.h>

gboolean
lens_sanity_is_odd(const LensSanity *self, LensSanityFact fact)
{
  switch (fact) {
  case LENS_SANITY_COUNT:
    return self->count < self->wanted || (self->most && self->count > self->most);
  case LENS_SANITY_RANGE:
    return self->outside > 0 || self->empty > 0;
  case LENS_SANITY_DUPLICATES:
    return self->duplicates > 0;
  case LENS_SANITY_FEATURES:
    return self->unusual || self->normalised;
  case LENS_SANITY_NAMES:
    return self->unnamed > 0 && !self->nameless; /* nobody needs names for an answer */
  case LENS_SANITY_CHANNELS:
    return !self->channels_agree;
  default:
    return FALSE;
  }
}

gboolean
lens_sanity_is_known(const LensSanity *self, LensSanityFact fact)
{
  return fact == LENS_SANITY_CHANNELS ? self->channels != NULL
                                      : fact != LENS_SANITY_NAMES || !self->nameless;
}

const char *
lens_sanity_title(LensSanityFact fact)
{
  static const char *const titles[LENS_N_SANITY] = {
    N_("Boxes"), N_("Range of the boxes"),  N_("Equal boxes"), N_("Features"),
    N_("Names"), N_("Order of the colors"),
  };

  return _(titles[fact]);
}

static char *
count_text(const LensSanity *self)
{
  if (self->count < self->wanted)
    return g_strdup_printf(_("%d, at least %d expected"), self->count, self->wanted);
  if (self->most && self->count > self->most)
    return g_strdup_printf(_("%d, at most %d expected"), self->count, self->most);
  return g_strdup_printf("%d", self->count);
}

static const char *
channels_text(const char *channels)
{
  if (!channels)
    return _("a file of features does not say");
  if (g_strcmp0(channels, "as-hf-demo") == 0)
    return _("R G B against a B G R mean");
  return g_strcmp0(channels, "rgb") == 0 ? "R G B" : "B G R";
}

char *
lens_sanity_value(const LensSanity *self, LensSanityFact fact)
{
  switch (fact) {
  case LENS_SANITY_COUNT:
    return count_text(self);
  case LENS_SANITY_RANGE:
    return g_strdup_printf(_("%.2f to %.2f of the image"), self->box_min, self->box_max);
  case LENS_SANITY_DUPLICATES:
    return self->duplicates ? g_strdup_printf("%d", self->duplicates) : g_strdup(_("none"));
  case LENS_SANITY_FEATURES: /* %d numbers a box, their norms */
    return g_strdup_printf(_("%d numbers, norm %.1f (%.1f to %.1f)"), self->feature_size,
                           self->norm_mean, self->norm_min, self->norm_max);
  case LENS_SANITY_NAMES:
    if (self->nameless)
      return g_strdup(_("numbers only: no objects_vocab.txt lies beside the features"));
    return self->unnamed ? g_strdup_printf(_("%d boxes without a name"), self->unnamed)
                         : g_strdup(_("all known"));
  case LENS_SANITY_CHANNELS:
    return g_strdup(channels_text(self->channels));
  default:
    return NULL;
  }
}

char *
lens_sanity_advice(const LensSanity *self, LensSanityFact fact)
{
  if (!lens_sanity_is_odd(self, fact))
    return NULL;
  switch (fact) {
  case LENS_SANITY_COUNT:
    return g_strdup(
        self->count < self->wanted
            ? _("Fewer boxes than the model was trained on; the places left over are masked.")
            : _("More boxes than the model was trained on: answers get worse without an error. "
                "Extract the features with a fixed number of boxes."));
  case LENS_SANITY_RANGE:
    return g_strdup(_("Boxes lie outside the image or have no area: are they in its pixels?"));
  case LENS_SANITY_DUPLICATES:
    return g_strdup(
        _("Several boxes are the same: the detector’s overlap threshold may be wrong."));
  case LENS_SANITY_FEATURES:
    if (!self->unusual)
      return g_strdup(_("All features have the norm 1: LXMERT takes them as the detector gives "
                        "them, not divided by their norms."));
    return g_strdup(
        _("Features of the published detector are never negative, zero throughout or not "
          "a number: these come from another layer, or the file is damaged."));
  case LENS_SANITY_NAMES:
    return g_strdup(_("The lists of names do not fit the detector (objects_vocab.txt, "
                      "attributes_vocab.txt)."));
  case LENS_SANITY_CHANNELS:
    return g_strdup(_("Colors and the mean that is subtracted are in different orders: answers get "
                      "worse without an error."));
  default:
    return NULL;
  }
}
