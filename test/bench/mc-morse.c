/* The Morse Monte Carlo in C, with the power of z and the proposal merged into one exponential by hand. */
#include <math.h>

static const double sigma = 2, depth = 5, alpha = 1;

/* x = sigma g */
static inline double term(double g)
{
    double lambda = sqrt(2 * depth) / alpha;
    double x = sigma * g;
    double z = 2 * lambda * exp(-alpha * x);
    return x * x * exp((2 * lambda - 1) * (log(2 * lambda) - alpha * x) - z + 0.5 * g * g);
}

#include "normal-sum.h"

double mean_square(int64_t n, uint64_t seed)
{
    return normal_sum(n, seed) * sqrt(2 * M_PI) * sigma / n;
}
