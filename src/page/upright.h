/* JPEG bytes -> the upright picture and its frame (page). */
#pragma once
#include "page/sheet.h"

/* Decodes, undoes the EXIF orientation and turns clockwise by turn_deg (0, 90, 180, 270). Very large pages come smaller (frame says by how
 * much). info may be NULL. */
bool bf_upright_decode(GBytes *jpeg, gint64 max_pixels, int turn_deg, bf_picture **out, bf_frame *frame, bf_jpeg_info *info,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Turns a picture that came from bf_upright_decode further and keeps its frame in step. */
bool bf_upright_turn(bf_picture **picture, bf_frame *frame, int turn_deg, GError **error) G_GNUC_WARN_UNUSED_RESULT;
