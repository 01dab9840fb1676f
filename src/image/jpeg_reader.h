/* One JPEG being read by libjpeg: what decode, mask and verify share (image, internal). */
#pragma once
#include "blindfold/jpeg.h"
#include "image/jpeg_guard.h"

typedef struct {
    bf_jpeg_guard guard;
    struct jpeg_decompress_struct d;
    jvirt_barray_ptr *coefficients; /* of d; NULL before bf_jpeg_reader_read_coefficients */
    const uint8_t *data;            /* borrowed */
    size_t size;
    bf_jpeg_info info;
    unsigned restart_interval; /* of the first scan */
    bool adobe;                /* an APP14 Adobe marker was there */
} bf_jpeg_reader;

/* Reads the headers into reader (any memory, need not be zeroed). Limits are as in bf_jpeg_probe. The bytes must live until
 * bf_jpeg_reader_close, which is to be called whatever the outcome. */
bool bf_jpeg_reader_open(bf_jpeg_reader *reader, GBytes *jpeg, gint64 max_pixels, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void bf_jpeg_reader_close(bf_jpeg_reader *reader);

/* Reads every scan, then the quantised coefficients can be had with bf_jpeg_reader_row. Costs 128 bytes a block. */
bool bf_jpeg_reader_read_coefficients(bf_jpeg_reader *reader, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One row of blocks of a component: width_in_blocks blocks of the page, then those that fill up the last iMCU. Call it in a guarded
 * body. The row stays until the next call for the same component. */
JBLOCKROW bf_jpeg_reader_row(bf_jpeg_reader *reader, int component, JDIMENSION row);

/* A component's quantisation table, natural order: all ones where no scan and no table tells (its coefficients are 0). */
void bf_jpeg_reader_table(const bf_jpeg_reader *reader, int component, UINT16 table[DCTSIZE2]);

/* How many of a component's blocks one iMCU of the mask grid holds, across and down. */
int bf_jpeg_reader_imcu_blocks_w(const bf_jpeg_reader *reader, int component);
int bf_jpeg_reader_imcu_blocks_h(const bf_jpeg_reader *reader, int component);
