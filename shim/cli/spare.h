/* SPDX-License-Identifier: MIT
 *
 * spare: keeps a second instance of a server from taking the first one's PID file away.
 */
#ifndef SSLHARDEN_SPARE_H
#define SSLHARDEN_SPARE_H

#include "admission.h"
#include "request.h"

/*
 * Adds the folders of the PID files of those that run to @request's own ones, says so on standard
 * error, and notes the last such file as spared.
 *
 * Returns false if one cannot be private, which has been said: then nothing may be started.
 */
bool spare_running(struct request *request, const struct admission *admission);

#endif
