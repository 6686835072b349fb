#include "lens-data-details.h"

#include <glib/gi18n.h>

#include "lens-data-scores.h"

#define PICTURE_WIDTH 480
#define PICTURE_HEIGHT 320

struct _LensDataDetails {
  AdwBin parent_instance;

  LensDataRow *row;
  char *paths[2]; /* of the pictures that are shown, or NULL */
  GCancellable *reading;

  /* template widgets */
  GtkStack *stack;
  GtkPicture *picture, *second;
  GtkLabel *question, *truth, *answer, *facts;
};

G_DEFINE_FINAL_TYPE(LensDataDetails, lens_data_details, ADW_TYPE_BIN)

/* ---- pictures ---- */

typedef struct {
  LensDataDetails *self;
  GtkPicture *picture;
  GCancellable *cancellable;
} Reading;

static void
reading_free(Reading *reading)
{
  g_object_unref(reading->self);
  g_object_unref(reading->picture);
  g_object_unref(reading->cancellable);
  g_free(reading);
}

static void
on_decoded(GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;
  g_autoptr(GdkPixbuf) pixbuf = gdk_pixbuf_new_from_stream_finish(result, NULL);

  if (pixbuf && !g_cancellable_is_cancelled(reading->cancellable)) {
    g_autoptr(GdkTexture) texture = gdk_texture_new_for_pixbuf(pixbuf);

    gtk_picture_set_paintable(reading->picture, GDK_PAINTABLE(texture));
    gtk_widget_set_visible(GTK_WIDGET(reading->picture), TRUE);
  }
  reading_free(reading);
}

static void
on_opened(GObject *source, GAsyncResult *result, gpointer data)
{
  Reading *reading = data;
  g_autoptr(GFileInputStream) stream = g_file_read_finish(G_FILE(source), result, NULL);

  if (stream)
    gdk_pixbuf_new_from_stream_at_scale_async(G_INPUT_STREAM(stream), PICTURE_WIDTH, PICTURE_HEIGHT,
                                              TRUE, reading->cancellable, on_decoded, reading);
  else
    reading_free(reading);
}

static void
read_picture(LensDataDetails *self, GtkPicture *picture, const char *path)
{
  g_autoptr(GFile) file = NULL;
  Reading *reading;

  gtk_widget_set_visible(GTK_WIDGET(picture), FALSE);
  gtk_picture_set_paintable(picture, NULL);
  if (!path)
    return;
  reading = g_new0(Reading, 1);
  *reading = (Reading){ g_object_ref(self), g_object_ref(picture), g_object_ref(self->reading) };
  file = g_file_new_for_path(path);
  g_file_read_async(file, G_PRIORITY_DEFAULT, self->reading, on_opened, reading);
}

static void
stop_reading(LensDataDetails *self)
{
  if (self->reading)
    g_cancellable_cancel(self->reading);
  g_clear_object(&self->reading);
}

/* Those that are shown already stay: a row is told again whenever its answer may have changed. */
static void
show_pictures(LensDataDetails *self, const char *picture, const char *second)
{
  if (self->reading && g_strcmp0(picture, self->paths[0]) == 0
      && g_strcmp0(second, self->paths[1]) == 0)
    return;
  stop_reading(self);
  self->reading = g_cancellable_new();
  g_free(self->paths[0]);
  g_free(self->paths[1]);
  self->paths[0] = g_strdup(picture);
  self->paths[1] = g_strdup(second);
  read_picture(self, self->picture, picture);
  read_picture(self, self->second, second);
}

/* ---- text ---- */

static void
show(LensDataDetails *self)
{
  const LensDataRowInfo *info = lens_data_row_get_info(self->row);
  g_autofree char *percent = lens_data_percent(info->confidence);
  g_autofree char *score = lens_data_percent(info->score);
  g_autofree char *answer = NULL, *facts = NULL;

  gtk_label_set_text(self->question, *info->question ? info->question : info->image);
  gtk_label_set_text(self->truth, info->truth ? info->truth : _("not given in the file"));
  if (!info->answer)
    answer = g_strdup(_("not answered"));
  else if (info->score < 0)
    answer = g_strdup_printf(_("%s (confidence %s)"), info->answer, percent);
  else
    answer = g_strdup_printf(_("%s (confidence %s, score %s)"), info->answer, percent, score);
  gtk_label_set_text(self->answer, answer);
  facts = g_strjoin("\n", info->image, *info->image2 ? info->image2 : info->id,
                    *info->answer_type ? info->answer_type : info->question_type,
                    *info->answer_type ? info->question_type : "", NULL);
  gtk_label_set_text(self->facts, g_strchomp(facts));
}

void
lens_data_details_set_row(LensDataDetails *self, LensDataRow *row, const char *picture,
                          const char *second)
{
  g_set_object(&self->row, row);
  gtk_stack_set_visible_child_name(self->stack, row ? "row" : "none");
  show_pictures(self, picture, second);
  if (row)
    show(self);
}

static void
lens_data_details_dispose(GObject *object)
{
  LensDataDetails *self = LENS_DATA_DETAILS(object);

  stop_reading(self);
  g_clear_object(&self->row);
  g_clear_pointer(&self->paths[0], g_free);
  g_clear_pointer(&self->paths[1], g_free);
  G_OBJECT_CLASS(lens_data_details_parent_class)->dispose(object);
}

static void
lens_data_details_class_init(LensDataDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  G_OBJECT_CLASS(klass)->dispose = lens_data_details_dispose;
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-data-details.ui");
  gtk_widget_class_bind_template_child(widget_class, LensDataDetails, stack);
  gtk_widget_class_bind_template_child(widget_class, LensDataDetails, picture);
  gtk_widget_class_bind_template_child(widget_class, LensDataDetails, second);
  gtk_widget_class_bind_template_child(widget_class, LensDataDetails, question);
  gtk_widget_class_bind_template_child(widget_class, LensDataDetails, truth);
  gtk_widget_class_bind_template_child(widget_class, LensDataDetails, answer);
  gtk_widget_class_bind_template_child(widget_class, LensDataDetails, facts);
}

static void
lens_data_details_init(LensDataDetails *self)
{
  gtk_widget_init_template(GTK_WIDGET(self));
}
