#include "lens-library-pane.h"

#include <adwaita.h>

#include "lens-growing-list.h"
#include "lens-library-open.h"
#include "lens-library-questions.h"
#include "lens-library-row.h"
#include "lens-tab-stop.h"

struct _LensLibraryPane {
  GtkWidget parent_instance;

  LensExplorer *explorer;
  LensLibraryQuestions *questions;
  LensGrowingList *images;
  GtkTreeListModel *tree; /* the selection's */
  GtkSingleSelection *selection;
  gint64 to_show;    /* an image to open the row of as soon as it is in the list; 0: none */
  gboolean to_reach; /* the selected row is to be scrolled to */
  guint frame;       /* the tick that does so */
  gboolean laid_out;

  /* template widgets */
  GtkSearchEntry *search_entry;
  GtkToggleButton *favourites_button;
  GtkStack *stack;
  GtkListView *list_view;
};

enum { REMOVED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE(LensLibraryPane, lens_library_pane, GTK_TYPE_WIDGET)

static LensWorkbench *
workbench_of(LensLibraryPane *self)
{
  return self->explorer ? lens_explorer_get_workbench(self->explorer) : NULL;
}

/* ---- places in the list ---- */

/* The row of an image, NULL when it is not shown. Owned. */
static GtkTreeListRow *
image_row(LensLibraryPane *self, gint64 id)
{
  guint place;

  if (!self->tree || !lens_workbench_find_image(workbench_of(self), id, &place))
    return NULL;
  return gtk_tree_list_model_get_child_row(self->tree, place);
}

/* The list can scroll to a row only once it has a size and has laid that row out: asked before, it
 * shows one row of all. So the frame after the next does it. */
static gboolean
on_frame(GtkWidget *list, GdkFrameClock *clock, gpointer data)
{
  LensLibraryPane *self = data;
  guint position = gtk_single_selection_get_selected(self->selection);

  if (gtk_widget_get_mapped(list) && !self->laid_out) {
    self->laid_out = gtk_widget_get_height(list) > 0;
    return G_SOURCE_CONTINUE;
  }
  self->frame = 0;
  if (!gtk_widget_get_mapped(list)) /* when it is looked at again */
    return G_SOURCE_REMOVE;
  self->to_reach = FALSE;
  if (position != GTK_INVALID_LIST_POSITION)
    gtk_widget_activate_action(list, "list.scroll-to-item", "u", position);
  return G_SOURCE_REMOVE;
}

static void
reach_if_wanted(LensLibraryPane *self)
{
  self->laid_out = FALSE;
  if (self->to_reach && !self->frame)
    self->frame = gtk_widget_add_tick_callback(GTK_WIDGET(self->list_view), on_frame, self, NULL);
}

static void
select_row(LensLibraryPane *self, guint position)
{
  gtk_single_selection_set_selected(self->selection, position);
  self->to_reach = TRUE;
  reach_if_wanted(self);
}

/* Of the same images, too. */
static gboolean
is_asked(LensRun *run, const char *text, LensQuestion *question)
{
  LensRun *second = lens_run_is_pair(run) ? lens_run_get_half(run, 1) : NULL;

  return g_strcmp0(lens_question_get_text(question), text) == 0
         && g_strcmp0(lens_question_get_second_path(question),
                      second ? lens_scene_get_path(lens_run_get_scene(second)) : NULL)
                == 0;
}

/* The row of the question that was just answered. */
static void
select_question(LensLibraryPane *self)
{
  LensRun *run = self->explorer ? lens_explorer_get_run(self->explorer) : NULL;
  g_autoptr(GtkTreeListRow) row
      = run ? image_row(self, lens_scene_get_id(lens_run_get_scene(run))) : NULL;
  GListModel *questions
      = row && gtk_tree_list_row_get_expanded(row) ? gtk_tree_list_row_get_children(row) : NULL;
  guint n = questions ? g_list_model_get_n_items(questions) : 0;

  for (guint i = 0; i < n; i++) {
    g_autoptr(LensQuestion) question = g_list_model_get_item(questions, i);

    if (is_asked(run, lens_explorer_get_question(self->explorer), question)) {
      select_row(self, gtk_tree_list_row_get_position(row) + 1 + i);
      return;
    }
  }
}

static void
on_failed(LensLibraryPane *self, const char *message)
{
  g_signal_emit_by_name(self->explorer, "failed", message);
}

void
lens_library_pane_reload(LensLibraryPane *self)
{
  lens_library_questions_read_all(self->questions);
}

static GListModel *
create_children(gpointer item, gpointer data)
{
  LensLibraryPane *self = data;

  if (!LENS_IS_IMAGE(item))
    return NULL;
  return lens_library_questions_get(self->questions, lens_image_get_id(item));
}

/* ---- search ---- */

static void
update_stack(LensLibraryPane *self)
{
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->selection));

  gboolean searching = *gtk_editable_get_text(GTK_EDITABLE(self->search_entry))
                       || gtk_toggle_button_get_active(self->favourites_button);

  gtk_stack_set_visible_child_name(self->stack, n || !searching ? "list" : "empty");
}

