#include "lens-application.h"

#include <glib/gi18n.h>

#include "config.h"
#include "figure.h"
#include "lens-window.h"

struct _LensApplication {
  AdwApplication parent_instance;

  LensWorkbench *workbench;
};

G_DEFINE_FINAL_TYPE(LensApplication, lens_application, ADW_TYPE_APPLICATION)

LensApplication *
lens_application_new(void)
{
  return g_object_new(LENS_TYPE_APPLICATION, "application-id", CROSSLENS_APP_ID, "flags",
                      G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/org/crosslens/Crosslens",
                      NULL);
}

/* The window, made at the first call. */
static LensWindow *
ensure_window(LensApplication *self, gboolean *is_new)
{
  GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(self));
  g_autoptr(GError) error = NULL;
  LensWindow *made;

  *is_new = window == NULL;
  if (window)
    return LENS_WINDOW(window);
  if (!self->workbench)
    self->workbench = lens_workbench_new(NULL, NULL, &error);
  made = lens_window_new(ADW_APPLICATION(self), self->workbench);
  gtk_widget_activate_action(GTK_WIDGET(made), "win.focus-question", NULL);
  if (error)
    lens_window_show_error(made, error->message);
  return made;
}

static void
lens_application_activate(GApplication *application)
{
  gboolean is_new;
  LensWindow *window = ensure_window(LENS_APPLICATION(application), &is_new);

  gtk_window_present(GTK_WINDOW(window));
  if (is_new)
    lens_window_open_start(window);
}

static void
lens_application_open(GApplication *application, GFile **files, int n_files, const char *hint)
{
  gboolean is_new;
  LensWindow *window = ensure_window(LENS_APPLICATION(application), &is_new);

  gtk_window_present(GTK_WINDOW(window));
  lens_window_open_files(window, files, n_files);
}

static void
on_quit(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(data));

  if (window)
    gtk_window_close(window);
  else
    g_application_quit(G_APPLICATION(data));
}

static void
on_about(GSimpleAction *action, GVariant *parameter, gpointer data)
{
  GtkWindow *window = gtk_application_get_active_window(GTK_APPLICATION(data));

  adw_show_about_window(
      window, "application-name", "Crosslens", "application-icon", CROSSLENS_APP_ID, "version",
      CROSSLENS_VERSION, "comments",
      _("Ask a picture, see where LXMERT looks, and train it further. After Tan and Bansal, "
        "“LXMERT: Learning Cross-Modality Encoder Representations from Transformers”, EMNLP "
        "2019."),
      "license-type", GTK_LICENSE_GPL_3_0, "developer-name", _("The Crosslens authors"), NULL);
}

/* What figures write, in the person's language. */
static void
translate_figures(void)
{
  figure_set_words(&(FigureWords){
      .query = _("query: "),
      .key = _("key: "),
      .words = _("words"),
      .boxes = _("boxes"),
      .head = _("head"),
      .attention = _("attention"),
      .logit = _("logit"),
      .weight = _("weight"),
      .query_alone = _("query"),
      .key_alone = _("key"),
      .widest = _("widest line:"),
      .lines = _("lines:"),
  });
}

void
lens_application_set_keys(GtkApplication *application)
{
  static const struct {
    const char *action, *accels[3];
  } accels[] = {
    { "app.quit", { "<Control>q" } },
    { "win.open", { "<Control>o" } },
    { "win.choose-partner", { "<Control><Shift>o" } },
    { "win.train", { "<Control>n" } },
    { "win.export", { "<Control>e" } },
    { "win.switch-model", { "<Control>b" } },
    { "win.export-page", { "<Control><Shift>e" } },
    { "win.save-session", { "<Control>s" } },
    { "win.copy-figure", { "<Control><Shift>c" } },
    { "win.undo", { "<Control>z" } },
    { "win.redo", { "<Control><Shift>z" } },
    { "win.show-help-overlay", { "F1", "<Control>question" } },
    { "win.focus-question", { "<Control>l" } },
    { "win.search", { "<Control>f" } },
    { "win.toggle-library", { "F9" } },
    { "win.page::explore", { "<Control>1" } },
    { "win.page::train", { "<Control>2" } },
    { "win.page::data", { "<Control>3" } },
    { "win.view::graph", { "<Control>g" } },
    { "win.view::matrix", { "<Control>m" } },
    { "win.view::heads", { "<Control>h" } },
    { "win.view::numbers", { "<Control>t" } },
    { "win.step::up", { "<Alt>Up" } },
    { "win.step::down", { "<Alt>Down" } },
    { "win.step::left", { "<Alt>Left" } },
    { "win.step::right", { "<Alt>Right" } },
    { "win.pick-column(1)", { "<Alt>1" } },
    { "win.pick-column(2)", { "<Alt>2" } },
    { "win.pick-column(3)", { "<Alt>3" } },
    { "win.pick-column(4)", { "<Alt>4" } },
    { "win.pick-column(5)", { "<Alt>5" } },
    { "win.pick-column(6)", { "<Alt>6" } },
    { "window.close", { "<Control>w" } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS(accels); i++)
    gtk_application_set_accels_for_action(application, accels[i].action,
                                          (const char *const *)accels[i].accels);
}

static void
lens_application_startup(GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "quit", .activate = on_quit },
    { .name = "about", .activate = on_about },
  };

  G_APPLICATION_CLASS(lens_application_parent_class)->startup(application);
  translate_figures();
  g_action_map_add_action_entries(G_ACTION_MAP(application), entries, G_N_ELEMENTS(entries),
                                  application);
  lens_application_set_keys(GTK_APPLICATION(application));
  gtk_window_set_default_icon_name(CROSSLENS_APP_ID);
}

static void
lens_application_shutdown(GApplication *application)
{
  LensApplication *self = LENS_APPLICATION(application);

  G_APPLICATION_CLASS(lens_application_parent_class)->shutdown(application);
  if (self->workbench)
    lens_workbench_close(self->workbench);
  g_clear_object(&self->workbench);
}

static void
lens_application_class_init(LensApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS(klass);

  application_class->activate = lens_application_activate;
  application_class->open = lens_application_open;
  application_class->startup = lens_application_startup;
  application_class->shutdown = lens_application_shutdown;
}

static void
lens_application_init(LensApplication *self)
{
}
