/* A histogram of numbers in [0, 1) in C: counts of its own for each thread, then their sums. */
#include <string.h>
#include "team.h"

enum { MOST_BINS = 1024 };

struct job {
    const double *values;
    int64_t n;
    int bins;
    int64_t counts[THREADS][MOST_BINS];
};

static void count_part(int thread, void *arg)
{
    struct job *job = arg;
    int64_t *counts = job->counts[thread];
    int64_t end = share(job->n, thread + 1);
    memset(counts, 0, job->bins * sizeof *counts);
    for (int64_t i = share(job->n, thread); i < end; i++)
        counts[(int)(job->values[i] * job->bins)]++;
}

/* counts[bins], of at most MOST_BINS */
void histogram(const double *values, int64_t n, double *counts, int bins)
{
    static struct job job;
    job.values = values;
    job.n = n;
    job.bins = bins;
    team_run(count_part, &job);
    for (int bin = 0; bin < bins; bin++) {
        counts[bin] = 0;
        for (int thread = 0; thread < THREADS; thread++)
            counts[bin] += job.counts[thread][bin];
    }
}
