/* What a page process does with a task (page). */
#pragma once
#include "blindfold/page.h"

/* Once a page process, before it serves: when GLib ends it for lack of memory, the other side is told so (WIRE_NO_MEMORY); nothing else
 * that GLib says goes anywhere. */
void page_serve_prepare(int socket);
/* Receives one task, works on it, sends the answer. False when the other side is gone, or says what it must not. */
bool page_serve(int socket, bf_page_worker *worker);
