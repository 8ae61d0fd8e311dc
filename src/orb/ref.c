/* SPDX-License-Identifier: MIT */
/*
 * Orb references as they are written. What parses holds no character that could lead out of a
 * directory: a namespace and a name have neither dots nor slashes.
 */
#include "ccx/orb.h"

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool
has_char(struct str text, char c)
{
	return str_has(text, (struct str){&c, 1});
}

/* circleci, or node: CircleCI's [a-z][a-z0-9_-]+. What is wrong with it, or NULL. */
static const char *
name_fault(struct str name)
{
	for (size_t i = 0; i < name.len; i++) {
		char c = name.s[i];
		if (is_upper(c))
			return "namespaces and names are in lower case";
		if (!is_lower(c) && !is_digit(c) && c != '_' && c != '-')
			return "namespaces and names are made of a-z, 0-9, _ and -";
	}
	if (!is_lower(name.s[0]))
		return "namespaces and names start with a letter";
	if (name.len < 2)
		return "namespaces and names have at least two characters";
	return NULL;
}

/* circleci/node */
static const char *
split_names(struct str text, struct orb_ref *ref)
{
	size_t slash = str_find(text, STR("/"), 0);
	if (!text.len)
		return "the namespace and the name before @ are missing";
	if (slash == SIZE_MAX)
		return "it has no namespace";
	ref->ns = str_sub(text, 0, slash);
	ref->name = str_sub(text, slash + 1, text.len);
	if (!ref->ns.len)
		return "the namespace before / is missing";
	if (!ref->name.len)
		return "the name after / is missing";
	if (has_char(ref->name, '/'))
		return "it has more than one / before the version";
	const char *why = name_fault(ref->ns);
	return why ? why : name_fault(ref->name);
}

/* alpha, of dev:alpha. CircleCI's pattern is [.a-z0-9_-]+, but labels are made of branch names, so
 * upper case and slashes are let through to be looked for. */
static const char *
label_fault(struct str label)
{
	if (!label.len)
		return "the label after dev: is missing";
	for (size_t i = 0; i < label.len; i++) {
		char c = label.s[i];
		if (!is_lower(c) && !is_upper(c) && !is_digit(c) && !has_char(STR("._-/"), c))
			return "labels of dev versions are made of a-z, 0-9, dots, _ and -";
	}
	return NULL;
}

/* What people write who know the versions of other tools; or NULL. */
static const char *
habit_fault(struct str v)
{
	if (str_is(v, "latest"))
		return "the newest version is called volatile";
	if (str_is(v, "dev"))
		return "a dev version is written dev:label";
	if (has_char(STR("vV"), v.s[0]) && v.len > 1 && is_digit(v.s[1]))
		return "versions have no leading v";
	if (has_char(STR("^~<>="), v.s[0]))
		return "versions have no range operators: 1.2 means the highest 1.2.z";
	if (has_char(STR("xX*"), v.s[v.len - 1]) && (v.len == 1 || v.s[v.len - 2] == '.'))
		return "versions have no wildcards: 1.2 means the highest 1.2.z";
	if (is_digit(v.s[0]) && (has_char(v, '-') || has_char(v, '+')))
		return "versions have no prerelease or build part";
	return NULL;
}

/* 1, 1.2 or 1.2.3 */
static const char *
parse_numbers(struct str v, struct orb_ref *ref)
{
	unsigned parts = 0;
	for (size_t at = 0;; at++) {
		uint64_t number = 0;
		size_t from = at;
		for (; at < v.len && is_digit(v.s[at]); at++) {
			number = number * 10 + (uint64_t)(v.s[at] - '0');
			if (number > UINT32_MAX)
				return "a number of the version is too large";
		}
		if (at < v.len && v.s[at] != '.')
			return "a version is 1, 1.2, 1.2.3, volatile or dev:label";
		if (at == from)
			return "a number of the version is missing";
		if (parts == 3)
			return "a version has at most three numbers";
		ref->part[parts++] = (uint32_t)number;
		if (at == v.len)
			break;
	}
	ref->kind = parts == 3 ? ORB_EXACT : parts == 2 ? ORB_MINOR : ORB_MAJOR;
	return NULL;
}

static const char *
parse_version(struct str v, struct orb_ref *ref)
{
	ref->version = v;
	if (!v.len)
		return "the version after @ is missing";
	if (has_char(v, '@'))
		return "it has more than one @";
	if (str_starts(v, STR("dev:"))) {
		ref->kind = ORB_DEV;
		return label_fault(str_sub(v, 4, v.len));
	}
	if (str_is(v, "volatile")) {
		ref->kind = ORB_VOLATILE;
		return NULL;
	}
	const char *why = habit_fault(v);
	return why ? why : parse_numbers(v, ref);
}

static const char *
parse(struct str text, struct orb_ref *ref)
{
	if (!text.len)
		return "it is empty";
	if (str_has(text, STR("<<")))
		return "it still holds an expression";
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.s[i] <= ' ' || text.s[i] == 0x7f)
			return "it holds white space or control characters";
	if (str_starts(text, STR("http://")))
		return "orbs are fetched by https:// only";
	if (str_starts(text, STR("https://"))) {
		ref->kind = ORB_URL;
		return text.len > 8 ? NULL : "the address ends after https://";
	}
	size_t at = str_find(text, STR("@"), 0);
	const char *why = split_names(str_sub(text, 0, at), ref);
	if (why)
		return why;
	if (at != SIZE_MAX)
		return parse_version(str_sub(text, at + 1, text.len), ref);
	ref->kind = ORB_VOLATILE;
	ref->version = STR("volatile");
	return NULL;
}

bool
orb_ref_parse(struct str text, struct orb_ref *ref, const char **why)
{
	*ref = (struct orb_ref){.text = text};
	*why = parse(text, ref);
	return !*why;
}
