package io.coord.verification.fuzz;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.concurrent.atomic.AtomicInteger;

/** Knows the largest room that anyone asked for. Thread-safe. */
final class RecordingAllocator extends AbstractByteBufAllocator {
    private final AtomicInteger largest = new AtomicInteger();

    /** Of one buffer, in bytes, since the last call. */
    int takeLargest() {
        return largest.getAndSet(0);
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        largest.accumulateAndGet(initialCapacity, Math::max);
        return toLeakAwareBuffer(new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity));
    }

    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return newHeapBuffer(initialCapacity, maxCapacity);
    }
}
