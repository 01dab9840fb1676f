/* What a page process does with a task (page). */
#pragma once
#include "blindfold/page.h"

/* Receives one task, works on it, sends the answer. False when the other side is gone, or says what it must not. */
bool page_serve(int socket, bf_page_worker *worker);
