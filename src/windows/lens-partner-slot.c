#include "lens-partner-slot.h"

#include <glib/gi18n.h>

#include "lens-brush.h"
#include "lens-image-chooser.h"
#include "lens-sanity-button.h"
#include "lens-zoom-buttons.h"

struct _LensPartnerSlot {
  GtkWidget parent_instance;

  LensExplorer *explorer;
  GtkWidget *scene_view, *hint, *choose_button, *popover, *sanity_button, *zoom_buttons;
  GtkListView *list; /* in the popover */
};

G_DEFINE_FINAL_TYPE(LensPartnerSlot, lens_partner_slot, GTK_TYPE_WIDGET)

LensSceneView *
lens_partner_slot_get_scene_view(LensPartnerSlot *self)
{
  return LENS_SCENE_VIEW(self->scene_view);
}

/* ---- what is shown ---- */

/* Boxes are brushed in the image whose maps are looked at. */
static void
update_brush(LensPartnerSlot *self)
{
  LensRun *run = lens_explorer_get_image_run(self->explorer, 1);
  LensScene *scene = lens_explorer_get_partner(self->explorer);
  g_autofree float *boxes = NULL;

  if (run && lens_run_get_scene(run) == scene)
    boxes = lens_brush_boxes(run, lens_explorer_get_selection(self->explorer));
  lens_scene_view_set_weights(LENS_SCENE_VIEW(self->scene_view), boxes);
}

static void
update(LensPartnerSlot *self)
{
  LensScene *scene = lens_explorer_get_partner(self->explorer);
  gboolean turned = lens_explorer_get_half(self->explorer) == 1;

  gtk_widget_set_visible(GTK_WIDGET(self), lens_explorer_takes_pair(self->explorer));
  lens_scene_view_set_scene(LENS_SCENE_VIEW(self->scene_view), scene);
  lens_scene_view_set_selection(LENS_SCENE_VIEW(self->scene_view),
                                turned ? lens_explorer_get_selection(self->explorer) : NULL);
  lens_sanity_button_set_scene(LENS_SANITY_BUTTON(self->sanity_button), scene);
  gtk_widget_set_visible(self->zoom_buttons, scene != NULL);
  gtk_widget_set_visible(self->hint, scene == NULL);
  gtk_menu_button_set_label(GTK_MENU_BUTTON(self->choose_button),
                            scene ? lens_scene_get_name(scene) : _("Choose an Image"));
  update_brush(self);
}

static void
on_remove_box(LensPartnerSlot *self, int box)
{
  lens_explorer_toggle_box(self->explorer, 1, box);
}

static void
on_place_box(LensPartnerSlot *self, int box, const float *rect, gboolean live)
{
  lens_explorer_place_box(self->explorer, 1, box, rect, live);
}

/* ---- choosing ---- */

void
lens_partner_slot_choose(LensPartnerSlot *self)
{
  if (gtk_widget_get_mapped(self->choose_button))
    gtk_menu_button_popup(GTK_MENU_BUTTON(self->choose_button));
}

static void
on_setup(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *picture = gtk_image_new(), *label = gtk_label_new(NULL);

  gtk_image_set_pixel_size(GTK_IMAGE(picture), 48);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_box_append(GTK_BOX(row), picture);
  gtk_box_append(GTK_BOX(row), label);
  gtk_list_item_set_child(item, row);
}

/* The row follows its image: name and thumbnail come later. */
static void
show_image(LensImage *image, GParamSpec *pspec, GtkWidget *row)
{
  GtkWidget *picture = gtk_widget_get_first_child(row);
  GdkPixbuf *thumbnail = lens_image_get_thumbnail(image);

  if (thumbnail)
    gtk_image_set_from_pixbuf(GTK_IMAGE(picture), thumbnail);
  else
    gtk_image_set_from_icon_name(GTK_IMAGE(picture), "image-x-generic-symbolic");
  gtk_label_set_text(GTK_LABEL(gtk_widget_get_next_sibling(picture)), lens_image_get_name(image));
}

static void
on_bind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  LensImage *image = gtk_list_item_get_item(item);
  GtkWidget *row = gtk_list_item_get_child(item);

  show_image(image, NULL, row);
  g_signal_connect_object(image, "notify::name", G_CALLBACK(show_image), row, 0);
  g_signal_connect_object(image, "notify::thumbnail", G_CALLBACK(show_image), row, 0);
}

