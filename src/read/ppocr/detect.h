/* Text detection: the DB network of PP-OCR (Liao et al., "Real-time Scene Text Detection with Differentiable Binarization", 2020), run on
 * the whole picture or on bands of it. */
#pragma once
#include "read/linenet/mapnet.h"
#include "read/ppocr/ort.h"

/* What detects: our own engine where there is one for the processor, else the network on ONNX Runtime. Any number of threads may use it at
 * once. */
typedef struct {
    bf_mapnet *net;
    bf_ort_session *session; /* NULL when there is a net */
} bf_detector;
void bf_detector_clear(bf_detector *detector);

/* Appends the lines (bf_line) that stand on the picture, unread, from top to bottom as their first pixels come. The
 * picture is seen with its long side at long_side_px at most, or, when it is longer than two squares, with its short side at half of that.
 * Large looks are taken in bands: what is higher than the bands' overlap comes in parts. Fails (RUN) without memory, or on more pieces of
 * text than print ever has. */
bool bf_detect_lines(const bf_detector *detector, const bf_picture *picture, int long_side_px, GArray *lines,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
