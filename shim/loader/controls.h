/* SPDX-License-Identifier: MIT
 *
 * controls: commands of SSL_CTX_ctrl, SSL_ctrl and SSL_CTX_callback_ctrl, from openssl/ssl.h;
 * the same numbers in every release that has the name.
 */
#ifndef SSLHARDEN_CONTROLS_H
#define SSLHARDEN_CONTROLS_H

enum {
	CTRL_SET_TMP_DH = 3,
	CTRL_SET_TMP_ECDH = 4,
	CTRL_SET_TMP_DH_CALLBACK = 6,
	CTRL_SET_TMP_ECDH_CALLBACK = 7, /* before 1.1.0 */
	CTRL_GET_SESSION_REUSED = 8, /* before 1.1.0; then a function */
	CTRL_OPTIONS = 32,
	CTRL_SET_SERVERNAME_CALLBACK = 53,
	CTRL_DGRAM_GET_PEER = 46, /* BIO_CTRL_DGRAM_GET_PEER of openssl/bio.h, of BIO_ctrl */
	CTRL_DTLS_LISTEN = 75, /* before 1.1.0; then a function */
	CTRL_SET_TICKET_KEY_CALLBACK = 72, /* SSL_CTRL_SET_TLSEXT_TICKET_KEY_CB */
	CTRL_CLEAR_OPTIONS = 77,
	CTRL_GET_GROUPS = 90, /* the client's; from 1.0.2 on, where it is called GET_CURVES */
	CTRL_SET_GROUPS = 91, /* numbers; from 1.0.2 on */
	CTRL_SET_GROUPS_LIST = 92, /* from 1.0.2 on, where it is called SET_CURVES_LIST */
	CTRL_SET_ECDH_AUTO = 94, /* 1.0.2 */
	CTRL_SET_SIGALGS = 97, /* from 1.0.2 on */
	CTRL_SET_SIGALGS_LIST = 98,
	CTRL_SET_CLIENT_SIGALGS = 101, /* those that clients may sign with */
	CTRL_SET_CLIENT_SIGALGS_LIST = 102,
	CTRL_GET_RAW_CIPHERLIST = 110, /* a client's, from 1.0.2 on */
	CTRL_GET_SSL = 110, /* BIO_C_GET_SSL of openssl/bio.h, of BIO_ctrl */
	CTRL_SET_DH_AUTO = 118, /* from 1.1.0 on */
	CTRL_SET_MIN_PROTO_VERSION = 123,
	CTRL_SET_MAX_PROTO_VERSION = 124,
	CTRL_GET_MIN_PROTO_VERSION = 130,
	CTRL_GET_MAX_PROTO_VERSION = 131,
};

#endif
