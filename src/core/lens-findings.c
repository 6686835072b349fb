#include "lens-findings.h"

#include <math.h>

/* ---- one number ---- */

struct _LensFinding {
  GObject parent_instance;
  LensFindingInfo info;
};

G_DEFINE_FINAL_TYPE(LensFinding, lens_finding, G_TYPE_OBJECT)

LensFinding *
lens_finding_new(const LensFindingInfo *info)
{
  LensFinding *self = g_object_new(LENS_TYPE_FINDING, NULL);

  self->info = *info;
  self->info.measure = g_strdup(info->measure);
  self->info.map = g_strdup(info->map);
  self->info.group = g_strdup(info->group);
  return self;
}

const LensFindingInfo *
lens_finding_get_info(LensFinding *self)
{
  return &self->info;
}

char *
lens_finding_format(LensFinding *self, double value)
{
  if (isnan(value))
    return g_strdup("–");
  return self->info.is_share ? g_strdup_printf("%.1f%%", 100 * value)
                             : g_strdup_printf("%.2f", value);
}

static void
lens_finding_finalize(GObject *object)
{
  LensFindingInfo *info = &LENS_FINDING(object)->info;

  g_free((char *)info->measure);
  g_free((char *)info->map);
  g_free((char *)info->group);
  G_OBJECT_CLASS(lens_finding_parent_class)->finalize(object);
}

static void
lens_finding_class_init(LensFindingClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_finding_finalize;
}

static void
lens_finding_init(LensFinding *self)
{
}

/* ---- all of a run ---- */

struct _LensFindings {
  GObject parent_instance;
  char *report, *model, *bert, *data, *rows;
  gint64 examples, nouns;
  double accuracy;
  GPtrArray *numbers, *claims, *measures;
};

G_DEFINE_FINAL_TYPE(LensFindings, lens_findings, G_TYPE_OBJECT)

LensFindings *
lens_findings_new(const char *report)
{
  LensFindings *self = g_object_new(LENS_TYPE_FINDINGS, NULL);

  self->report = g_strdup(report);
  return self;
}

void
lens_findings_set_origin(LensFindings *self, const char *model, const char *bert, const char *data,
                         gint64 examples, gint64 nouns, double accuracy)
{
  g_free(self->model);
  g_free(self->bert);
  g_free(self->data);
  self->model = g_strdup(model);
  self->bert = g_strdup(bert);
  self->data = g_strdup(data);
  self->examples = examples;
  self->nouns = nouns;
  self->accuracy = accuracy;
}

void
lens_findings_set_rows(LensFindings *self, const char *rows)
{
  g_free(self->rows);
  self->rows = rows && *rows ? g_strdup(rows) : NULL;
}

void
lens_findings_add_claim(LensFindings *self, const char *claim, gboolean holds, const char *evidence)
{
  LensClaim *one = g_new0(LensClaim, 1);

  *one = (LensClaim){ g_strdup(claim), holds, g_strdup(evidence) };
  g_ptr_array_add(self->claims, one);
}

static gboolean
is_of(const LensFindingInfo *info, const LensMeasure *measure)
{
  return g_str_equal(info->measure, measure->key) && g_str_equal(info->group, measure->group);
}

void
lens_findings_add(LensFindings *self, LensFinding *number, const char *title, const char *meaning)
{
  LensMeasure *measure;

  g_ptr_array_add(self->numbers, g_object_ref(number));
  for (guint i = 0; i < self->measures->len; i++)
    if (is_of(&number->info, self->measures->pdata[i]))
      return;
  measure = g_new0(LensMeasure, 1);
  *measure = (LensMeasure){ g_strdup(number->info.measure), g_strdup(number->info.group),
                            g_strdup(title), g_strdup(meaning) };
  g_ptr_array_add(self->measures, measure);
}

const char *
lens_findings_get_report(LensFindings *self)
{
  return self->report;
}

const char *
lens_findings_get_model(LensFindings *self)
{
  return self->model;
}

const char *
lens_findings_get_bert(LensFindings *self)
{
  return self->bert;
}

const char *
lens_findings_get_data(LensFindings *self)
{
  return self->data;
}

const char *
lens_findings_get_rows(LensFindings *self)
{
  return self->rows;
}

gint64
lens_findings_get_examples(LensFindings *self)
{
  return self->examples;
}

gint64
lens_findings_get_nouns(LensFindings *self)
{
  return self->nouns;
}

double
lens_findings_get_accuracy(LensFindings *self)
{
  return self->accuracy;
}

GPtrArray *
lens_findings_get_claims(LensFindings *self)
{
  return self->claims;
}

GPtrArray *
lens_findings_get_measures(LensFindings *self)
{
  return self->measures;
}

GListModel *
lens_findings_list(LensFindings *self, const LensMeasure *measure)
{
  GListStore *list = g_list_store_new(LENS_TYPE_FINDING);

  for (guint i = 0; i < self->numbers->len; i++) {
    LensFinding *number = self->numbers->pdata[i];

    if (is_of(&number->info, measure))
      g_list_store_append(list, number);
  }
  return G_LIST_MODEL(list);
}

static void
free_claim(gpointer p)
{
  LensClaim *claim = p;

  g_free(claim->claim);
  g_free(claim->evidence);
  g_free(claim);
}

static void
free_measure(gpointer p)
{
  LensMeasure *measure = p;

  g_free(measure->key);
  g_free(measure->group);
  g_free(measure->title);
  g_free(measure->meaning);
  g_free(measure);
}

static void
lens_findings_finalize(GObject *object)
{
  LensFindings *self = LENS_FINDINGS(object);

  g_ptr_array_unref(self->numbers);
  g_ptr_array_unref(self->claims);
  g_ptr_array_unref(self->measures);
  g_free(self->report);
  g_free(self->model);
  g_free(self->bert);
  g_free(self->data);
  g_free(self->rows);
  G_OBJECT_CLASS(lens_findings_parent_class)->finalize(object);
}

static void
lens_findings_class_init(LensFindingsClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_findings_finalize;
}

static void
lens_findings_init(LensFindings *self)
{
  self->numbers = g_ptr_array_new_with_free_func(g_object_unref);
  self->claims = g_ptr_array_new_with_free_func(free_claim);
  self->measures = g_ptr_array_new_with_free_func(free_measure);
}
