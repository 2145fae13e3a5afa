/* SPDX-License-Identifier: MIT
 *
 * load: what happens when the library is loaded.
 */
#include "messages/log.h"
#include "sslharden/config.h"

__attribute__((constructor)) static void load(void)
{
	log_init();
	config_get();
}
