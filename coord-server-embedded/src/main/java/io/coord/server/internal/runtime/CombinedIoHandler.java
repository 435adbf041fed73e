package io.coord.server.internal.runtime;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.nio.NioIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sockets and Netty's in-process channels on one event loop. The sockets' handler does the waiting; in-process channels
 * only ever come as tasks, so theirs is never run, it just knows them.
 */
final class CombinedIoHandler implements IoHandler {
    private static final Logger LOG = LoggerFactory.getLogger(CombinedIoHandler.class);

    private final IoHandler sockets;
    private final IoHandler inProcess;
    private final ThreadAwareExecutor loop;
    private final WakeUp wakeUp;
    /** Whether the loop may be asleep, and nobody has woken it yet. */
    private final AtomicBoolean asleep = new AtomicBoolean();

    private CombinedIoHandler(WakeUp wakeUp, IoHandler sockets, IoHandler inProcess, ThreadAwareExecutor loop) {
        this.wakeUp = wakeUp;
        this.sockets = sockets;
        this.inProcess = inProcess;
        this.loop = loop;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory sockets = NioIoHandler.newFactory();
        IoHandlerFactory inProcess = LocalIoHandler.newFactory();
        return (ThreadAwareExecutor executor) -> {
            WakeUp wakeUp = WakeUp.open();
            boolean done = false;
            try {
                // The sockets' one last: it opens a selector, which nobody would close.
                IoHandler local = inProcess.newHandler(executor);
                CombinedIoHandler combined =
                        new CombinedIoHandler(wakeUp, sockets.newHandler(executor), local, executor);
                done = true;
                return combined;
            } finally {
                if (!done) {
                    close(wakeUp);
                }
            }
        };
    }

    private static void close(WakeUp wakeUp) {
        try {
            wakeUp.close();
        } catch (IOException e) {
            LOG.warn("A pipe could not be closed", e);
        }
    }

    @Override
    public void initialize() {
        sockets.initialize();
        inProcess.initialize();
        try {
            sockets.register(wakeUp).submit(NioIoOps.READ);
        } catch (Exception e) {
            throw new IllegalStateException("the server's thread could not be woken", e);
        }
    }

    @Override
    public int run(IoHandlerContext context) {
        if (!context.canBlock()) {
            return sockets.run(context);
        }
        // Before the handler looks for tasks a last time: whoever adds one later sees this.
        asleep.set(true);
        try {
            return sockets.run(context);
        } finally {
            asleep.set(false);
        }
    }

    @Override
    public void wakeup() {
        if (loop.isExecutorThread(Thread.currentThread())) {
            // It is about to look for tasks, so nobody needs to wake it.
            asleep.lazySet(false);
        } else if (asleep.get() && asleep.compareAndSet(true, false)) {
            try {
                wakeUp.wake();
            } catch (IOException e) {
                LOG.debug("The pipe is gone, the selector's own way is left", e);
                sockets.wakeup();
            }
        }
    }

    @Override
    public void prepareToDestroy() {
        inProcess.prepareToDestroy();
        sockets.prepareToDestroy();
    }

    @Override
    public void destroy() {
        inProcess.destroy();
        sockets.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return inProcess.isCompatible(handle.getClass()) ? inProcess.register(handle) : sockets.register(handle);
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return sockets.isCompatible(handleType) || inProcess.isCompatible(handleType);
    }
}
