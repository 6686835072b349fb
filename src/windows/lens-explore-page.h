/* Explore: library, image with question, attention. */
#pragma once

#include <adwaita.h>

#include "lens-ask-pane.h"
#include "lens-attention-pane.h"
#include "lens-explorer.h"
#include "lens-library-pane.h"

G_BEGIN_DECLS

#define LENS_TYPE_EXPLORE_PAGE (lens_explore_page_get_type())
G_DECLARE_FINAL_TYPE(LensExplorePage, lens_explore_page, LENS, EXPLORE_PAGE, AdwBin)

void lens_explore_page_set_explorer(LensExplorePage *self, LensExplorer *explorer);
LensAskPane *lens_explore_page_get_ask_pane(LensExplorePage *self);
LensAttentionPane *lens_explore_page_get_attention_pane(LensExplorePage *self);
LensLibraryPane *lens_explore_page_get_library_pane(LensExplorePage *self);
AdwFlap *lens_explore_page_get_flap(LensExplorePage *self);

G_END_DECLS
