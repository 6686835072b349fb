#include "lens-library-row.h"

#include <glib/gi18n.h>

#include "lens-inscription.h"
#include "lens-row-name.h"

#define THUMBNAIL_WIDTH 52
#define THUMBNAIL_HEIGHT 39

struct _LensLibraryRow {
  GtkWidget parent_instance;

  GObject *item;
  GtkWidget *box, *picture, *star;
  GtkWidget *name;     /* an image's: one line, laid out only where it is drawn */
  GtkWidget *question; /* wraps */
  GtkWidget *subtitle;
  int starred; /* what the star shows; -1: nothing yet */
};

enum { FAVOURITE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensLibraryRow, lens_library_row, GTK_TYPE_WIDGET)

GtkWidget *
lens_library_row_new(void)
{
  return g_object_new(LENS_TYPE_LIBRARY_ROW, NULL);
}

static const char *
star_name(gboolean on)
{
  return on ? _("No favourite any more (Ctrl+D)") : _("Favourite (Ctrl+D)");
}

static void
show_star(LensLibraryRow *self, LensImage *image)
{
  gboolean on = lens_image_get_favourite(image);

  if (self->starred == on)
    return;
  self->starred = on;
  gtk_button_set_icon_name(GTK_BUTTON(self->star),
                           on ? "starred-symbolic" : "non-starred-symbolic");
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->star), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 star_name(on), -1);
}

/* A tooltip that is set asks the display where the pointer is: 200 rows at every leap. This one is
 * made when it is wanted. */
static gboolean
on_query_tooltip(LensLibraryRow *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  const char *text = NULL;
  g_autofree char *both = NULL;

  if (LENS_IS_IMAGE(self->item))
    text = lens_image_get_path(LENS_IMAGE(self->item));
  else if (LENS_IS_QUESTION(self->item))
    text = lens_question_get_text(LENS_QUESTION(self->item));
  if (LENS_IS_QUESTION(self->item) && lens_question_get_second_name(LENS_QUESTION(self->item)))
    text = both = g_strdup_printf("%s\n%s: %s", text, _("Second image"),
                                  lens_question_get_second_name(LENS_QUESTION(self->item)));
  gtk_tooltip_set_text(tooltip, text);
  return text && *text;
}

static gboolean
on_query_star_tooltip(LensLibraryRow *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  gtk_tooltip_set_text(tooltip, star_name(self->starred > 0));
  return TRUE;
}

static void
on_star(LensLibraryRow *self)
{
  if (LENS_IS_IMAGE(self->item))
    g_signal_emit(self, signals[FAVOURITE], 0, self->item);
}

/* The middle of a picture of any shape, so that all names begin below each other. */
static GdkPixbuf *
crop(GdkPixbuf *picture)
{
  int w = gdk_pixbuf_get_width(picture), h = gdk_pixbuf_get_height(picture);
  int cut_w = MAX(MIN(w, h * THUMBNAIL_WIDTH / THUMBNAIL_HEIGHT), 1);
  int cut_h = MAX(MIN(h, w * THUMBNAIL_HEIGHT / THUMBNAIL_WIDTH), 1);

  return gdk_pixbuf_new_subpixbuf(picture, (w - cut_w) / 2, (h - cut_h) / 2, cut_w, cut_h);
}

static void
show_thumbnail(LensLibraryRow *self, LensImage *image)
{
  GdkPixbuf *thumbnail = lens_image_get_thumbnail(image);
  g_autoptr(GdkPixbuf) middle = thumbnail ? crop(thumbnail) : NULL;
  g_autoptr(GdkTexture) texture = middle ? gdk_texture_new_for_pixbuf(middle) : NULL;

  gtk_picture_set_paintable(GTK_PICTURE(self->picture), GDK_PAINTABLE(texture));
}

static void
show_subtitle(LensLibraryRow *self, const char *text)
{
  gtk_label_set_text(GTK_LABEL(self->subtitle), text ? text : "");
  gtk_widget_set_visible(self->subtitle, text != NULL);
}

static void
show_count(LensLibraryRow *self, LensImage *image)
{
  guint n = lens_image_get_n_questions(image);
  g_autofree char *count
      = n ? g_strdup_printf(g_dngettext(NULL, "%u question", "%u questions", n), n) : NULL;

  show_subtitle(self, count);
}

static void
show_name(LensLibraryRow *self, LensImage *image)
{
  const char *name = lens_image_get_name(image);

  lens_inscription_show(GTK_INSCRIPTION(self->name), name, 0);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->name), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                 -1);
}

/* For a screen reader. */
static void
name_row(LensLibraryRow *self)
{
  const char *title = LENS_IS_IMAGE(self->item) ? lens_image_get_name(LENS_IMAGE(self->item))
                                                : lens_question_get_text(LENS_QUESTION(self->item));

  lens_row_name(GTK_WIDGET(self), title, gtk_label_get_text(GTK_LABEL(self->subtitle)));
  /* The arrow beside it has the focus and is called as what it opens. */
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
}

/* Only what changed. */
static void
on_notify(LensLibraryRow *self, GParamSpec *pspec, LensImage *image)
{
  if (g_str_equal(pspec->name, "thumbnail"))
    show_thumbnail(self, image);
  else if (g_str_equal(pspec->name, "n-questions"))
    show_count(self, image);
  else if (g_str_equal(pspec->name, "name"))
    show_name(self, image);
  else if (g_str_equal(pspec->name, "favourite"))
    show_star(self, image);
  if (g_str_equal(pspec->name, "n-questions") || g_str_equal(pspec->name, "name"))
    name_row(self);
}

