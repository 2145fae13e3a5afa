/* SPDX-License-Identifier: MIT */
#include "policy/groups.h"

#include "check.h"

int main(void)
{
	CHECK(groups_are_older("brainpoolP256r1"));
	CHECK(groups_are_older("brainpoolP512r1:brainpoolP384r1:secp256k1"));
	CHECK(groups_are_older("sect283k1:K-283:B-283:P-224:prime192v1:secp224r1"));
	CHECK(groups_are_older("*brainpoolP256r1/?BrainpoolP384r1"));
	CHECK(groups_are_older("?brainpoolP256r1 / *brainpoolP384r1"));
	CHECK(!groups_are_older("?brainpoolP256r1 / X25519"));
	CHECK(!groups_are_older(""));
	CHECK(!groups_are_older("P-256"));
	CHECK(!groups_are_older("brainpoolP256r1:prime256v1"));
	CHECK(!groups_are_older("secp521r1:brainpoolP256r1"));
	CHECK(!groups_are_older("brainpoolP256r1:X25519"));
	CHECK(!groups_are_older("brainpoolP256r1tls13"));
	CHECK(!groups_are_older("brainpoolP256r1:ffdhe2048"));
	CHECK(!groups_are_older("SecP256r1MLKEM768"));
	CHECK(!groups_are_older("unheard-of"));
	CHECK(!groups_lack_p256("P-256"));
	CHECK(!groups_lack_p256("X25519:*secp256r1/P-384"));
	CHECK(!groups_lack_p256("P-521:Prime256v1"));
	CHECK(!groups_lack_p256("P-384:DEFAULT"));
	CHECK(!groups_lack_p256("?*X25519MLKEM768 / ?*X25519:?secp256r1 / ?X448:?secp384r1"));
	CHECK(groups_lack_p256("DEFAULT:-P-256"));
	CHECK(groups_lack_p256("P-384:P-521:X25519"));
	CHECK(groups_lack_p256("SecP256r1MLKEM768"));
	CHECK(groups_lack_p256(""));
	CHECK(group_numbers_lack_p256((const int[]){715, 716}, 2));
	CHECK(!group_numbers_lack_p256((const int[]){715, 415}, 2));
	CHECK(groups_have_curve("X25519:P-256:P-384", 415));
	CHECK(groups_have_curve("prime256v1:secp384r1", 715));
	CHECK(groups_have_curve("brainpoolP512r1:secp256k1", 714));
	CHECK(!groups_have_curve("P-256:P-384", 716));
	CHECK(!groups_have_curve("P-521", 714));
	CHECK(!groups_have_curve("", 415));
	CHECK(curve_signs_tls1_3("prime256v1"));
	CHECK(curve_signs_tls1_3("secp384r1"));
	CHECK(curve_signs_tls1_3("secp521r1"));
	CHECK(!curve_signs_tls1_3("secp224r1"));
	CHECK(!curve_signs_tls1_3("secp256k1"));
	CHECK(!curve_signs_tls1_3("brainpoolP256r1"));
	CHECK(!curve_signs_tls1_3(""));
	CHECK(group_numbers_are_older((const int[]){927, 714}, 2));
	CHECK(!group_numbers_are_older((const int[]){927, 415}, 2));
	CHECK(!group_numbers_are_older((const int[]){1034}, 1));
	CHECK(!group_numbers_are_older((const int[]){927}, 0));
	return check_failures != 0;
}
