/* Lines of a CSV (RFC 4180: quotes, "" inside them, line breaks inside them), with commas,
 * semicolons or tabs between its fields, whichever the first line has. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  const char *at;    /* what comes next; "" at the end */
  char separator;
  int line;          /* of `at`, 1-based */
  int begin;         /* the line where the last record began */
  gboolean unclosed; /* the last record's quotation mark never ended */
} LensDataCsv;

/* `text`: UTF-8, borrowed; a byte order mark is skipped. */
void lens_data_csv_begin(LensDataCsv *self, const char *text);
/* Of char *, stripped, at least one; owned. */
GPtrArray *lens_data_csv_next(LensDataCsv *self);

G_END_DECLS
