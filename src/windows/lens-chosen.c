#include "lens-chosen.h"

GFile *
lens_chosen_file(GtkNativeDialog *chooser, int response)
{
  return response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(chooser))
                                         : NULL;
}

char *
lens_chosen_path(GtkNativeDialog *chooser, int response)
{
  g_autoptr(GFile) file = lens_chosen_file(chooser, response);

  return file ? g_file_get_path(file) : NULL;
}
