/*
 * Standard normals by Box and Muller, a block at a time, in loops that the compiler vectorises with its
 * library's log, sin and cos. The uniforms are splitmix64 of a counter.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

/* Pairs of normals in a block: its arrays stay in the first cache. */
enum { PAIRS = 500 };

/* In (0, 1]. */
static inline double uniform(uint64_t seed, uint64_t counter)
{
    uint64_t z = seed + counter * 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    /* as the fraction of a number in [1, 2), for want of a vector conversion before AVX-512 */
    uint64_t bits = 0x3FF0000000000000u | z >> 12;
    double in_1_2;
    memcpy(&in_1_2, &bits, sizeof in_1_2);
    return 2 - in_1_2;
}

/* The normals of the pairs from `first` on. */
static inline void normals(uint64_t seed, uint64_t first, double out[2 * PAIRS])
{
    double radius[PAIRS], angle[PAIRS];
    for (int k = 0; k < PAIRS; k++) {
        radius[k] = sqrt(-2 * log(uniform(seed, 2 * (first + k))));
        angle[k] = 2 * M_PI * uniform(seed, 2 * (first + k) + 1);
    }
    /* apart, since a call for both sine and cosine has no vector form */
    for (int k = 0; k < PAIRS; k++)
        out[k] = radius[k] * cos(angle[k]);
    for (int k = 0; k < PAIRS; k++)
        out[PAIRS + k] = radius[k] * sin(angle[k]);
}
