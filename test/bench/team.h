/*
 * THREADS threads of which the caller is one. The others are started at the first call and stay; between
 * calls that follow each other closely they don't fall asleep.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

typedef void work_t(int thread, void *job);

/* How often a member looks for work before it sleeps: for about 50 microseconds. */
enum { LOOKS = 100 };

static struct {
    pthread_mutex_t mutex;
    pthread_cond_t called;
    pthread_once_t started;
    atomic_uint calls;
    atomic_int running;
    work_t *work;
    void *job;
} team = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, PTHREAD_ONCE_INIT, 0, 0, 0, 0};

static void *team_member(void *thread)
{
    for (unsigned seen = 0;; seen++) {
        for (int k = 0; k < LOOKS && atomic_load(&team.calls) == seen; k++)
            sched_yield();
        pthread_mutex_lock(&team.mutex);
        while (atomic_load(&team.calls) == seen)
            pthread_cond_wait(&team.called, &team.mutex);
        pthread_mutex_unlock(&team.mutex);
        team.work((int)(intptr_t)thread, team.job);
        atomic_fetch_sub(&team.running, 1);
    }
    return 0;
}

static void team_start(void)
{
    for (intptr_t thread = 1; thread < THREADS; thread++) {
        pthread_t id;
        pthread_create(&id, 0, team_member, (void *)thread);
        pthread_detach(id);
    }
}

/* Calls work(thread, job) on every thread, and returns when all have returned. */
static inline void team_run(work_t *work, void *job)
{
    pthread_once(&team.started, team_start);
    pthread_mutex_lock(&team.mutex);
    team.work = work;
    team.job = job;
    atomic_store(&team.running, THREADS - 1);
    atomic_fetch_add(&team.calls, 1);
    pthread_cond_broadcast(&team.called);
    pthread_mutex_unlock(&team.mutex);
    work(0, job);
    while (atomic_load(&team.running) > 0)
        sched_yield();
}

/* The first of n items that is the thread's when each gets as many as the others. */
static inline int64_t share(int64_t n, int thread)
{
    return n * thread / THREADS;
}

/* What the threads' sums amount to. */
static inline double total(const double sums[THREADS])
{
    double sum = 0;
    for (int thread = 0; thread < THREADS; thread++)
        sum += sums[thread];
    return sum;
}
