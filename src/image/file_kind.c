#include "blindfold/jpeg_look.h"

#include <string.h>

typedef struct {
    guint at;
    const char *bytes;
    guint length;
    const char *kind;
} signature;

#define SIG(at, bytes, kind)                                                                                                               \
    {                                                                                                                                      \
        at, bytes, sizeof bytes - 1, kind                                                                                                  \
    }

static const signature signatures[] = {
    SIG(0, "\xFF\xD8\xFF", "jpeg"),
    SIG(0, "\x89PNG\r\n\x1A\n", "png"),
    SIG(0, "GIF87a", "gif"),
    SIG(0, "GIF89a", "gif"),
    SIG(0, "II*\0", "tiff"),
    SIG(0, "MM\0*", "tiff"),
    SIG(0, "II+\0", "tiff"),
    SIG(8, "WEBP", "webp"),
    SIG(0, "%PDF-", "pdf"),
    SIG(0, "8BPS", "psd"),
    SIG(0, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "office"),
    SIG(0, "\xFF\x0A", "jxl"),
    SIG(4, "JXL \r\n\x87\n", "jxl"),
    SIG(4, "jP  \r\n\x87\n", "jpeg2000"),
    SIG(0, "\xFF\x4F\xFF\x51", "jpeg2000"),
    SIG(0, "Rar!\x1A\x07", "rar"),
    SIG(0, "7z\xBC\xAF\x27\x1C", "7z"),
    SIG(0, "\x1F\x8B", "gzip"),
};

static bool has_at(const char *data, gsize size, gsize at, const char *bytes, gsize length)
{
    return size >= at + length && memcmp(data + at, bytes, length) == 0;
}

/* ISO base media: the brand tells which picture format; of some writers only a compatible brand does. */
static const char *kind_of_brands(const char *data, gsize size)
{
    static const struct {
        const char *brand, *kind;
    } brands[] = {{"avif", "avif"}, {"avis", "avif"}, {"heic", "heic"}, {"heix", "heic"}, {"hevc", "heic"},
                  {"heim", "heic"}, {"heis", "heic"}, {"mif1", "heic"}, {"msf1", "heic"}};
    if (!has_at(data, size, 4, "ftyp", 4))
        return NULL;
    for (gsize b = 0; b < G_N_ELEMENTS(brands); b++)
        for (gsize at = 8; at + 4 <= MIN(size, 48); at += 4)
            if (at != 12 && memcmp(data + at, brands[b].brand, 4) == 0)
                return brands[b].kind;
    return "unknown";
}

static bool holds(const char *data, gsize size, const char *text)
{
    return g_strstr_len(data, (gssize)MIN(size, 4096), text) != NULL || memmem(data, size, text, strlen(text)) != NULL;
}

/* Office's files are zips; their directory at the end names the parts. */
static const char *kind_of_zip(const char *data, gsize size)
{
    return holds(data, size, "word/") ? "word" : holds(data, size, "xl/") ? "excel" : holds(data, size, "ppt/") ? "powerpoint" : "zip";
}

static const char *kind_of_text(const char *data, gsize size)
{
    gsize seen = MIN(size, 4096), skipped = has_at(data, size, 0, "\xEF\xBB\xBF", 3) ? 3 : 0;
    const char *end = NULL;
    g_autofree char *start = g_ascii_strdown(data + skipped, (gssize)MIN(seen - skipped, 256));
    g_strchug(start);
    if (g_str_has_prefix(start, "<!doctype html") || g_str_has_prefix(start, "<html"))
        return "html";
    if (g_str_has_prefix(start, "<?xml") || g_str_has_prefix(start, "<svg"))
        return "xml";
    if (memchr(data, '\0', seen))
        return "unknown";
    bool utf8 = g_utf8_validate(data, (gssize)seen, &end) || (size > seen && end >= data + seen - 4);
    return utf8 ? "text" : "unknown";
}

const char *bf_file_kind(GBytes *file)
{
    gsize size = 0;
    const char *data = g_bytes_get_data(file, &size);
    if (size == 0)
        return "empty";
    for (gsize i = 0; i < G_N_ELEMENTS(signatures); i++)
        if (has_at(data, size, signatures[i].at, signatures[i].bytes, signatures[i].length))
            return signatures[i].kind;
    const char *brand = kind_of_brands(data, size);
    if (brand)
        return brand;
    if (has_at(data, size, 0, "PK\3\4", 4))
        return kind_of_zip(data, size);
    if (has_at(data, size, 0, "BM", 2) && size >= 26 && data[14] != 0 && data[15] == 0)
        return "bmp";
    return kind_of_text(data, size);
}
