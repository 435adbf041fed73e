package io.coord.server.internal.transport;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one connection of this process writes its output into. An in-process channel hands a buffer over to its peer at once
 * and then counts it as sent, however many the peer has not looked at yet. So the buffers themselves count: each one from its
 * allocation until whoever has it last releases it.
 *
 * <p>Thread-safe: the server's thread allocates, the client's releases.
 */
final class InProcessBuffers extends AbstractByteBufAllocator {
    private final EventLoop owner;
    private final Runnable onTaken;
    private final int lowBytes;
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong released = new AtomicLong();
    private final AtomicBoolean asked = new AtomicBoolean();

    /**
     * @param owner the server's thread
     * @param lowBytes {@code onTaken} is run when no more than this is held any more
     */
    InProcessBuffers(EventLoop owner, int lowBytes, Runnable onTaken) {
        this.owner = owner;
        this.lowBytes = lowBytes;
        this.onTaken = onTaken;
    }

    /** What is gathered, or was handed over and is not released. */
    long heldBytes() {
        return held.get();
    }

    /** Of all buffers so far that the client is done with. */
    long releasedBytes() {
        return released.get();
    }

    /** Asks for one run of {@code onTaken}, in a task of the owner thread, once the client has caught up. */
    void tellWhenTaken() {
        asked.set(true);
        tellIfTaken();
    }

    private void tellIfTaken() {
        if (asked.get() && held.get() <= lowBytes && asked.compareAndSet(true, false)) {
            try {
                owner.execute(onTaken);
            } catch (RejectedExecutionException e) {
                if (!owner.isShuttingDown()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public boolean isDirectBufferPooled() {
        return false;
    }

    @Override
    protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
        return toLeakAwareBuffer(new Counted(initialCapacity, maxCapacity));
    }

    /** On the heap, too: there is no socket that would want it elsewhere. */
    @Override
    protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
        return newHeapBuffer(initialCapacity, maxCapacity);
    }

    private final class Counted extends UnpooledHeapByteBuf {
        Counted(int initialCapacity, int maxCapacity) {
            super(InProcessBuffers.this, initialCapacity, maxCapacity);
        }

        @Override
        protected byte[] allocateArray(int capacity) {
            held.addAndGet(capacity);
            return super.allocateArray(capacity);
        }

        /** Also when the buffer grows and moves to a larger array. */
        @Override
        protected void freeArray(byte[] array) {
            held.addAndGet(-array.length);
            super.freeArray(array);
        }

        @Override
        protected void deallocate() {
            released.addAndGet(writerIndex());
            super.deallocate();
            tellIfTaken();
        }
    }
}
