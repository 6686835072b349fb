#include "lens-word-editor.h"

#include <glib/gi18n.h>

struct _LensWordEditor {
  GtkPopover parent_instance;

  GtkEntry *entry;
  char *before;
  int word;
};

enum { EDITED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensWordEditor, lens_word_editor, GTK_TYPE_POPOVER)

LensWordEditor *
lens_word_editor_new(void)
{
  return g_object_new(LENS_TYPE_WORD_EDITOR, NULL);
}

GtkEntry *
lens_word_editor_get_entry(LensWordEditor *self)
{
  return self->entry;
}

void
lens_word_editor_edit(LensWordEditor *self, int word, const char *text, const GdkRectangle *area)
{
  self->word = word;
  g_free(self->before);
  self->before = g_strdup(text);
  gtk_editable_set_text(GTK_EDITABLE(self->entry), text);
  gtk_popover_set_pointing_to(GTK_POPOVER(self), area);
  gtk_popover_popup(GTK_POPOVER(self));
  gtk_widget_grab_focus(GTK_WIDGET(self->entry));
}

static void
on_activate(LensWordEditor *self)
{
  g_autofree char *text = g_strdup(gtk_editable_get_text(GTK_EDITABLE(self->entry)));

  gtk_popover_popdown(GTK_POPOVER(self));
  if (g_strcmp0(text, self->before) != 0)
    g_signal_emit(self, signals[EDITED], 0, self->word, text);
}

static void
lens_word_editor_finalize(GObject *object)
{
  g_free(LENS_WORD_EDITOR(object)->before);
  G_OBJECT_CLASS(lens_word_editor_parent_class)->finalize(object);
}

static void
lens_word_editor_class_init(LensWordEditorClass *klass)
{
  G_OBJECT_CLASS(klass)->finalize = lens_word_editor_finalize;
  signals[EDITED] = g_signal_new("edited", LENS_TYPE_WORD_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_STRING);
}

static void
lens_word_editor_init(LensWordEditor *self)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *hint = gtk_label_new(_("Return asks with this word; empty leaves it out."));

  self->entry = GTK_ENTRY(gtk_entry_new());
  gtk_editable_set_width_chars(GTK_EDITABLE(self->entry), 14);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Another word"), -1);
  gtk_widget_add_css_class(hint, "caption");
  gtk_widget_add_css_class(hint, "dim-label");
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->entry));
  gtk_box_append(GTK_BOX(box), hint);
  gtk_popover_set_child(GTK_POPOVER(self), box);
  g_signal_connect_object(self->entry, "activate", G_CALLBACK(on_activate), self,
                          G_CONNECT_SWAPPED);
}
