/* The mean squared displacement at one lag in C: rows of numbers, an inner loop of stride 1. */
#include "team.h"

struct job {
    const double *positions;
    int64_t particles, length, shift;
    double sums[THREADS];
};

static void sum_rows(int thread, void *arg)
{
    struct job *job = arg;
    int64_t length = job->length, shift = job->shift;
    double sum = 0;
    for (int64_t i = share(job->particles, thread); i < share(job->particles, thread + 1); i++) {
        const double *row = job->positions + i * length;
        for (int64_t k = 0; k < length - shift; k++) {
            double d = row[k + shift] - row[k];
            sum += d * d;
        }
    }
    job->sums[thread] = sum;
}

/* positions[particles][frames][3] */
double msd(const double *positions, int64_t particles, int64_t frames, int64_t lag)
{
    struct job job = {positions, particles, 3 * frames, 3 * lag, {0}};
    team_run(sum_rows, &job);
    return total(job.sums) / (particles * (frames - lag));
}