static void
show_kind(LensLibraryRow *self, gboolean image)
{
  gtk_widget_set_visible(self->picture, image);
  gtk_widget_set_visible(self->star, image);
  gtk_widget_set_visible(self->name, image);
  gtk_widget_set_visible(self->question, !image);
}

static void
show_image(LensLibraryRow *self, LensImage *image)
{
  show_kind(self, TRUE);
  show_name(self, image);
  show_count(self, image);
  show_star(self, image);
  show_thumbnail(self, image);
}

/* Of a statement about two images the second one's name stands behind the answer. */
static void
show_question(LensLibraryRow *self, LensQuestion *question)
{
  const char *text = lens_question_get_answer(question);
  const char *second = lens_question_get_second_name(question);
  g_autofree char *both = NULL;
  g_autofree char *answer
      = text && *text
            ? g_strdup_printf("%s  %.0f%%", text, 100 * lens_question_get_probability(question))
            : NULL;

  show_kind(self, FALSE);
  gtk_label_set_text(GTK_LABEL(self->question), lens_question_get_text(question));
  if (second)
    both = g_strdup_printf("%s%s+ %s", answer ? answer : "", answer ? "  " : "", second);
  show_subtitle(self, both ? both : answer);
}

void
lens_library_row_bind(LensLibraryRow *self, gpointer item)
{
  if (self->item)
    g_signal_handlers_disconnect_by_func(self->item, on_notify, self);
  g_set_object(&self->item, item);
  if (LENS_IS_IMAGE(item)) {
    gtk_widget_remove_css_class(GTK_WIDGET(self), "question");
    show_image(self, LENS_IMAGE(item));
    g_signal_connect_object(item, "notify", G_CALLBACK(on_notify), self, G_CONNECT_SWAPPED);
  } else if (LENS_IS_QUESTION(item)) {
    gtk_widget_add_css_class(GTK_WIDGET(self), "question");
    show_question(self, LENS_QUESTION(item));
  }
  if (item)
    name_row(self);
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

static GtkWidget *
make_question(void)
{
  GtkWidget *label = make_label(NULL);

  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_natural_wrap_mode(GTK_LABEL(label), GTK_NATURAL_WRAP_NONE);
  gtk_label_set_lines(GTK_LABEL(label), 2);
  return label;
}

static GtkWidget *
make_name(void)
{
  GtkWidget *name = gtk_inscription_new(NULL);

  gtk_inscription_set_text_overflow(GTK_INSCRIPTION(name),
                                    GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE);
  return name;
}

static GtkWidget *
make_picture(void)
{
  GtkWidget *picture = gtk_picture_new();

  gtk_picture_set_content_fit(GTK_PICTURE(picture), GTK_CONTENT_FIT_COVER);
  gtk_picture_set_can_shrink(GTK_PICTURE(picture), TRUE);
  gtk_widget_set_size_request(picture, THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT);
  gtk_widget_set_overflow(picture, GTK_OVERFLOW_HIDDEN);
  gtk_widget_add_css_class(picture, "thumbnail");
  return picture;
}

static GtkWidget *
make_star(LensLibraryRow *self)
{
  GtkWidget *star = gtk_button_new();

  gtk_widget_add_css_class(star, "flat");
  gtk_widget_add_css_class(star, "circular");
  gtk_widget_set_valign(star, GTK_ALIGN_CENTER);
  gtk_widget_set_has_tooltip(star, TRUE);
  gtk_widget_set_focusable(
      star, FALSE); /* by keyboard: Ctrl+D in the row, which it would take the focus of */
  g_signal_connect_object(star, "clicked", G_CALLBACK(on_star), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(star, "query-tooltip", G_CALLBACK(on_query_star_tooltip), self,
                          G_CONNECT_SWAPPED);
  return star;
}

static void
lens_library_row_init(LensLibraryRow *self)
{
  GtkWidget *texts = gtk_box_new(GTK_ORIENTATION_VERTICAL, 1);

  self->starred = -1;
  self->box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  self->picture = make_picture();
  self->name = make_name();
  self->question = make_question();
  self->subtitle = make_label("caption");
  gtk_widget_add_css_class(self->subtitle, "dim-label");
  self->star = make_star(self);
  gtk_widget_set_hexpand(texts, TRUE);
  gtk_widget_set_valign(texts, GTK_ALIGN_CENTER);
  gtk_box_append(GTK_BOX(texts), self->name);
  gtk_box_append(GTK_BOX(texts), self->question);
  gtk_box_append(GTK_BOX(texts), self->subtitle);
  gtk_box_append(GTK_BOX(self->box), self->picture);
  gtk_box_append(GTK_BOX(self->box), texts);
  gtk_box_append(GTK_BOX(self->box), self->star);
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
  gtk_widget_set_hexpand(GTK_WIDGET(self), TRUE); /* the stars stand at the end */
  gtk_widget_set_has_tooltip(GTK_WIDGET(self), TRUE);
  g_signal_connect(self, "query-tooltip", G_CALLBACK(on_query_tooltip), NULL);
}
