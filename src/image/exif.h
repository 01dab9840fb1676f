/* The one EXIF tag that matters here (EXIF 2.3, TIFF 6.0: Orientation, 0x0112) (image, internal). */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when an APP1 payload is EXIF. *orientation is then 1..8, 1 where it holds no readable one. */
bool bf_exif_read_orientation(const uint8_t *payload, size_t length, int *orientation);

#define BF_EXIF_LENGTH 32
/* A whole APP1 payload that holds the orientation and nothing else. */
void bf_exif_write_orientation(int orientation, uint8_t payload[BF_EXIF_LENGTH]);
