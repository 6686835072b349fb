#include "science-perturb-report.h"

#include <math.h>

static const char *side_name(const ScienceCurve *c)
{
  return c->words ? "words" : "boxes";
}

static const char *direction_name(const ScienceCurve *c)
{
  return c->order == SCIENCE_BY_CHANCE ? "any" : c->positive ? "positive" : "negative";
}

static void cell(const ScienceEstimate *e, FILE *out)
{
  if (isnan(e->value))
    fputs(" |", out);
  else
    fprintf(out, " %.1f |", 100 * e->value);
}

static void area_cell(const ScienceEstimate *e, FILE *out)
{
  if (isnan(e->value))
    fputs(" |", out);
  else
    fprintf(out, " %.1f (%.1f to %.1f) |", 100 * e->value, 100 * e->low, 100 * e->high);
}

static void table(const SciencePerturbation *self, bool words, bool positive, FILE *out)
{
  fprintf(out, "\n## %s, the %s relevant first\n\n| order |", words ? "Words" : "Boxes",
          positive ? "most" : "least");
  for (int l = 0; l < SCIENCE_N_LEVELS; l++)
    fprintf(out, " %.0f%% |", 100 * science_levels[l]);
  fputs(" area, accuracy | area, probability |\n| --- |", out);
  for (int l = 0; l < SCIENCE_N_LEVELS; l++)
    fputs(" ---: |", out);
  fputs(" --- | --- |\n", out);
  for (int o = 0; o < SCIENCE_N_ORDERS; o++) {
    const ScienceCurve *c = science_perturbation_find(self, words, positive, (ScienceOrder)o);
    if (!c)
      continue;
    fprintf(out, "| %s |", science_order_name(c->order));
    for (int l = 0; l < SCIENCE_N_LEVELS; l++)
      cell(self->labelled ? &c->accuracy[l] : &c->probability[l], out);
    area_cell(&c->accuracy_area, out);
    area_cell(&c->probability_area, out);
    fputc('\n', out);
  }
}

/* The order whose area is best, and whether its interval is clear of the random order's. */
static void verdict(const SciencePerturbation *self, bool words, bool positive, FILE *out)
{
  const ScienceCurve *random = science_perturbation_find(self, words, positive, SCIENCE_BY_CHANCE);
  const ScienceCurve *best = NULL;
  int clear = 0;
  for (int o = 0; o < SCIENCE_BY_CHANCE; o++) {
    const ScienceCurve *c = science_perturbation_find(self, words, positive, (ScienceOrder)o);
    const double a = c->probability_area.value;
    if (!best || (positive ? a < best->probability_area.value : a > best->probability_area.value))
      best = c;
    clear += positive ? c->probability_area.high < random->probability_area.low
                      : c->probability_area.low > random->probability_area.high;
  }
  fprintf(out,
          "- %s, %s first: best is %s (%.1f; random %.1f); %d of 4 orders are clear of the random "
          "one.\n",
          words ? "Words" : "Boxes", positive ? "most relevant" : "least relevant",
          science_order_name(best->order), 100 * best->probability_area.value,
          100 * random->probability_area.value, clear);
}

void science_perturb_markdown(const SciencePerturbation *self, const ScienceOrigin *origin,
                              FILE *out)
{
  fputs("# What answers rest on: boxes and words taken away\n\n", out);
  if (origin->command)
    fprintf(out, "    %s\n\n", origin->command);
  fprintf(
      out,
      "%lld questions of the split %s of %s, model %s; %.1f minutes.\n\n"
      "Boxes or words leave the input in the order of their relevance for the model's own answer. "
      "Most relevant first,\na good order falls fast (small area); least relevant first, it falls "
      "late (large area). [CLS], [SEP] and one\nbox always stay. The columns give %s in per cent; "
      "areas are mean heights of the curves of the accuracy and of\nthe probability of the answer "
      "to the whole input, with 95%% intervals over questions.\n\n",
      (long long)self->examples, origin->split, origin->data, origin->model, self->seconds / 60,
      self->labelled ? "the accuracy" : "the probability of the full input's answer");
  for (int side = 0; side < 4; side++)
    verdict(self, side / 2, side % 2 == 0, out);
  for (int side = 0; side < 4; side++)
    table(self, side / 2, side % 2 == 0, out);
}

static void csv_line(const ScienceCurve *c, const char *measure, double share,
                     const ScienceEstimate *e, FILE *out)
{
  if (isnan(e->value))
    return;
  fprintf(out, "%s,%s,%s,%s,", side_name(c), direction_name(c), science_order_name(c->order),
          measure);
  if (!isnan(share))
    fprintf(out, "%.2f", share);
  fprintf(out, ",%.6g,%.6g,%.6g\n", e->value, e->low, e->high);
}

void science_perturb_csv(const SciencePerturbation *self, FILE *out)
{
  fputs("removed,direction,order,measure,share,value,low,high\n", out);
  for (int i = 0; i < self->n_curves; i++) {
    const ScienceCurve *c = &self->curves[i];
    for (int l = 0; l < SCIENCE_N_LEVELS; l++) {
      csv_line(c, "accuracy", science_levels[l], &c->accuracy[l], out);
      csv_line(c, "probability", science_levels[l], &c->probability[l], out);
    }
    csv_line(c, "accuracy area", NAN, &c->accuracy_area, out);
    csv_line(c, "probability area", NAN, &c->probability_area, out);
  }
}

static json_t *estimate_json(const ScienceEstimate *e)
{
  if (isnan(e->value))
    return json_null();
  return json_pack("{sf sf sf}", "value", e->value, "low", e->low, "high", e->high);
}

static json_t *curve_json(const ScienceCurve *c)
{
  json_t *accuracy = json_array(), *probability = json_array();
  for (int l = 0; l < SCIENCE_N_LEVELS; l++) {
    json_array_append_new(accuracy, estimate_json(&c->accuracy[l]));
    json_array_append_new(probability, estimate_json(&c->probability[l]));
  }
  return json_pack("{ss ss ss so so so so}", "removed", side_name(c), "direction",
                   direction_name(c), "order", science_order_name(c->order), "accuracy", accuracy,
                   "probability", probability, "accuracy_area", estimate_json(&c->accuracy_area),
                   "probability_area", estimate_json(&c->probability_area));
}

json_t *science_perturb_json(const SciencePerturbation *self, const ScienceOrigin *origin)
{
  json_t *levels = json_array(), *curves = json_array();
  for (int l = 0; l < SCIENCE_N_LEVELS; l++)
    json_array_append_new(levels, json_real(science_levels[l]));
  for (int i = 0; i < self->n_curves; i++)
    json_array_append_new(curves, curve_json(&self->curves[i]));
  return json_pack("{ss? ss ss ss sI sf so so}", "command", origin->command, "model", origin->model,
                   "data", origin->data, "split", origin->split, "examples",
                   (json_int_t)self->examples, "seconds", self->seconds, "levels", levels, "curves",
                   curves);
}
