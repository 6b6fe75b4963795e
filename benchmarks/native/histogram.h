/* Delays in microseconds, kept in steps of 50 us up to 20 s; what is longer counts as 20 s. */
#ifndef LIVEHOUSE_HISTOGRAM_H
#define LIVEHOUSE_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

#define HISTOGRAM_STEP_US 50
#define HISTOGRAM_STEPS (20 * 1000 * 1000 / HISTOGRAM_STEP_US)

struct histogram {
    uint64_t count;
    uint64_t max_us;
    uint64_t before_sent; /* delays below zero: the wall clock was set back */
    uint32_t steps[HISTOGRAM_STEPS + 1];
};

static inline void histogram_add(struct histogram *histogram, int64_t delay_us)
{
    if (delay_us < 0) {
        histogram->before_sent++;
        delay_us = 0;
    }
    uint64_t step = (uint64_t)delay_us / HISTOGRAM_STEP_US;
    histogram->steps[step < HISTOGRAM_STEPS ? step : HISTOGRAM_STEPS]++;
    histogram->count++;
    if ((uint64_t)delay_us > histogram->max_us) {
        histogram->max_us = (uint64_t)delay_us;
    }
}

/* The upper edge of the step in which the given share of all delays lies. */
static inline double histogram_percentile_ms(const struct histogram *histogram, double share)
{
    uint64_t wanted = (uint64_t)(share * (double)histogram->count);
    uint64_t seen = 0;
    for (uint64_t step = 0; step <= HISTOGRAM_STEPS; step++) {
        seen += histogram->steps[step];
        if (seen > wanted || (seen == histogram->count && seen > 0)) {
            return (double)((step + 1) * HISTOGRAM_STEP_US) / 1000.0;
        }
    }
    return 0.0;
}

static inline void histogram_print(FILE *file, const char *name, const struct histogram *histogram)
{
    fprintf(file,
            "\"%s\": {\"count\": %llu, \"p50\": %.2f, \"p95\": %.2f, \"p99\": %.2f, \"max\": %.2f, "
            "\"before_sent\": %llu}",
            name, (unsigned long long)histogram->count, histogram_percentile_ms(histogram, 0.50),
            histogram_percentile_ms(histogram, 0.95), histogram_percentile_ms(histogram, 0.99),
            (double)histogram->max_us / 1000.0, (unsigned long long)histogram->before_sent);
}

#endif
