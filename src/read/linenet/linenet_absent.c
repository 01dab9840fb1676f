/* For processors that the engine is not written for: it is never usable, and nothing else is called. */
#include "read/linenet/linenet.h"

bool bf_linenet_is_usable(void)
{
    return false;
}

bool bf_linenet_new(const void *weights, gsize size, bf_linenet_kind kind, bf_linenet **out, GError **error)
{
    (void)weights;
    (void)size;
    (void)kind;
    (void)out;
    (void)error;
    g_assert_not_reached();
}

void bf_linenet_free(bf_linenet *net)
{
    g_assert(net == NULL);
}

guint bf_linenet_n_classes(const bf_linenet *net)
{
    (void)net;
    g_assert_not_reached();
}

bf_linenet_room *bf_linenet_room_new(void)
{
    return NULL;
}

void bf_linenet_room_free(bf_linenet_room *room)
{
    g_assert(room == NULL);
}

void bf_linenet_watch(bf_linenet_room *room, bf_linenet_watcher watcher, gpointer data)
{
    (void)room;
    (void)watcher;
    (void)data;
    g_assert_not_reached();
}

bool bf_linenet_run(const bf_linenet *net, bf_linenet_room *room, const float *input, int width, bf_linenet_sink sink, gpointer data,
                    GError **error)
{
    (void)net;
    (void)room;
    (void)input;
    (void)width;
    (void)sink;
    (void)data;
    (void)error;
    g_assert_not_reached();
}

float bf_linenet_largest(const float *values, guint n)
{
    (void)values;
    (void)n;
    g_assert_not_reached();
}

float bf_linenet_sum_exp(const float *values, guint n, float top)
{
    (void)values;
    (void)n;
    (void)top;
    g_assert_not_reached();
}
