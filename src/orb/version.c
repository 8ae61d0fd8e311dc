/* SPDX-License-Identifier: MIT */
/*
 * Versions of orbs: three decimal numbers, compared as numbers whatever their length, so that no
 * file name overflows anything.
 */
#include "ccx/orb.h"

/* The three numbers of "1.10.0" as digits without leading zeros; false when it is no x.y.z. */
static bool
split(struct str text, struct str part[3])
{
	size_t at = 0;
	for (unsigned i = 0; i < 3; i++) {
		size_t from = at;
		while (at < text.len && text.s[at] >= '0' && text.s[at] <= '9')
			at++;
		if (at == from)
			return false;
		while (from + 1 < at && text.s[from] == '0')
			from++;
		part[i] = str_sub(text, from, at);
		if (i < 2 && (at == text.len || text.s[at++] != '.'))
			return false;
	}
	return at == text.len;
}

/* Without leading zeros the longer number is the greater one. */
static int
number_cmp(struct str a, struct str b)
{
	return a.len != b.len ? (a.len > b.len) - (a.len < b.len) : str_cmp(a, b);
}

int
version_cmp(struct str a, struct str b)
{
	struct str x[3], y[3];
	bool a_is_version = split(a, x), b_is_version = split(b, y);
	if (!a_is_version || !b_is_version)
		return a_is_version != b_is_version ? a_is_version - b_is_version : str_cmp(a, b);
	for (unsigned i = 0; i < 3; i++) {
		int c = number_cmp(x[i], y[i]);
		if (c)
			return c;
	}
	return str_cmp(a, b); /* "1.02.0" and "1.2.0" are two files: the order stays total */
}

static bool
number_is(struct str digits, uint32_t number)
{
	uint64_t value = 0;
	if (digits.len > 10) /* digits of UINT32_MAX */
		return false;
	for (size_t i = 0; i < digits.len; i++)
		value = value * 10 + (uint64_t)(digits.s[i] - '0');
	return value == number;
}

bool
version_fits(const struct orb_ref *ref, struct str exact)
{
	struct str part[3];
	if (ref->kind == ORB_URL)
		return false;
	if (ref->kind == ORB_DEV)
		return str_eq(ref->version, exact);
	if (!split(exact, part))
		return false;
	unsigned given = ref->kind == ORB_EXACT   ? 3
			 : ref->kind == ORB_MINOR ? 2
			 : ref->kind == ORB_MAJOR ? 1
						  : 0;
	for (unsigned i = 0; i < given; i++)
		if (!number_is(part[i], ref->part[i]))
			return false;
	return true;
}

bool
orb_version_bump(struct str old, struct str new_version, enum orb_bump *bump)
{
	struct str x[3], y[3];
	static const enum orb_bump bumps[] = {ORB_BUMP_MAJOR, ORB_BUMP_MINOR, ORB_BUMP_PATCH};
	if (!split(old, x) || !split(new_version, y))
		return false;
	*bump = ORB_BUMP_NONE;
	for (unsigned i = 0; i < 3; i++) {
		int c = number_cmp(y[i], x[i]);
		if (c == 0)
			continue;
		if (c > 0)
			*bump = bumps[i];
		break;
	}
	return true;
}
