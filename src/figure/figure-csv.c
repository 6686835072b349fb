#include "figure-csv.h"

#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "figure-export.h"
#include "figure-text.h"

void figure_csv_text(FILE *f, const char *text)
{
  if (!text[strcspn(text, "\",\r\n")]) {
    fputs(text, f);
    return;
  }
  fputc('"', f);
  for (; *text; text++) {
    if (*text == '"')
      fputc('"', f);
    fputc(*text, f);
  }
  fputc('"', f);
}

static void write_table(FILE *f, const FigureMap *map, const double *weights)
{
  /* A comma is the next cell, whatever the person's language writes in numbers. */
  const locale_t plain = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0), before = uselocale(plain);
  figure_csv_text(f, map->query_is_words == map->key_is_words ? "query \\ key"
                     : map->query_is_words                    ? "word \\ box"
                                                              : "box \\ word");
  for (int c = 0; c < map->cols; c++) {
    fputc(',', f);
    figure_csv_text(f, map->col_labels ? map->col_labels[c] : "");
  }
  for (int r = 0; r < map->rows; r++) {
    fputs("\r\n", f);
    figure_csv_text(f, map->row_labels ? map->row_labels[r] : "");
    for (int c = 0; c < map->cols; c++)
      fprintf(f, ",%.9g", weights[(size_t)r * (size_t)map->cols + (size_t)c]);
  }
  fputs("\r\n", f);
  uselocale(before);
  freelocale(plain);
}

static bool write_file(const char *path, const FigureMap *map, const double *weights)
{
  FILE *f = fopen(path, "w");
  bool ok;

  if (!f)
    return false;
  write_table(f, map, weights);
  ok = !ferror(f);
  return fclose(f) == 0 && ok;
}

bool figure_export_csv(const char *path, const FigureMap *map, const FigureReading *reading,
                       FigureError *error)
{
  char *part = figure_part_name(path);
  double *weights = NULL;
  bool ok = false;

  if (map->rows > 0 && map->cols > 0)
    weights = malloc((size_t)map->rows * (size_t)map->cols * sizeof *weights);
  if (map->rows <= 0 || map->cols <= 0)
    figure_fail(error, "The attention map is empty.");
  else if (!weights || !part)
    figure_fail(error, "Not enough memory to write %s.", path);
  else if (!figure_read(map, reading, weights))
    figure_fail(error, "The map has no head %d to write.", reading->head);
  else if (!write_file(part, map, weights) || rename(part, path) != 0) {
    figure_fail(error, "Cannot write %s: %s.", path, strerror(errno));
    unlink(part);
  } else {
    ok = true;
  }
  free(weights);
  free(part);
  return ok;
}
