/* Pictures in memory and as JPEG. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    int width, height;
    uint8_t *rgb; /* 3 bytes a pixel, no padding */
} pm_pixels;

bool pm_pixels_new(int width, int height, pm_pixels *out, GError **error);
void pm_pixels_clear(pm_pixels *p);

typedef enum { PM_SAMPLING_444, PM_SAMPLING_422, PM_SAMPLING_420, PM_SAMPLING_GRAY } pm_sampling;

typedef struct {
    int quality;
    pm_sampling sampling;
    bool progressive;
    int exif;                   /* written when not 1 or when `told` is set */
    const char *told;           /* text put into EXIF artist, comments, ...; NULL: none */
    const pm_pixels *thumbnail; /* EXIF thumbnail is made from it; NULL: none */
} pm_code_options;
bool pm_jpeg_encode(const pm_pixels *p, const pm_code_options *o, GBytes **out, GError **error);
bool pm_jpeg_decode(GBytes *jpeg, pm_pixels *out, GError **error);
