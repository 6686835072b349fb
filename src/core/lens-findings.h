/* What a model's attention does over a data set, as numbers with intervals, and which of the
 * paper's findings hold. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* ---- one number ---- */
#define LENS_FINDING_MEAN (-1) /* head: the map's heads averaged */

/* NAN: not known. Shares (is_share) are 0..1 and shown in per cent. */
typedef struct {
  const char *measure; /* key: "next_word", … */
  gboolean bert;       /* of the language encoder beside */
  const char *map;     /* "lang.2"; "relevancy" */
  int head;
  const char *group; /* "noun", "plural"; "" for none */
  gboolean is_share;
  double value, low, high; /* with its 95% interval */
  double chance, p;
  gint64 examples;
} LensFindingInfo;

#define LENS_TYPE_FINDING (lens_finding_get_type())
G_DECLARE_FINAL_TYPE(LensFinding, lens_finding, LENS, FINDING, GObject)

LensFinding *lens_finding_new(const LensFindingInfo *info); /* texts are copied */
const LensFindingInfo *lens_finding_get_info(LensFinding *self);
/* "12.4%", "2.30", "–"; free with g_free. */
char *lens_finding_format(LensFinding *self, double value);

/* ---- all of a run ---- */
/* `claim` in English, to be translated where it is shown. */
typedef struct {
  char *claim;
  gboolean holds;
  char *evidence; /* in the window's language; heads as "x.1.lang_to_vis/3" */
} LensClaim;

typedef struct {
  char *key, *group;     /* together they name what one plot shows */
  char *title, *meaning; /* in English */
} LensMeasure;

#define LENS_TYPE_FINDINGS (lens_findings_get_type())
G_DECLARE_FINAL_TYPE(LensFindings, lens_findings, LENS, FINDINGS, GObject)

/* `report`: the JSON that the numbers came from; copied. */
LensFindings *lens_findings_new(const char *report);
void lens_findings_set_origin(LensFindings *self, const char *model, const char *bert,
                              const char *data, gint64 examples, gint64 nouns, double accuracy);
/* Measured over a part of the data: its filter in words; NULL or "": over all. */
void lens_findings_set_rows(LensFindings *self, const char *rows);
void lens_findings_add_claim(LensFindings *self, const char *claim, gboolean holds,
                             const char *evidence);
/* The number's measure and group are added to the measures when they are new. */
void lens_findings_add(LensFindings *self, LensFinding *number, const char *title,
                       const char *meaning);

const char *lens_findings_get_report(LensFindings *self);
const char *lens_findings_get_model(LensFindings *self);
const char *lens_findings_get_bert(LensFindings *self); /* NULL: none beside it */
const char *lens_findings_get_data(LensFindings *self);
const char *lens_findings_get_rows(LensFindings *self); /* NULL: of all rows */
gint64 lens_findings_get_examples(LensFindings *self);
gint64 lens_findings_get_nouns(LensFindings *self);        /* of the pointing game */
double lens_findings_get_accuracy(LensFindings *self);     /* NAN: not known */
GPtrArray *lens_findings_get_claims(LensFindings *self);   /* of LensClaim, borrowed */
GPtrArray *lens_findings_get_measures(LensFindings *self); /* of LensMeasure, borrowed */
/* Of LensFinding: those of one measure; owned. */
GListModel *lens_findings_list(LensFindings *self, const LensMeasure *measure);

G_END_DECLS
