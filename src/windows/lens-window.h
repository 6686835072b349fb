/* The main window: Explore, Train and Data, errors, toasts. */
#pragma once

#include <adwaita.h>

#include "lens-data-page.h"
#include "lens-explore-page.h"
#include "lens-explorer.h"
#include "lens-train-page.h"
#include "lens-workbench.h"

G_BEGIN_DECLS

#define LENS_TYPE_WINDOW (lens_window_get_type())
G_DECLARE_FINAL_TYPE(LensWindow, lens_window, LENS, WINDOW, AdwApplicationWindow)

/* `workbench` may be NULL (nothing can be opened then; tests show runs of their own). */
LensWindow *lens_window_new(AdwApplication *application, LensWorkbench *workbench);

LensExplorer *lens_window_get_explorer(LensWindow *self);
LensWorkbench *lens_window_get_workbench(LensWindow *self);
/* To the model that answered before, and back. */
void lens_window_switch_model(LensWindow *self);
LensExplorePage *lens_window_get_explore_page(LensWindow *self);
LensTrainPage *lens_window_get_train_page(LensWindow *self);
LensDataPage *lens_window_get_data_page(LensWindow *self);

/* "explore", "train", "data" */
void lens_window_show_page(LensWindow *self, const char *page);

/* Opens an image, or a saved view (.crosslens); what cannot be opened is said in the error bar. */
void lens_window_open_file(LensWindow *self, GFile *file);
/* The first as above. Of further images one goes beside the first where the model is asked about pairs,
 * the others go into the library. */
void lens_window_open_files(LensWindow *self, GFile **files, int n);
/* What to show when nothing was asked for: the image and question of last time, else the shipped
 * scene with its question. */
void lens_window_open_start(LensWindow *self);

/* A sentence that stays until it is closed or the next thing works. */
void lens_window_show_error(LensWindow *self, const char *message);
/* The sentence that is shown, NULL for none (tests). */
const char *lens_window_get_error(LensWindow *self);
void lens_window_show_toast(LensWindow *self, const char *text);
/* With an "Undo" button for what was just done. */
void lens_window_show_undo_toast(LensWindow *self, const char *text, GCallback undo,
                                 gpointer user_data, GDestroyNotify destroy);

/* lens-window-actions.c */
/* Shows what is in a folder or file of weights, to be imported. */
void lens_window_import_model(LensWindow *self, const char *path);
void lens_window_class_add_actions(GtkWidgetClass *widget_class);
void lens_window_update_actions(LensWindow *self);

G_END_DECLS
