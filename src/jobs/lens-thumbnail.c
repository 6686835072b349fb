#include "lens-thumbnail.h"

#include "lens-error.h"
#include "media-image.h"

GdkPixbuf *lens_thumbnail_make(GdkPixbuf *picture)
{
  int width = gdk_pixbuf_get_width(picture), height = gdk_pixbuf_get_height(picture);
  double scale =
      MIN(1.0, MIN(LENS_THUMBNAIL_WIDTH / (double)width, LENS_THUMBNAIL_HEIGHT / (double)height));
  return gdk_pixbuf_scale_simple(picture, MAX(1, (int)(width * scale + 0.5)),
                                 MAX(1, (int)(height * scale + 0.5)), GDK_INTERP_BILINEAR);
}

GBytes *lens_thumbnail_to_png(GdkPixbuf *thumbnail)
{
  gchar *buffer = NULL;
  gsize size = 0;
  if (!gdk_pixbuf_save_to_buffer(thumbnail, &buffer, &size, "png", NULL, NULL))
    return NULL;
  return g_bytes_new_take(buffer, size);
}

static void free_image(guchar *pixels, gpointer image)
{
  media_image_free(image);
}

GdkPixbuf *lens_picture_read(const void *bytes, gsize size, const char *name, GError **error)
{
  MediaError media = {0};
  MediaImage *image = NULL;
  if (media_image_read_bytes(bytes, size, name, 0, &image, &media))
    return gdk_pixbuf_new_from_data(image->pixels, GDK_COLORSPACE_RGB, FALSE, 8, image->width,
                                    image->height, (int)image->stride, free_image, image);
  g_autofree char *text = g_utf8_make_valid(media.message, -1);
  g_set_error_literal(error, LENS_ERROR, LENS_ERROR_FORMAT, text);
  return NULL;
}

GdkPixbuf *lens_thumbnail_from_png(GBytes *png)
{
  gsize size = 0;
  const void *data = g_bytes_get_data(png, &size);
  return lens_picture_read(data, size, "thumbnail", NULL);
}
