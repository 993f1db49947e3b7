/*
 * The Mandelbrot set in C: eight pixels of a row at once, until none of them is inside. Rows take
 * different times, so each thread takes the next one that is left.
 */
#include "team.h"

/* two vectors: while one waits for its products, the other goes on */
enum { LANES = 4, VECTORS = 2, PIXELS = VECTORS * LANES };

typedef double numbers __attribute__((vector_size(8 * LANES)));
typedef int64_t integers __attribute__((vector_size(8 * LANES)));

struct job {
    int32_t *image;
    int width, height, limit;
    atomic_int next;
};

static inline void steps(const numbers x0[VECTORS], double y0, int limit, integers count[VECTORS])
{
    numbers x[VECTORS] = {0}, y[VECTORS] = {0}, x2[VECTORS] = {0}, y2[VECTORS] = {0};
    integers inside[VECTORS];
    for (int v = 0; v < VECTORS; v++) {
        inside[v] = ~(integers){0};
        count[v] = (integers){0};
    }
    for (int k = 0; k < limit; k++) {
        integers any = {0};
        for (int v = 0; v < VECTORS; v++) {
            inside[v] &= x2[v] + y2[v] <= 4;
            any |= inside[v];
            /* true is -1 */
            count[v] -= inside[v];
            y[v] = 2 * x[v] * y[v] + y0;
            x[v] = x2[v] - y2[v] + x0[v];
            x2[v] = x[v] * x[v];
            y2[v] = y[v] * y[v];
        }
        if (!(any[0] | any[1] | any[2] | any[3]))
            break;
    }
}

static void draw_rows(int thread, void *arg)
{
    (void)thread;
    struct job *job = arg;
    int width = job->width, height = job->height;
    for (int r; (r = atomic_fetch_add(&job->next, 1)) < height;) {
        for (int c = 0; c < width; c += PIXELS) {
            numbers x0[VECTORS];
            integers count[VECTORS];
            for (int p = 0; p < PIXELS; p++)
                x0[p / LANES][p % LANES] = -2 + 3.0 * (c + p) / (width - 1);
            steps(x0, -1 + 2.0 * r / (height - 1), job->limit, count);
            for (int p = 0; p < PIXELS && c + p < width; p++)
                job->image[r * width + c + p] = count[p / LANES][p % LANES];
        }
    }
}

/* image[height][width] */
void mandelbrot(int32_t *image, int width, int height, int limit)
{
    struct job job = {image, width, height, limit, 0};
    team_run(draw_rows, &job);
}