static void
on_search(LensLibraryPane *self)
{
  if (workbench_of(self))
    lens_workbench_search_images(workbench_of(self),
                                 gtk_editable_get_text(GTK_EDITABLE(self->search_entry)),
                                 gtk_toggle_button_get_active(self->favourites_button));
}

void
lens_library_pane_focus_search(LensLibraryPane *self)
{
  gtk_widget_grab_focus(GTK_WIDGET(self->search_entry));
}

/* ---- rows ---- */

static void on_favourite(LensLibraryRow *row, LensImage *image, LensLibraryPane *self);

/* GTK opens and closes rows with Shift and an arrow; alone it does nothing in a list. */
static void
fold_by_arrow(GtkWidget *expander, guint key, const char *action)
{
  GtkEventController *keys = gtk_shortcut_controller_new();

  gtk_shortcut_controller_add_shortcut(GTK_SHORTCUT_CONTROLLER(keys),
                                       gtk_shortcut_new(gtk_keyval_trigger_new(key, 0),
                                                        gtk_named_action_new(action)));
  gtk_widget_add_controller(expander, keys);
}

static void
on_setup(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  gboolean rtl = gtk_widget_get_direction(GTK_WIDGET(data)) == GTK_TEXT_DIR_RTL;
  GtkWidget *expander = gtk_tree_expander_new(), *row = lens_library_row_new();

  g_signal_connect_object(row, "favourite", G_CALLBACK(on_favourite), data, 0);
  gtk_tree_expander_set_child(GTK_TREE_EXPANDER(expander), row);
  gtk_tree_expander_set_indent_for_icon(GTK_TREE_EXPANDER(expander), FALSE);
  fold_by_arrow(expander, rtl ? GDK_KEY_Left : GDK_KEY_Right, "listitem.expand");
  fold_by_arrow(expander, rtl ? GDK_KEY_Right : GDK_KEY_Left, "listitem.collapse");
  gtk_list_item_set_child(item, expander);
}

static void
on_bind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER(gtk_list_item_get_child(item));
  GtkTreeListRow *row = gtk_list_item_get_item(item);
  g_autoptr(GObject) object = gtk_tree_list_row_get_item(row);

  gtk_tree_expander_set_list_row(expander, row);
  lens_library_row_bind(LENS_LIBRARY_ROW(gtk_tree_expander_get_child(expander)), object);
}

/* The expander keeps its row until the next one: without any it would make its arrow anew. */
static void
on_unbind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkTreeExpander *expander = GTK_TREE_EXPANDER(gtk_list_item_get_child(item));

  lens_library_row_bind(LENS_LIBRARY_ROW(gtk_tree_expander_get_child(expander)), NULL);
}

/* Borrowed: the workbench keeps what is shown. NULL when it is not. */
static LensImage *
find_image(LensLibraryPane *self, gint64 id)
{
  g_autoptr(LensImage) image = NULL;
  guint place;

  if (lens_workbench_find_image(workbench_of(self), id, &place))
    image = g_list_model_get_item(lens_workbench_get_images(workbench_of(self)), place);
  return image;
}

/* In a narrow window the library lies over the image that it opens. */
static void
step_aside(LensLibraryPane *self)
{
  GtkWidget *flap = gtk_widget_get_ancestor(GTK_WIDGET(self), ADW_TYPE_FLAP);

  if (!flap || !adw_flap_get_folded(ADW_FLAP(flap)))
    return;
  adw_flap_set_reveal_flap(ADW_FLAP(flap), FALSE);
  gtk_widget_activate_action(GTK_WIDGET(self), "win.focus-question", NULL);
}

