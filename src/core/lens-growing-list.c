#include "lens-growing-list.h"

struct _LensGrowingList {
  GObject parent_instance;

  GListModel *source;
  guint shown; /* its first items */
  guint idle;  /* shows more */
};

static guint replaced_signal;

static GType
get_item_type(GListModel *model)
{
  return g_list_model_get_item_type(LENS_GROWING_LIST(model)->source);
}

static guint
get_n_items(GListModel *model)
{
  return LENS_GROWING_LIST(model)->shown;
}

static gpointer
get_item(GListModel *model, guint position)
{
  LensGrowingList *self = LENS_GROWING_LIST(model);

  return position < self->shown ? g_list_model_get_item(self->source, position) : NULL;
}

static void
list_model_init(GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(LensGrowingList, lens_growing_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

static guint
count_hidden(LensGrowingList *self)
{
  return g_list_model_get_n_items(self->source) - self->shown;
}

static gboolean
grow(gpointer data)
{
  LensGrowingList *self = data;
  guint before = self->shown;
  guint step = before < LENS_GROWING_ROWS ? LENS_GROWING_FIRST : LENS_GROWING_STEP;
  guint more = MIN(count_hidden(self), step);

  self->shown += more;
  if (!count_hidden(self))
    self->idle = 0;
  g_list_model_items_changed(G_LIST_MODEL(self), before, 0, more);
  return count_hidden(self) ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
grow_if_hidden(LensGrowingList *self)
{
  if (!self->idle && count_hidden(self))
    self->idle = g_idle_add(grow, self);
}

static void
stop(LensGrowingList *self)
{
  g_signal_handlers_disconnect_by_data(self->source, self);
  g_clear_handle_id(&self->idle, g_source_remove);
}

static void
on_items_changed(GListModel *source, guint position, guint removed, guint added,
                 LensGrowingList *self)
{
  guint before = g_list_model_get_n_items(source) - added + removed;

  if (removed > LENS_GROWING_FIRST || added > LENS_GROWING_FIRST) {
    stop(self);
    g_signal_emit(self, replaced_signal, 0);
    return;
  }
  if (position < self->shown || self->shown == before) {
    guint gone = MIN(removed, self->shown - position);

    self->shown += added - gone;
    g_list_model_items_changed(G_LIST_MODEL(self), position, gone, added);
  }
  grow_if_hidden(self);
}

LensGrowingList *
lens_growing_list_new(GListModel *source)
{
  LensGrowingList *self = g_object_new(LENS_TYPE_GROWING_LIST, NULL);

  self->source = g_object_ref(source);
  self->shown = MIN(g_list_model_get_n_items(source), LENS_GROWING_FIRST);
  g_signal_connect_object(source, "items-changed", G_CALLBACK(on_items_changed), self, 0);
  grow_if_hidden(self);
  return self;
}

static void
lens_growing_list_finalize(GObject *object)
{
  LensGrowingList *self = LENS_GROWING_LIST(object);

  g_clear_handle_id(&self->idle, g_source_remove);
  g_clear_object(&self->source);
  G_OBJECT_CLASS(lens_growing_list_parent_class)->finalize(object);
}

static void
lens_growing_list_class_init(LensGrowingListClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_growing_list_finalize;
  replaced_signal = g_signal_new("replaced", LENS_TYPE_GROWING_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
lens_growing_list_init(LensGrowingList *self)
{
}
