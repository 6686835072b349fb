#include "lens-slow-rows.h"

/* More rows than a table makes widgets for: behind them the rest costs nothing. */
#define MADE 256

struct _LensSlowRows {
  GObject parent_instance;

  GListModel *all;
  GtkSliceListModel *shown;
  gboolean seen;
  guint idle;
};

G_DEFINE_FINAL_TYPE(LensSlowRows, lens_slow_rows, G_TYPE_OBJECT)

static guint whole_signal;

static gboolean
step(gpointer data)
{
  LensSlowRows *self = data;
  guint n = g_list_model_get_n_items(self->all), size = gtk_slice_list_model_get_size(self->shown);
  guint made = MIN(size, n);

  if (self->seen)
    size = made + LENS_SLOW_ROWS_STEP < MIN(n, MADE) ? made + LENS_SLOW_ROWS_STEP : G_MAXUINT;
  else
    size = made > LENS_SLOW_ROWS_FIRST + LENS_SLOW_ROWS_STEP ? made - LENS_SLOW_ROWS_STEP
                                                             : LENS_SLOW_ROWS_FIRST;
  gtk_slice_list_model_set_size(self->shown, size);
  if (size != G_MAXUINT && size != LENS_SLOW_ROWS_FIRST)
    return G_SOURCE_CONTINUE;
  self->idle = 0;
  if (size == G_MAXUINT)
    g_signal_emit(self, whole_signal, 0);
  return G_SOURCE_REMOVE;
}

static void
go_on(LensSlowRows *self)
{
  guint size = gtk_slice_list_model_get_size(self->shown);

  if (!self->idle && size != (self->seen ? G_MAXUINT : LENS_SLOW_ROWS_FIRST))
    self->idle = g_idle_add(step, self);
}

GListModel *
lens_slow_rows_get_shown(LensSlowRows *self)
{
  return G_LIST_MODEL(self->shown);
}

void
lens_slow_rows_set_seen(LensSlowRows *self, gboolean seen)
{
  self->seen = seen;
  go_on(self);
}

void
lens_slow_rows_begin_again(LensSlowRows *self)
{
  gtk_slice_list_model_set_size(self->shown, LENS_SLOW_ROWS_FIRST);
  go_on(self);
}

LensSlowRows *
lens_slow_rows_new(GListModel *all)
{
  LensSlowRows *self = g_object_new(LENS_TYPE_SLOW_ROWS, NULL);

  self->all = g_object_ref(all);
  self->shown = gtk_slice_list_model_new(g_object_ref(all), 0, LENS_SLOW_ROWS_FIRST);
  return self;
}

static void
lens_slow_rows_finalize(GObject *object)
{
  LensSlowRows *self = LENS_SLOW_ROWS(object);

  g_clear_handle_id(&self->idle, g_source_remove);
  g_clear_object(&self->shown);
  g_clear_object(&self->all);
  G_OBJECT_CLASS(lens_slow_rows_parent_class)->finalize(object);
}

static void
lens_slow_rows_class_init(LensSlowRowsClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_slow_rows_finalize;
  whole_signal = g_signal_new("whole", LENS_TYPE_SLOW_ROWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 0);
}

static void
lens_slow_rows_init(LensSlowRows *self)
{
}
