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

static const LensDataRowInfo nothing = { "", "", "", "", "", "", NULL, NULL, NULL, 0, -1 };

LensDataRow *
lens_data_row_new(guint number)
{
  LensDataRow *self = g_object_new(LENS_TYPE_DATA_ROW, NULL);

  self->number = number;
  return self;
}

static void
free_texts(LensDataRow *self)
{
  const char **own[N_TEXTS];

  each_text(self, own, N_TEXTS);
  for (int k = 0; k < N_TEXTS && self->filled; k++)
    g_free((char *)*own[k]);
}

void
lens_data_row_reuse(LensDataRow *self, guint number, const LensDataRowInfo *info)
{
  const char **own[N_TEXTS];

  free_texts(self);
  self->number = number;
  self->filled = info != NULL;
  self->info = info ? *info : nothing;
  each_text(self, own, N_TEXTS);
  for (int k = 0; k < N_TEXTS && info; k++)
    *own[k] = g_strdup(*own[k]);
  g_signal_emit(self, filled_signal, 0);
}

void
lens_data_row_fill(LensDataRow *self, const LensDataRowInfo *info)
{
  lens_data_row_reuse(self, self->number, info);
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
  free_texts(LENS_DATA_ROW(object));
  G_OBJECT_CLASS(lens_data_row_parent_class)->finalize(object);
}

static void
lens_data_row_class_init(LensDataRowClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_data_row_finalize;
  filled_signal = g_signal_new("filled", LENS_TYPE_DATA_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
}

static void
lens_data_row_init(LensDataRow *self)
{
  self->info = nothing;
}
