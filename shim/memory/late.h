/* SPDX-License-Identifier: MIT
 *
 * late: where the large variables lie that only a server of TLS writes to.
 */
#ifndef SSLHARDEN_LATE_H
#define SSLHARDEN_LATE_H

/*
 * Behind all others (the linker sorts these sections by their names), so that what any process of
 * the host writes when it starts lies together, on one page.  The first is for what it writes only
 * the beginning of.
 */
#define WRITTEN_LATE_BUT_BEGINNING __attribute__((section(".bss.late1")))
#define WRITTEN_LATE __attribute__((section(".bss.late2")))

#endif
