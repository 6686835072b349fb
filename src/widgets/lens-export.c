#include "lens-export.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#include "figure-export.h"
#include "lens-figure.h"

/* The domain of what cannot be written. */
#define EXPORT_ERROR G_IO_ERROR
/* Bytes of the question, the map, the head in a file's name, which may have 255. */
#define LONGEST_PART 56

static char *
reading_text(LensSelection *selection)
{
  switch (lens_selection_get_reading(selection)) {
  case LENS_READING_HEAD:
    return g_strdup_printf(_("head %d"), lens_selection_get_head(selection) + 1);
  case LENS_READING_MEAN:
    return g_strdup(_("mean of all heads"));
  case LENS_READING_MAX:
    return g_strdup(_("largest of all heads"));
  case LENS_READING_ROLLOUT:
    return g_strdup(_("rollout"));
  case LENS_READING_RELEVANCY:
    return g_strdup(_("relevancy"));
  case LENS_READING_GRADIENT:
    return g_strdup(_("gradient"));
  case LENS_READING_GRADIENT_ATTENTION:
    return g_strdup(_("gradient × attention"));
  case LENS_READING_SEVERAL:
    return lens_selection_describe_chosen(selection);
  case LENS_N_READINGS:
    break;
  }
  return g_strdup("");
}

/* Of a statement about two images both are named, whichever is looked at. */
static char *
scene_text(LensRun *run)
{
  LensRun *whole = lens_run_get_source(run);
  const char *name = lens_scene_get_name(lens_run_get_scene(run));

  if (!lens_run_is_pair(whole))
    return g_strdup(name);
  return g_strdup_printf("%s, %s",
                         lens_scene_get_name(lens_run_get_scene(lens_run_get_half(whole, 0))),
                         lens_scene_get_name(lens_run_get_scene(lens_run_get_half(whole, 1))));
}

/* "“Is there a cat?” → yes (97%). lxmert-world-vqa, Scene 1; 1 head off"; a model of maps alone has no
 * answer. */
static char *
asked_text(LensRun *run)
{
  g_autofree char *edits = lens_edits_describe(lens_run_get_edits(run));
  g_autoptr(LensAnswer) answer = g_list_model_get_item(lens_run_get_answers(run), 0);
  const char *model = lens_model_get_name(lens_run_get_model(run));
  g_autofree char *scene = scene_text(run);

  if (!answer)
    return g_strdup_printf(_("“%s”. %s, %s%s%s"), lens_run_get_question(run), model, scene,
                           *edits ? "; " : "", edits);
  return g_strdup_printf(_("“%s” → %s (%.0f%%). %s, %s%s%s"), lens_run_get_question(run),
                         lens_answer_get_text(answer), 100 * lens_answer_get_probability(answer),
                         model, scene, *edits ? "; " : "", edits);
}

char *
lens_export_caption(LensRun *run, LensSelection *selection)
{
  g_autofree char *asked = asked_text(run), *title = NULL, *reading = NULL;

  if (!selection || !lens_selection_get_map(selection))
    return g_steal_pointer(&asked);
  title = lens_map_format_title(lens_selection_get_map(selection));
  reading = reading_text(selection);
  return g_strdup_printf("%s, %s. %s", title, reading, asked);
}

/* Letters and digits in lower case, a line for everything else; at most `most` bytes of them. */
static void
append_clean(GString *name, const char *text, gsize most)
{
  g_autofree char *lower = g_utf8_strdown(text, -1);
  gsize end = name->len + most;

  if (name->len && name->str[name->len - 1] != '-')
    g_string_append_c(name, '-');
  for (const char *p = lower; *p; p = g_utf8_next_char(p)) {
    gunichar c = g_utf8_get_char(p);

    if (name->len + g_unichar_to_utf8(c, NULL) > end)
      break;
    if (g_unichar_isalnum(c) || g_unichar_ismark(c))
      g_string_append_unichar(name, c);
    else if (name->len && name->str[name->len - 1] != '-')
      g_string_append_c(name, '-');
  }
  if (name->len && name->str[name->len - 1] == '-')
    g_string_truncate(name, name->len - 1);
}

char *
lens_export_suggest_name(LensRun *run, LensSelection *selection, const char *what)
{
  GString *name = g_string_new(NULL);

  append_clean(name, lens_run_get_question(run), LONGEST_PART);
  if (selection && lens_selection_get_map(selection)) {
    g_autofree char *title = lens_map_format_title(lens_selection_get_map(selection));
    g_autofree char *reading = reading_text(selection);

    append_clean(name, title, LONGEST_PART);
    append_clean(name, reading, LONGEST_PART);
  }
  if (what)
    append_clean(name, what, LONGEST_PART);
  if (!name->len)
    g_string_append(name, "crosslens");
  return g_string_free(name, FALSE);
}

gboolean
lens_export_csv(LensRun *run, LensSelection *selection, const char *path, GError **error)
{
  g_autoptr(LensFigure) figure = lens_figure_new_selected(run, selection);
  FigureReading reading;
  FigureError problem = { { 0 } };

  if (!figure) {
    g_set_error_literal(error, EXPORT_ERROR, G_IO_ERROR_FAILED,
                        _("There is no figure to save. Ask a question first."));
    return FALSE;
  }
  lens_figure_reading(selection, lens_figure_get_map(figure), &reading);
  if (figure_export_csv(path, lens_figure_get_map(figure), &reading, &problem))
    return TRUE;
  g_set_error_literal(error, EXPORT_ERROR, G_IO_ERROR_FAILED, problem.message);
  return FALSE;
}
