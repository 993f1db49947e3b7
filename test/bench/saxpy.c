/* result = a x + y in C. */
#include "team.h"

struct job {
    double a;
    const double *x, *y;
    double *result;
    int64_t n;
};

static void add_part(int thread, void *arg)
{
    struct job *job = arg;
    const double *x = job->x, *y = job->y;
    double *restrict result = job->result;
    double a = job->a;
    int64_t end = share(job->n, thread + 1);
    for (int64_t i = share(job->n, thread); i < end; i++)
        result[i] = a * x[i] + y[i];
}

void saxpy(double a, const double *x, const double *y, double *result, int64_t n)
{
    struct job job = {a, x, y, result, n};
    team_run(add_part, &job);
}
