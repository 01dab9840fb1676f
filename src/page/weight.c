/* How much memory a page will want, before it is handed to a worker. The run's own process asks: so the header is read by the walk over
 * markers alone, and libjpeg sees a stranger's file in a page process only. */
#include "blindfold/jpeg_look.h"
#include "blindfold/page.h"

gint64 bf_page_weight(GBytes *jpeg)
{
    /* Decoded picture and its turned copy; and two coefficient arrays, 16 bit for each sample, while the page is proved. */
    enum { PICTURES = 6, TWO_ARRAYS = 4 };
    bf_jpeg_outline o;
    gint64 size = (gint64)g_bytes_get_size(jpeg);
    if (!bf_jpeg_outline_of(jpeg, &o))
        return size;
    /* Chroma in quarters, the usual case, adds half a sample; one is allowed for. */
    int samples = o.components == 3 && o.quartered ? 2 : o.components;
    return size * 3 + (gint64)o.width_px * o.height_px * (PICTURES + TWO_ARRAYS * samples);
}
