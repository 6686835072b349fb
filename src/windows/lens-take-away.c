#include "lens-take-away.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "lens-export-run.h"
#include "lens-export.h"

#define DRAWINGS                                                                                   \
  {                                                                                                \
    "svg", "pdf", "png", NULL                                                                      \
  }

static const struct {
  const char *name, *stem;
  const char *endings[4];
} takes[LENS_N_TAKES] = {
  [LENS_TAKE_VIEW] = { N_("Figure"), "figure", DRAWINGS },
  [LENS_TAKE_SCENE] = { N_("Image with its boxes"), "image", DRAWINGS },
  [LENS_TAKE_MODEL] = { N_("Map of the model"), "model", DRAWINGS },
  [LENS_TAKE_PAGE] = { N_("Whole page"), "page", DRAWINGS },
  [LENS_TAKE_NUMBERS] = { N_("Numbers of the figure"), "numbers", { "csv", NULL } },
  [LENS_TAKE_RUN] = { N_("Numbers of all maps"), "maps", { "npz", NULL } },
  [LENS_TAKE_SESSION] = { N_("Session, to open again"), "session", { "crosslens", NULL } },
};

const char *
lens_take_get_name(LensTake take)
{
  return _(takes[take].name);
}

const char *
lens_take_get_ending(LensTake take, guint i)
{
  return i < G_N_ELEMENTS(takes[take].endings) ? takes[take].endings[i] : NULL;
}

static LensRun *
run_of(LensExplorePage *page)
{
  return lens_attention_pane_get_run(lens_explore_page_get_attention_pane(page));
}

/* Which run is compared, before what is said of the shown one: "A: … B: …". */
static char *
compared_caption(LensRun *shown, LensRun *beside, LensSelection *selection)
{
  LensRun *a = lens_run_get_compared(shown, 0, NULL);
  g_autofree char *of_b = lens_export_caption(shown, selection), *of_a = NULL;

  if (a)
    beside = a;
  if (!beside)
    return g_steal_pointer(&of_b);
  if (lens_run_get_half(lens_run_get_source(beside), 1) == lens_run_get_source(shown))
    return g_steal_pointer(&of_b); /* both halves of one statement */
  of_a = lens_export_caption(beside, NULL);
  return g_strdup_printf(a ? _("Difference of A: %s; B: %s") : _("A: %s; B: %s"), of_a, of_b);
}

/* One map in one reading is shown: the states and the table are of all maps. */
static gboolean
is_of_map(LensExplorePage *page, LensTake take)
{
  const char *view = lens_attention_pane_get_view(lens_explore_page_get_attention_pane(page));

  if (take == LENS_TAKE_PAGE)
    return TRUE;
  return (take == LENS_TAKE_VIEW || take == LENS_TAKE_NUMBERS) && !g_str_equal(view, "states")
         && !g_str_equal(view, "numbers");
}

char *
lens_take_caption(LensExplorePage *page, LensExplorer *explorer, LensTake take)
{
  LensAttentionPane *pane = lens_explore_page_get_attention_pane(page);
  LensRun *shown = run_of(page);
  gboolean of_view = take == LENS_TAKE_VIEW || take == LENS_TAKE_PAGE;

  if (!shown)
    return g_strdup("");
  return compared_caption(shown, of_view ? lens_attention_pane_get_other_run(pane) : NULL,
                          is_of_map(page, take) ? lens_explorer_get_selection(explorer) : NULL);
}

char *
lens_take_suggest_name(LensExplorePage *page, LensExplorer *explorer, LensTake take)
{
  const char *view = lens_attention_pane_get_view(lens_explore_page_get_attention_pane(page));
  const char *what = takes[take].stem;

  if (!run_of(page))
    return g_strdup("crosslens");
  if (take == LENS_TAKE_VIEW)
    what = g_str_equal(view, "graph") ? NULL : view;
  else if (take == LENS_TAKE_NUMBERS)
    what = is_of_map(page, take) ? NULL : g_str_equal(view, "states") ? view : what;
  return lens_export_suggest_name(run_of(page),
                                  is_of_map(page, take) ? lens_explorer_get_selection(explorer)
                                                        : NULL,
                                  what);
}

static gboolean
write_session(LensExplorePage *page, LensExplorer *explorer, const char *path, GError **error)
{
  LensAttentionPane *pane = lens_explore_page_get_attention_pane(page);
  g_autoptr(LensSavedView) saved = lens_explorer_save(explorer, lens_attention_pane_get_view(pane));

  saved->compare = lens_attention_pane_get_compare(pane);
  return lens_saved_view_write(saved, path, error);
}

gboolean
lens_take_write(LensExplorePage *page, LensExplorer *explorer, LensTake take,
                const LensPrint *print, const char *path, GError **error)
{
  LensAttentionPane *pane = lens_explore_page_get_attention_pane(page);
  LensAskPane *ask = lens_explore_page_get_ask_pane(page);

  if (!lens_explorer_get_run(explorer)) {
    g_set_error_literal(error, G_IO_ERROR, G_IO_ERROR_FAILED,
                        _("There is nothing to save. Ask a question first."));
    return FALSE;
  }
  switch (take) {
  case LENS_TAKE_VIEW:
    return lens_attention_pane_export(pane, print, path, error);
  case LENS_TAKE_SCENE:
    return lens_print_canvas(lens_ask_pane_get_scene_view(ask), print, path, error);
  case LENS_TAKE_MODEL:
    return lens_print_canvas(LENS_CANVAS(lens_attention_pane_get_model_map(pane)), print, path,
                             error);
  case LENS_TAKE_PAGE:
    return lens_print_widget(GTK_WIDGET(page), print, path, error);
  case LENS_TAKE_NUMBERS:
    return lens_attention_pane_export_csv(pane, path, error);
  case LENS_TAKE_RUN:
    return lens_export_run(run_of(page), path, error);
  case LENS_TAKE_SESSION:
    return write_session(page, explorer, path, error);
  case LENS_N_TAKES:
    break;
  }
  g_return_val_if_reached(FALSE);
}

/* ---- the clipboard ---- */

static GBytes *
read_and_remove(const char *path, GError **error)
{
  char *data;
  gsize size;
  gboolean done = g_file_get_contents(path, &data, &size, error);

  g_unlink(path);
  return done ? g_bytes_new_take(data, size) : NULL;
}

static GBytes *
write_bytes(LensExplorePage *page, LensExplorer *explorer, LensTake take, const LensPrint *print,
            const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename(folder, name, NULL);

  if (!lens_take_write(page, explorer, take, print, path, error))
    return NULL;
  return read_and_remove(path, error);
}

GdkContentProvider *
lens_take_copy(LensExplorePage *page, LensExplorer *explorer, LensTake take, const LensPrint *print,
               GError **error)
{
  g_autofree char *folder = g_dir_make_tmp("crosslens-XXXXXX", error);
  g_autoptr(GBytes) png = NULL;
  g_autoptr(GBytes) svg = NULL;
  g_autoptr(GdkTexture) texture = NULL;

  if (!folder)
    return NULL;
  png = write_bytes(page, explorer, take, print, folder, "figure.png", error);
  svg = png ? write_bytes(page, explorer, take, print, folder, "figure.svg", error) : NULL;
  g_rmdir(folder);
  texture = svg ? gdk_texture_new_from_bytes(png, error) : NULL;
  if (!texture)
    return NULL;
  return gdk_content_provider_new_union(
      (GdkContentProvider *[]){ gdk_content_provider_new_typed(GDK_TYPE_TEXTURE, texture),
                                gdk_content_provider_new_for_bytes("image/svg+xml", svg) },
      2);
}
