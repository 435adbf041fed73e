package io.coord.verification.bench;

import io.coord.verification.bench.Meter.Usage;
import org.HdrHistogram.Histogram;

/** What a load met on one server in one round. */
record LoadResult(long ops, Usage usage, Histogram latencies) {
    double opsPerSecond() {
        return ops / usage.seconds();
    }

    /** User and system time of the server's process. */
    double cpuMicrosPerOp() {
        return usage.cpuNanos() / 1e3 / ops;
    }

    double bytesPerOp() {
        return (double) usage.allocatedBytes() / ops;
    }

    double percentileMicros(double percentile) {
        return latencies.getValueAtPercentile(percentile) / 1e3;
    }

    double p50() {
        return percentileMicros(50);
    }

    double p99() {
        return percentileMicros(99);
    }

    double p999() {
        return percentileMicros(99.9);
    }
}
