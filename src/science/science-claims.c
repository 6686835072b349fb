#include "science-claims.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define N_(text) text /* translated where it is shown */
#define HALF 0.5
#define POINTING_GOAL 0.85

typedef struct {
  ScienceFindings *findings;
  const char *(*to)(const char *format); /* NULL: English */
} Judge;

__attribute__((format_arg(2))) static const char *in_language(const Judge *self, const char *format)
{
  return self->to ? self->to(format) : format;
}

__attribute__((format(printf, 4, 5))) static void claim(Judge *self, const char *text, bool holds,
                                                        const char *format, ...)
{
  ScienceClaim *c = &self->findings->claims[self->findings->n_claims++];
  va_list args;
  snprintf(c->claim, sizeof c->claim, "%s", text);
  c->holds = holds;
  va_start(args, format);
  vsnprintf(c->evidence, sizeof c->evidence, in_language(self, format), args);
  va_end(args);
}

/* Surely above what chance gives: the whole interval is. */
static bool above_chance(const ScienceNumber *n)
{
  return n && n->low > n->chance;
}

static void judge_best(Judge *self, ScienceMeasure measure, bool bert, const char *text)
{
  const ScienceNumber *best = science_findings_best(self->findings, measure, bert, NULL);
  if (!best)
    return;
  claim(self, text, above_chance(best) && best->value >= HALF,
        N_("best head %s/%d: %.1f%% [%.1f, %.1f], by chance %.1f%%"), best->map, best->head,
        100 * best->value, 100 * best->low, 100 * best->high, 100 * best->chance);
}

/* In how many heads a kind of word is surely enriched. */
static void judge_kind(Judge *self, const char *group, const char *text)
{
  int heads = 0, enriched = 0;
  const ScienceNumber *best =
      science_findings_best(self->findings, SCIENCE_ENRICHMENT, false, group);
  for (int i = 0; i < self->findings->n_numbers; i++) {
    const ScienceNumber *n = &self->findings->numbers[i];
    if (n->measure != SCIENCE_ENRICHMENT || n->head == SCIENCE_ALL_HEADS || isnan(n->value) ||
        strcmp(n->group, group) != 0)
      continue;
    heads++;
    enriched += n->low > 1;
  }
  if (best)
    claim(self, text, 2 * enriched > heads,
          N_("enriched (interval above 1) in %d of %d heads; most in %s/%d: %.2f [%.2f, %.2f]"),
          enriched, heads, best->map, best->head, best->value, best->low, best->high);
}

static void judge_takeover(Judge *self)
{
  int heads = 0, over = 0, more = 0;
  for (int i = 0; i < self->findings->n_numbers; i++) {
    const ScienceNumber *n = &self->findings->numbers[i];
    if (n->measure != SCIENCE_TAKEOVER || n->head == SCIENCE_ALL_HEADS || isnan(n->value) ||
        n->group[0] != 's')
      continue;
    const ScienceNumber *plural =
        science_findings_find(self->findings, SCIENCE_TAKEOVER, n->bert, n->map, n->head, "plural");
    heads++;
    over += n->low > HALF;
    more += plural && !isnan(plural->value) && n->value > plural->value;
  }
  const ScienceNumber *best =
      science_findings_best(self->findings, SCIENCE_TAKEOVER, false, "singular");
  if (best)
    claim(
        self,
        N_("Articles get the attention in place of singular nouns in most cross-modality heads"),
        2 * over > heads,
        N_("the article of a singular noun gets more than the noun more often than not in %d of %d "
           "heads (most in %s/%d: %.1f%% of the nouns); more often than before plurals in %d "
           "heads"),
        over, heads, best->map, best->head, 100 * best->value, more);
}

static void judge_pointing(Judge *self)
{
  const ScienceNumber *word =
      science_findings_best(self->findings, SCIENCE_POINT_WORD, false, NULL);
  const ScienceNumber *box = science_findings_best(self->findings, SCIENCE_POINT_BOX, false, NULL);
  const ScienceNumber *relevancy = science_findings_find(self->findings, SCIENCE_POINT_WORD, false,
                                                         "relevancy", SCIENCE_ALL_HEADS, NULL);
  const ScienceNumber *cls =
      science_findings_best(self->findings, SCIENCE_POINT_WORD, false, "[CLS]");
  if (!word || !box)
    return;
  const ScienceNumber *best = word->value > box->value ? word : box;
  char others[160] = "";
  if (relevancy && cls) /* of a model that answers */
    snprintf(
        others, sizeof others,
        in_language(self, N_("; relevancy %.1f%%; [CLS] to the one object asked about %.1f%%")),
        100 * relevancy->value, 100 * cls->value);
  claim(self,
        /* xgettext:no-c-format */
        N_("The best cross-modality head points at a noun's object in at least 85% of cases"),
        best->value >= POINTING_GOAL && above_chance(best),
        N_("word to box %s/%d: %.1f%% [%.1f, %.1f]; box to word %s/%d: %.1f%% [%.1f, %.1f]%s; by "
           "chance %.1f%%"),
        word->map, word->head, 100 * word->value, 100 * word->low, 100 * word->high, box->map,
        box->head, 100 * box->value, 100 * box->low, 100 * box->high, others, 100 * best->chance);
}

void science_claims_judge_in(ScienceFindings *findings, const char *(*to)(const char *format))
{
  Judge judge = {findings, to}, *self = &judge;
  findings->n_claims = 0;
  judge_best(self, SCIENCE_NEXT_WORD, false,
             N_("Some head of LXMERT gives the next word half of its attention or more"));
  judge_best(self, SCIENCE_PREVIOUS_WORD, false,
             N_("Some head of LXMERT gives the previous word half of its attention or more"));
  judge_best(self, SCIENCE_NEXT_WORD, true,
             N_("Some head of BERT gives the next word half of its attention or more"));
  judge_best(self, SCIENCE_PREVIOUS_WORD, true,
             N_("Some head of BERT gives the previous word half of its attention or more"));
  judge_best(self, SCIENCE_TOP3_SHARE, false,
             N_("Some visual head gives half of its attention or more to the same three boxes"));
  judge_kind(self, "noun", N_("Most cross-modality heads prefer nouns"));
  judge_kind(self, "pronoun", N_("Most cross-modality heads prefer pronouns"));
  judge_takeover(self);
  judge_pointing(self);
}

void science_claims_judge(ScienceFindings *self)
{
  science_claims_judge_in(self, NULL);
}
