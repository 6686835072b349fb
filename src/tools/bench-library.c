/* crosslens-bench library: a library of 100,000 images and 1,000,000 questions, generated once, then
 * opened, scrolled and searched. */
#include <glib/gstdio.h>
#include <stdio.h>

#include "bench-library.h"
#include "lens-store-images.h"
#include "lens-store-search.h"

enum { PAGE = 64, JUMPS = 50 };

static double seconds(void)
{
  return (double)g_get_monotonic_time() * 1e-6;
}

static int fail(GError *error)
{
  fprintf(stderr, "crosslens-bench: %s\n", error->message);
  g_error_free(error);
  return 1;
}

static void print(const char *what, double time, const char *note)
{
  printf("%-44s %9.1f ms  %s\n", what, 1e3 * time, note);
}

/* The time of one page of rows, and of the slowest, anywhere in the list. */
static gboolean scroll(LensStore *store, GArray *ids, GError **error)
{
  double total = 0, worst = 0;
  g_autoptr(GRand) rand = g_rand_new_with_seed(1);
  for (int i = 0; i < JUMPS; i++) {
    guint n = MIN(PAGE, ids->len);
    guint at = (guint)g_rand_int_range(rand, 0, (gint32)(ids->len - n + 1));
    double start = seconds();
    g_autoptr(GPtrArray) rows =
        lens_store_get_images(store, &g_array_index(ids, gint64, at), n, error);
    if (!rows)
      return FALSE;
    worst = MAX(worst, seconds() - start);
    total += seconds() - start;
  }
  print("64 rows anywhere, mean of 50", total / JUMPS, "");
  print("64 rows anywhere, slowest of 50", worst, "");
  return TRUE;
}

static gboolean search(LensStore *store, const char *needle, GError **error)
{
  LensStoreFilter filter = {needle, FALSE};
  double start = seconds();
  g_autoptr(GArray) found = lens_store_list_image_ids(store, &filter, error);
  g_autofree char *name = g_strdup_printf("search “%s”", needle);
  g_autofree char *note = found ? g_strdup_printf("%u images", found->len) : NULL;
  if (found)
    print(name, seconds() - start, note);
  return found != NULL;
}

int bench_library(const char *folder, int images, int questions)
{
  static const char *const needles[] = {"colour", "cat red", "cube 7", "image-99", "zebra"};
  g_autofree char *path = g_strdup_printf("%s/library-%d-%d.db", folder, images, questions);
  GError *error = NULL;
  gboolean there = g_file_test(path, G_FILE_TEST_EXISTS);
  double start = seconds();
  if (!there && !lens_store_generate(path, images, questions, NULL, &error))
    return fail(error);
  if (!there)
    fprintf(stderr, "Generated %s in %.0f s; it stays for the next time.\n", path,
            seconds() - start);
  start = seconds();
  g_autoptr(LensStore) store = lens_store_open(path, &error);
  if (!store)
    return fail(error);
  double opened = seconds() - start;
  g_autoptr(GArray) ids = lens_store_list_image_ids(store, NULL, &error);
  g_autoptr(GPtrArray) rows =
      ids ? lens_store_get_images(store, &g_array_index(ids, gint64, 0), MIN(256, ids->len), &error)
          : NULL;
  if (!rows)
    return fail(error);
  g_autofree char *note = g_strdup_printf("%u images, %d questions", ids->len, questions);
  print("library opened", opened, note);
  print("opened, order and first 256 rows known", seconds() - start, "");
  gboolean ok = scroll(store, ids, &error);
  start = seconds();
  ok = ok && lens_store_prepare_search(store, &error);
  print("search prepared, once", seconds() - start, "");
  for (gsize i = 0; ok && i < G_N_ELEMENTS(needles); i++)
    ok = search(store, needles[i], &error);
  lens_store_close(store);
  return ok ? 0 : fail(error);
}
