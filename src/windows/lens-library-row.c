#include "lens-library-row.h"

#include <glib/gi18n.h>

struct _LensLibraryRow {
  GtkWidget parent_instance;

  GObject *item;
  GtkWidget *box, *picture, *title, *subtitle, *star;
};

enum { FAVOURITE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensLibraryRow, lens_library_row, GTK_TYPE_WIDGET)

GtkWidget *
lens_library_row_new(void)
{
  return g_object_new(LENS_TYPE_LIBRARY_ROW, NULL);
}

static void
show_star(LensLibraryRow *self, LensImage *image)
{
  gboolean on = lens_image_get_favourite(image);
  const char *name = on ? _("No favourite any more (Ctrl+D)") : _("Favourite (Ctrl+D)");

  gtk_widget_set_visible(self->star, TRUE);
  gtk_button_set_icon_name(GTK_BUTTON(self->star),
                           on ? "starred-symbolic" : "non-starred-symbolic");
  gtk_widget_set_tooltip_text(self->star, name);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->star), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                 -1);
}

static void
on_star(LensLibraryRow *self)
{
  if (LENS_IS_IMAGE(self->item))
    g_signal_emit(self, signals[FAVOURITE], 0, self->item);
}

static void
show_image(LensLibraryRow *self)
{
  LensImage *image = LENS_IMAGE(self->item);
  GdkPixbuf *thumbnail = lens_image_get_thumbnail(image);
  guint n = lens_image_get_n_questions(image);
  g_autofree char *count = NULL;

  gtk_widget_set_visible(self->picture, TRUE);
  show_star(self, image);
  if (thumbnail) {
    g_autoptr(GdkTexture) texture = gdk_texture_new_for_pixbuf(thumbnail);

    gtk_picture_set_paintable(GTK_PICTURE(self->picture), GDK_PAINTABLE(texture));
  } else {
    gtk_picture_set_paintable(GTK_PICTURE(self->picture), NULL);
  }
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), lens_image_get_path(image));
  gtk_label_set_text(GTK_LABEL(self->title), lens_image_get_name(image));
  if (n)
    count = g_strdup_printf(g_dngettext(NULL, "%u question", "%u questions", n), n);
  gtk_label_set_text(GTK_LABEL(self->subtitle), count ? count : "");
  gtk_widget_set_visible(self->subtitle, count != NULL);
}

static void
show_question(LensLibraryRow *self)
{
  LensQuestion *question = LENS_QUESTION(self->item);
  const char *text = lens_question_get_answer(question);
  gboolean answered = text && *text;
  g_autofree char *answer
      = answered ? g_strdup_printf("%s  %.0f%%", text,
                                   100 * lens_question_get_probability(question))
                 : NULL;

  gtk_widget_set_visible(self->picture, FALSE);
  gtk_widget_set_visible(self->star, FALSE);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), lens_question_get_text(question));
  gtk_label_set_text(GTK_LABEL(self->title), lens_question_get_text(question));
  gtk_label_set_text(GTK_LABEL(self->subtitle), answer ? answer : "");
  gtk_widget_set_visible(self->subtitle, answered);
}

void
lens_library_row_bind(LensLibraryRow *self, gpointer item)
{
  if (self->item)
    g_signal_handlers_disconnect_by_func(self->item, show_image, self);
  g_set_object(&self->item, item);
  if (LENS_IS_IMAGE(item)) {
    gtk_widget_remove_css_class(GTK_WIDGET(self), "question");
    show_image(self);
    g_signal_connect_object(item, "notify", G_CALLBACK(show_image), self, G_CONNECT_SWAPPED);
  } else if (LENS_IS_QUESTION(item)) {
    gtk_widget_add_css_class(GTK_WIDGET(self), "question");
    show_question(self);
  }
}

static void
lens_library_row_dispose(GObject *object)
{
  LensLibraryRow *self = LENS_LIBRARY_ROW(object);

  lens_library_row_bind(self, NULL);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  G_OBJECT_CLASS(lens_library_row_parent_class)->dispose(object);
}

static void
lens_library_row_class_init(LensLibraryRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_library_row_dispose;
  signals[FAVOURITE] = g_signal_new("favourite", LENS_TYPE_LIBRARY_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 1, LENS_TYPE_IMAGE);
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(widget_class, "lenslibraryrow");
}

static GtkWidget *
make_label(const char *style)
{
  GtkWidget *label = gtk_label_new(NULL);

  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  if (style)
    gtk_widget_add_css_class(label, style);
  return label;
}

static void
lens_library_row_init(LensLibraryRow *self)
{
  GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);

  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
  self->picture = gtk_picture_new();
  gtk_picture_set_content_fit(GTK_PICTURE(self->picture), GTK_CONTENT_FIT_COVER);
  gtk_picture_set_can_shrink(GTK_PICTURE(self->picture), TRUE);
  gtk_widget_set_size_request(self->picture, 60, 45);
  gtk_widget_set_overflow(self->picture, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class(self->picture, "thumbnail");
  self->title = make_label(NULL);
  gtk_label_set_wrap(GTK_LABEL(self->title), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(self->title), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode(GTK_LABEL(self->title), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_lines(GTK_LABEL(self->title), 2);
  self->subtitle = make_label("caption");
  gtk_widget_add_css_class(self->subtitle, "dim-label");
  gtk_widget_set_hexpand(texts, TRUE);
  gtk_widget_set_valign(texts, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(texts), self->title);
  gtk_box_append(GTK_BOX(texts), self->subtitle);
  gtk_box_append(GTK_BOX(self->box), self->picture);
  gtk_box_append(GTK_BOX(self->box), texts);
  self->star = gtk_button_new_from_icon_name("non-starred-symbolic");
  gtk_widget_add_css_class(self->star, "flat");
  gtk_widget_add_css_class(self->star, "circular");
  gtk_widget_set_valign(self->star, GTK_ALIGN_CENTER);
  g_signal_connect_object(self->star, "clicked", G_CALLBACK(on_star), self, G_CONNECT_SWAPPED);
  gtk_box_append(GTK_BOX(self->box), self->star);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}
