/* An Excel workbook of anybody's making, as a roster: the bytes are its parts (workbook, relationships, texts, sheet), with a NUL between
 * two of them, and are put into a zip here, since no fuzzer writes a checksum. Nothing of the table is told in a problem. */
#include "blindfold/roster.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { PARTS = 4 };

static uint32_t crc32_of(const uint8_t *data, size_t n)
{
    uint32_t crc = ~0U;
    for (size_t i = 0; i < n; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
    }
    return ~crc;
}

static void put(GByteArray *to, uint32_t value, int bytes)
{
    for (int i = 0; i < bytes; i++) {
        uint8_t byte = (uint8_t)(i < 4 ? value >> 8 * i : 0);
        g_byte_array_append(to, &byte, 1);
    }
}

/* What a local header and a directory's entry have in common: version, flags, method (stored), time, CRC, sizes, length of the name. */
static void put_common(GByteArray *to, uint32_t crc, uint32_t n, const char *name)
{
    put(to, 20, 2);
    put(to, 0, 4);
    put(to, 0x00210000, 4);
    put(to, crc, 4);
    put(to, n, 4);
    put(to, n, 4);
    put(to, (uint32_t)strlen(name), 2);
    put(to, 0, 2);
}

static GByteArray *make_zip(const uint8_t *const *parts, const size_t *lengths)
{
    static const char *const names[PARTS] = {"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml",
                                             "xl/worksheets/sheet1.xml"};
    GByteArray *zip = g_byte_array_new();
    g_autoptr(GByteArray) directory = g_byte_array_new();
    for (int i = 0; i < PARTS; i++) {
        uint32_t crc = crc32_of(parts[i], lengths[i]), at = zip->len;
        put(zip, 0x04034B50, 4);
        put_common(zip, crc, (uint32_t)lengths[i], names[i]);
        g_byte_array_append(zip, (const guint8 *)names[i], (guint)strlen(names[i]));
        g_byte_array_append(zip, parts[i], (guint)lengths[i]);
        put(directory, 0x02014B50, 4);
        put(directory, 20, 2);
        put_common(directory, crc, (uint32_t)lengths[i], names[i]);
        put(directory, 0, 10); /* comment, disk, attributes */
        put(directory, at, 4);
        g_byte_array_append(directory, (const guint8 *)names[i], (guint)strlen(names[i]));
    }
    uint32_t start = zip->len;
    g_byte_array_append(zip, directory->data, directory->len);
    put(zip, 0x06054B50, 4);
    put(zip, 0, 4);
    put(zip, PARTS, 2);
    put(zip, PARTS, 2);
    put(zip, directory->len, 4);
    put(zip, start, 4);
    put(zip, 0, 2);
    return zip;
}

static void check(const bf_roster *roster)
{
    for (guint i = 0; i < roster->problems->len; i++)
        for (const char *p = roster->problems->pdata[i]; *p; p++)
            if ((guchar)*p >= 0x80)
                abort();
    for (guint i = 0; i < roster->rows->len; i++) {
        const bf_roster_row *row = roster->rows->pdata[i];
        if (!bf_roster_id_is_safe(row->id) || !*row->name || !*row->package || row->line == 0 || !g_utf8_validate(row->name, -1, NULL))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *parts[PARTS];
    size_t lengths[PARTS], at = 0;
    for (int i = 0; i < PARTS; i++) {
        const uint8_t *end = i + 1 < PARTS && at < size ? memchr(data + at, 0, size - at) : NULL;
        parts[i] = data + at;
        lengths[i] = end ? (size_t)(end - parts[i]) : size - at;
        at += lengths[i] + (end ? 1 : 0);
    }
    g_autoptr(GByteArray) zip = make_zip(parts, lengths);
    g_autoptr(bf_roster) roster = NULL;
    if (bf_roster_parse((const char *)zip->data, zip->len, "fuzz", &roster, NULL))
        check(roster);
    return 0;
}
