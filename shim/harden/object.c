/* SPDX-License-Identifier: MIT */
#include "harden/object.h"

#include <stdatomic.h>

#include "loader/audit.h"
#include "memory/connection.h"
#include "memory/table.h"

enum { STATE_CONNECT = 0x1000, STATE_ACCEPT = 0x2000 }; /* of SSL_state(), before 1.1.0 */

/* From the highest bit: that it is a state, then its members; a pin is its kind's own. */
static uint64_t state_pack(const struct state *state)
{
	return UINT64_C(1) << 63 | (uint64_t)state->told << 62 | (uint64_t)state->own_list << 56 |
	       (uint64_t)state->max_added << 55 | (uint64_t)state->min_added << 54 |
	       (uint64_t)(state->kind - method_kinds) << 48 | (uint64_t)(state->pin != 0) << 38 |
	       (uint64_t)state->own << 32 | (uint32_t)state->added;
}

static _Atomic bool pins;

bool state_set(const SSL_CTX *ctx, const struct state *state)
{
	if (state->pin != 0)
		atomic_store_explicit(&pins, true, memory_order_relaxed);
	return table_set(ctx, state_pack(state));
}

bool pins_are_known(void)
{
	return atomic_load_explicit(&pins, memory_order_relaxed);
}

struct state state_of(const SSL_CTX *ctx)
{
	uint64_t word = table_get(ctx);
	unsigned int kind = (unsigned int)(word >> 48 & 0x3f);
	bool pinned = kind < METHOD_COUNT && (word >> 38 & 1) != 0;

	return (struct state){
		.known = word != 0,
		.kind = kind < METHOD_COUNT ? &method_kinds[kind] : NULL,
		.pin = pinned ? method_kinds[kind].pin : 0,
		.own = (unsigned int)(word >> 32) & ((1 << BOUNDS_BITS) - 1),
		.added = (uint32_t)word,
		.own_list = (unsigned int)(word >> 56 & 0x3f),
		.told = (word >> 62 & 1) != 0,
		.min_added = (word >> 54 & 1) != 0,
		.max_added = (word >> 55 & 1) != 0,
	};
}

struct state state_as(const SSL_CTX *ctx, const struct method_kind *kind)
{
	struct state state = state_of(ctx);

	if (!state.known || state.kind == NULL || state.kind->role != kind->role)
		return (struct state){.kind = kind};
	return state;
}

struct bracket bracket_open(const struct image *image)
{
	struct bracket bracket = {*audit_errno()};

	image->ERR_set_mark();
	return bracket;
}

void bracket_close(const struct image *image, struct bracket bracket)
{
	image->ERR_pop_to_mark();
	*audit_errno() = bracket.saved_errno;
}

uint64_t ctx_options(const struct image *image, SSL_CTX *ctx)
{
	uint64_t options = image->SSL_CTX_set_options != NULL
				   ? image->SSL_CTX_get_options(ctx)
				   : (uint64_t)image->SSL_CTX_ctrl(ctx, CTRL_OPTIONS, 0, NULL);

	return options & image->option_mask;
}

void ctx_options_set(const struct image *image, SSL_CTX *ctx, uint64_t options)
{
	if (image->SSL_CTX_set_options != NULL)
		image->SSL_CTX_set_options(ctx, options);
	else
		image->SSL_CTX_ctrl(ctx, CTRL_OPTIONS, (long)options, NULL);
}

void ctx_options_clear(const struct image *image, SSL_CTX *ctx, uint64_t options)
{
	if (image->SSL_CTX_set_options != NULL)
		image->SSL_CTX_clear_options(ctx, options);
	else
		image->SSL_CTX_ctrl(ctx, CTRL_CLEAR_OPTIONS, (long)options, NULL);
}

uint64_t ssl_options(const struct image *image, SSL *ssl)
{
	uint64_t options = image->SSL_CTX_set_options != NULL
				   ? image->SSL_get_options(ssl)
				   : (uint64_t)image->SSL_ctrl(ssl, CTRL_OPTIONS, 0, NULL);

	return options & image->option_mask;
}

void ssl_options_set(const struct image *image, SSL *ssl, uint64_t options)
{
	if (image->SSL_CTX_set_options != NULL)
		image->SSL_set_options(ssl, options);
	else
		image->SSL_ctrl(ssl, CTRL_OPTIONS, (long)options, NULL);
}

const struct method_kind *ctx_kind(const struct image *image, const SSL_CTX *ctx)
{
	struct state state;

	if (image->SSL_CTX_get_ssl_method != NULL) {
		const struct method_kind *kind =
			method_kind_of(image->methods, image->SSL_CTX_get_ssl_method(ctx));

		return kind != NULL && kind->transport == TRANSPORT_QUIC ? NULL : kind;
	}
	if (image->dialect.method_is_first)
		return method_kind_of(image->methods, *(const void *const *)(const void *)ctx);
	state = state_of(ctx); /* BoringSSL: nothing changes a context's method */
	return state.known ? state.kind : NULL;
}

bool may_serve(const struct image *image, const SSL *ssl)
{
	if (image->SSL_is_server != NULL)
		return image->SSL_is_server(ssl) != 0;
	return image->SSL_state == NULL || (image->SSL_state(ssl) & STATE_ACCEPT) != 0;
}

bool still_serves(const struct image *image, const SSL *ssl)
{
	if (image->SSL_is_server != NULL)
		return image->SSL_is_server(ssl) != 0;
	/* After the handshake the state does not say; a client's side it does. */
	return image->SSL_state == NULL || (image->SSL_state(ssl) & STATE_CONNECT) == 0;
}

int cap_for(const struct config *config, enum transport transport, int floor)
{
	int cap = policy_cap(config, transport);

	/* A cap below the floor would leave nothing; the floor is the promise. */
	return cap != 0 && floor != 0 && version_older(transport, cap, floor) ? floor : cap;
}

uint64_t wanted_options(const struct image *image, enum transport transport, int pin)
{
	const struct config *config = config_get();
	uint64_t wanted = policy_options(config, &image->dialect);
	int floor = policy_floor(config, transport, pin);

	if (!image->dialect.proto_version)
		wanted |= version_options(&image->dialect, transport, floor,
					  cap_for(config, transport, floor));
	return wanted;
}
