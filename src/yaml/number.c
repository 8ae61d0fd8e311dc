/* SPDX-License-Identifier: MIT */
/* Floats as text. The official compiler runs on Java, so they read as Double.toString has them. */
#include "internal.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The fewest significant digits that read back as v (finite, positive); returns how many, and
 * *exponent such that v is d.ddd times ten to it. Java begins at two digits, which shows only in
 * a few numbers such as 4.9E-324. */
static int
shortest_digits(char digits[20], int *exponent, double v)
{
	char text[32];
	for (int n = 2; n <= 17; n++) {
		snprintf(text, sizeof text, "%.*e", n - 1, v);
		if (n == 17 || strtod(text, NULL) == v)
			break;
	}
	int n = 0;
	const char *p = text;
	for (; *p && *p != 'e'; p++)
		if (*p != '.')
			digits[n++] = *p;
	*exponent = atoi(p + 1);
	while (n > 1 && digits[n - 1] == '0')
		n--;
	digits[n] = '\0';
	return n;
}

/* 123.456, 0.00123, 1200.0: Java's form for 1e-3 <= v < 1e7. */
static void
plain_form(char *out, const char *digits, int n, int exponent)
{
	int at = 0;
	if (exponent < 0) {
		out[at++] = '0';
		out[at++] = '.';
		for (int i = -1; i > exponent; i--)
			out[at++] = '0';
		memcpy(out + at, digits, (size_t)n + 1);
		return;
	}
	for (int i = 0; i <= exponent; i++)
		out[at++] = i < n ? digits[i] : '0';
	out[at++] = '.';
	if (n <= exponent + 1)
		out[at++] = '0';
	for (int i = exponent + 1; i < n; i++)
		out[at++] = digits[i];
	out[at] = '\0';
}

void
double_text(char out[32], double v)
{
	char digits[20];
	int exponent = 0;
	if (isnan(v)) {
		strcpy(out, ".NaN");
		return;
	}
	if (signbit(v)) {
		*out++ = '-';
		v = -v;
	}
	if (isinf(v)) {
		strcpy(out, ".inf");
	} else if (v == 0) {
		strcpy(out, "0.0");
	} else {
		int n = shortest_digits(digits, &exponent, v);
		if (v >= 1e-3 && v < 1e7)
			plain_form(out, digits, n, exponent);
		else
			snprintf(out, 30, "%c.%.17sE%d", digits[0], n > 1 ? digits + 1 : "0",
				exponent);
	}
}
