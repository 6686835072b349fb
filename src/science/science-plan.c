#include "science-plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define N_(text) text /* translated where it is shown */

static const struct {
  const char *title, *key, *meaning;
} texts[SCIENCE_N_MEASURES] = {
    {N_("next word"), "next_word", N_("mean weight of a word on the word after it")},
    {N_("next word is best"), "next_hit",
     N_("how often a word's greatest weight is on the word after it")},
    {N_("previous word"), "previous_word", N_("mean weight of a word on the word before it")},
    {N_("previous word is best"), "previous_hit",
     N_("how often a word's greatest weight is on the word before it")},
    {N_("top-1 share"), "top1_share", N_("share of all attention that the most attended box gets")},
    {N_("top-3 share"), "top3_share",
     N_("share of all attention that the three most attended boxes get")},
    {N_("effective objects"), "effective_objects",
     N_("exp(entropy) of the boxes' shares of attention")},
    {N_("one-hot"), "one_hot", N_("mean greatest weight of a query; 1 = each picks a single box")},
    {N_("mass"), "mass", N_("share of the boxes' attention that words of this kind get")},
    {N_("enrichment"), "enrichment",
     N_("what words of this kind get, over an even share of all words; 1 = no preference")},
    {N_("article takeover"), "takeover",
     N_("how often a, an or the gets more attention than the noun it belongs to")},
    {N_("article's share"), "article_share",
     N_("the article's part of what it and its noun get together")},
    {N_("pointing, word to box"), "point_word",
     N_("a noun's greatest weight is on a box of its object")},
    {N_("pointing, box to word"), "point_box",
     N_("the box with the greatest weight on a noun is one of its object")},
};

const char *science_measure_title(ScienceMeasure measure)
{
  return (unsigned)measure < SCIENCE_N_MEASURES ? texts[measure].title : NULL;
}

const char *science_measure_key(ScienceMeasure measure)
{
  return (unsigned)measure < SCIENCE_N_MEASURES ? texts[measure].key : NULL;
}

const char *science_measure_meaning(ScienceMeasure measure)
{
  return (unsigned)measure < SCIENCE_N_MEASURES ? texts[measure].meaning : NULL;
}

static const ScienceSlot words[] = {{SCIENCE_NEXT_WORD, ""},
                                    {SCIENCE_NEXT_HIT, ""},
                                    {SCIENCE_PREVIOUS_WORD, ""},
                                    {SCIENCE_PREVIOUS_HIT, ""}};
static const ScienceSlot boxes[] = {{SCIENCE_COLUMN_MASS, ""},
                                    {SCIENCE_TOP3_SHARE, ""},
                                    {SCIENCE_EFFECTIVE, ""},
                                    {SCIENCE_ONE_HOT, ""}};
static const ScienceSlot pointing[] = {{SCIENCE_POINT_WORD, ""}, {SCIENCE_POINT_WORD, "[CLS]"}};
static const ScienceSlot kinds[] = {{SCIENCE_MASS, "noun"},
                                    {SCIENCE_MASS, "pronoun"},
                                    {SCIENCE_MASS, "article"},
                                    {SCIENCE_MASS, "verb"},
                                    {SCIENCE_MASS, "other"},
                                    {SCIENCE_MASS, "special"},
                                    {SCIENCE_ENRICHMENT, "noun"},
                                    {SCIENCE_ENRICHMENT, "pronoun"},
                                    {SCIENCE_ENRICHMENT, "article"},
                                    {SCIENCE_ENRICHMENT, "verb"},
                                    {SCIENCE_ENRICHMENT, "other"},
                                    {SCIENCE_TAKEOVER, "singular"},
                                    {SCIENCE_TAKEOVER, "plural"},
                                    {SCIENCE_ARTICLE_SHARE, "singular"},
                                    {SCIENCE_ARTICLE_SHARE, "plural"},
                                    {SCIENCE_POINT_BOX, ""}};

#define LENGTH(list) ((int)(sizeof(list) / sizeof *(list)))

const ScienceSlot *science_slots(ScienceKind kind, int *n)
{
  switch (kind) {
  case SCIENCE_WORDS:
    *n = LENGTH(words);
    return words;
  case SCIENCE_BOXES:
    *n = LENGTH(boxes);
    return boxes;
  case SCIENCE_BOXES_TO_WORDS:
    *n = LENGTH(kinds);
    return kinds;
  default:
    *n = LENGTH(pointing);
    return pointing;
  }
}

static void add_map(SciencePlan *self, const char *name, ScienceKind kind, bool bert, int heads)
{
  ScienceMap *map = &self->maps[self->n_maps++];
  int slots;
  const ScienceSlot *slot = science_slots(kind, &slots);

  *map = (ScienceMap){.kind = kind, .bert = bert, .heads = heads, .first = self->n_numbers};
  snprintf(map->name, sizeof map->name, "%s", name);
  for (int h = 0; h <= heads; h++)
    for (int s = 0; s < slots; s++) {
      ScienceNumber *number = &self->numbers[self->n_numbers++];
      *number = (ScienceNumber){
          .measure = slot[s].measure, .bert = bert, .head = h < heads ? h : SCIENCE_ALL_HEADS};
      snprintf(number->map, sizeof number->map, "%s", map->name);
      snprintf(number->group, sizeof number->group, "%s", slot[s].group);
    }
}

/* "PREFIX.N" or "PREFIX.N.SUFFIX" */
static void add_layers(SciencePlan *self, int64_t layers, ScienceKind kind, bool bert,
                       int64_t heads, const char *prefix, const char *suffix)
{
  for (int i = 0; i < (int)layers; i++) {
    char name[24];
    snprintf(name, sizeof name, "%s.%d%s", prefix, i, suffix);
    add_map(self, name, kind, bert, (int)heads);
  }
}

LxStatus science_plan_make(const LxConfig *model, bool explain, const LxConfig *bert,
                           SciencePlan *out, LxError *error)
{
  const int64_t h = model->num_attention_heads, x = model->x_layers;
  const int64_t maps = model->l_layers + model->r_layers + 4 * x + 1 + (bert ? bert->l_layers : 0);
  const int64_t most = bert && bert->num_attention_heads > h ? bert->num_attention_heads : h;

  *out = (SciencePlan){
      .maps = calloc((size_t)maps, sizeof *out->maps),
      .numbers = calloc((size_t)(maps * (most + 1) * LENGTH(kinds)), sizeof *out->numbers)};
  if (!out->maps || !out->numbers) {
    science_plan_clear(out);
    return lx_fail(error, LX_ERR_MEMORY, "Not enough memory for the findings' tables.");
  }
  add_layers(out, model->l_layers, SCIENCE_WORDS, false, h, "lang", "");
  if (bert)
    add_layers(out, bert->l_layers, SCIENCE_WORDS, true, bert->num_attention_heads, "lang", "");
  add_layers(out, x, SCIENCE_WORDS, false, h, "x", ".lang_self");
  add_layers(out, model->r_layers, SCIENCE_BOXES, false, h, "vis", "");
  add_layers(out, x, SCIENCE_BOXES, false, h, "x", ".vis_self");
  add_layers(out, x, SCIENCE_BOXES_TO_WORDS, false, h, "x", ".vis_to_lang");
  add_layers(out, x, SCIENCE_WORDS_TO_BOXES, false, h, "x", ".lang_to_vis");
  if (explain)
    add_map(out, "relevancy", SCIENCE_EXPLAINED, false, 0);
  return LX_OK;
}

void science_plan_clear(SciencePlan *self)
{
  free(self->maps);
  free(self->numbers);
  memset(self, 0, sizeof *self);
}
