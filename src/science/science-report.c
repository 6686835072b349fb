#include "science-report.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "figure-csv.h"
#include "lx-file.h"

static const char *model_name(bool bert)
{
  return bert ? "BERT" : "LXMERT";
}

static void head_text(const ScienceNumber *n, char *out, size_t size)
{
  if (n->head == SCIENCE_ALL_HEADS)
    snprintf(out, size, "mean");
  else
    snprintf(out, size, "%d", n->head);
}

/* Ratios that are shares are written in per cent. */
static bool is_share(ScienceMeasure measure)
{
  return measure != SCIENCE_EFFECTIVE && measure != SCIENCE_ENRICHMENT;
}

static void row(const ScienceNumber *n, FILE *out)
{
  const double scale = is_share(n->measure) ? 100 : 1;
  const int digits = is_share(n->measure) ? 1 : 2;
  const char *unit = is_share(n->measure) ? "%" : "";
  char head[16];
  head_text(n, head, sizeof head);
  fprintf(out, "| %s%s%s | %s | %s | %s | %.*f%s | %.*f to %.*f | %.*f%s | ",
          science_measure_title(n->measure), n->group[0] ? ", " : "", n->group, model_name(n->bert),
          n->map, head, digits, scale * n->value, unit, digits, scale * n->low, digits,
          scale * n->high, digits, scale * n->chance, unit);
  if (isnan(n->p))
    fputs("", out);
  else
    fprintf(out, "%.3f", n->p);
  fprintf(out, " | %lld |\n", (long long)n->examples);
}

/* Rows of a measure: for each map and group the head with the greatest value, and the mean. */
static void rows(const ScienceFindings *self, ScienceMeasure measure, FILE *out)
{
  for (int i = 0; i < self->n_numbers; i++) {
    const ScienceNumber *n = &self->numbers[i], *best = NULL;
    if (n->measure != measure || n->head != SCIENCE_ALL_HEADS || isnan(n->value))
      continue;
    for (int j = 0; j < self->n_numbers; j++) {
      const ScienceNumber *m = &self->numbers[j];
      if (m->measure == measure && m->bert == n->bert && m->head != SCIENCE_ALL_HEADS &&
          !strcmp(m->map, n->map) && !strcmp(m->group, n->group) && !isnan(m->value) &&
          (!best || m->value > best->value))
        best = m;
    }
    if (best)
      row(best, out);
    row(n, out);
  }
}

static void heading(const char *title, FILE *out)
{
  fprintf(
      out,
      "\n## %s\n\n| measure | model | map | head | value | 95%% interval | chance | p | examples "
      "|\n| --- | --- | --- | --- | ---: | --- | ---: | ---: | ---: |\n",
      title);
}

static void table(const ScienceFindings *self, const char *title, ScienceMeasure first,
                  ScienceMeasure last, FILE *out)
{
  heading(title, out);
  for (int m = (int)first; m <= (int)last; m++)
    rows(self, (ScienceMeasure)m, out);
  fputc('\n', out);
  for (int m = (int)first; m <= (int)last; m++)
    fprintf(out, "- %s: %s\n", science_measure_title((ScienceMeasure)m),
            science_measure_meaning((ScienceMeasure)m));
}

static void origin_text(const ScienceFindings *self, const ScienceOrigin *origin, FILE *out)
{
  if (origin->command)
    fprintf(out, "    %s\n\n", origin->command);
  fprintf(out, "%lld questions of the split %s of %s", (long long)self->examples, origin->split,
          origin->data);
  if (origin->rows)
    fprintf(out, " (only: %s)", origin->rows);
  fprintf(out, ", model %s", origin->model);
  if (origin->bert)
    fprintf(out, ", BERT %s", origin->bert);
  if (!isnan(self->accuracy))
    fprintf(out, "; the model answers %.1f%% of them", 100 * self->accuracy);
  fprintf(out, "; %.1f minutes.\n\n", self->seconds / 60);
  fputs(
      "Intervals: 95%, questions drawn with replacement. Chance: the same number with words, tags "
      "or boxes shuffled\nwithin each question (for one-hot: even attention); p: how often that is "
      "at least as far off. A best head is\nchosen among all heads on the same questions, so its "
      "value is a little flattered.\n",
      out);
}

