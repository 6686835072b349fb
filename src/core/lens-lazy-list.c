#include "lens-lazy-list.h"

struct _LensLazyList {
  GObject parent_instance;

  GListStore *store;
  gint64 id;
  gboolean wanted;
};

static guint wanted_signal;

static GType
get_item_type(GListModel *model)
{
  return g_list_model_get_item_type(G_LIST_MODEL(LENS_LAZY_LIST(model)->store));
}

static guint
get_n_items(GListModel *model)
{
  LensLazyList *self = LENS_LAZY_LIST(model);

  if (!self->wanted) {
    self->wanted = TRUE;
    g_signal_emit(self, wanted_signal, 0);
  }
  return g_list_model_get_n_items(G_LIST_MODEL(self->store));
}

static gpointer
get_item(GListModel *model, guint position)
{
  return g_list_model_get_item(G_LIST_MODEL(LENS_LAZY_LIST(model)->store), position);
}

static void
list_model_init(GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(LensLazyList, lens_lazy_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

LensLazyList *
lens_lazy_list_new(GType type, gint64 id)
{
  LensLazyList *self = g_object_new(LENS_TYPE_LAZY_LIST, NULL);

  self->id = id;
  self->store = g_list_store_new(type);
  g_signal_connect_object(self->store, "items-changed", G_CALLBACK(g_list_model_items_changed),
                          self, G_CONNECT_SWAPPED);
  return self;
}

gint64
lens_lazy_list_get_id(LensLazyList *self)
{
  return self->id;
}

GListStore *
lens_lazy_list_get_store(LensLazyList *self)
{
  return self->store;
}

static void
lens_lazy_list_finalize(GObject *object)
{
  g_clear_object(&LENS_LAZY_LIST(object)->store);
  G_OBJECT_CLASS(lens_lazy_list_parent_class)->finalize(object);
}

static void
lens_lazy_list_class_init(LensLazyListClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_lazy_list_finalize;
  wanted_signal = g_signal_new("wanted", LENS_TYPE_LAZY_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
}

static void
lens_lazy_list_init(LensLazyList *self)
{
}
