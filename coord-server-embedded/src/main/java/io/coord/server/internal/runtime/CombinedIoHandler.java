package io.coord.server.internal.runtime;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Sockets and Netty's in-process channels on one event loop. The sockets' handler does the waiting; in-process channels
 * only ever come as tasks, so theirs is never run, it just knows them.
 */
final class CombinedIoHandler implements IoHandler {
    private final IoHandler sockets;
    private final IoHandler inProcess;

    private CombinedIoHandler(IoHandler sockets, IoHandler inProcess) {
        this.sockets = sockets;
        this.inProcess = inProcess;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory sockets = NioIoHandler.newFactory();
        IoHandlerFactory inProcess = LocalIoHandler.newFactory();
        return (ThreadAwareExecutor executor) ->
                new CombinedIoHandler(sockets.newHandler(executor), inProcess.newHandler(executor));
    }

    @Override
    public void initialize() {
        sockets.initialize();
        inProcess.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return sockets.run(context);
    }

    @Override
    public void wakeup() {
        sockets.wakeup();
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
