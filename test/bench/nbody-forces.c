/* The direct gravitational forces in C, with one array a coordinate. */
#include <math.h>
#include "team.h"

static const double G = 1, softening2 = 1e-4;

struct job {
    const double *x, *y, *z, *mass;
    int64_t n;
    double *force;
};

static void pull_rows(int thread, void *arg)
{
    struct job *job = arg;
    const double *x = job->x, *y = job->y, *z = job->z, *mass = job->mass;
    int64_t n = job->n;
    for (int64_t i = share(n, thread); i < share(n, thread + 1); i++) {
        double fx = 0, fy = 0, fz = 0;
        for (int64_t j = 0; j < n; j++) {
            double dx = x[j] - x[i], dy = y[j] - y[i], dz = z[j] - z[i];
            double r2 = dx * dx + dy * dy + dz * dz + softening2;
            double f = mass[j] / (r2 * sqrt(r2));
            fx += f * dx;
            fy += f * dy;
            fz += f * dz;
        }
        job->force[3 * i] = G * mass[i] * fx;
        job->force[3 * i + 1] = G * mass[i] * fy;
        job->force[3 * i + 2] = G * mass[i] * fz;
    }
}

/* force[n][3] */
void forces(const double *x, const double *y, const double *z, const double *mass, int64_t n, double *force)
{
    struct job job = {x, y, z, mass, n, force};
    team_run(pull_rows, &job);
}
