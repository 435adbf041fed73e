package io.coord.server;

import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/** What this process really has in use: live objects, and Netty's memory outside the heap. */
final class UsedMemory {
    private UsedMemory() {}

    static long afterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed()
                + PlatformDependent.usedDirectMemory();
    }
}
