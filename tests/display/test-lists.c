/* Lists that are filled when they are looked into, and that show themselves bit by bit. */
#include "lens-growing-list.h"
#include "lens-lazy-list.h"
#include "lens-question.h"

static void
splice(GListStore *store, guint position, guint removed, guint added)
{
  static gint64 id = 1;
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);

  for (guint i = 0; i < added; i++)
    g_ptr_array_add(items, lens_question_new(id++, 1, "what?", "", 0, ""));
  g_list_store_splice(store, position, removed, items->pdata, added);
}

/* A model behind the list, as one follows what it is told. */
typedef struct {
  GPtrArray *items;
  guint longest; /* step */
  gboolean replaced;
} Follower;

static void
on_items_changed(GListModel *list, guint position, guint removed, guint added, Follower *self)
{
  self->longest = MAX(self->longest, added);
  g_assert_cmpuint(position + removed, <=, self->items->len);
  if (removed)
    g_ptr_array_remove_range(self->items, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert(self->items, position + i, g_list_model_get_item(list, position + i));
}

static void
on_replaced(LensGrowingList *list, Follower *self)
{
  self->replaced = TRUE;
}

static void
follow(Follower *self, GListStore *store, LensGrowingList **list)
{
  g_clear_object(list);
  *list = lens_growing_list_new(G_LIST_MODEL(store));
  g_ptr_array_set_size(self->items, 0);
  g_signal_connect(*list, "items-changed", G_CALLBACK(on_items_changed), self);
  g_signal_connect(*list, "replaced", G_CALLBACK(on_replaced), self);
  on_items_changed(G_LIST_MODEL(*list), 0, 0, g_list_model_get_n_items(G_LIST_MODEL(*list)), self);
  self->replaced = FALSE;
}

static void
check_same(Follower *self, GListStore *store)
{
  g_assert_cmpuint(self->items->len, ==, g_list_model_get_n_items(G_LIST_MODEL(store)));
  for (guint i = 0; i < self->items->len; i++) {
    g_autoptr(GObject) item = g_list_model_get_item(G_LIST_MODEL(store), i);

    g_assert_true(item == self->items->pdata[i]);
  }
}

/* Whatever changes, and whether it has grown by then: in the end the same items in the same order,
 * and never many at once. */
static void
test_growing(void)
{
  g_autoptr(GListStore) store = g_list_store_new(LENS_TYPE_QUESTION);
  g_autoptr(LensGrowingList) list = NULL;
  g_autoptr(GRand) rand = g_rand_new_with_seed(3);
  Follower self = { .items = g_ptr_array_new_with_free_func(g_object_unref) };

  splice(store, 0, 0, 20000);
  follow(&self, store, &list);
  g_assert_cmpuint(self.items->len, ==, LENS_GROWING_FIRST);
  for (int i = 0; i < 300; i++) {
    guint n = g_list_model_get_n_items(G_LIST_MODEL(store));
    guint most = i % 20 == 19 ? 3000 : LENS_GROWING_FIRST;
    guint position = (guint)g_rand_int_range(rand, 0, (gint32)n + 1);
    guint removed = MIN((guint)g_rand_int_range(rand, 0, (gint32)most + 1), n - position);

    splice(store, position, removed, (guint)g_rand_int_range(rand, 0, (gint32)most + 1));
    if (self.replaced)
      follow(&self, store, &list);
    for (int turns = g_rand_int_range(rand, 0, 4); turns > 0; turns--)
      g_main_context_iteration(NULL, FALSE);
  }
  while (g_main_context_iteration(NULL, FALSE))
    ;
  check_same(&self, store);
  g_assert_cmpuint(self.longest, ==, LENS_GROWING_STEP);
  g_ptr_array_unref(self.items);
}

static void
count(LensLazyList *list, guint *wanted)
{
  ++*wanted;
}

static void
test_lazy(void)
{
  g_autoptr(LensLazyList) list = lens_lazy_list_new(LENS_TYPE_QUESTION, 7);
  guint wanted = 0;

  g_signal_connect(list, "wanted", G_CALLBACK(count), &wanted);
  g_assert_cmpint(lens_lazy_list_get_id(list), ==, 7);
  g_assert_cmpuint(wanted, ==, 0);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(list)), ==, 0);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(list)), ==, 0);
  g_assert_cmpuint(wanted, ==, 1);
  splice(lens_lazy_list_get_store(list), 0, 0, 3);
  g_assert_cmpuint(g_list_model_get_n_items(G_LIST_MODEL(list)), ==, 3);
  g_assert_cmpuint(wanted, ==, 1);
}

int
main(int argc, char **argv)
{
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/lists/growing", test_growing);
  g_test_add_func("/lists/lazy", test_lazy);
  return g_test_run();
}
