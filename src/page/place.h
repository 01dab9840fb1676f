/* From hits on the upright picture to masks on the stored page (page). */
#pragma once
#include "page/sign.h"

/* Appends masks (bf_mask, stored frame, snapped to whole iMCUs of `info`) for every hit. Each covers the hit's quad; where the
 * surroundings are blank on `picture` (upright) it is widened to one of a few fixed widths and by what ringing needs. Masks that lie
 * within others are left out. A hit whose place is off the page or no number gets none: whoever decides must look. */
void bf_place_masks(const GArray *hits, const bf_query *query, const bf_picture *picture, const bf_frame *frame, const bf_jpeg_info *info,
                    const bf_page_engine *engine, GArray *masks);

/* Is every character of the hit below a mask (the middle of its place, where its characters are not known)? */
bool bf_hit_is_masked(const bf_hit *hit, const GArray *masks, const bf_picture *picture, const bf_frame *frame);

/* The same for ink beside the applicant's labels (bf_signed_ink). */
void bf_place_signed_ink(const GArray *ink, const bf_picture *picture, const bf_frame *frame, const bf_jpeg_info *info, GArray *masks);

/* The JPEG with these masks (bf_mask) in its coefficients: bf_jpeg_mask under the engine's limit. *out is the caller's. */
bool bf_put_masks(GBytes *jpeg, const GArray *masks, const bf_page_engine *engine, GBytes **out, bf_mask_stats *stats,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
