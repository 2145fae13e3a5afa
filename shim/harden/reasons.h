/* SPDX-License-Identifier: MIT
 *
 * reasons: why libssl fails, as its error queue has it.  The numbers are those of openssl/err.h and
 * openssl/sslerr.h; they never changed.
 */
#ifndef SSLHARDEN_REASONS_H
#define SSLHARDEN_REASONS_H

enum {
	LIB_SSL = 20, /* ERR_LIB_SSL */

	REASON_INTERNAL_ERROR = 68, /* in 1.1.1 for no protocols available */
	REASON_NO_SUITABLE_KEY_SHARE = 101,
	REASON_NO_SUITABLE_SIGNATURE_ALGORITHM = 118, /* 3.0's, for a version below its level */
	REASON_NO_CIPHERS_AVAILABLE = 181, /* for the newest version; likewise from 1.1.1 on */
	REASON_NO_PROTOCOLS_AVAILABLE = 191, /* before the client's hello is read */
	REASON_NO_SHARED_CIPHER = 193,
	REASON_UNKNOWN_PROTOCOL = 252, /* before 1.1.0 */
	REASON_UNSUPPORTED_PROTOCOL = 258,
	REASON_WRONG_VERSION_NUMBER = 267, /* before 1.1.0, SSL 3.0 where it is forbidden */
	REASON_UNEXPECTED_EOF = 294, /* from 3.0 on; before, it is no error of libssl's */
	REASON_NO_SUITABLE_GROUPS = 295,
	REASON_VERSION_TOO_LOW = 396,
	REASON_ALERT = 1000, /* and the number of an alert, which the client sent */
};

#endif
