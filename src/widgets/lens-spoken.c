#include "lens-spoken.h"

static void
set_name(GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

/* "_Ask" without its underscore, "打开(_O)" without what is in brackets. */
static char *
without_mnemonic(const char *label)
{
  g_autoptr(GRegex) regex = g_regex_new("\\(_.\\)|_", 0, 0, NULL);

  return g_regex_replace_literal(regex, label, -1, 0, "", 0, NULL);
}

/* Its own text, else what its tooltip says. */
static void
name_by(GtkWidget *widget, const char *label, gboolean mnemonic)
{
  g_autofree char *text = label && mnemonic ? without_mnemonic(label) : g_strdup(label);
  const char *name = text && *text ? text : gtk_widget_get_tooltip_text(widget);

  if (!name)
    return;
  gtk_accessible_reset_relation(GTK_ACCESSIBLE(widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  set_name(widget, name);
}

static void
name_button(GtkButton *button)
{
  name_by(GTK_WIDGET(button), gtk_button_get_label(button), gtk_button_get_use_underline(button));
}

static void
name_menu_button(GtkMenuButton *button)
{
  const char *label = gtk_menu_button_get_label(button);
  g_autofree char *text = label ? without_mnemonic(label) : NULL;
  const char *name = text && *text ? text : gtk_widget_get_tooltip_text(GTK_WIDGET(button));

  if (name) /* GTK calls the button inside by it */
    set_name(GTK_WIDGET(button), name);
}

static char *
dup_selected(GtkDropDown *drop)
{
  gpointer item = gtk_drop_down_get_selected_item(drop);
  GtkExpression *expression = gtk_drop_down_get_expression(drop);
  g_auto(GValue) value = G_VALUE_INIT;

  if (!item)
    return NULL;
  if (GTK_IS_STRING_OBJECT(item))
    return g_strdup(gtk_string_object_get_string(item));
  if (!expression || !gtk_expression_evaluate(expression, item, &value)
      || !G_VALUE_HOLDS_STRING(&value))
    return NULL;
  return g_value_dup_string(&value);
}

/* What is chosen, and what for: "Entropy Statistic that colours the heads". */
static void
name_drop_down(GtkDropDown *drop)
{
  GtkWidget *inner = gtk_widget_get_first_child(GTK_WIDGET(drop));
  g_autofree char *chosen = dup_selected(drop);

  set_name(inner, chosen ? chosen : "");
  gtk_accessible_update_relation(GTK_ACCESSIBLE(inner), GTK_ACCESSIBLE_RELATION_LABELLED_BY, drop,
                                 NULL, -1);
}

static void
name_search(GtkWidget *entry)
{
  g_autofree char *hint = NULL;

  g_object_get(entry, "placeholder-text", &hint, NULL);
  if (hint)
    set_name(entry, hint);
}

static void
follow(gpointer widget, const char *const *signals, GCallback name)
{
  for (; *signals; signals++)
    g_signal_connect_after(widget, *signals, name, NULL);
}

/* Whether the widget names what is inside of it, too. */
static gboolean
name_control(GtkWidget *widget)
{
  static const char *const texts[] = { "notify::label", "notify::tooltip-text", NULL };
  static const char *const choices[] = { "notify::selected-item", NULL };

  if (GTK_IS_DROP_DOWN(widget)) {
    name_drop_down(GTK_DROP_DOWN(widget));
    follow(widget, choices, G_CALLBACK(name_drop_down));
  } else if (GTK_IS_MENU_BUTTON(widget)) {
    name_menu_button(GTK_MENU_BUTTON(widget));
    follow(widget, texts, G_CALLBACK(name_menu_button));
  } else if (GTK_IS_BUTTON(widget)) {
    name_button(GTK_BUTTON(widget));
    follow(widget, texts, G_CALLBACK(name_button));
  } else if (GTK_IS_SEARCH_ENTRY(widget)) {
    name_search(widget);
  } else {
    return FALSE;
  }
  return TRUE;
}

/* The row of titles and the list inside of a table are called like it. */
static void
name_rows(GtkWidget *table)
{
  for (GtkWidget *part = gtk_widget_get_first_child(table); part;
       part = gtk_widget_get_next_sibling(part))
    gtk_accessible_update_relation(GTK_ACCESSIBLE(part), GTK_ACCESSIBLE_RELATION_LABELLED_BY, table,
                                   NULL, -1);
}

void
lens_spoken_name_controls(GtkWidget *root)
{
  if (GTK_IS_COLUMN_VIEW(root))
    name_rows(root);
  if (name_control(root) || GTK_IS_LIST_VIEW(root) || GTK_IS_COLUMN_VIEW(root))
    return;
  for (GtkWidget *child = gtk_widget_get_first_child(root); child;
       child = gtk_widget_get_next_sibling(child))
    lens_spoken_name_controls(child);
}