void science_report_markdown(const ScienceFindings *self, const ScienceOrigin *origin, FILE *out)
{
  fputs("# What the attention does\n\n", out);
  origin_text(self, origin, out);
  fputs("\n## Which findings hold\n\n| finding | holds here | figures |\n| --- | --- | --- |\n",
        out);
  for (int i = 0; i < self->n_claims; i++)
    fprintf(out, "| %s | %s | %s |\n", self->claims[i].claim,
            self->claims[i].holds ? "yes" : "**no**", self->claims[i].evidence);
  fputs(
      "\nThe tables show the strongest head of each map and the mean over its heads; every head is "
      "in the CSV file.\n",
      out);
  table(self, "Words on words", SCIENCE_NEXT_WORD, SCIENCE_PREVIOUS_HIT, out);
  table(self, "Boxes on boxes", SCIENCE_COLUMN_MASS, SCIENCE_ONE_HOT, out);
  fputs("\nThe share of a box is the mass of its column: what all boxes together give it. Top-1 is "
        "the mass "
        "of the\nheaviest column, top-3 of the three heaviest.\n",
        out);
  table(self, "Boxes on words", SCIENCE_MASS, SCIENCE_ENRICHMENT, out);
  table(self, "Articles and their nouns", SCIENCE_TAKEOVER, SCIENCE_ARTICLE_SHARE, out);
  if (self->nouns > 0) {
    table(self, "Pointing game", SCIENCE_POINT_WORD, SCIENCE_POINT_BOX, out);
    fprintf(
        out,
        "\nOver %lld nouns whose object is in some box (IoU 0.5 or more) but not in all. [CLS]: "
        "where the answer's own\nword looks, in questions that name one kind of object.\n",
        (long long)self->nouns);
  }
}

static void csv_number(double x, FILE *out)
{
  if (isnan(x))
    fputc(',', out);
  else
    fprintf(out, ",%.6g", x);
}

void science_report_csv(const ScienceFindings *self, const ScienceOrigin *origin, FILE *out)
{
  fputs("measure,model,map,head,group,value,low,high,chance,p,examples,split,rows\n", out);
  for (int i = 0; i < self->n_numbers; i++) {
    const ScienceNumber *n = &self->numbers[i];
    char head[16];
    head_text(n, head, sizeof head);
    fprintf(out, "%s,%s,%s,%s,%s", science_measure_key(n->measure), model_name(n->bert), n->map,
            head, n->group);
    csv_number(n->value, out);
    csv_number(n->low, out);
    csv_number(n->high, out);
    csv_number(n->chance, out);
    csv_number(n->p, out);
    fprintf(out, ",%lld", (long long)n->examples);
    fputc(',', out);
    figure_csv_text(out, origin->split);
    fputc(',', out);
    figure_csv_text(out, origin->rows ? origin->rows : "all");
    fputc('\n', out);
  }
}

static json_t *real_or_null(double x)
{
  return isfinite(x) ? json_real(x) : json_null();
}

static json_t *number_json(const ScienceNumber *n)
{
  return json_pack("{ss ss ss so ss so so so so so sI}", "measure", science_measure_key(n->measure),
                   "model", model_name(n->bert), "map", n->map, "head",
                   n->head == SCIENCE_ALL_HEADS ? json_string("mean") : json_integer(n->head),
                   "group", n->group, "value", real_or_null(n->value), "low", real_or_null(n->low),
                   "high", real_or_null(n->high), "chance", real_or_null(n->chance), "p",
                   real_or_null(n->p), "examples", (json_int_t)n->examples);
}

json_t *science_report_json(const ScienceFindings *self, const ScienceOrigin *origin)
{
  json_t *claims = json_array(), *numbers = json_array();
  for (int i = 0; i < self->n_claims; i++)
    json_array_append_new(claims,
                          json_pack("{ss sb ss}", "finding", self->claims[i].claim, "holds",
                                    self->claims[i].holds, "figures", self->claims[i].evidence));
  for (int i = 0; i < self->n_numbers; i++)
    json_array_append_new(numbers, number_json(&self->numbers[i]));
  return json_pack("{ss? ss ss? ss ss ss? sI sI so sf so so}", "command", origin->command, "model",
                   origin->model, "bert", origin->bert, "data", origin->data, "split",
                   origin->split, "rows", origin->rows, "examples", (json_int_t)self->examples,
                   "nouns", (json_int_t)self->nouns, "accuracy", real_or_null(self->accuracy),
                   "seconds", self->seconds, "findings", claims, "numbers", numbers);
}

LxStatus science_report_save(const char *prefix, const char *ending,
                             void (*write)(FILE *out, void *user_data), void *user_data,
                             LxError *error)
{
  char path[4096], *text = NULL;
  size_t size = 0;
  LxStatus status;

  snprintf(path, sizeof path, "%s%s", prefix, ending);
  FILE *out = open_memstream(&text, &size);
  /* In files numbers have a point, whatever the person's language writes. */
  const locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0), before = uselocale(plain);
  if (out)
    write(out, user_data);
  uselocale(before);
  freelocale(plain);
  const bool whole = out && !ferror(out);
  if (!out || fclose(out) != 0 || !whole)
    status = lx_fail(error, LX_ERR_MEMORY, "Not enough memory to write %s.", path);
  else
    status = lx_file_write(path, text, size, error);
  free(text);
  return status;
}