static void
on_activate(GtkListView *list, guint position, LensLibraryPane *self)
{
  g_autoptr(GtkTreeListRow) row = g_list_model_get_item(G_LIST_MODEL(self->selection), position);
  g_autoptr(GObject) item = gtk_tree_list_row_get_item(row);

  step_aside(self);
  if (LENS_IS_IMAGE(item)) {
    if (lens_image_get_n_questions(LENS_IMAGE(item)))
      gtk_tree_list_row_set_expanded(row, TRUE);
    if (*lens_image_get_path(LENS_IMAGE(item))) /* else its row is being read */
      lens_explorer_open(self->explorer, lens_image_get_path(LENS_IMAGE(item)), NULL);
  } else if (LENS_IS_QUESTION(item)) {
    LensImage *image = find_image(self, lens_question_get_image_id(LENS_QUESTION(item)));

    if (image)
      lens_library_open_question(self->explorer, lens_image_get_path(image), LENS_QUESTION(item));
  }
}

/* ---- removing ---- */

static void
remove_question(LensLibraryPane *self, LensQuestion *question)
{
  LensImage *image = find_image(self, lens_question_get_image_id(question));
  int left;

  lens_workbench_remove_question(workbench_of(self), lens_question_get_id(question));
  left = lens_library_questions_remove(self->questions, question);
  if (image && left >= 0)
    lens_image_set_n_questions(image, left);
}

static gboolean
remove_selected(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensLibraryPane *self = LENS_LIBRARY_PANE(widget);
  GtkTreeListRow *row
      = self->selection ? gtk_single_selection_get_selected_item(self->selection) : NULL;
  g_autoptr(GObject) item = row ? gtk_tree_list_row_get_item(row) : NULL;

  if (LENS_IS_QUESTION(item)) {
    LensQuestion *question = LENS_QUESTION(item);

    remove_question(self, question);
    g_signal_emit(self, signals[REMOVED], 0, FALSE, lens_question_get_id(question),
                  lens_question_get_text(question));
  } else if (LENS_IS_IMAGE(item)) {
    LensImage *image = LENS_IMAGE(item);

    lens_workbench_remove_image(workbench_of(self), lens_image_get_id(image));
    g_signal_emit(self, signals[REMOVED], 0, TRUE, lens_image_get_id(image),
                  lens_image_get_name(image));
  }
  return item != NULL;
}

/* ---- favourites ---- */

static void
on_favourite(LensLibraryRow *row, LensImage *image, LensLibraryPane *self)
{
  lens_workbench_set_favourite(workbench_of(self), lens_image_get_id(image),
                               !lens_image_get_favourite(image));
}

static gboolean
toggle_favourite(GtkWidget *widget, GVariant *args, gpointer data)
{
  LensLibraryPane *self = LENS_LIBRARY_PANE(widget);
  GtkTreeListRow *row
      = self->selection ? gtk_single_selection_get_selected_item(self->selection) : NULL;
  g_autoptr(GObject) item = row ? gtk_tree_list_row_get_item(row) : NULL;

  if (!LENS_IS_IMAGE(item))
    return FALSE;
  on_favourite(NULL, LENS_IMAGE(item), self);
  return TRUE;
}

/* ---- the image that is shown ---- */

/* Its row is selected and its questions are open. */
static void
show_row(LensLibraryPane *self)
{
  g_autoptr(GtkTreeListRow) row = self->to_show ? image_row(self, self->to_show) : NULL;

  if (!row)
    return;
  self->to_show = 0;
  select_row(self, gtk_tree_list_row_get_position(row));
  gtk_tree_list_row_set_expanded(row, TRUE);
}

static void
select_scene(LensLibraryPane *self)
{
  LensScene *scene = lens_explorer_get_scene(self->explorer);

  self->to_show = scene ? lens_scene_get_id(scene) : 0;
  show_row(self);
  select_question(self); /* where only boxes were moved */
}

static void
on_items_changed(LensLibraryPane *self)
{
  update_stack(self);
}

static gboolean
drop_tree(gpointer tree)
{
  return G_SOURCE_REMOVE;
}

/* A tree makes a node for each of 100,000 images, and takes longer to let go of them one by one: when
 * others are shown, it is made anew. A selection would look for its row in all of the new ones. */
