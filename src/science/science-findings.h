/* What LXMERT's attention does over a whole split, as numbers: the findings that Tan & Bansal read
 * off attention graphs (arXiv 1908.07490, appendix "Attention Graph Visualization"), each with an
 * interval and with what chance would give.
 *
 * Every number is a ratio of sums over examples. Its interval comes from drawing examples with
 * replacement (bootstrap, 95%); its chance value from shuffling, within each example, what the
 * number is about: the keys' places, the words' tags, the boxes. */
#pragma once

#include "lx-examples.h"
#include "lx-model.h"
#include "science-graphs.h"

typedef enum {
  SCIENCE_NEXT_WORD, /* mean weight on the word after the query; words on words */
  SCIENCE_NEXT_HIT,  /* how often that word has the query's greatest weight */
  SCIENCE_PREVIOUS_WORD,
  SCIENCE_PREVIOUS_HIT,
  SCIENCE_COLUMN_MASS,   /* share of all attention on the box that gets most (top 1) */
  SCIENCE_TOP3_SHARE,    /* and on the three boxes that get most */
  SCIENCE_EFFECTIVE,     /* exp(entropy of the columns' masses): how many boxes are looked at */
  SCIENCE_ONE_HOT,       /* mean greatest weight of a query: 1 = every query picks one box */
  SCIENCE_MASS,          /* boxes on words: share of the attention that words of one kind get */
  SCIENCE_ENRICHMENT,    /* that share over the kind's share of the words; 1 = no preference */
  SCIENCE_TAKEOVER,      /* how often "a"/"an"/"the" gets more than the noun it stands before */
  SCIENCE_ARTICLE_SHARE, /* article's part of what article and noun get together */
  SCIENCE_POINT_WORD,    /* pointing game: a noun's greatest weight is on its box */
  SCIENCE_POINT_BOX,     /* the box with the greatest weight on the noun is its box */
  SCIENCE_N_MEASURES,
} ScienceMeasure;

/* "next word", … for tables; "next_word", … for files; and one sentence. Static. */
const char *science_measure_title(ScienceMeasure measure);
const char *science_measure_key(ScienceMeasure measure);
const char *science_measure_meaning(ScienceMeasure measure);

enum { SCIENCE_ALL_HEADS = -1 }; /* ScienceNumber.head: the map's heads averaged */

typedef struct {
  ScienceMeasure measure;
  bool bert;      /* of the language encoder beside LXMERT */
  char map[24];   /* "lang.2", "x.0.vis_to_lang", …; "relevancy", "relevancy of [CLS]" */
  int head;       /* or SCIENCE_ALL_HEADS */
  char group[16]; /* mass, enrichment: "noun", …; takeover: "singular", "plural"; else "" */
  double value, low, high; /* with its 95% interval; NAN when no example has it */
  double chance;           /* mean over the shuffles, or the value of uniform attention (one-hot) */
  double p;         /* share of shuffles at least as far from chance, (1+n)/(1+shuffles); NAN for
                       one-hot */
  int64_t examples; /* that have it */
} ScienceNumber;

/* One finding and whether it holds here. */
typedef struct {
  char claim[160];
  bool holds;
  char evidence[480];
} ScienceClaim;

typedef struct {
  ScienceNumber *numbers; /* [n_numbers] */
  int n_numbers;
  ScienceClaim claims[9]; /* [n_claims] */
  int n_claims;
  int64_t examples;
  int64_t nouns;   /* of the pointing game: they name a box that was found, and not all */
  double accuracy; /* on these examples; NAN without an answer head or answers */
  double seconds;
} ScienceFindings;

typedef struct {
  LxModel *model;
  const char *bert;              /* folder or file of any LXMERT or BERT; NULL for none */
  const LxExampleSource *source; /* questions with images */
  const ScienceGraphs *graphs;   /* for the pointing game; NULL leaves it out */
  int64_t examples;              /* drawn evenly from the source; 0 = all */
  int resamples, shuffles;       /* 0 = 1000 and 100 */
  uint64_t seed;
  const char *state; /* file that keeps what was done when it is stopped; NULL for none */
  bool resume;       /* go on with it */
  const char *rows;  /* which questions the source was filtered to, in words; NULL: all */
} ScienceFindingsSetup;

/* Runs the model over the examples, a few milliseconds each. Everything in `setup` is borrowed
 * during the call. `progress` (may be NULL) is called after every example, on this thread. *out is
 * owned: science_findings_free. */
LxStatus science_findings(const ScienceFindingsSetup *setup, LxProgress progress, void *user_data,
                          ScienceFindings **out, LxError *error);
void science_findings_free(ScienceFindings *self); /* NULL is fine */

/* The number of a measure, map, head and group (NULL = ""); NULL when there is none. */
const ScienceNumber *science_findings_find(const ScienceFindings *self, ScienceMeasure measure,
                                           bool bert, const char *map, int head, const char *group);
/* The head with the greatest value of a measure over all maps. NULL when there is none. */
const ScienceNumber *science_findings_best(const ScienceFindings *self, ScienceMeasure measure,
                                           bool bert, const char *group);
