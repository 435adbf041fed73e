package io.coord.verification.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.Objects;

/** How much the just-in-time compiler of this process works from some moment on. */
final class OwnCompiler {
    private final CompilationMXBean compiler =
            Objects.requireNonNull(ManagementFactory.getCompilationMXBean(), "a JVM without a compiler");
    private final long beforeMs = compiler.getTotalCompilationTime();

    private OwnCompiler() {}

    static OwnCompiler start() {
        return new OwnCompiler();
    }

    /** @param cpuNanos of this process since that moment */
    double shareOf(long cpuNanos) {
        return cpuNanos == 0 ? 0 : (compiler.getTotalCompilationTime() - beforeMs) * 1e6 / cpuNanos;
    }
}
