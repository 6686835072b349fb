#include "lens-image-chooser.h"

#include <glib/gi18n.h>

#include "lens-chosen.h"

typedef void (*Chosen)(gpointer object, GFile *file);

static void
on_response(GtkNativeDialog *chooser, int response, gpointer object)
{
  Chosen chosen = (Chosen)g_object_get_data(G_OBJECT(chooser), "lens-chosen");
  g_autoptr(GFile) file = lens_chosen_file(chooser, response);

  if (file)
    chosen(object, file);
  g_object_unref(chooser);
}

void
lens_image_chooser_run(GtkWidget *parent, const char *title, gboolean sessions, GCallback chosen,
                       gpointer object)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new(title, GTK_WINDOW(gtk_widget_get_root(parent)),
                                    GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  g_autoptr(GtkFileFilter) images = gtk_file_filter_new();
  g_autoptr(GtkFileFilter) all = gtk_file_filter_new();

  gtk_file_filter_set_name(images, sessions ? _("Images and sessions") : _("Images"));
  gtk_file_filter_add_pixbuf_formats(images);
  if (sessions)
    gtk_file_filter_add_pattern(images, "*.crosslens");
  gtk_file_filter_set_name(all, _("All files"));
  gtk_file_filter_add_pattern(all, "*");
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), images);
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(chooser), all);
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  g_object_set_data(G_OBJECT(chooser), "lens-chosen", (gpointer)chosen);
  g_signal_connect_object(chooser, "response", G_CALLBACK(on_response), object, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(chooser));
}