static void
on_unbind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  g_signal_handlers_disconnect_by_func(gtk_list_item_get_item(item), show_image,
                                       gtk_list_item_get_child(item));
}

static void
on_chosen(GtkListView *list, guint position, LensPartnerSlot *self)
{
  g_autoptr(LensImage) image
      = g_list_model_get_item(G_LIST_MODEL(gtk_list_view_get_model(list)), position);

  gtk_popover_popdown(GTK_POPOVER(self->popover));
  lens_explorer_open_partner(self->explorer, lens_image_get_path(image));
}

static void
on_file_chosen(LensPartnerSlot *self, GFile *file)
{
  g_autofree char *path = g_file_get_path(file);

  if (path)
    lens_explorer_open_partner(self->explorer, path);
}

static void
open_file(LensPartnerSlot *self)
{
  gtk_popover_popdown(GTK_POPOVER(self->popover));
  lens_image_chooser_run(GTK_WIDGET(self), _("Open the Second Image"), FALSE,
                         G_CALLBACK(on_file_chosen), self);
}

static gboolean
on_drop(GtkDropTarget *target, const GValue *value, double x, double y, LensPartnerSlot *self)
{
  GSList *files = g_value_get_boxed(value);

  if (files)
    on_file_chosen(self, files->data);
  return files != NULL;
}

/* Images are listed only while they can be seen: a list keeps rows for 200 of a library's, and looks
 * at all of them when others are found. */
static void
list_images(LensPartnerSlot *self)
{
  LensWorkbench *workbench = lens_explorer_get_workbench(self->explorer);
  g_autoptr(GtkNoSelection) images
      = gtk_no_selection_new(g_object_ref(lens_workbench_get_images(workbench)));

  gtk_list_view_set_model(self->list, GTK_SELECTION_MODEL(images));
}

static void
unlist_images(LensPartnerSlot *self)
{
  gtk_list_view_set_model(self->list, NULL);
}

static void
fill_popover(LensPartnerSlot *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
  GtkWidget *scrolled = gtk_scrolled_window_new(), *list;
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *open = gtk_button_new_with_mnemonic(_("_Open a File…"));

  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), NULL);
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), NULL);
  g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), NULL);
  list = gtk_list_view_new(NULL, factory);
  self->list = GTK_LIST_VIEW(list);
  gtk_list_view_set_single_click_activate(GTK_LIST_VIEW(list), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 _("Images of the library"), -1);
  g_signal_connect_object(list, "activate", G_CALLBACK(on_chosen), self, 0);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scrolled), list);
  gtk_widget_set_size_request(scrolled, 280, 250);
  gtk_box_append(GTK_BOX(box), scrolled);
  gtk_box_append(GTK_BOX(box), open);
  g_signal_connect_object(open, "clicked", G_CALLBACK(open_file), self, G_CONNECT_SWAPPED);
  gtk_popover_set_child(GTK_POPOVER(self->popover), box);
  g_signal_connect_object(self->popover, "map", G_CALLBACK(list_images), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->popover, "unmap", G_CALLBACK(unlist_images), self,
                          G_CONNECT_SWAPPED);
}

/* ---- turning to a half ---- */

static void
on_pressed(GtkGestureClick *gesture, int n, double x, double y, gpointer data)
{
  GtkWidget *widget = gtk_event_controller_get_widget(GTK_EVENT_CONTROLLER(gesture));

  LensExplorer *explorer = g_object_get_data(G_OBJECT(widget), "lens-half-of");

  if (!lens_explorer_get_both(explorer))
    lens_explorer_set_half(explorer, GPOINTER_TO_INT(data));
}

void
lens_partner_slot_turn_on_click(GtkWidget *widget, LensExplorer *explorer, int half)
{
  GtkGesture *click = gtk_gesture_click_new();

  g_object_set_data_full(G_OBJECT(widget), "lens-half-of", g_object_ref(explorer), g_object_unref);
  gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(click), GTK_PHASE_CAPTURE);
  g_signal_connect(click, "pressed", G_CALLBACK(on_pressed), GINT_TO_POINTER(half));
  gtk_widget_add_controller(widget, GTK_EVENT_CONTROLLER(click));
}

/* ---- object ---- */

