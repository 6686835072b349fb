/* Reports of findings between the store's JSON, the window and files. */
#include <glib/gi18n.h>
#include <math.h>

#include <jansson.h>

#include "lens-data-measure.h"
#include "lens-engine-error.h"
#include "science-claims.h"
#include "science-report.h"

static json_t *parse(const char *report, ScienceFindings **out, GError **error)
{
  LxError engine = {0};
  json_t *json = json_loads(report, 0, NULL);
  if (science_report_read(json, out, &engine) == LX_OK)
    return json;
  json_decref(json);
  lens_error_from_engine(error, &engine);
  return NULL;
}

static const char *text_of(const json_t *json, const char *key)
{
  return json_string_value(json_object_get(json, key));
}

static void add_number(LensFindings *out, const ScienceNumber *n)
{
  const LensFindingInfo info = {
      .measure = science_measure_key(n->measure),
      .bert = n->bert,
      .map = n->map,
      .head = n->head == SCIENCE_ALL_HEADS ? LENS_FINDING_MEAN : n->head,
      .group = n->group,
      .is_share = n->measure != SCIENCE_EFFECTIVE && n->measure != SCIENCE_ENRICHMENT,
      .value = n->value,
      .low = n->low,
      .high = n->high,
      .chance = n->chance,
      .p = n->p,
      .examples = n->examples,
  };
  g_autoptr(LensFinding) number = lens_finding_new(&info);
  lens_findings_add(out, number, science_measure_title(n->measure),
                    science_measure_meaning(n->measure));
}

static const char *to_language(const char *format)
{
  return gettext(format);
}

LensFindings *lens_data_read_report(const char *report, GError **error)
{
  ScienceFindings *findings = NULL;
  json_t *json = parse(report, &findings, error);
  if (!json)
    return NULL;
  LensFindings *out = lens_findings_new(report);
  lens_findings_set_origin(out, text_of(json, "model"), text_of(json, "bert"),
                           text_of(json, "split"), findings->examples, findings->nouns,
                           findings->accuracy);
  lens_findings_set_rows(out, text_of(json, "rows"));
  science_claims_judge_in(findings, to_language);
  for (int i = 0; i < findings->n_claims; i++)
    lens_findings_add_claim(out, findings->claims[i].claim, findings->claims[i].holds,
                            findings->claims[i].evidence);
  for (int i = 0; i < findings->n_numbers; i++)
    if (!isnan(findings->numbers[i].value))
      add_number(out, &findings->numbers[i]);
  science_findings_free(findings);
  json_decref(json);
  return out;
}

/* ---- as files ---- */

typedef struct {
  const ScienceFindings *findings;
  ScienceOrigin origin;
  json_t *json;
} Report;

static void write_markdown(FILE *out, void *user_data)
{
  const Report *r = user_data;
  science_report_markdown(r->findings, &r->origin, out);
}

static void write_csv(FILE *out, void *user_data)
{
  const Report *r = user_data;
  science_report_csv(r->findings, &r->origin, out);
}

static void write_json(FILE *out, void *user_data)
{
  json_dumpf(((const Report *)user_data)->json, out, JSON_INDENT(1) | JSON_REAL_PRECISION(8));
  fputc('\n', out);
}

gboolean lens_data_write_report(const char *report, const char *path, GError **error)
{
  static const struct {
    const char *ending;
    void (*write)(FILE *out, void *user_data);
  } kinds[] = {{".md", write_markdown}, {".csv", write_csv}, {".json", write_json}};
  LxError engine = {0};
  ScienceFindings *findings = NULL;
  gsize kind = 0;
  while (kind < G_N_ELEMENTS(kinds) && !g_str_has_suffix(path, kinds[kind].ending))
    kind++;
  if (kind == G_N_ELEMENTS(kinds)) {
    g_set_error(error, LENS_ERROR, LENS_ERROR_ARGUMENT,
                _("Numbers are saved as .md, .csv or .json; %s ends otherwise."), path);
    return FALSE;
  }
  json_t *json = parse(report, &findings, error);
  if (!json)
    return FALSE;
  Report all = {findings,
                {.model = text_of(json, "model"),
                 .bert = text_of(json, "bert"),
                 .data = text_of(json, "data"),
                 .split = text_of(json, "split"),
                 .rows = text_of(json, "rows")},
                json};
  g_autofree char *prefix = g_strndup(path, strlen(path) - strlen(kinds[kind].ending));
  LxStatus status =
      science_report_save(prefix, kinds[kind].ending, kinds[kind].write, &all, &engine);
  science_findings_free(findings);
  json_decref(json);
  return status == LX_OK || lens_error_from_engine(error, &engine);
}
