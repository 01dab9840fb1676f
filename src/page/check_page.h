/* What an applicant should know about a page, beyond what redact asks (page). All places lie in the stored frame. */
#pragma once
#include "blindfold/finding.h"
#include "page/legible.h"

/* A page that was read; everything is borrowed. */
typedef struct {
    bf_page_worker *worker;
    const bf_page_task *task;  /* task->check is filled */
    const bf_picture *picture; /* upright; NULL: it could not be decoded */
    const bf_frame *frame;
    const bf_jpeg_info *info;
    const bf_reading *reading;
    const bf_legibility *legibility; /* NULL: not judged */
} bf_check_view;

/* Fills task->check from the view and from the reasons that are in r already. Errors: a reader failed. */
bool bf_check_page(const bf_check_view *view, const bf_page_result *r, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Adds a finding with a place on the upright picture and a small picture of it (empty place: the whole page, no picture). */
void bf_check_add(const bf_check_view *view, const char *rule, bf_finding_weight weight, bf_rect place_upright);

/* What near-duplicates are told by: the page small and gray, each cell less the mean of those about it, at unit length. BF_PRINT_N values,
 * the caller's; NULL: no memory. */
float *bf_check_print(const bf_picture *picture);

/* check_leaks.c: thumbnails, metadata, comments, second pictures, what stands behind the end. */
void bf_check_leaks(const bf_check_view *view);
/* check_masks.c: masks that are thin, that let something shine through, mosaic and blur. */
bool bf_check_masks(const bf_check_view *view, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* check_cut.c: how light a page's paper is, of 255: a quarter of its pixels is at least so light. Pure. */
int bf_paper_of_page(const bf_picture *picture);
/* check_thin.c: the median height of the lines that lie, px; 0: there are none. The box of one may be much too high. Pure. */
float bf_usual_height(const GArray *lines);
/* check_thin.c: appends bf_rect (upright): flat bars at the middle of a line, lower than its characters, with cut strokes above and below.
 * Pure. */
void bf_find_thin(const bf_picture *picture, const GArray *lines, GArray *places);
/* check_cut.c: appends bf_rect (upright): gaps that a bar in the paper's colour left at the middle of a line, with cut strokes above and
 * below. Pure. */
void bf_find_cut(const bf_picture *picture, const GArray *lines, GArray *places);
/* check_mosaic.c: appends bf_rect (upright): areas made of even squares of different shades, and stretches of lines that are much softer
 * than the rest of the page. Pure. */
void bf_find_mosaic(const bf_picture *picture, GArray *places);
void bf_find_smeared(const bf_picture *picture, const GArray *lines, GArray *places);
