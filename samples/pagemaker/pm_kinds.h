/* One function a kind of page: draws it on a canvas whose size pm_kind_size told. */
#pragma once
#include "pm_flow.h"

void pm_kind_size(pm_kind kind, double *width, double *height, double *text_size);
void pm_kind_draw(pm_canvas *c);

void pm_draw_id_front(pm_canvas *c);
void pm_draw_id_back(pm_canvas *c);
void pm_draw_diploma(pm_canvas *c);
void pm_draw_title(pm_canvas *c);
void pm_draw_training(pm_canvas *c);
void pm_draw_appointment(pm_canvas *c);
void pm_draw_list(pm_canvas *c);
void pm_draw_appraisal(pm_canvas *c);
void pm_draw_appraisal_back(pm_canvas *c);
void pm_draw_commitment(pm_canvas *c);
void pm_draw_paper(pm_canvas *c);
void pm_draw_summary(pm_canvas *c);
void pm_draw_notice(pm_canvas *c);
void pm_draw_service(pm_canvas *c);
void pm_draw_plain(pm_canvas *c);
void pm_draw_ways(pm_canvas *c);

/* A round seal at about (x, y), with the name of the page's unit. */
void pm_unit_seal(pm_canvas *c, double x, double y, double radius);
/* The applicant's signature (or somebody's, on a page without the name): uneven, slanted, in a face like hand-writing; it ends before
 * x_most. Returns its em size. */
double pm_signature(pm_canvas *c, double x, double y, double size, double x_most);
/* "落款": unit and date at the right, with a seal over them. Returns the y below. */
double pm_closing(pm_canvas *c, double y);
