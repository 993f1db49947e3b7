/*
 * The sum of term(z) over n standard normals z, by all threads. The file that includes this has defined
 * `static inline double term(double z)`.
 */
#include "normal.h"
#include "team.h"

struct normal_sum {
    int64_t blocks;
    uint64_t seed;
    double sums[THREADS];
};

static void sum_blocks(int thread, void *arg)
{
    struct normal_sum *job = arg;
    double sum = 0;
    for (int64_t b = share(job->blocks, thread); b < share(job->blocks, thread + 1); b++) {
        double z[2 * PAIRS];
        normals(job->seed, b * PAIRS, z);
        for (int k = 0; k < 2 * PAIRS; k++)
            sum += term(z[k]);
    }
    job->sums[thread] = sum;
}

/* n is a multiple of 2 * PAIRS. */
static inline double normal_sum(int64_t n, uint64_t seed)
{
    struct normal_sum job = {n / (2 * PAIRS), seed, {0}};
    team_run(sum_blocks, &job);
    return total(job.sums);
}
