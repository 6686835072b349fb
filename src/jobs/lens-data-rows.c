#include "lens-data-rows.h"

#define PAGE 100
#define KEPT_PAGES 16

struct _LensDataRows {
  GObject parent_instance;
  LensStore *store;
  gint64 set_id, evaluation_id;
  LensDataFilter filter;
  guint n;
  GArray *found;     /* of guint32: numbers of the rows; NULL: all */
  GHashTable *pages; /* page number -> Page */
  GQueue recent;     /* page numbers, the latest first */
  GCancellable *searching;
};

typedef struct {
  GPtrArray *rows;
  GCancellable *reading;
} Page;

enum { FOUND, FAILED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void list_model_init(GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE(LensDataRows, lens_data_rows, G_TYPE_OBJECT,
                              G_IMPLEMENT_INTERFACE(G_TYPE_LIST_MODEL, list_model_init))

/* ---- filter ---- */

void lens_data_filter_clear(LensDataFilter *self)
{
  g_free(self->text);
  g_free(self->truth);
  g_free(self->answer);
  g_free(self->answer_type);
  g_free(self->question_type);
  *self = (LensDataFilter){0};
}

static gboolean empty(const char *text) { return !text || !*text; }

gboolean lens_data_filter_is_empty(const LensDataFilter *self)
{
  return empty(self->text) && self->verdict == LENS_VERDICT_ANY && empty(self->truth) &&
         empty(self->answer) && empty(self->answer_type) && empty(self->question_type) &&
         self->most <= 0;
}

static void filter_copy(const LensDataFilter *from, LensDataFilter *to)
{
  lens_data_filter_clear(to);
  if (!from)
    return;
  *to = *from;
  to->text = g_strdup(from->text);
  to->truth = g_strdup(from->truth);
  to->answer = g_strdup(from->answer);
  to->answer_type = g_strdup(from->answer_type);
  to->question_type = g_strdup(from->question_type);
}

/* ---- pages ---- */

static void page_free(gpointer p)
{
  Page *page = p;
  if (page->reading)
    g_cancellable_cancel(page->reading);
  g_clear_object(&page->reading);
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

static void fill(LensDataRow *row, const LensStoreDataRow *r)
{
  LensDataRowInfo info = {r->id,          r->question,      r->image, r->image2,
                          r->answer_type, r->question_type, r->truth, r->label,
                          r->answer,      r->confidence,    r->score};
  lens_data_row_fill(row, &info);
}

/* The rows of a page that was read; the array is owned by the request. */
static void on_read(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(GPtrArray) rows = data;
  g_autoptr(GPtrArray) read = lens_store_run_finish(LENS_STORE(source), result, NULL);
  for (guint i = 0; read && i < MIN(read->len, rows->len); i++)
    if (read->pdata[i])
      fill(rows->pdata[i], read->pdata[i]);
}

static void free_rows(gpointer rows) { g_ptr_array_unref(rows); }

static void read_page(LensDataRows *self, Page *page)
{
  Request *request = g_new0(Request, 1);
  request->set_id = self->set_id;
  request->evaluation_id = self->evaluation_id;
  request->n = page->rows->len;
  for (guint i = 0; i < page->rows->len; i++)
    request->numbers[i] = lens_data_row_get_number(page->rows->pdata[i]);
  g_clear_object(&page->reading);
  page->reading = g_cancellable_new();
  lens_store_run_async(self->store, read_in_store, request, g_free, free_rows, page->reading,
                       on_read, g_ptr_array_ref(page->rows));
}

static void add_rows(LensDataRows *self, Page *page, guint index)
{
  for (guint i = index * PAGE + page->rows->len; i < MIN((index + 1) * PAGE, self->n); i++)
    g_ptr_array_add(page->rows, lens_data_row_new(number_at(self, i)));
}

/* A page that was the last one is short when the list has become longer; its rows may be seen. */
static void complete_page(LensDataRows *self, guint index)
{
  Page *page = g_hash_table_lookup(self->pages, GUINT_TO_POINTER(index));
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
  Page *page = g_hash_table_lookup(self->pages, key);
  if (page && g_queue_peek_head(&self->recent) == key)
    return page;
  if (!page)
    page = make_page(self, index);
  else
    g_queue_remove(&self->recent, key);
  g_queue_push_head(&self->recent, key);
  while (g_queue_get_length(&self->recent) > KEPT_PAGES)
    g_hash_table_remove(self->pages, g_queue_pop_tail(&self->recent));
  return page;
}

static void drop_pages(LensDataRows *self)
{
  g_hash_table_remove_all(self->pages);
  g_queue_clear(&self->recent);
}

guint lens_data_rows_get_n_held(LensDataRows *self)
{
  return g_hash_table_size(self->pages) * PAGE;
}

/* ---- list ---- */

static GType get_item_type(GListModel *model) { return LENS_TYPE_DATA_ROW; }

static guint get_n_items(GListModel *model) { return LENS_DATA_ROWS(model)->n; }

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

/* In three steps, so that nobody looks for an old row among a million new ones (a list view and a
 * GtkSingleSelection do, in what takes the place of their rows), while the widgets of the first
 * rows are used again. */
static void replace(LensDataRows *self, guint n, GArray *found)
{
  guint before = self->n, head = MIN(PAGE, MIN(before, n));
  self->n = head;
  g_list_model_items_changed(G_LIST_MODEL(self), head, before - head, 0);
  drop_pages(self);
  g_clear_pointer(&self->found, g_array_unref);
  self->found = found;
  g_list_model_items_changed(G_LIST_MODEL(self), 0, head, head);
  self->n = n;
  if (n > head)
    complete_page(self, head / PAGE);
  g_list_model_items_changed(G_LIST_MODEL(self), head, 0, n - head);
  g_signal_emit(self, signals[FOUND], 0);
}

/* ---- searching ---- */

static gpointer find_in_store(LensStore *store, gpointer data, GError **error)
{
  return lens_store_data_find(store, data, error);
}

static void free_query(gpointer p)
{
  LensStoreDataFilter *query = p;
  g_free(query->text);
  g_free(query->truth);
  g_free(query->answer);
  g_free(query->answer_type);
  g_free(query->question_type);
  g_free(query);
}

static void on_found(GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr(LensDataRows) self = data;
  g_autoptr(GError) error = NULL;
  GArray *found = lens_store_run_finish(LENS_STORE(source), result, &error);
  if (g_task_get_cancellable(G_TASK(result)) != self->searching) {
    g_clear_pointer(&found, g_array_unref);
    return;
  }
  g_clear_object(&self->searching);
  if (found)
    replace(self, found->len, found);
  else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit(self, signals[FAILED], 0, error->message);
}

static void free_array(gpointer array) { g_array_unref(array); }

static void search(LensDataRows *self)
{
  LensStoreDataFilter *query = g_new0(LensStoreDataFilter, 1);
  const LensDataFilter *f = &self->filter;
  *query = (LensStoreDataFilter){
      .set_id = self->set_id,
      .evaluation_id = self->evaluation_id,
      .text = g_strdup(f->text),
      .verdict = f->verdict,
      .truth = g_strdup(f->truth),
      .answer = g_strdup(f->answer),
      .answer_type = g_strdup(f->answer_type),
      .question_type = g_strdup(f->question_type),
      .least = f->least,
      .most = f->most,
  };
  self->searching = g_cancellable_new();
  lens_store_run_async(self->store, find_in_store, query, free_query, free_array, self->searching,
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
  stop_searching(self);
  self->set_id = set_id;
  self->evaluation_id = evaluation_id;
  filter_copy(filter, &self->filter);
  if (set_id && !lens_data_filter_is_empty(&self->filter))
    search(self);
  else
    replace(self, set_id ? (guint)MIN(n, G_MAXUINT32) : 0, NULL);
}

/* Rows that are shown are read again, so that answers appear while they are made. */
void lens_data_rows_grow(LensDataRows *self, gint64 n)
{
  GHashTableIter iter;
  gpointer page;
  guint before = self->n;
  if (n > before && lens_data_filter_is_empty(&self->filter)) {
    self->n = (guint)MIN(n, G_MAXUINT32);
    complete_page(self, before / PAGE);
    g_list_model_items_changed(G_LIST_MODEL(self), before, 0, self->n - before);
    g_signal_emit(self, signals[FOUND], 0);
  }
  g_hash_table_iter_init(&iter, self->pages);
  while (g_hash_table_iter_next(&iter, NULL, &page))
    read_page(self, page);
}

gboolean lens_data_rows_is_searching(LensDataRows *self) { return self->searching != NULL; }

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
  if (self->pages)
    drop_pages(self);
  g_clear_pointer(&self->pages, g_hash_table_unref);
  g_clear_pointer(&self->found, g_array_unref);
  g_clear_object(&self->store);
  lens_data_filter_clear(&self->filter);
  G_OBJECT_CLASS(lens_data_rows_parent_class)->dispose(object);
}

static void lens_data_rows_class_init(LensDataRowsClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_data_rows_dispose;
  signals[FOUND] = g_signal_new("found", LENS_TYPE_DATA_ROWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new("failed", LENS_TYPE_DATA_ROWS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void lens_data_rows_init(LensDataRows *self)
{
  self->pages = g_hash_table_new_full(NULL, NULL, NULL, page_free);
  g_queue_init(&self->recent);
}
