/* Crosslens: ask a picture, see where LXMERT looks. */
#include <glib/gi18n.h>
#include <locale.h>

#include "config.h"
#include "lens-application.h"
#include "lens-process.h"

int main(int argc, char **argv)
{
  g_autoptr(LensApplication) application = NULL;
  /* Set by ./start: the translations of the build folder. */
  const char *locale_dir = g_getenv("CROSSLENS_LOCALE_DIR");

  lens_process_start(argv);
  setlocale(LC_ALL, "");
  bindtextdomain(GETTEXT_PACKAGE, locale_dir && *locale_dir ? locale_dir : CROSSLENS_LOCALE_DIR);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  g_set_application_name("Crosslens");

  application = lens_application_new();
  return g_application_run(G_APPLICATION(application), argc, argv);
}
