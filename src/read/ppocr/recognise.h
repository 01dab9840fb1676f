/* Text recognition: PP-OCR's SVTR-LCNet with a CTC head (Du et al., "SVTR", 2022; PP-OCRv4 mobile), one line at a time. */
#pragma once
#include "read/ppocr/ort.h"
#include "read/ppocr/spot.h"

enum { RECOGNISER_HEIGHT_PX = 48, RECOGNISER_MAX_WIDTH_PX = 3200 };

/* Runs the recogniser on a crop of RECOGNISER_HEIGHT_PX rows, RGB, and keeps the spotter's columns and the top path. spotter may be
 * NULL: then only the top path is kept. scratch is the worker's own, grown as needed. Clear the trace with bf_trace_clear. */
bool bf_recognise(bf_ort_session *recogniser, const bf_charset *charset, const bf_spotter *spotter, const bf_picture *crop,
                  GArray *scratch, bf_trace *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
