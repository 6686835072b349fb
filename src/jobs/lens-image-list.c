#include "lens-image-list.h"

/* Objects kept although nobody else holds them. */
#define KEPT 512

struct _LensImageList {
  GObject parent_instance;
  GArray *ids;        /* of gint64 */
  GHashTable *images; /* gint64 -> LensImage, not held */
  GQueue kept;        /* of LensImage, held; the last one made is last */
  GArray *wanted;     /* of gint64 */
  guint source;       /* asks for them */
};

static guint wanted_signal;

static GType get_item_type(GListModel *model) { return LENS_TYPE_IMAGE; }

static guint get_n_items(GListModel *model) { return LENS_IMAGE_LIST(model)->ids->len; }

static gpointer get_item(GListModel *model, guint position)
{
  LensImageList *self = LENS_IMAGE_LIST(model);
  if (position >= self->ids->len)
    return NULL;
  return g_object_ref(lens_image_list_ensure(self, g_array_index(self->ids, gint64, position)));
}

static void list_model_init(GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE(LensImageList, lens_image_list, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

LensImageList *lens_image_list_new(void) { return g_object_new(LENS_TYPE_IMAGE_LIST, NULL); }

/* ---- objects ---- */

/* The key lies in the table: the object's id is gone with it. */
static void on_image_gone(gpointer data, GObject *gone)
{
  LensImageList *self = data;
  GHashTableIter iter;
  gpointer image;
  g_hash_table_iter_init(&iter, self->images);
  while (g_hash_table_iter_next(&iter, NULL, &image))
    if (image == gone) {
      g_hash_table_iter_remove(&iter);
      return;
    }
}

static gboolean ask_for_wanted(gpointer data)
{
  LensImageList *self = data;
  g_autoptr(GArray) wanted = self->wanted;
  self->wanted = g_array_new(FALSE, FALSE, sizeof(gint64));
  self->source = 0;
  g_signal_emit(self, wanted_signal, 0, wanted);
  return G_SOURCE_REMOVE;
}

LensImage *lens_image_list_lookup(LensImageList *self, gint64 id)
{
  return g_hash_table_lookup(self->images, &id);
}

LensImage *lens_image_list_ensure(LensImageList *self, gint64 id)
{
  LensImage *image = lens_image_list_lookup(self, id);
  if (image)
    return image;
  image = lens_image_new(id, NULL, NULL, FALSE, NULL);
  g_hash_table_insert(self->images, g_memdup2(&id, sizeof id), image);
  g_object_weak_ref(G_OBJECT(image), on_image_gone, self);
  g_queue_push_tail(&self->kept, image);
  if (g_queue_get_length(&self->kept) > KEPT)
    g_object_unref(g_queue_pop_head(&self->kept));
  g_array_append_val(self->wanted, id);
  if (!self->source)
    self->source = g_idle_add_full(G_PRIORITY_HIGH_IDLE, ask_for_wanted, self, NULL);
  return image;
}

/* ---- order ---- */

guint lens_image_list_get_length(LensImageList *self) { return self->ids->len; }

void lens_image_list_set_ids(LensImageList *self, GArray *ids)
{
  guint before = self->ids->len;
  gboolean same = before == ids->len;
  for (guint i = 0; same && i < before; i++)
    same = g_array_index(ids, gint64, i) == g_array_index(self->ids, gint64, i);
  if (same)
    return;
  g_array_set_size(self->ids, 0);
  g_array_append_vals(self->ids, ids->data, ids->len);
  g_list_model_items_changed(G_LIST_MODEL(self), 0, before, ids->len);
}

gboolean lens_image_list_find(LensImageList *self, gint64 id, guint *position)
{
  for (guint i = 0; i < self->ids->len; i++)
    if (g_array_index(self->ids, gint64, i) == id) {
      if (position)
        *position = i;
      return TRUE;
    }
  return FALSE;
}

void lens_image_list_insert(LensImageList *self, guint position, gint64 id)
{
  position = MIN(position, self->ids->len);
  g_array_insert_val(self->ids, position, id);
  g_list_model_items_changed(G_LIST_MODEL(self), position, 0, 1);
}

void lens_image_list_remove(LensImageList *self, guint position)
{
  g_return_if_fail(position < self->ids->len);
  g_array_remove_index(self->ids, position);
  g_list_model_items_changed(G_LIST_MODEL(self), position, 1, 0);
}

/* ---- object ---- */

static void lens_image_list_finalize(GObject *object)
{
  LensImageList *self = LENS_IMAGE_LIST(object);
  GHashTableIter iter;
  gpointer image;
  g_clear_handle_id(&self->source, g_source_remove);
  g_hash_table_iter_init(&iter, self->images);
  while (g_hash_table_iter_next(&iter, NULL, &image))
    g_object_weak_unref(image, on_image_gone, self);
  g_queue_clear_full(&self->kept, g_object_unref);
  g_hash_table_unref(self->images);
  g_array_unref(self->ids);
  g_array_unref(self->wanted);
  G_OBJECT_CLASS(lens_image_list_parent_class)->finalize(object);
}

static void lens_image_list_class_init(LensImageListClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_image_list_finalize;
  wanted_signal = g_signal_new("wanted", LENS_TYPE_IMAGE_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 1, G_TYPE_ARRAY);
}

static void lens_image_list_init(LensImageList *self)
{
  self->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  self->wanted = g_array_new(FALSE, FALSE, sizeof(gint64));
  self->images = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
  g_queue_init(&self->kept);
}
