/* SPDX-License-Identifier: MIT */
#include "sslharden/role.h"

#include <stddef.h>

const struct method_kind method_kinds[METHOD_COUNT] = {
#define METHOD(name, transport, role, pin) \
	[METHOD_##name] = {#name, TRANSPORT_##transport, ROLE_##role, pin},
#include "policy/methods.def"
#undef METHOD
};

const struct method_kind *method_kind_of(const void *const methods[METHOD_COUNT],
					 const void *method)
{
	if (method == NULL)
		return NULL;
	for (int id = 0; id < METHOD_COUNT; id++) {
		if (methods[id] == method)
			return &method_kinds[id];
	}
	return NULL;
}

const void *method_pinned(const void *const methods[METHOD_COUNT], const struct method_kind *kind,
			  int pin)
{
	for (int id = 0; id < METHOD_COUNT; id++) {
		const struct method_kind *k = &method_kinds[id];

		if (k->pin == pin && k->role == kind->role && k->transport == kind->transport &&
		    methods[id] != NULL)
			return methods[id];
	}
	return NULL;
}
