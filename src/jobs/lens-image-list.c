#include "lens-image-list.h"

/* Objects kept although nobody else holds them. */
#define KEPT 512
/* Objects asked for at a time: two screens of a list view, which has 200 rows each. */
#define WANTED 400

struct _LensImageList {
  GObject parent_instance;
  GArray *ids;        /* of gint64 */
  GHashTable *images; /* gint64 -> Watch */
  GQueue kept;        /* of LensImage, held; the last one made is last */
  GArray *wanted;     /* of gint64, the last one looked at is last */
  guint source;       /* tells of them */
};

/* Of an object that somebody holds; the table's key lies in it, for the object's id is gone with
 * the object. */
typedef struct {
  gint64 id;
  LensImage *image; /* not held */
  LensImageList *list;
  gboolean wanted; /* asked for, or read */
} Watch;

static guint wanted_signal;

static GType get_item_type(GListModel *model)
{
  return LENS_TYPE_IMAGE;
}

static guint get_n_items(GListModel *model)
{
  return LENS_IMAGE_LIST(model)->ids->len;
}

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

LensImageList *lens_image_list_new(void)
{
  return g_object_new(LENS_TYPE_IMAGE_LIST, NULL);
}

/* ---- objects ---- */

static void on_image_gone(gpointer data, GObject *gone)
{
  Watch *watch = data;
  g_hash_table_remove(watch->list->images, &watch->id);
}

static Watch *watch_image(LensImageList *self, LensImage *image)
{
  Watch *watch = g_new(Watch, 1);
  *watch = (Watch){lens_image_get_id(image), image, self, FALSE};
  g_hash_table_insert(self->images, &watch->id, watch);
  g_object_weak_ref(G_OBJECT(image), on_image_gone, watch);
  return watch;
}

void lens_image_list_forget_wanted(LensImageList *self, gint64 id)
{
  Watch *watch = g_hash_table_lookup(self->images, &id);
  if (watch)
    watch->wanted = FALSE;
}

GArray *lens_image_list_take_wanted(LensImageList *self)
{
  GArray *taken = g_array_new(FALSE, FALSE, sizeof(gint64));
  for (guint i = self->wanted->len; i-- > 0;) {
    gint64 id = g_array_index(self->wanted, gint64, i);
    if (taken->len < WANTED)
      g_array_append_val(taken, id);
    else
      lens_image_list_forget_wanted(self, id);
  }
  g_array_set_size(self->wanted, 0);
  return taken;
}

static gboolean tell_of_wanted(gpointer data)
{
  LensImageList *self = data;
  self->source = 0;
  g_signal_emit(self, wanted_signal, 0);
  return G_SOURCE_REMOVE;
}

static void want(LensImageList *self, Watch *watch)
{
  if (watch->wanted)
    return;
  watch->wanted = TRUE;
  g_array_append_val(self->wanted, watch->id);
  if (!self->source)
    self->source = g_idle_add_full(G_PRIORITY_HIGH_IDLE, tell_of_wanted, self, NULL);
}

LensImage *lens_image_list_lookup(LensImageList *self, gint64 id)
{
  Watch *watch = g_hash_table_lookup(self->images, &id);
  return watch ? watch->image : NULL;
}

LensImage *lens_image_list_ensure(LensImageList *self, gint64 id)
{
  Watch *watch = g_hash_table_lookup(self->images, &id);
  if (!watch) {
    LensImage *image = lens_image_new(id, NULL, NULL, FALSE, NULL);
    watch = watch_image(self, image);
    g_queue_push_tail(&self->kept, image);
    if (g_queue_get_length(&self->kept) > KEPT)
      g_object_unref(g_queue_pop_head(&self->kept));
  }
  want(self, watch);
  return watch->image;
}

/* ---- order ---- */

guint lens_image_list_get_length(LensImageList *self)
{
  return self->ids->len;
}

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
  gpointer watch;
  g_clear_handle_id(&self->source, g_source_remove);
  g_hash_table_iter_init(&iter, self->images);
  while (g_hash_table_iter_next(&iter, NULL, &watch))
    g_object_weak_unref(G_OBJECT(((Watch *)watch)->image), on_image_gone, watch);
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
                               NULL, G_TYPE_NONE, 0);
}

static void lens_image_list_init(LensImageList *self)
{
  self->ids = g_array_new(FALSE, FALSE, sizeof(gint64));
  self->wanted = g_array_new(FALSE, FALSE, sizeof(gint64));
  self->images = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
  g_queue_init(&self->kept);
}
