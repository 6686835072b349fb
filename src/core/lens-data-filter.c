#include "lens-data-filter.h"

#include <glib/gi18n.h>

LensDataFilter *
lens_data_filter_copy(const LensDataFilter *self)
{
  LensDataFilter *copy = g_new0(LensDataFilter, 1);

  if (!self)
    return copy;
  *copy = *self;
  copy->text = g_strdup(self->text);
  copy->truth = g_strdup(self->truth);
  copy->answer = g_strdup(self->answer);
  copy->answer_type = g_strdup(self->answer_type);
  copy->question_type = g_strdup(self->question_type);
  return copy;
}

void
lens_data_filter_clear(LensDataFilter *self)
{
  g_free(self->text);
  g_free(self->truth);
  g_free(self->answer);
  g_free(self->answer_type);
  g_free(self->question_type);
  *self = (LensDataFilter){ 0 };
}

void
lens_data_filter_free(LensDataFilter *self)
{
  lens_data_filter_clear(self);
  g_free(self);
}

static gboolean
is_empty(const char *text)
{
  return !text || !*text;
}

gboolean
lens_data_filter_is_empty(const LensDataFilter *self)
{
  return is_empty(self->text) && self->verdict == LENS_VERDICT_ANY && is_empty(self->truth)
         && is_empty(self->answer) && is_empty(self->answer_type) && is_empty(self->question_type)
         && self->most <= 0;
}

gboolean
lens_data_filter_needs_answers(const LensDataFilter *self)
{
  return self->verdict != LENS_VERDICT_ANY || !is_empty(self->answer) || self->most > 0;
}

/* ---- in words ---- */

static G_GNUC_PRINTF(2, 3) void say(GString *out, const char *format, ...)
{
  va_list args;

  if (out->len)
    g_string_append(out, "; ");
  va_start(args, format);
  g_string_append_vprintf(out, format, args);
  va_end(args);
}

char *
lens_data_filter_describe(const LensDataFilter *self)
{
  static const char *const verdicts[] = {
    [LENS_VERDICT_ANY] = "",
    [LENS_VERDICT_RIGHT] = N_("answered right"),
    [LENS_VERDICT_WRONG] = N_("answered wrong"),
    [LENS_VERDICT_PARTLY] = N_("answered partly right"),
  };
  GString *out = g_string_new(NULL);

  if (self->verdict)
    say(out, "%s", _(verdicts[self->verdict]));
  if (!is_empty(self->truth))
    say(out, _("right answer “%s”"), self->truth);
  if (!is_empty(self->answer))
    say(out, _("answered “%s”"), self->answer);
  if (!is_empty(self->answer_type))
    say(out, _("kind of answer “%s”"), self->answer_type);
  if (!is_empty(self->question_type))
    say(out, _("type “%s”"), self->question_type);
  if (self->most > 0)
    say(out, _("confidence %.0f%% to %.0f%%"), 100 * self->least, 100 * self->most);
  if (!is_empty(self->text))
    say(out, _("with “%s”"), self->text);
  return g_string_free(out, FALSE);
}

/* ---- as a key ---- */

static const char *
or_empty(const char *text)
{
  return text ? text : "";
}

char *
lens_data_filter_to_key(const LensDataFilter *self)
{
  g_autoptr(GVariant) all = NULL;

  if (lens_data_filter_is_empty(self))
    return g_strdup("");
  all = g_variant_ref_sink(g_variant_new("(sissssdd)", or_empty(self->text), (int)self->verdict,
                                         or_empty(self->truth), or_empty(self->answer),
                                         or_empty(self->answer_type), or_empty(self->question_type),
                                         self->most > 0 ? self->least : 0, MAX(self->most, 0)));
  return g_variant_print(all, FALSE);
}