void
lens_partner_slot_set_explorer(LensPartnerSlot *self, LensExplorer *explorer)
{
  LensSelection *selection = lens_explorer_get_selection(explorer);

  g_return_if_fail(!self->explorer);
  self->explorer = g_object_ref(explorer);
  if (lens_explorer_get_workbench(explorer))
    fill_popover(self);
  lens_partner_slot_turn_on_click(self->scene_view, explorer, 1);
  g_signal_connect_object(self->scene_view, "remove-box", G_CALLBACK(on_remove_box), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->scene_view, "place-box", G_CALLBACK(on_place_box), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "partner-changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "notify::half", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "run-changed", G_CALLBACK(update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "hover-changed", G_CALLBACK(update_brush), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(selection, "view-changed", G_CALLBACK(update_brush), self,
                          G_CONNECT_SWAPPED);
  update(self);
}

static void
lens_partner_slot_dispose(GObject *object)
{
  LensPartnerSlot *self = LENS_PARTNER_SLOT(object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self))))
    gtk_widget_unparent(child);
  g_clear_object(&self->explorer);
  G_OBJECT_CLASS(lens_partner_slot_parent_class)->dispose(object);
}

static void
lens_partner_slot_class_init(LensPartnerSlotClass *klass)
{
  G_OBJECT_CLASS(klass)->dispose = lens_partner_slot_dispose;
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name(GTK_WIDGET_CLASS(klass), "lenspartner");
}

/* As over the first image; what chooses the second stands where that one has its name. */
static GtkWidget *
make_tools(LensPartnerSlot *self)
{
  GtkWidget *bar = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 4);

  self->popover = gtk_popover_new();
  self->choose_button = gtk_menu_button_new();
  gtk_menu_button_set_popover(GTK_MENU_BUTTON(self->choose_button), self->popover);
  gtk_widget_set_halign(self->choose_button, GTK_ALIGN_START);
  gtk_widget_set_hexpand(self->choose_button, TRUE);
  gtk_widget_add_css_class(self->choose_button, "partner-choice");
  gtk_widget_set_tooltip_text(self->choose_button, _("The second image (Ctrl+Shift+O)"));
  self->sanity_button = g_object_new(LENS_TYPE_SANITY_BUTTON, NULL);
  self->zoom_buttons = lens_zoom_buttons_new();
  gtk_box_append(GTK_BOX(bar), self->choose_button);
  gtk_box_append(GTK_BOX(bar), self->sanity_button);
  gtk_box_append(GTK_BOX(bar), self->zoom_buttons);
  gtk_widget_add_css_class(bar, "scene-tools");
  return bar;
}

static void
lens_partner_slot_init(LensPartnerSlot *self)
{
  GtkWidget *overlay = gtk_overlay_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  GtkDropTarget *drop = gtk_drop_target_new(GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  self->scene_view = lens_scene_view_new();
  gtk_widget_set_hexpand(self->scene_view, TRUE);
  gtk_widget_set_vexpand(self->scene_view, TRUE);
  gtk_box_append(GTK_BOX(box), make_tools(self));
  lens_zoom_buttons_set_view(LENS_ZOOM_BUTTONS(self->zoom_buttons),
                             LENS_SCENE_VIEW(self->scene_view));
  self->hint = gtk_label_new(_("This model judges a statement about two images. Choose the second "
                               "one."));
  gtk_label_set_wrap(GTK_LABEL(self->hint), TRUE);
  gtk_label_set_justify(GTK_LABEL(self->hint), GTK_JUSTIFY_CENTER);
  gtk_widget_set_valign(self->hint, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_start(self->hint, 12);
  gtk_widget_set_margin_end(self->hint, 12);
  gtk_widget_add_css_class(self->hint, "dim-label");
  gtk_overlay_set_child(GTK_OVERLAY(overlay), self->scene_view);
  gtk_overlay_add_overlay(GTK_OVERLAY(overlay), self->hint);
  gtk_widget_add_css_class(overlay, "scene-frame");
  gtk_box_append(GTK_BOX(box), overlay);
  g_signal_connect(drop, "drop", G_CALLBACK(on_drop), self);
  gtk_widget_add_controller(box, GTK_EVENT_CONTROLLER(drop));
  gtk_widget_set_parent(box, GTK_WIDGET(self));
}