static void
make_tree(LensLibraryPane *self)
{
  GListModel *images = lens_workbench_get_images(workbench_of(self));

  gtk_single_selection_set_selected(self->selection, GTK_INVALID_LIST_POSITION);
  if (self->tree)
    g_idle_add_full(G_PRIORITY_LOW, drop_tree, g_object_ref(self->tree), g_object_unref);
  g_clear_object(&self->images);
  self->images = lens_growing_list_new(images);
  g_signal_connect_object(self->images, "replaced", G_CALLBACK(make_tree), self, G_CONNECT_SWAPPED);
  self->tree = gtk_tree_list_model_new(g_object_ref(G_LIST_MODEL(self->images)), FALSE, FALSE,
                                       create_children, self, NULL);
  g_signal_connect_object(self->images, "items-changed", G_CALLBACK(show_row), self,
                          G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  gtk_single_selection_set_model(self->selection, G_LIST_MODEL(self->tree));
  g_object_unref(self->tree);
  show_row(self);
}

static void
make_models(LensLibraryPane *self)
{
  self->selection = gtk_single_selection_new(NULL);
  gtk_single_selection_set_autoselect(self->selection, FALSE);
  gtk_single_selection_set_can_unselect(self->selection, TRUE);
  make_tree(self);
  gtk_list_view_set_model(self->list_view, GTK_SELECTION_MODEL(self->selection));
  g_signal_connect_object(self->selection, "items-changed", G_CALLBACK(on_items_changed), self,
                          G_CONNECT_SWAPPED);
}

void
lens_library_pane_set_explorer(LensLibraryPane *self, LensExplorer *explorer)
{
  LensWorkbench *workbench;

  g_return_if_fail(!self->explorer);
  self->explorer = g_object_ref(explorer);
  workbench = workbench_of(self);
  if (!workbench)
    return;
  self->questions = lens_library_questions_new(workbench);
  g_signal_connect_object(self->questions, "listed", G_CALLBACK(select_question), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->questions, "failed", G_CALLBACK(on_failed), self,
                          G_CONNECT_SWAPPED);
  make_models(self);
  g_signal_connect_object(workbench, "question-added", G_CALLBACK(lens_library_questions_read),
                          self->questions, G_CONNECT_SWAPPED);
  g_signal_connect_object(explorer, "scene-changed", G_CALLBACK(select_scene), self,
                          G_CONNECT_SWAPPED);
}

static void
lens_library_pane_dispose(GObject *object)
{
  LensLibraryPane *self = LENS_LIBRARY_PANE(object);
  GtkWidget *child;

  if (self->frame)
    gtk_widget_remove_tick_callback(GTK_WIDGET(self->list_view), self->frame);
  self->frame = 0;
  if (self->list_view)
    gtk_list_view_set_model(self->list_view, NULL);
  g_clear_object(&self->selection);
  if (self->images)
    g_signal_handlers_disconnect_by_data(self->images, self);
  g_clear_object(&self->images);
  g_clear_object(&self->questions);
  g_clear_object(&self->explorer);
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self))))
    gtk_widget_unparent(child);
  G_OBJECT_CLASS(lens_library_pane_parent_class)->dispose(object);
}

static void
lens_library_pane_class_init(LensLibraryPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS(klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(klass);

  object_class->dispose = lens_library_pane_dispose;
  g_type_ensure(LENS_TYPE_TAB_STOP);
  gtk_widget_class_set_template_from_resource(widget_class,
                                              "/org/crosslens/Crosslens/lens-library-pane.ui");
  gtk_widget_class_bind_template_child(widget_class, LensLibraryPane, search_entry);
  gtk_widget_class_bind_template_child(widget_class, LensLibraryPane, favourites_button);
  gtk_widget_class_bind_template_child(widget_class, LensLibraryPane, stack);
  gtk_widget_class_bind_template_child(widget_class, LensLibraryPane, list_view);
  signals[REMOVED]
      = g_signal_new("removed", LENS_TYPE_LIBRARY_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                     G_TYPE_NONE, 3, G_TYPE_BOOLEAN, G_TYPE_INT64, G_TYPE_STRING);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_Delete, 0, remove_selected, NULL);
  gtk_widget_class_add_binding(widget_class, GDK_KEY_d, GDK_CONTROL_MASK, toggle_favourite, NULL);
  gtk_widget_class_set_css_name(widget_class, "lenslibrarypane");
}

static void
lens_library_pane_init(LensLibraryPane *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new();

  gtk_widget_init_template(GTK_WIDGET(self));
  g_signal_connect(factory, "setup", G_CALLBACK(on_setup), self);
  g_signal_connect(factory, "bind", G_CALLBACK(on_bind), NULL);
  g_signal_connect(factory, "unbind", G_CALLBACK(on_unbind), NULL);
  gtk_list_view_set_factory(self->list_view, factory);
  g_signal_connect_object(self->list_view, "activate", G_CALLBACK(on_activate), self, 0);
  g_signal_connect_object(self->list_view, "map", G_CALLBACK(reach_if_wanted), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->search_entry, "search-changed", G_CALLBACK(on_search), self,
                          G_CONNECT_SWAPPED);
  g_signal_connect_object(self->favourites_button, "toggled", G_CALLBACK(on_search), self,
                          G_CONNECT_SWAPPED);
}
