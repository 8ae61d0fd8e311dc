/* SPDX-License-Identifier: MIT */
/* SHA-256 as FIPS 180-4 describes it. */
#include "ccx/base.h"

#include <string.h>

enum { BLOCK = 64 };

static const uint32_t constants[64] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b,
	0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
	0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6,
	0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
	0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585,
	0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
	0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa,
	0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t
turn(uint32_t x, unsigned n)
{
	return x >> n | x << (32 - n);
}

static uint32_t
read_word(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* Round i of eight. Instead of moving all words on by one, each round takes for the first what was
 * the last one; once i is known the words are registers. */
static inline void
step(uint32_t s[8], unsigned i, uint32_t word)
{
	uint32_t a = s[(8 - i) & 7], b = s[(9 - i) & 7], c = s[(10 - i) & 7];
	uint32_t e = s[(12 - i) & 7], f = s[(13 - i) & 7], g = s[(14 - i) & 7];
	uint32_t t = s[(15 - i) & 7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
		     (g ^ (e & (f ^ g))) + word;
	s[(11 - i) & 7] += t;
	s[(15 - i) & 7] = t + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) | (c & (a | b)));
}

static void
add_block(uint32_t state[8], const unsigned char *block)
{
	uint32_t w[64], s[8];
	for (unsigned i = 0; i < 16; i++)
		w[i] = read_word(block + 4 * (size_t)i);
	for (unsigned i = 16; i < 64; i++) {
		uint32_t a = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3;
		uint32_t b = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10;
		w[i] = w[i - 16] + a + w[i - 7] + b;
	}
	memcpy(s, state, sizeof s);
	for (unsigned i = 0; i < 64; i += 8) {
		step(s, 0, constants[i] + w[i]);
		step(s, 1, constants[i + 1] + w[i + 1]);
		step(s, 2, constants[i + 2] + w[i + 2]);
		step(s, 3, constants[i + 3] + w[i + 3]);
		step(s, 4, constants[i + 4] + w[i + 4]);
		step(s, 5, constants[i + 5] + w[i + 5]);
		step(s, 6, constants[i + 6] + w[i + 6]);
		step(s, 7, constants[i + 7] + w[i + 7]);
	}
	for (unsigned i = 0; i < 8; i++)
		state[i] += s[i];
}

struct str
sha256_hex(struct arena *a, struct str text)
{
	uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
		0x1f83d9ab, 0x5be0cd19};
	const unsigned char *p = (const unsigned char *)text.s;
	size_t left = text.len;
	for (; left >= BLOCK; left -= BLOCK, p += BLOCK)
		add_block(state, p);
	/* The rest, a one bit, zeros, and the length in bits in the last eight bytes. */
	unsigned char last[2 * BLOCK] = {0};
	size_t end = left + 9 > BLOCK ? 2 * BLOCK : BLOCK;
	if (left)
		memcpy(last, p, left);
	last[left] = 0x80;
	for (unsigned i = 0; i < 8; i++)
		last[end - 1 - i] = (unsigned char)((uint64_t)text.len * 8 >> 8 * i);
	for (size_t at = 0; at < end; at += BLOCK)
		add_block(state, last + at);
	struct sb hex = {.a = a};
	for (unsigned i = 0; i < 8; i++)
		sb_printf(&hex, "%08lx", (unsigned long)state[i]);
	return str_copy(a, sb_str(&hex));
}
