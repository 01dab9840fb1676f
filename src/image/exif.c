#include "image/exif.h"

#include <string.h>

#define ORIENTATION_TAG 0x0112
#define TYPE_SHORT 3
#define TYPE_LONG 4
#define ENTRY_LENGTH 12

typedef struct {
    const uint8_t *data; /* from the byte-order mark on; offsets count from here */
    size_t size;
    bool big_endian;
} tiff;

/* Reads n (1..4) bytes; anything beyond the end reads as 0. */
static uint32_t number_at(const tiff *t, size_t at, int n)
{
    uint32_t value = 0;
    if (at > t->size || (size_t)n > t->size - at)
        return 0;
    for (int i = 0; i < n; i++)
        value = value << 8 | t->data[at + (t->big_endian ? i : n - 1 - i)];
    return value;
}

static int value_of_entry(const tiff *t, size_t at)
{
    uint32_t type = number_at(t, at + 2, 2), count = number_at(t, at + 4, 4), value = 0;
    if (count == 1 && type == TYPE_SHORT)
        value = number_at(t, at + 8, 2);
    else if (count == 1 && type == TYPE_LONG) /* against the standard, but seen, and read by viewers */
        value = number_at(t, at + 8, 4);
    return value >= 1 && value <= 8 ? (int)value : 1;
}

bool bf_exif_read_orientation(const uint8_t *payload, size_t length, int *orientation)
{
    static const uint8_t head[6] = "Exif\0";
    if (length < sizeof head || memcmp(payload, head, sizeof head) != 0)
        return false;
    *orientation = 1;
    tiff t = {payload + sizeof head, length - sizeof head, false};
    if (t.size < 8 || t.data[0] != t.data[1] || (t.data[0] != 'I' && t.data[0] != 'M'))
        return true;
    t.big_endian = t.data[0] == 'M';
    size_t ifd = number_at(&t, 4, 4);
    if (number_at(&t, 2, 2) != 42 || ifd > t.size)
        return true;
    uint32_t n = number_at(&t, ifd, 2);
    for (uint32_t i = 0; i < n; i++) {
        size_t entry = ifd + 2 + (size_t)i * ENTRY_LENGTH;
        if (entry > t.size || t.size - entry < ENTRY_LENGTH)
            break;
        if (number_at(&t, entry, 2) == ORIENTATION_TAG) {
            *orientation = value_of_entry(&t, entry);
            break;
        }
    }
    return true;
}

void bf_exif_write_orientation(int orientation, uint8_t payload[BF_EXIF_LENGTH])
{
    static const uint8_t block[BF_EXIF_LENGTH] = {
        'E',  'x',  'i', 'f',        0, 0,                   /* APP1's mark */
        'M',  'M',  0,   42,         0, 0, 0, 8,             /* big-endian TIFF, the directory at 8 */
        0,    1,                                             /* with one entry: */
        0x01, 0x12, 0,   TYPE_SHORT, 0, 0, 0, 1, 0, 0, 0, 0, /* one SHORT */
        0,    0,    0,   0,                                  /* and no other directory */
    };
    memcpy(payload, block, sizeof block);
    payload[25] = (uint8_t)orientation;
}
