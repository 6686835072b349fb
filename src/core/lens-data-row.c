#include "lens-data-row.h"

struct _LensDataRow {
  GObject parent_instance;
  guint number;
  gboolean filled;
  LensDataRowInfo info;
};

G_DEFINE_FINAL_TYPE(LensDataRow, lens_data_row, G_TYPE_OBJECT)

static guint filled_signal;

static void
each_text(LensDataRow *self, const char ***out, int n)
{
  LensDataRowInfo *i = &self->info;
  const char **all[] = { &i->id,    &i->question,    &i->image,         &i->image2, &i->truth,
                         &i->label, &i->answer_type, &i->question_type, &i->answer };

  for (int k = 0; k < n; k++)
    out[k] = all[k];
}

#define N_TEXTS 9

LensDataRow *
lens_data_row_new(guint number)
{
  LensDataRow *self = g_object_new(LENS_TYPE_DATA_ROW, NULL);

  self->number = number;
  return self;
}

void
lens_data_row_fill(LensDataRow *self, const LensDataRowInfo *info)
{
  const char **own[N_TEXTS];
  const char *old[N_TEXTS];

  each_text(self, own, N_TEXTS);
  for (int k = 0; k < N_TEXTS; k++)
    old[k] = *own[k];
  self->info = *info;
  for (int k = 0; k < N_TEXTS; k++) {
    *own[k] = g_strdup(*own[k]);
    if (self->filled)
      g_free((char *)old[k]);
  }
  self->filled = TRUE;
  g_signal_emit(self, filled_signal, 0);
}

gboolean
lens_data_row_is_filled(LensDataRow *self)
{
  return self->filled;
}

guint
lens_data_row_get_number(LensDataRow *self)
{
  return self->number;
}

const LensDataRowInfo *
lens_data_row_get_info(LensDataRow *self)
{
  return &self->info;
}

static void
lens_data_row_finalize(GObject *object)
{
  LensDataRow *self = LENS_DATA_ROW(object);
  const char **own[N_TEXTS];

  each_text(self, own, N_TEXTS);
  for (int k = 0; k < N_TEXTS && self->filled; k++)
    g_free((char *)*own[k]);
  G_OBJECT_CLASS(lens_data_row_parent_class)->finalize(object);
}

static void
lens_data_row_class_init(LensDataRowClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_data_row_finalize;
  filled_signal = g_signal_new("filled", LENS_TYPE_DATA_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
lens_data_row_init(LensDataRow *self)
{
  self->info = (LensDataRowInfo){ "", "", "", "", "", "", NULL, NULL, NULL, 0, -1 };
}
