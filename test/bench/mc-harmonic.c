/* The harmonic Monte Carlo in C, with both exponentials and all constants merged by hand. */
#include <math.h>

static const double sigma = 2;

/* x = sigma z */
static inline double term(double z)
{
    double x2 = sigma * sigma * z * z;
    return x2 * exp(0.5 * z * z - x2);
}

#include "normal-sum.h"

double mean_square(int64_t n, uint64_t seed)
{
    return normal_sum(n, seed) * sqrt(2) * sigma / n;
}
