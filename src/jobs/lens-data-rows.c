#include "lens-data-rows.h"

#include <string.h>

#include "lens-data-desk-private.h"

#define PAGE 100
#define KEPT_PAGES 16
#define FIXED (2 * PAGE) /* rows at the top that stay the same objects: a list view holds 200 */
#define STEP 25          /* rows that are added at a time while a view makes widgets for them */
#define STEP_MILLISECONDS 10

struct _LensDataRows {
  GObject parent_instance;
  LensStore *store;
  gint64 set_id, evaluation_id;
  LensDataFilter *filter;
  guint n, total;    /* rows that the list has, and will have in a moment */
  GArray *found;     /* of guint32: numbers of the rows; NULL: all */
  GHashTable *pages; /* page number -> Page */
  GQueue recent;     /* numbers of pages that may go, the latest first */
  GCancellable *searching;
  guint growing; /* a source's id */
};

typedef struct {
  GPtrArray *rows;
  GCancellable *reading;
} Page;

enum { EXCHANGING, FOUND, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void list_model_init(GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(LensDataRows, lens_data_rows, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

/* ---- pages ---- */

static void stop_reading(Page *page)
{
  if (page->reading)
    g_cancellable_cancel(page->reading);
  g_clear_object(&page->reading);
}

static void page_free(gpointer p)
{
  Page *page = p;
  stop_reading(page);
  g_ptr_array_unref(page->rows);
  g_free(page);
}

static guint32 number_at(LensDataRows *self, guint position)
{
  return self->found ? g_array_index(self->found, guint32, position) : position;
}

typedef struct {
  gint64 set_id, evaluation_id;
  guint n;
  guint32 numbers[PAGE];
} Request;

static gpointer read_in_store(LensStore *store, gpointer data, GError **error)
{
  const Request *r = data;
  return lens_store_data_read(store, r->set_id, r->evaluation_id, r->numbers, r->n, error);
}

static LensDataRowInfo info_of(const LensStoreDataRow *r)
{
  return (LensDataRowInfo){r->id,          r->question,      r->image, r->image2,
                           r->answer_type, r->question_type, r->truth, r->label,
                           r->answer,      r->confidence,    r->score};
}

/* The rows of a page that was read; the array is owned by the request. */
static void on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GPtrArray) rows = data;
  g_autoptr(GPtrArray) read = lens_store_run_finish(LENS_STORE(source), result, NULL);
  for (guint i = 0; read && i < MIN(read->len, rows->len); i++) {
    const LensDataRowInfo info = read->pdata[i] ? info_of(read->pdata[i]) : (LensDataRowInfo){0};
    if (read->pdata[i])
      lens_data_row_fill(rows->pdata[i], &info);
  }
}

static void free_rows(gpointer rows)
{
  g_ptr_array_unref(rows);
}

static void read_page(LensDataRows *self, Page *page)
{
  Request *request = g_new0(Request, 1);
  request->set_id = self->set_id;
  request->evaluation_id = self->evaluation_id;
  request->n = page->rows->len;
  for (guint i = 0; i < page->rows->len; i++)
    request->numbers[i] = lens_data_row_get_number(page->rows->pdata[i]);
  stop_reading(page);
  page->reading = g_cancellable_new();
  lens_store_run_async(self->store, read_in_store, request, g_free, free_rows, page->reading,
                       on_read, g_ptr_array_ref(page->rows));
}

static void add_rows(LensDataRows *self, Page *page, guint index)
{
  for (guint i = index * PAGE + page->rows->len; i < MIN((index + 1) * PAGE, self->total); i++)
    g_ptr_array_add(page->rows, lens_data_row_new(number_at(self, i)));
}

static Page *get_page(LensDataRows *self, guint index)
{
  return g_hash_table_lookup(self->pages, GUINT_TO_POINTER(index));
}

/* A page that was the last one is short when the list has become longer; its rows may be seen. */
static void complete_page(LensDataRows *self, guint index)
{
  Page *page = get_page(self, index);
  if (!page)
    return;
  add_rows(self, page, index);
  read_page(self, page);
}

static Page *make_page(LensDataRows *self, guint index)
{
  Page *page = g_new0(Page, 1);
  page->rows = g_ptr_array_new_with_free_func(g_object_unref);
  add_rows(self, page, index);
  g_hash_table_insert(self->pages, GUINT_TO_POINTER(index), page);
  read_page(self, page);
  return page;
}

static Page *find_page(LensDataRows *self, guint index)
{
  gpointer key = GUINT_TO_POINTER(index);
  Page *page = get_page(self, index);
  if (page && (index < FIXED / PAGE || g_queue_peek_head(&self->recent) == key))
    return page;
  if (!page)
    page = make_page(self, index);
  else
    g_queue_remove(&self->recent, key);
  if (index >= FIXED / PAGE)
    g_queue_push_head(&self->recent, key);
  while (g_queue_get_length(&self->recent) > KEPT_PAGES)
    g_hash_table_remove(self->pages, g_queue_pop_tail(&self->recent));
  return page;
}

/* All but the rows that stay. */
static void drop_pages(LensDataRows *self)
{
  for (GList *at = self->recent.head; at; at = at->next)
    g_hash_table_remove(self->pages, at->data);
  g_queue_clear(&self->recent);
}

static void read_pages(LensDataRows *self)
{
  GHashTableIter iter;
  gpointer page;
  g_hash_table_iter_init(&iter, self->pages);
  while (g_hash_table_iter_next(&iter, NULL, &page))
    read_page(self, page);
}

guint lens_data_rows_get_n_held(LensDataRows *self)
{
  return g_hash_table_size(self->pages) * PAGE;
}

/* ---- list ---- */

static GType get_item_type(GListModel *model)
{
  return LENS_TYPE_DATA_ROW;
}

static guint get_n_items(GListModel *model)
{
  return LENS_DATA_ROWS(model)->n;
}

static gpointer get_item(GListModel *model, guint position)
{
  LensDataRows *self = LENS_DATA_ROWS(model);
  if (position >= self->n)
    return NULL;
  Page *page = find_page(self, position / PAGE);
  return g_object_ref(page->rows->pdata[position % PAGE]);
}

static void list_model_init(GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* ---- other rows ---- */

static void set_length(LensDataRows *self, guint n)
{
  guint before = self->n;
  self->n = n;
  if (n < before)
    g_list_model_items_changed(G_LIST_MODEL(self), n, before - n, 0);
  else if (n > before)
    g_list_model_items_changed(G_LIST_MODEL(self), before, 0, n - before);
}

static gboolean grow_step(gpointer data)
{
  LensDataRows *self = data;
  set_length(self, self->n < FIXED ? MIN(self->n + STEP, self->total) : self->total);
  if (self->n < self->total)
    return G_SOURCE_CONTINUE;
  self->growing = 0;
  g_signal_emit(self, signals[FOUND], 0);
  return G_SOURCE_REMOVE;
}

/* A view makes its widgets of the first 200 rows, a few in every step; after these it makes none. */
static void grow_to_total(LensDataRows *self)
{
  if (self->growing || !grow_step(self))
    return;
  self->growing = g_timeout_add(STEP_MILLISECONDS, grow_step, self);
}

static void stop_growing(LensDataRows *self)
{
  if (self->growing)
    g_source_remove(self->growing);
  self->growing = 0;
}

/* The rows of a page that stay become others: the `first` ones, or those that are read then. */
static void reuse_page(LensDataRows *self, guint index, GPtrArray *first)
{
  Page *page = get_page(self, index);
  guint begin = index * PAGE, n = self->n > begin ? MIN(self->n - begin, PAGE) : 0;
  if (!page)
    return;
  stop_reading(page);
  g_ptr_array_set_size(page->rows, (int)MIN(n, page->rows->len));
  add_rows(self, page, index);
  for (guint i = 0; i < page->rows->len; i++) {
    const LensStoreDataRow *row = first && begin + i < first->len ? first->pdata[begin + i] : NULL;
    const LensDataRowInfo info = row ? info_of(row) : (LensDataRowInfo){0};
    lens_data_row_reuse(page->rows->pdata[i], number_at(self, begin + i), row ? &info : NULL);
  }
  if (!first)
    read_page(self, page);
}

/* Rows leave at the end and come at the end, so that nobody looks for an old row among a million
 * new ones (a list view and a GtkSingleSelection do, in what takes the place of their rows). */
static void replace(LensDataRows *self, guint total, GArray *found, GPtrArray *first)
{
  stop_growing(self);
  g_signal_emit(self, signals[EXCHANGING], 0);
  set_length(self, MIN(self->n, MIN(total, FIXED)));
  drop_pages(self);
  g_clear_pointer(&self->found, g_array_unref);
  self->found = found;
  self->total = total;
  for (guint i = 0; i < FIXED / PAGE; i++)
    reuse_page(self, i, first);
  grow_to_total(self);
}

/* ---- searching ---- */

typedef struct {
  gint64 set_id, evaluation_id, n;
  LensDataFilter *filter;
} Query;

typedef struct {
  guint n;
  GArray *numbers;  /* NULL: all */
  GPtrArray *first; /* of LensStoreDataRow: what is seen at once */
} Result;

static void query_free(gpointer p)
{
  Query *query = p;
  lens_data_filter_free(query->filter);
  g_free(query);
}

static void result_free(gpointer p)
{
  Result *result = p;
  g_clear_pointer(&result->numbers, g_array_unref);
  g_clear_pointer(&result->first, g_ptr_array_unref);
  g_free(result);
}

static gpointer find_in_store(LensStore *store, gpointer data, GError **error)
{
  const Query *q = data;
  guint32 numbers[FIXED];
  Result *result = g_new0(Result, 1);
  gboolean all = lens_data_filter_is_empty(q->filter);
  if (!all)
    result->numbers = lens_store_data_find(store, q->set_id, q->evaluation_id, q->filter, error);
  result->n = all ? (guint)MIN(q->n, G_MAXUINT32) : result->numbers ? result->numbers->len : 0;
  guint n = MIN(result->n, FIXED);
  for (guint i = 0; i < n; i++)
    numbers[i] = all ? i : g_array_index(result->numbers, guint32, i);
  if (all || result->numbers)
    result->first = lens_store_data_read(store, q->set_id, q->evaluation_id, numbers, n, error);
  if (!result->first)
    g_clear_pointer(&result, result_free);
  return result;
}

static gboolean is_same(const LensDataRows *self, const Result *result)
{
  if (result->n != self->total || !result->numbers != !self->found)
    return FALSE;
  return !self->found ||
         memcmp(self->found->data, result->numbers->data, result->n * sizeof(guint32)) == 0;
}

static void on_found(GObject *source, GAsyncResult *async, gpointer data)
{
  g_autoptr(LensDataRows) self = data;
  g_autoptr(GError) error = NULL;
  Result *result = lens_store_run_finish(LENS_STORE(source), async, &error);
  gboolean wanted = g_task_get_cancellable(G_TASK(async)) == self->searching;
  if (wanted)
    g_clear_object(&self->searching);
  if (wanted && result && is_same(self, result)) { /* with other answers */
    read_pages(self);
    if (!self->growing)
      g_signal_emit(self, signals[FOUND], 0);
  } else if (wanted && result)
    replace(self, result->n, g_steal_pointer(&result->numbers), result->first);
  else if (wanted && !g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit(self, signals[FAILED], 0, error->message);
  g_clear_pointer(&result, result_free);
}

static void search(LensDataRows *self, gint64 n)
{
  Query *query = g_new0(Query, 1);
  *query = (Query){self->set_id, self->evaluation_id, n, lens_data_filter_copy(self->filter)};
  self->searching = g_cancellable_new();
  lens_store_run_async(self->store, find_in_store, query, query_free, result_free, self->searching,
                       on_found, g_object_ref(self));
}

static void stop_searching(LensDataRows *self)
{
  if (self->searching)
    g_cancellable_cancel(self->searching);
  g_clear_object(&self->searching);
}

void lens_data_rows_show(LensDataRows *self, gint64 set_id, gint64 evaluation_id, gint64 n,
                         const LensDataFilter *filter)
{
  gboolean other = set_id != self->set_id;
  stop_searching(self);
  self->set_id = set_id;
  self->evaluation_id = evaluation_id;
  lens_data_filter_free(self->filter);
  self->filter = lens_data_filter_copy(filter);
  if (other)
    replace(self,
            set_id && lens_data_filter_is_empty(self->filter) ? (guint)MIN(n, G_MAXUINT32) : 0,
            NULL, NULL);
  if (set_id && !(other && lens_data_filter_is_empty(self->filter)))
    search(self, n);
}

/* Rows that are shown are read again, so that answers appear while they are made. */
void lens_data_rows_grow(LensDataRows *self, gint64 n)
{
  guint before = self->total;
  read_pages(self);
  if (n <= before || !lens_data_filter_is_empty(self->filter))
    return;
  self->total = (guint)MIN(n, G_MAXUINT32);
  complete_page(self, before / PAGE);
  grow_to_total(self);
}

gboolean lens_data_rows_is_searching(LensDataRows *self)
{
  return self->searching != NULL || self->growing != 0;
}

/* ---- object ---- */

LensDataRows *lens_data_rows_new(LensStore *store)
{
  LensDataRows *self = g_object_new(LENS_TYPE_DATA_ROWS, NULL);
  self->store = g_object_ref(store);
  return self;
}

static void lens_data_rows_dispose(GObject *object)
{
  LensDataRows *self = LENS_DATA_ROWS(object);
  stop_searching(self);
  stop_growing(self);
  g_queue_clear(&self->recent);
  g_clear_pointer(&self->pages, g_hash_table_unref);
  g_clear_pointer(&self->found, g_array_unref);
  g_clear_object(&self->store);
  g_clear_pointer(&self->filter, lens_data_filter_free);
  G_OBJECT_CLASS(lens_data_rows_parent_class)->dispose(object);
}

static void lens_data_rows_class_init(LensDataRowsClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_data_rows_dispose;
  signals[EXCHANGING] = g_signal_new("exchanging", LENS_TYPE_DATA_ROWS, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
  signals[FOUND] = g_signal_new("found", LENS_TYPE_DATA_ROWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new("failed", LENS_TYPE_DATA_ROWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void lens_data_rows_init(LensDataRows *self)
{
  self->filter = lens_data_filter_copy(NULL);
  self->pages = g_hash_table_new_full(NULL, NULL, NULL, page_free);
  g_queue_init(&self->recent);
}
