/* What a file is and what it carries beside its picture, told from its bytes alone (image). Pure, thread-safe; no libjpeg. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* The kind of file, by its first bytes: "jpeg" "png" "gif" "bmp" "tiff" "webp" "heic" "avif" "jxl" "jpeg2000" "pdf" "psd" "word" "excel"
 * "powerpoint" (the new formats) "office" (the old ones, .doc .xls .ppt .wps) "zip" "rar" "7z" "gzip" "html" "xml" "text" "empty"
 * "unknown". A static word. */
const char *bf_file_kind(GBytes *file);

/* Size and sampling as the header of a JPEG's first frame says, whatever else of it is damaged. */
typedef struct {
    int width_px, height_px; /* stored frame */
    int components;          /* 1..255: 1 to 4 is what can be read */
    bool quartered;          /* all components but one have half as many samples or fewer in both directions */
} bf_jpeg_outline;

/* False when no frame begins before the first scan. Reads a few bytes of each segment and takes no memory. */
bool bf_jpeg_outline_of(GBytes *jpeg, bf_jpeg_outline *out);

/* Something in a JPEG that is not its picture. */
typedef struct {
    const char *kind; /* static word: "thumbnail" "second-picture" "after-end" "metadata" (EXIF, XMP, IPTC, maker notes) "comment" */
    GBytes *data; /* thumbnail, second-picture: its JPEG bytes; else the segment's, at most a MiB of what is behind the end, in encodings
                   * that are not known; owned; may be empty */
} bf_jpeg_extra;

/* Lists everything that redact would leave behind: bf_jpeg_extra, in the file's order. Free with g_array_unref. */
GArray *bf_jpeg_extras(GBytes *jpeg);
