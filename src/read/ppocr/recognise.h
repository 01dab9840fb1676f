/* Text recognition: PP-OCR's SVTR-LCNet with a CTC head (Du et al., "SVTR", 2022; PP-OCRv4 mobile), one line at a time. */
#pragma once
#include "read/linenet/linenet.h"
#include "read/ppocr/ort.h"
#include "read/ppocr/spot.h"

enum { RECOGNISER_HEIGHT_PX = 48, RECOGNISER_MAX_WIDTH_PX = 3200 };

/* What reads: our own engine where there is one for the processor, else the network on ONNX Runtime. Any number of threads may use it at
 * once. */
typedef struct {
    bf_linenet *net;
    bf_ort_session *session; /* NULL when there is a net */
} bf_recogniser;
void bf_recogniser_clear(bf_recogniser *recogniser);

/* What one thread reads in; grows as needed. */
typedef struct {
    GArray *input; /* float */
    bf_linenet_room *room;
} bf_recogniser_room;
bf_recogniser_room *bf_recogniser_room_new(void);
void bf_recogniser_room_free(bf_recogniser_room *room);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(bf_recogniser_room, bf_recogniser_room_free)

/* Runs the recogniser on a crop of RECOGNISER_HEIGHT_PX rows, RGB, and keeps the spotter's columns and the top path. spotter may be
 * NULL: then only the top path is kept. Clear the trace with bf_trace_clear. */
bool bf_recognise(const bf_recogniser *recogniser, const bf_charset *charset, const bf_spotter *spotter, const bf_picture *crop,
                  bf_recogniser_room *room, bf_trace *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;
