/* The mean squared radius in C: it takes no note of which normal is whose coordinate. */
static const double sigma = 1;

static inline double term(double z)
{
    return z * z;
}

#include "normal-sum.h"

double mean_square_radius(int64_t samples, uint64_t seed)
{
    return sigma * sigma * normal_sum(3 * samples, seed) / samples;
}
