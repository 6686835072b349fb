#include "lens-model-row.h"

#include <glib/gi18n.h>

#include "lens-row-name.h"
#include "lens-train-settings.h"

static const char *
task_name(const char *id)
{
  for (LensTask task = LENS_TASK_VQA; task <= LENS_TASK_PRETRAIN; task++) {
    if (g_strcmp0(lens_task_get_id(task), id) == 0)
      return lens_task_get_name(task);
  }
  return id;
}

char *
lens_model_row_describe(LensModel *model, LensWorkbench *workbench)
{
  const LensModelInfo *info = lens_model_get_info(model);
  g_autofree char *found = workbench ? lens_workbench_find_detector(workbench, model) : NULL;
  g_autofree char *detector
      = found ? g_path_get_basename(found)
              : g_strdup_printf(_("no detector here gives features of %d numbers"), info->features);

  return g_strdup_printf(_("%s · %d/%d/%d layers, %d heads · %s"), task_name(info->task),
                         info->language_layers, info->vision_layers, info->cross_layers,
                         info->heads, detector);
}

void
lens_model_row_setup(GtkSignalListItemFactory *factory, GtkListItem *item)
{
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);

  for (int i = 0; i < 2; i++) {
    GtkWidget *label = gtk_label_new(NULL);

    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_box_append(GTK_BOX(box), label);
    if (i == 1) {
      gtk_widget_add_css_class(label, "caption");
      gtk_widget_add_css_class(label, "dim-label");
    }
  }
  gtk_list_item_set_child(item, box);
}

void
lens_model_row_bind(GtkListItem *item, LensWorkbench *workbench)
{
  LensModel *model = gtk_list_item_get_item(item);
  GtkWidget *name = gtk_widget_get_first_child(gtk_list_item_get_child(item));
  g_autofree char *text = lens_model_row_describe(model, workbench);

  gtk_label_set_text(GTK_LABEL(name), lens_model_get_name(model));
  gtk_label_set_text(GTK_LABEL(gtk_widget_get_next_sibling(name)), text);
  lens_row_name_labels(name, GTK_LABEL(name), GTK_LABEL(gtk_widget_get_next_sibling(name)));
}
