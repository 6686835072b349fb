#include "lens-findings-chooser.h"

#include <glib/gi18n.h>

static void
add_filter(GtkFileChooser *chooser, const char *name, const char *pattern)
{
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();

  gtk_file_filter_set_name(filter, name);
  gtk_file_filter_add_pattern(filter, pattern);
  gtk_file_chooser_add_filter(chooser, filter);
}

GtkFileChooserNative *
lens_findings_chooser_new(GtkWidget *parent, gboolean plot)
{
  GtkFileChooserNative *chooser
      = gtk_file_chooser_native_new(_("Save the Findings"), GTK_WINDOW(gtk_widget_get_root(parent)),
                                    GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

  add_filter(GTK_FILE_CHOOSER(chooser), _("By the name's ending"), "*");
  add_filter(GTK_FILE_CHOOSER(chooser), _("Report (.md)"), "*.md");
  add_filter(GTK_FILE_CHOOSER(chooser), _("Every number (.csv)"), "*.csv");
  add_filter(GTK_FILE_CHOOSER(chooser), _("Every number (.json)"), "*.json");
  add_filter(GTK_FILE_CHOOSER(chooser), _("The plot as SVG drawing (.svg)"), "*.svg");
  add_filter(GTK_FILE_CHOOSER(chooser), _("The plot as PDF (.pdf)"), "*.pdf");
  add_filter(GTK_FILE_CHOOSER(chooser), _("The plot as PNG picture (.png)"), "*.png");
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(chooser),
                                    plot ? "findings.svg" : "findings.md");
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(chooser), TRUE);
  return chooser;
}
