#include "lens-library-questions.h"

#include "lens-lazy-list.h"

struct _LensLibraryQuestions {
  GObject parent_instance;

  LensWorkbench *workbench;
  GCancellable *cancellable;
  GHashTable *lists; /* image id -> LensLazyList that was looked into */
};

enum { LISTED, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensLibraryQuestions, lens_library_questions, G_TYPE_OBJECT)

static gboolean
same_question(gpointer a, gpointer b)
{
  return lens_question_get_id(a) == lens_question_get_id(b)
         && g_strcmp0(lens_question_get_answer(a), lens_question_get_answer(b)) == 0;
}

/* Replaces only the rows that differ, so that the others keep the keyboard and their place. */
static void
update_store(GListStore *store, GPtrArray *items)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(store)), head = 0, tail = 0;

  for (; head < MIN(n, items->len); head++) {
    g_autoptr(LensQuestion) old = g_list_model_get_item(G_LIST_MODEL(store), head);

    if (!same_question(old, g_ptr_array_index(items, head)))
      break;
  }
  for (; tail < MIN(n, items->len) - head; tail++) {
    g_autoptr(LensQuestion) old = g_list_model_get_item(G_LIST_MODEL(store), n - 1 - tail);

    if (!same_question(old, g_ptr_array_index(items, items->len - 1 - tail)))
      break;
  }
  if (head + tail < n || head + tail < items->len)
    g_list_store_splice(store, head, n - head - tail, items->pdata + head,
                        items->len - head - tail);
}

typedef struct {
  LensLibraryQuestions *self;
  LensLazyList *list;
} Reading;

static void
on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;
  g_autoptr(LensLibraryQuestions) self = reading->self;
  g_autoptr(LensLazyList) list = reading->list;
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) questions
      = lens_workbench_list_questions_finish(LENS_WORKBENCH(source), result, &error);

  g_free(reading);
  if (questions) {
    guint n = g_list_model_get_n_items(questions);
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);

    for (guint i = 0; i < n; i++)
      g_ptr_array_add(items, g_list_model_get_item(questions, i));
    update_store(lens_lazy_list_get_store(list), items);
    g_signal_emit(self, signals[LISTED], 0);
  } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
    g_signal_emit(self, signals[FAILED], 0, error->message);
  }
}

static void
read_list(LensLibraryQuestions *self, LensLazyList *list)
{
  Reading *reading = g_new(Reading, 1);

  *reading = (Reading){ g_object_ref(self), g_object_ref(list) };
  lens_workbench_list_questions_async(self->workbench, lens_lazy_list_get_id(list),
                                      self->cancellable, on_read, reading);
}

static void
on_wanted(LensLibraryQuestions *self, LensLazyList *list)
{
  gint64 id = lens_lazy_list_get_id(list);

  g_hash_table_insert(self->lists, g_memdup2(&id, sizeof id), g_object_ref(list));
  read_list(self, list);
}

GListModel *
lens_library_questions_get(LensLibraryQuestions *self, gint64 image_id)
{
  LensLazyList *list = g_hash_table_lookup(self->lists, &image_id);

  if (list)
    return G_LIST_MODEL(g_object_ref(list));
  list = lens_lazy_list_new(LENS_TYPE_QUESTION, image_id);
  g_signal_connect_object(list, "wanted", G_CALLBACK(on_wanted), self, G_CONNECT_SWAPPED);
  return G_LIST_MODEL(list);
}

void
lens_library_questions_read(LensLibraryQuestions *self, gint64 image_id)
{
  LensLazyList *list = g_hash_table_lookup(self->lists, &image_id);

  if (list)
    read_list(self, list);
}

void
lens_library_questions_read_all(LensLibraryQuestions *self)
{
  GHashTableIter iter;
  gpointer list;

  g_hash_table_iter_init(&iter, self->lists);
  while (g_hash_table_iter_next(&iter, NULL, &list))
    read_list(self, list);
}

int
lens_library_questions_remove(LensLibraryQuestions *self, LensQuestion *question)
{
  gint64 image_id = lens_question_get_image_id(question);
  LensLazyList *list = g_hash_table_lookup(self->lists, &image_id);
  GListStore *store = list ? lens_lazy_list_get_store(list) : NULL;
  guint place;

  if (!store)
    return -1;
  if (g_list_store_find(store, question, &place))
    g_list_store_remove(store, place);
  return g_list_model_get_n_items(G_LIST_MODEL(store));
}

LensLibraryQuestions *
lens_library_questions_new(LensWorkbench *workbench)
{
  LensLibraryQuestions *self = g_object_new(LENS_TYPE_LIBRARY_QUESTIONS, NULL);

  self->workbench = g_object_ref(workbench);
  return self;
}

static void
lens_library_questions_dispose(GObject *object)
{
  LensLibraryQuestions *self = LENS_LIBRARY_QUESTIONS(object);

  g_cancellable_cancel(self->cancellable);
  g_clear_object(&self->workbench);
  G_OBJECT_CLASS(lens_library_questions_parent_class)->dispose(object);
}

static void
lens_library_questions_finalize(GObject *object)
{
  LensLibraryQuestions *self = LENS_LIBRARY_QUESTIONS(object);

  g_hash_table_unref(self->lists);
  g_clear_object(&self->cancellable);
  G_OBJECT_CLASS(lens_library_questions_parent_class)->finalize(object);
}

static void
lens_library_questions_class_init(LensLibraryQuestionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);

  object_class->dispose = lens_library_questions_dispose;
  object_class->finalize = lens_library_questions_finalize;
  signals[LISTED] = g_signal_new("listed", LENS_TYPE_LIBRARY_QUESTIONS, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new("failed", LENS_TYPE_LIBRARY_QUESTIONS, G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
lens_library_questions_init(LensLibraryQuestions *self)
{
  self->cancellable = g_cancellable_new();
  self->lists = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_object_unref);
}
