/* The program: one workbench, one window, files from the command line. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define LENS_TYPE_APPLICATION (lens_application_get_type())
G_DECLARE_FINAL_TYPE(LensApplication, lens_application, LENS, APPLICATION, AdwApplication)

LensApplication *lens_application_new(void);
/* The shortcuts of the window's actions; a test's application has them, too. */
void lens_application_set_keys(GtkApplication *application);

G_END_DECLS
